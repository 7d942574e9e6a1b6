"""How often Python looks for garbage among what lives: seldom, where documents are read and filed.

A page is thousands of objects that all go when it is done, by themselves, and next to none of them in rings that only
a search finds. A search for every 700 that are new takes a tenth of the time of reading and writing.
"""

from __future__ import annotations

import gc

_NEW = 50_000
"""Objects that are new, less those that are gone, after which it is looked among these; Python's own number is 700."""
_YOUNG, _OLD = 10, 10
"""Such searches after which it is looked among what outlived one, and so on among all: as often as Python does."""


def seek_rarely() -> None:
    """From now on garbage is sought rarely in this process, and never again among what is loaded already."""
    gc.freeze()
    gc.set_threshold(_NEW, _YOUNG, _OLD)
