"""Loads sqlite_utils without pandas, which it looks for in order to guess the types of data frames.

We never give it one, and loading pandas takes half a second, which every command would wait for.
"""

from __future__ import annotations

import sys
from typing import Any

modules: dict[str, Any] = sys.modules
hidden = [name for name in ("pandas", "numpy") if name not in modules]
modules.update(dict.fromkeys(hidden))  # what an import of something that is not installed finds
try:
    import sqlite_utils  # noqa: F401
finally:
    for name in hidden:
        del modules[name]
