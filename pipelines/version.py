"""Which reader this is: what was read by an earlier one may be worth reading again."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pipelines.forms.definitions import forms_folder

_ROOM = Path(__file__).parent


@cache
def reader_version() -> str:
    """The version of the package, and eight digits that change with the code and the form files: `0.1.0-3fa9c2d1`.

    Libraries do not count: they are pinned, and a new one is a new version of the package.
    """
    digest = hashlib.sha256()
    for path in (*sorted(_ROOM.rglob("*.py")), *sorted(forms_folder().glob("*.yaml"))):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"{_package()}-{digest.hexdigest()[:8]}"


def _package() -> str:
    try:
        return version("gongkai")
    except PackageNotFoundError:  # a checkout on the path, not installed
        return "0"
