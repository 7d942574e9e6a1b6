"""The page for what went wrong: a line in the reader's language, and never a traceback.

It takes the place of Datasette's own, which writes every local variable to the terminal and a script into the page.
"""

from __future__ import annotations

import sqlite3
import traceback

from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.utils.asgi import Base400, Forbidden, NotFound, Request, Response
from datasette.views.base import DatasetteError

from archive.site.headers import language_of

_MISSING = ("There is no such page", "没有这个页面")
_SLOW = (
    "This took too long. Narrow the question, or ask the file itself with sqlite-utils.",
    "查询超时。请缩小范围，或直接用 sqlite-utils 查询文件。",
)
_WRONG = ("That cannot be asked so", "无法这样查询")
_BROKEN = ("Something is broken here; the terminal of the site tells what", "本站出错，详情见服务端")


async def answer(datasette: Datasette, request: Request, exception: Exception) -> Response:
    """The answer to a request that ended in an exception."""
    status, words, detail = _told(exception)
    if status == 500 and isinstance(exception, ValueError) and "_next" in request.args:
        status, words = 400, _WRONG  # Datasette takes it for a number
    if status == 500:
        traceback.print_exception(exception)
    title = words[1] if language_of(request.headers) == "zh" else words[0]
    if request.path.split("?")[0].endswith(".json"):
        return Response.json(
            {"ok": False, "status": status, "title": words[0], "error": detail or words[0]}, status=status
        )
    shown = {"status": status, "title": title, "error": detail}
    return Response.html(await datasette.render_template("error.html", shown, request=request), status=status)


def _told(exception: Exception) -> tuple[int, tuple[str, str], str]:
    """Status, what to say, and what more there is to say: of SQL, what SQLite said."""
    if isinstance(exception, QueryInterrupted) or "interrupted" in str(exception).lower():
        return 503, _SLOW, ""
    if isinstance(exception, DatasetteError):
        if exception.title == "SQL Interrupted":
            return 503, _SLOW, ""
        status = 400 if exception.status == 500 else exception.status  # 500 is its default: for a column to sort by
        return status, _WRONG, "" if exception.message_is_html else str(exception.message)
    if isinstance(exception, NotFound):
        return 404, _MISSING, ""
    if isinstance(exception, Forbidden):
        return 403, _WRONG, ""
    if isinstance(exception, Base400):
        return exception.status, _WRONG, str(exception)
    if isinstance(exception, OverflowError):
        return 400, _WRONG, "a number that is too large"
    if isinstance(exception, sqlite3.OperationalError):
        return 400, _WRONG, str(exception)
    return 500, _BROKEN, ""
