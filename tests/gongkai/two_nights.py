"""A portal of two reports that is crawled on two nights, between which one page changes and the other goes."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.conftest import ROOT, run
from tests.gongkai.test_documents_crawl import served

AGENCY = "刚察县人民政府办公室"
GONE = "卫滨区人民政府办公室"
IN_FORCE = "active_disclosure.normative_documents.in_force"
GRANTED = "applications.granted.total"
FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False")


class TwoNights:
    """`crawl()` is a night, `change()` a day on which the portal is edited; what people do is up to the test."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.archive = folder, folder / "archive.db"
        self.documents = folder / "documents"
        self.documents.mkdir()
        self.page = self.documents / "clean.html"
        for name in ("clean.html", "word.html"):
            shutil.copy(ROOT / "tests" / "golden" / name, self.documents)
        # On the first night a number of the page cannot be read, and a total does not add up.
        self._edit(">15<", ">l5<")
        self._edit_granted()

    def crawl(self) -> None:
        done = run("gongkai", "crawl", "--portals", self.folder / "portals.csv", "--archive", self.archive, *FAST)
        assert done.returncode == 0, done.stderr

    def change(self) -> None:
        self._edit(">l5<", ">16<")
        (self.documents / "word.html").unlink()

    def _edit(self, old: str, new: str) -> None:
        text = self.page.read_text(encoding="utf-8")
        assert text.count(old) == 1, (old, text.count(old))
        self.page.write_text(text.replace(old, new), encoding="utf-8")

    def _edit_granted(self) -> None:
        text = self.page.read_text(encoding="utf-8")
        start = text.index("（一）予以公开")
        end = text.index("</tr>", start)
        row = text[start:end]
        at = row.rindex(">2<")
        self.page.write_text(text[:start] + row[:at] + ">7<" + row[at + 3 :] + text[end:], encoding="utf-8")


__all__ = ["AGENCY", "GONE", "GRANTED", "IN_FORCE", "TwoNights", "served"]
