"""When two addresses mean the same page: twins for phones, sessions, schemes, ports of one host, conversion gates.

A key is never asked for; the address is. Two addresses of one key are one page, asked for once unless the first
fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit

_GATE = re.compile(r"^.*?/gate/(?:big5|gb)/([^/]+)(/.*)?$")
_SESSION_PATH = re.compile(r";[^/?#]*", re.IGNORECASE)
_SESSION = frozenset(
    "jsessionid phpsessid aspsessionid sessionid session_id sess cfid cftoken zx _t _ timestamp random rnd rand"
    " ismobile mobile wap from spm utm_source utm_medium utm_campaign".split()
)
_TWIN = (
    (re.compile(r"_wap(?=\.\w+$)"), ""),
    (re.compile(r"(?<=/)mpost_(?=\d)"), "post_"),
    (re.compile(r"_(?:print|dayin)(?=\.\w+$)"), ""),
)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|txt|wps|et|rtf)(?![\w.])", re.IGNORECASE)
# Programs that hand out files under addresses without an ending.
_HANDS_OUT = re.compile(r"downfile|download(?:file|attach)?\.(?:jsp|do|aspx|action)|virtual_attach", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)\.(?:s?html?|jsp|aspx?|php)$", re.IGNORECASE)


def key_of(url: str, volatile: Iterable[str] = ()) -> str:
    """What an address has in common with its twins. `volatile` names parameters that change without a meaning."""
    gate = _GATE.match(url)
    if gate:
        url = f"http://{gate[1]}{gate[2] or '/'}"
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return url
    host = host.removeprefix("www.")
    path = _SESSION_PATH.sub("", unquote(parts.path, errors="surrogateescape")) or "/"
    for pattern, plain in _TWIN:
        path = pattern.sub(plain, path)
    path = _INDEX.sub("/", re.sub(r"/{2,}", "/", path))
    dropped = _SESSION.union(volatile)
    query = sorted(
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name.lower() not in dropped
    )
    place = host if port in (None, 80, 443) else f"{host}:{port}"
    fragment = f"#{parts.fragment.strip('/')}" if "/gkmlpt/" in path and parts.fragment.strip("/").isdigit() else ""
    return f"{place}{path}{'?' + urlencode(query) if query else ''}{fragment}"


def parameters(url: str) -> dict[str, str]:
    """The query parameters of an address, names in lower case."""
    return {name.lower(): value for name, value in parse_qsl(urlsplit(url).query, keep_blank_values=True)}


def is_upward(target: str, url: str, *, beside: bool = True) -> bool:
    """Whether `target` is a folder above `url`: where pages that are gone send their visitors.

    `beside` says whether the folder in which `url` itself lies counts.
    """
    there, here = urlsplit(target), urlsplit(url)
    folder, path = _INDEX.sub("/", there.path or "/"), _INDEX.sub("/", here.path or "/")
    own = urljoin(path, ".")
    if there.netloc != here.netloc or not folder.endswith("/") or folder == path:
        return False
    return own.startswith(folder) and (beside or folder != own)


def same_site(one: str, other: str) -> bool:
    """Whether two addresses are of one body's sites: one host, or hosts below a place's domain (`dingxi.gov.cn`)."""
    first, second = ((urlsplit(url).hostname or "").lower().removeprefix("www.") for url in (one, other))
    return first == second or _domain(first) == _domain(second) != ""


def _domain(host: str) -> str:
    labels = host.split(".")
    return ".".join(labels[-3:]) if host.endswith(".gov.cn") and len(labels) >= 3 else ""


def is_file(url: str, label: str = "") -> bool:
    """Whether an address, or the words that link to it, are those of a document rather than of a page."""
    parts = urlsplit(url)
    return bool(_FILE.search(parts.path) or _FILE.search(label) or _FILE.search(parts.query) or _HANDS_OUT.search(url))
