"""Joining archives, step by step; `gongkai.merging` has the steps in their order, and reads what has to be read again.

`source` opens the other archive, `evidence` brings its captures over, `known` what it knows of portals; `waiting` tells
what has to be filed, `filing` files it in the order of time, `replaying` files those reports again that it came
between; `laying` and `decided` put back what lies on reports (when they were gone, decisions), and `settled` repeats
what people settled about agencies.
"""
