"""Random true reports in every shape that real pages have, and a count of what the reader makes of them.

Nothing here knows how the reader works: it is driven through its public command only, and the tables, the labels and
the ways they go wrong are written down anew. `python -m tests.generate.run --help` starts it.
"""
