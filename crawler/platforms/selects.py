"""The choices of a `<select>` that changes the page: by year, by department.

The address is in the option itself, or is put together from the option's value: by the page's script, by the form
around the select, or, where neither can be read, in the way in which the page's own address holds one of the values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from crawler.platforms.base import words_of
from crawler.platforms.calls import GOES, address_of, function, parts_of

_ADDRESS = re.compile(
    r"^(?:https?:)?//[^/]|^\.{0,2}/|\.(?:s?html?|jsp|aspx?|php|do|action)\b|^[\w-]+/|^\?\w", re.IGNORECASE
)
_CALL = re.compile(r"([A-Za-z_$][\w$]*)\s*\(")
_BY_ID = re.compile(r"(?:#|getElementById\(\s*[\"'])([\w-]+)")
_CHOICE = re.compile(r"this\.value|this\.options\[\s*this\.selectedIndex\s*\]\.value|\$\(this\)\.val\(\)")
_LONGEST = 500
"""Options of one select that are looked at; no list of departments is longer."""


def choices(select: Any, url: str, text: str) -> Iterator[tuple[str, str]]:
    """(label, address) for the options that are not chosen now. `url` is the page's address, `text` its source."""
    options = list(select.iter("option"))[:_LONGEST]
    values = [(_label(option), (option.get("value") or "").strip()) for option in options]
    pairs = [(label, value) for label, value in values if value and value not in ("-1", "0", "#")]
    if any(_ADDRESS.search(value) for _, value in pairs):
        yield from ((label, value) for label, value in pairs if _ADDRESS.search(value))
        return
    for build in (_by_script(select, text), _by_form(select, url), _by_address(select, url, [v for _, v in pairs])):
        if build is not None:
            yield from ((label, address) for label, value in pairs if (address := build(value)))
            return


def _label(option: Any) -> str:
    return re.sub(r"\s+", " ", words_of(option)).strip()


def _by_script(select: Any, text: str) -> Any:
    """How the handler of the select, or the function that it calls, puts the address together."""
    handler = select.get("onchange") or ""
    if _CHOICE.search(handler) and address_of(_CHOICE.sub("'1'", handler), text):
        return lambda value: address_of(_CHOICE.sub(lambda _: f"'{value}'", handler), text)
    name, key = select.get("name") or "", select.get("id") or ""
    sources = [handler]
    for called in _CALL.findall(handler):
        body = function(called, text)
        if body:
            sources.append(body[1])
    for known in filter(None, (key, name)):
        found = re.search(rf"[#'\"]{re.escape(known)}['\"\])]*\s*\)?\.(?:change|on|bind)\s*\(", text)
        if found:
            sources.append(text[found.end() : found.end() + 800])
    for source in sources:
        for expression in GOES.findall(source):
            parts = parts_of(expression)
            if any(literal for literal, _ in parts) and any(code for _, code in parts):
                return lambda value, parts=parts: _assembled(parts, value, select, text)
    return None


def _assembled(parts: list[tuple[str, str]], value: str, select: Any, text: str) -> str | None:
    address, used = "", False
    for literal, code in parts:
        if not code:
            address += literal
            continue
        known = _value_of(code, select, text)
        if known is None:
            if used:
                return None
            known, used = value, True
        address += known
    return address if used and _ADDRESS.search(address) else None


def _value_of(code: str, select: Any, text: str) -> str | None:
    """What a piece of script stands for; None when it is the choice itself (or cannot be told from it)."""
    by_id = _BY_ID.search(code)
    if by_id:
        if by_id[1] in (select.get("id"), select.get("name")):
            return None
        for element in select.getroottree().iter("select", "input"):
            if by_id[1] in (element.get("id"), element.get("name")):
                return _current(element)
    variable = re.fullmatch(r"[A-Za-z_$][\w$]*", code)
    if variable:
        given = re.search(rf"\b{re.escape(code)}\s*=\s*[\"']([^\"']*)[\"']", text)
        return given[1] if given else None
    return None


def _current(element: Any) -> str:
    if element.tag == "input":
        return element.get("value") or ""
    options = list(element.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None] or options[:1]
    return (chosen[0].get("value") or "") if chosen else ""


def _by_form(select: Any, url: str) -> Any:
    """A GET form: its action and fields, with this select at another value."""
    form = next(select.iterancestors("form"), None)
    name = select.get("name")
    if form is None or not name or (form.get("method") or "get").lower() != "get":
        return None
    if not (form.get("action") or "").strip() and "submit" not in (select.get("onchange") or ""):
        return None
    fields = [
        (element.get("name"), _current(element))
        for element in form.iter("input", "select")
        if element.get("name")
        and element.get("name") != name
        and (element.get("type") or "").lower() not in ("submit", "button")
    ]
    action = urljoin(url, (form.get("action") or "").strip()).split("?")[0]
    return lambda value: f"{action}?{urlencode([*fields, (name, value)])}"


def _by_address(select: Any, url: str, values: list[str]) -> Any:
    """The page's own address holds the present value (as a parameter or a folder): the others go in its place."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    names = {name for name, _ in query}
    field = next((name for name in (select.get("name"), select.get("id")) if name in names), None)
    field = field or next((name for name, value in query if value in values), None)
    if field:
        return lambda value: urlunsplit(
            parts._replace(query=urlencode([(name, value if name == field else old) for name, old in query]))
        )
    folders = parts.path.split("/")
    here = next((number for number, folder in enumerate(folders) if folder in values), None)
    if here is None:
        return None
    return lambda value: urlunsplit(parts._replace(path="/".join([*folders[:here], value, *folders[here + 1 :]])))
