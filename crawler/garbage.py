"""How often Python looks for garbage among what lives: not among what was loaded, and less often than it would.

A page is thousands of objects that go by themselves when it is done, and some, with all that hangs on them, only when a
search finds them. To search what was loaded, too, each time that 700 are new takes a tenth of the time of reading and
writing; to search after 50,000 lets a hundred megabytes pile up.
"""

from __future__ import annotations

import gc

_NEW = 2_000
"""Objects that are new, less those that are gone, after which it is looked among these; Python's own number is 700."""
_YOUNG, _OLD = 10, 10
"""Such searches after which it is looked among what outlived one, and so on among all: as often as Python does."""


def seek_rarely() -> None:
    """From now on garbage is sought rarely in this process, and never again among what is loaded already."""
    gc.freeze()
    gc.set_threshold(_NEW, _YOUNG, _OLD)
