"""Where the files that ship with the archive lie: in `data/` of a checkout, inside this package in a wheel."""

from __future__ import annotations

from pathlib import Path


def shipped(name: str) -> Path:
    """The file of that name under `data/`."""
    packaged = Path(__file__).with_name("data")
    return (packaged if packaged.is_dir() else Path(__file__).parents[1] / "data") / name


def shipped_or_top(name: str) -> Path:
    """The file of that name in the top folder of a checkout, where others look for it too; in a wheel it is in ours."""
    packaged = Path(__file__).with_name("data")
    return (packaged if packaged.is_dir() else Path(__file__).parents[1]) / name
