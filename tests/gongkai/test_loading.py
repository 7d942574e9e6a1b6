"""Garbage is looked for again once everything is loaded, whatever became of that."""

from __future__ import annotations

import gc

import pytest

from gongkai.loading import loading


def test_garbage_is_looked_for_before_and_after_only() -> None:
    with loading():
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.unfreeze()


def test_garbage_is_looked_for_when_something_cannot_be_loaded() -> None:
    with pytest.raises(ImportError), loading():
        raise ImportError
    assert gc.isenabled()
    gc.unfreeze()
