"""Reading the YAML files that ship with gongkai."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

# The parser in C takes a tenth of the time; where PyYAML was built without it, the other one does the same.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(path: Path) -> Any:
    """What is in the file. Raises OSError and yaml.YAMLError."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
