"""How the data set is cited: from `CITATION.cff`, which ships with the archive, and the version of a published file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from archive.shipped import shipped_or_top
from pipelines.forms.files import load_yaml

_CHINESE_TITLE = "公开：中国政府信息公开工作年度报告数据集"


@dataclass(frozen=True, slots=True)
class Citation:
    """What does not change from one published file to the next."""

    title: str
    chinese_title: str
    authors: str
    licence: str
    code_version: str
    homepage: str | None
    """None as long as CITATION.cff gives no `url`."""

    def english(self, version: str, year: str) -> str:
        return f"{self.authors} ({year}). {self.title}. Data set, version {version}."

    def chinese(self, version: str, year: str) -> str:
        return f"{self.authors}（{year}）. {self.chinese_title}［数据集］. 版本{version}."


@cache
def citation() -> Citation:
    """The citation of this version of gongkai."""
    facts = load_yaml(shipped_or_top("CITATION.cff"))
    authors = ", ".join(
        author.get("name") or f"{author['family-names']}, {author['given-names']}" for author in facts["authors"]
    )
    return Citation(facts["title"], _CHINESE_TITLE, authors, facts["license"], str(facts["version"]), facts.get("url"))
