"""What Datasette asks of us: our pages and functions, our words in its templates, our headers around its answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response
from sqlite_utils import Database

from archive.answers.asking import NotFound as Missing
from archive.answers.asking import find_figure, report_by_id
from archive.answers.evidence import Evidence, evidence_of
from archive.search import register
from archive.site import faults, rendering
from archive.site.agency import agency_page
from archive.site.asking import NAME, ask
from archive.site.describing import SHORT, TITLE, Words, describe, describe_column, describe_value
from archive.site.headers import PICTURE_POLICY, App, Lang, guarded, language_of
from archive.site.home import home_page
from archive.site.pictures import drawing, has_rows
from archive.site.questions import offered
from archive.site.report import report_page
from archive.site.searching import search_page

Vars = dict[str, Any]


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [
        (r"^/$", home),
        (r"^/report/(?P<report_id>\d{1,18})$", report),
        (r"^/report/(?P<report_id>\d{1,18})/(?P<figure>[a-z0-9_.]{1,200})$", figure),
        (r"^/agency/(?P<agency_id>\d{1,18})$", agency),
        (r"^/search$", search),
        (r"^/chart/(?P<name>[a-z]+)\.svg$", chart),
        (r"^/-/(?!static/|static-plugins/|metadata|settings|versions)", hidden),
    ]


@hookimpl
def asgi_wrapper() -> Any:
    def wrapped(app: App) -> App:
        return guarded(app)

    return wrapped


@hookimpl
def prepare_connection(conn: sqlite3.Connection, database: str) -> None:
    register(conn)
    if database == NAME:
        conn.execute("PRAGMA query_only = 1")


@hookimpl
def extra_template_vars(request: Request | None) -> Vars:
    return spoken(language_of(request.headers if request else {}), request)


@hookimpl
def render_cell(row: Mapping[str, Any], value: object, column: str) -> Any:
    return rendering.cell(value, column, row)


@hookimpl
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Any:
    async def answer() -> Response:
        return await faults.answer(datasette, request, exception)

    return answer


def spoken(lang: Lang, request: Request | None) -> Vars:
    """What every template may use. `t(english, chinese)` gives the one that the reader chose."""

    def t(english: object, chinese: object) -> object:
        return chinese if lang == "zh" else english

    def said(words: Words) -> str:
        return words.zh if lang == "zh" else words.en

    return {
        "lang": lang,
        "t": t,
        "about": lambda name: said(describe(name)),
        "label": lambda name, column: said(describe_column(name, column)),
        "word": lambda column, value: said(describe_value(column, value)),
        "short": {name: said(words) for name, words in SHORT.items()},
        "link": rendering.link,
        "number": _number,
        "site_title": t(TITLE.en, TITLE.zh),
        "questions": {question.id: question for question in offered()},
        "here": _here(request),
        "db": NAME,
    }


async def home(request: Request, datasette: Datasette) -> Response:
    shown = await ask(datasette, home_page)
    views = await datasette.get_database(NAME).view_names()
    return await _page(datasette, request, "home.html", home=shown, views=views)


async def report(request: Request, datasette: Datasette) -> Response:
    report_id = int(request.url_vars["report_id"])
    shown = await ask(datasette, lambda db: report_page(db, report_id))
    if shown is None:
        raise NotFound("no such report")
    return await _page(datasette, request, "report.html", page=shown, report=shown.report)


async def figure(request: Request, datasette: Datasette) -> Response:
    report_id, name = int(request.url_vars["report_id"]), request.url_vars["figure"]

    def found(db: sqlite3.Connection) -> Evidence:
        asked = Database(db, execute_plugins=False)
        return evidence_of(asked, report_by_id(asked, report_id), find_figure(name))

    try:
        evidence = await ask(datasette, found)
    except Missing as error:
        raise NotFound(str(error)) from error
    return await _page(datasette, request, "figure.html", evidence=evidence)


async def agency(request: Request, datasette: Datasette) -> Response:
    agency_id = int(request.url_vars["agency_id"])
    shown = await ask(datasette, lambda db: agency_page(db, agency_id))
    if shown is None:
        raise NotFound("no such agency")
    charts = {
        "requests": has_rows(shown.years, "received"),
        "outcomes": has_rows(shown.years, "granted", "denied", "unable", "not_processed", "partial"),
        "disputes": has_rows(shown.years, "review_total", "lawsuit_total"),
    }
    return await _page(datasette, request, "agency.html", page=shown, agency=shown.agency, charts=charts)


async def search(request: Request, datasette: Datasette) -> Response:
    words = " ".join((request.args.get("q") or "").split())[:200]
    year = _whole(request.args.get("year"))
    province = (request.args.get("province") or "")[:40]
    page = min(_whole(request.args.get("page")) or 1, 500)
    found = await ask(datasette, lambda db: search_page(db, words, year, province or None, page))
    return await _page(
        datasette, request, "search.html", words=words, year=year, province=province, page=page, found=found
    )


async def chart(request: Request, datasette: Datasette) -> Response:
    chosen = {name: request.args.get(name) or "" for name in ("agency", "province")}
    asked = request.args.get("in")
    lang: Lang = "zh" if asked == "zh" else "en" if asked == "en" else language_of(request.headers)
    name = request.url_vars["name"]
    svg = await ask(datasette, lambda db: drawing(db, name, chosen, lang))
    if svg is None:
        raise NotFound("no such chart")
    return Response(
        svg,
        headers={"Content-Security-Policy": PICTURE_POLICY, "Cache-Control": "private, max-age=60"},
        content_type="image/svg+xml; charset=utf-8",
    )


async def hidden() -> Response:
    """Datasette's pages for those who develop it: they tell where files lie, and nobody here needs them."""
    raise NotFound("no such page")


async def _page(datasette: Datasette, request: Request, template: str, **shown: Any) -> Response:
    html = await datasette.render_template(template, shown, request=request)
    return Response.html(html, headers={"Cache-Control": "no-cache"})


def _here(request: Request | None) -> str:
    """The path and query of this page, for the links that switch the language."""
    if request is None:
        return "/?"
    query = f"{request.query_string}&" if request.query_string else ""
    return f"/{request.path.split('?')[0].lstrip('/')}?{query}"  # a path of two slashes would lead to another site


def _whole(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 and int(text) else None


def _number(value: object) -> str:
    """A number for reading: thousands apart, nothing for null."""
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int | float) else str(value)
