"""What the site says of tables, views and columns, in English and Chinese, and the metadata that Datasette serves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from archive.publish.citation import citation
from archive.publish.codebook import Column, codebook
from archive.site.questions import offered


@dataclass(frozen=True, slots=True)
class Words:
    """One thing in two languages; the template takes the one that the reader chose."""

    en: str
    zh: str

    def __bool__(self) -> bool:
        return bool(self.en or self.zh)

    @property
    def both(self) -> str:
        """For those who read the metadata as JSON and have chosen neither."""
        return " · ".join(dict.fromkeys(text for text in (self.en, self.zh) if text))


NOTHING = Words("", "")

TITLE = Words("China's government information disclosure reports", "政府信息公开工作年度报告数据库")

SHORT: Mapping[str, Words] = {
    "received": Words("received", "新收申请"),
    "received_natural": Words("from persons", "自然人"),
    "received_firms": Words("from firms", "企业"),
    "carried_in": Words("carried in", "上年结转"),
    "answered": Words("decided", "办理结果"),
    "granted": Words("granted", "予以公开"),
    "partial": Words("in part", "部分公开"),
    "denied": Words("denied", "不予公开"),
    "unable": Words("unable", "无法提供"),
    "not_processed": Words("not processed", "不予处理"),
    "carried_out": Words("carried out", "结转下年"),
    "review_total": Words("reviews", "行政复议"),
    "review_corrected": Words("corrected", "复议纠正"),
    "lawsuit_total": Words("lawsuits", "行政诉讼"),
    "lawsuit_corrected": Words("corrected", "诉讼纠正"),
}
"""The indicators that a report and an agency are summed up in, in a word or two, in the order of the form."""

VALUES: Mapping[tuple[str, str], Words] = {
    ("scope", "own"): Words("own figures", "本机关口径"),
    ("scope", "area"): Words("a whole area's figures", "全区域口径"),
    ("trust", "official"): Words("official page", "官方网页"),
    ("trust", "mirror"): Words("copy on a mirror", "转载网页"),
    ("trust", "unknown"): Words("unknown host", "来源不明"),
    ("form", "f2021"): Words("f2021", "f2021"),
    ("form", "f2019"): Words("f2019", "f2019"),
    ("form", "f2014"): Words("f2014", "f2014"),
    ("form", "mixed"): Words("mixed", "混合"),
    ("form", "other"): Words("other statistics", "其他统计"),
}
"""Words in a column that want a shorter explanation than the codebook gives, where there is little room."""

FACETS: Mapping[str, tuple[str, ...]] = {
    "panel": ("province", "level", "kind", "year", "form", "trust"),
    "reports": ("year", "form", "trust", "province"),
    "coverage": ("status", "year", "province", "level"),
    "open_issues": ("code", "level"),
    "agencies": ("province", "level", "kind"),
}
"""The columns whose values a table's page counts. Only where that is quick: the large views have none."""

SORTED: Mapping[str, str] = {"panel": "year", "reports": "year", "coverage": "year"}

SHOWN = frozenset(
    "agencies agency_names agency_links sections issues captures indicators attachments portals runs decisions codebook"
    " codebook_values dataset_info".split()
)
"""The tables that researchers have a use for; the others are hidden, not locked."""


def describe(name: str) -> Words:
    """What a table or view is; nothing for those that the codebook does not know."""
    relation = codebook().get(name)
    return Words(_plain(relation.english), _plain(relation.chinese)) if relation else NOTHING


def describe_column(name: str, column: str) -> Words:
    """A label for a column of a table or view; of a query, what a column of that name mostly is."""
    relation = codebook().get(name)
    found = (relation.columns.get(column) if relation else None) or _columns().get(column)
    return Words(found.english, found.chinese) if found else NOTHING


def explain_column(name: str, column: str) -> Words:
    """All that there is to know of a column: label, unit and note."""
    found = codebook()[name].columns.get(column) if name in codebook() else None
    if found is None:
        return NOTHING
    english = f"{found.english}{f' ({found.unit_english})' if found.unit else ''}"
    chinese = f"{found.chinese}{f'（{found.unit}）' if found.unit else ''}"
    notes = (f"{english}. {found.note_english}", f"{chinese}。{found.note_chinese}")
    told = (notes[0] if found.note_english else english, notes[1] if found.note_chinese else chinese)
    return Words(_plain(told[0]), _plain(told[1]))


def _plain(text: str) -> str:
    """The codebook marks names for docs/archive.md with backticks."""
    return text.replace("`", "")


def describe_value(column: str, value: str) -> Words:
    """What a word in a column means; the word itself where it speaks for itself."""
    return VALUES.get((column, value)) or _values().get((column, value)) or Words(value, value)


@cache
def _columns() -> Mapping[str, Column]:
    """Columns by name, those of the panel and the other views before those of tables."""
    relations = [codebook()["panel"], *codebook().values()]
    return {name: column for relation in reversed(relations) for name, column in relation.columns.items()}


@cache
def _values() -> Mapping[tuple[str, str], Words]:
    return {
        (column.name, value.value): Words(value.english, value.chinese)
        for relation in codebook().values()
        for column in relation.columns.values()
        for value in column.values
    }


def metadata_of(database: str, found: Mapping[str, list[str]]) -> dict[str, Any]:
    """Datasette's metadata for an archive with these views and tables (columns by name)."""
    return {
        "title": TITLE.both,
        "license": citation().licence,
        "source": "annual reports published by the agencies themselves · 各行政机关公布的年度报告",
        "databases": {
            database: {
                "tables": {name: _table(name, columns) for name, columns in found.items()},
                "queries": {
                    question.id: {
                        "title": Words(question.english, question.chinese).both,
                        "description": Words(question.why, question.why_chinese).both,
                        "sql": question.sql.strip(),
                    }
                    for question in offered()
                },
            }
        },
    }


def _table(name: str, columns: list[str]) -> dict[str, Any]:
    about: dict[str, Any] = {
        "description": describe(name).both,
        "columns": {column: words.both for column in columns if (words := explain_column(name, column))},
        "facets": [column for column in FACETS.get(name, ()) if column in columns],
        "hidden": name not in SHOWN and not (name in codebook() and codebook()[name].kind == "view"),
    }
    if SORTED.get(name) in columns:
        about["sort_desc"] = SORTED[name]
    return about
