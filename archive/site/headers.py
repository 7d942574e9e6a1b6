"""What goes around every answer: headers that forbid scripts and strangers, and the choice of language.

`?lang=zh` on any page sets a cookie and leads to the same page without it, since Datasette takes a parameter that it
does not know for a column. Who has never chosen gets what the browser asks for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

Lang = Literal["en", "zh"]
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "gongkai_lang"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No script and no style but those of our own files: even text that slipped through unescaped could do nothing."""

PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For charts that are opened by themselves."""

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


def guarded(app: App) -> App:
    """The same application with our headers on every answer, and `?lang=` understood on every page."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        chosen, rest = _asked(scope)
        if chosen is not None:
            await _lead_on(scope, chosen, rest, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", []))
                present = {name.lower() for name, _ in headers}
                if b"content-security-policy" not in present:
                    headers.append((b"content-security-policy", POLICY.encode()))
                headers += [pair for pair in HEADERS if pair[0] not in present]
                headers.append((b"vary", b"Cookie, Accept-Language"))
                message = {**message, "headers": headers}
            await send(message)

        await app(scope, receive, send_guarded)

    return answer


def language_of(headers: MutableMapping[str, str]) -> Lang:
    """The language of a request, from its cookie, else from what its browser prefers; English where neither tells."""
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        cookie = None
    if cookie is not None and cookie.value in ("en", "zh"):
        return "zh" if cookie.value == "zh" else "en"
    for preferred in headers.get("accept-language", "").lower().split(","):
        if preferred.strip().startswith("zh"):
            return "zh"
        if preferred.strip().startswith("en"):
            return "en"
    return "en"


def _asked(scope: Scope) -> tuple[Lang | None, list[tuple[str, str]]]:
    pairs = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    chosen = [value for name, value in pairs if name == "lang" and value in ("en", "zh")]
    rest = [(name, value) for name, value in pairs if name != "lang"]
    return (None if not chosen else "zh" if chosen[-1] == "zh" else "en"), rest


async def _lead_on(scope: Scope, chosen: Lang, rest: list[tuple[str, str]], send: Send) -> None:
    path = scope.get("raw_path", b"").split(b"?")[0] or b"/"
    path = b"/" + path.lstrip(b"/\\")  # `//host/` and `/\\host/` would lead to another site
    query = f"?{urlencode(rest)}".encode() if rest else b""
    cookie = f"{COOKIE}={chosen}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly".encode()
    headers = [(b"location", path + query), (b"set-cookie", cookie), (b"cache-control", b"no-store"), *HEADERS]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
