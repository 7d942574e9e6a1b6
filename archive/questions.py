"""The questions that researchers ask first, each as one query against the views: `data/questions.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from archive.shipped import shipped
from pipelines.forms.files import load_yaml


@dataclass(frozen=True, slots=True)
class Question:
    """A question in English and Chinese, why it is asked in one sentence of each, and the query that answers it."""

    id: str
    english: str
    chinese: str
    why: str
    why_chinese: str
    sql: str


@cache
def questions() -> tuple[Question, ...]:
    """The questions in the order of the file."""
    entries = load_yaml(shipped("questions.yaml"))["questions"]
    return tuple(Question(**{**entry, "sql": entry["sql"].strip()}) for entry in entries)
