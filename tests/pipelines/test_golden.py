"""Documents in tests/golden/ and the answers to them.

A document without an answer gets one written, and fails once, so that a person reviews what was written; from then on
the answer holds. To accept a change, delete the answer and run twice.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines import Capture, extract
from pipelines.contract import as_object
from tests.conftest import ROOT

DOCUMENTS = sorted(path for path in (ROOT / "tests/golden").iterdir() if path.suffix != ".json")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_golden(document: Path) -> None:
    capture = Capture(document.read_bytes(), document.name)
    answer = [as_object(reading, document.name) for reading in extract(capture)]
    kept = document.with_suffix(".json")
    if not kept.exists():
        kept.write_text(json.dumps(answer, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{kept.name} was written: review it, then run again")
    assert answer == json.loads(kept.read_text(encoding="utf-8"))


def test_there_are_documents() -> None:
    assert len(DOCUMENTS) >= 6
