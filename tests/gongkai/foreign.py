"""Files as somebody else would have written them: WARC and WET with the golden reports among pages that are none."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

GOLDEN = Path(__file__).parents[1] / "golden"
REPORTS = ("clean", "f2019_blank", "gb2312", "pinyin", "traditional", "word")
NO_REPORT = "<html><title>某县人民政府</title><body><p>通知公告：关于召开会议的通知。</p></body></html>"
DATE = "2024-03-01T02:00:00Z"


@dataclass(frozen=True)
class Page:
    """A page of somebody's crawl."""

    url: str
    body: bytes
    date: str = DATE
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html"),)
    status: str = "200 OK"
    kind: str = "response"
    cut: str = ""


def golden(name: str) -> bytes:
    return (GOLDEN / f"{name}.html").read_bytes()


def answer(name: str) -> dict[str, int | float | None]:
    """The figures that are read of a golden report."""
    (found,) = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    figures: dict[str, int | float | None] = found["figures"]
    return figures


def reports(host: str = "www.example.gov.cn") -> list[Page]:
    return [Page(f"https://{host}/{name}.html", golden(name)) for name in REPORTS]


def filler(count: int, host: str = "www.example.gov.cn") -> list[Page]:
    return [Page(f"https://{host}/news/{n}.html", f"{NO_REPORT}<p>{n}</p>".encode()) for n in range(count)]


def write_warc(path: Path, pages: Sequence[Page]) -> Path:
    """A WARC file in gzip members, with a request before each response, as crawlers write it."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "another"}))
        for page in pages:
            facts = {"WARC-Date": page.date} | ({"WARC-Truncated": page.cut} if page.cut else {})
            if page.kind == "response":
                asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x")], is_http_request=True)
                writer.write_record(writer.create_warc_record(page.url, "request", http_headers=asked))
            answered = StatusAndHeaders(page.status, [*page.headers], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                page.url,
                page.kind,
                payload=io.BytesIO(page.body),
                length=len(page.body),
                warc_content_type="" if page.kind == "response" else "text/plain",
                warc_headers_dict=facts,
                http_headers=answered if page.kind == "response" else None,
            )
            writer.write_record(record)
    return path


def zipped(page: bytes) -> Page:
    """The same as a server sends it packed."""
    headers = (("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"), ("ETag", '"1"'))
    return Page("https://www.example.gov.cn/packed.html", gzip.compress(page), headers=headers)
