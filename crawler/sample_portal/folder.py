"""A folder of documents as one plain portal: a list page, and the files unchanged. Nothing in it is synthetic.

As in any index of a folder, the list says when each file was last changed; an edited file shows there.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape, unescape
from pathlib import Path
from urllib.parse import quote

from crawler.sample_portal.site import Page, Request, not_found, robots

PREFIX = "/documents/"

# Text formats get no charset: what the bytes are is for the reader to find out.
_TYPES = {
    ".txt": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".wps": "application/vnd.ms-works",
    ".rtf": "application/rtf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".zip": "application/zip",
}
_READABLE = frozenset({".txt", ".html", ".htm"})
_HEAD = 65_536
# A line without punctuation that names information disclosure, and a year or a report.
_TITLE = re.compile(
    r"[^，。,；]*(?:\d{4}[^，。,；]*信息公[开開]|信息公[开開][^，。,；]*(?:[报報]告|年[报報]))[^，。,；]*"
)


@dataclass
class FolderSite:
    """The files of `folder`, without sub-directories and hidden files."""

    folder: Path
    compresses: bool = False

    def respond(self, request: Request) -> Page:
        """The list at `/`, a file below `/documents/`."""
        path = request.path
        if request.method != "GET":
            return Page(b"Method Not Allowed", "text/plain", status=405)
        if path in {"/", "/index.html"}:
            return self._list()
        if path == "/robots.txt":
            return robots()
        file = self._file(path)
        if file is None:
            return not_found("没有这个文件")
        return Page(file.read_bytes(), _TYPES.get(file.suffix.lower(), "application/octet-stream"), _modified(file))

    def files(self) -> list[Path]:
        """The files that are served, by name."""
        return sorted(f for f in self.folder.iterdir() if f.is_file() and not f.name.startswith("."))

    def _file(self, path: str) -> Path | None:
        name = path.removeprefix(PREFIX)
        if not path.startswith(PREFIX) or name.startswith(".") or {"/", "\0"} & set(name):
            return None
        file = self.folder / name
        return file if file.is_file() else None

    def _list(self) -> Page:
        rows = "\n".join(map(_row, self.files()))
        html = (
            '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>政府信息公开年报</title></head>\n<body>\n'
            f"<h1>政府信息公开年报</h1>\n<ul>\n{rows}\n</ul>\n</body></html>\n"
        )
        return Page(html.encode(errors="replace"))


def _row(file: Path) -> str:
    href = PREFIX + quote(file.name, errors="surrogateescape")
    link = f'<a href="{href}">{escape(title(file) or file.name)}</a>'
    return f"<li>{link} <span>{_modified(file):%Y-%m-%d %H:%M:%S}</span></li>"


def _modified(file: Path) -> datetime:
    """The time of a file's last change, to the second, as HTTP and the list state it."""
    return datetime.fromtimestamp(int(file.stat().st_mtime), tz=UTC)


def title(file: Path) -> str | None:
    """The first line of a text or HTML file that looks like the title of a report, or None."""
    if file.suffix.lower() not in _READABLE:
        return None
    with file.open("rb") as stream:
        head = stream.read(_HEAD)
    text = _decoded(head)
    if file.suffix.lower() != ".txt":
        text = unescape(re.sub(r"<!--.*?-->|<[^>]*>", "\n", text, flags=re.DOTALL))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return next((line for line in lines if len(line) <= 80 and _TITLE.fullmatch(line)), None)


def _decoded(head: bytes) -> str:
    text = head.decode("utf-8-sig", errors="replace")
    # A character cut by the end of the head is no sign of another encoding.
    return head.decode("gb18030", errors="replace") if text.count("\ufffd") > 3 else text
