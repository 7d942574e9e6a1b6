"""One host of a portal that changes: which of its reports are published, with which figures, and its bad days.

The host is made anew, from its whole plan, when somebody asks for something after a change. Since the plan holds what
is still to come as well, nothing that the plan decides by lot moves, addresses least of all.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random
from threading import Lock
from typing import Literal

from crawler.sample_portal.documents import Document
from crawler.sample_portal.facts import Fact
from crawler.sample_portal.families import FAMILIES
from crawler.sample_portal.families.built import Articles, Built
from crawler.sample_portal.invented import Dates, Plan
from crawler.sample_portal.site import Page, Raw, Request

Trouble = Literal["down", "503", "blocked", "empty"]

_ANSWERS: dict[str, Page] = {
    "down": Raw(status=0),
    "503": Page(b"<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>", status=503),
    "blocked": Page(
        b'<html><head></head><body><script>var _ck="9f3c";document.cookie="ck="+_ck;location.reload();</script>'
        b"</body></html>",
        status=412,
    ),
}
_SOFT = Page(
    "<html><head><meta charset='utf-8'></head><body><p>您访问的页面不存在或已被删除！</p></body></html>".encode()
)


class ChangingHost:
    """The reports of one replica and what has become of them; `make` gives its plan, the same every time."""

    def __init__(self, family: str, make: Callable[[], Plan]) -> None:
        self._build = FAMILIES[family].build
        self._make = make
        plan = make()
        self.portal_id = plan.portal_id
        self._origin, self._name = plan.origin, plan.name
        self._facts = {fact.number: fact for fact in plan.facts}
        by_day = sorted(plan.facts, key=lambda fact: (fact.published, fact.number))
        self.coming = by_day[len(by_day) - len(by_day) // 3 :]
        """The reports that are not published yet, in the order in which they will be."""
        self.deleted: list[Fact] = []
        self.trouble: Trouble | None = None
        self.compresses = False
        self._dates: dict[int, Dates] = {}
        self._gone: dict[str, Page] = {}
        self._lock = Lock()
        self._rendered: dict[int, Document] = {}
        self._addresses: Articles = {}
        self._built: Built | None = None
        self._emptied: Built | None = None

    def row(self, *, known: bool) -> dict[str, str]:
        """The row of the table of portals; column and software stand in it when they are `known`."""
        built = self._now() if known else None
        return {
            "portal_id": self.portal_id,
            "name": self._name,
            "division_code": "",
            "home_url": f"{self._origin}/",
            "column_url": self._origin + built.column if built else "",
            "platform": built.platform if built else "",
            "trust": "",
        }

    def published(self) -> list[Fact]:
        """Every report that is published, with its figures of today."""
        hidden = self._hidden()
        return [fact for number, fact in self._facts.items() if number not in hidden]

    def url(self, fact: Fact) -> str:
        """Where a published report stands."""
        return self._origin + self._path(fact)

    def file(self, fact: Fact) -> str:
        """Where the figures of a report stand that is published as a file alone; '' when its page holds them."""
        path = self._now().files.get((fact.agency, fact.year), "")
        return path and self._origin + path

    def publish(self, fact: Fact) -> None:
        """The report appears."""
        self.coming.remove(fact)
        self._changed()

    def revise(self, fact: Fact, day: date, rng: Random, *, loud: bool) -> Fact:
        """Other figures, and, when it is `loud`, a new date in the list; the answer is the report as it is then."""
        before = self._dates.get(fact.number)
        listed = day if loud else before.listed if before else None
        self._dates[fact.number] = Dates(listed, day)
        self._facts[fact.number] = replace(fact, printed=_other_figures(fact.printed, rng))
        self._rendered.pop(fact.number, None)
        self._changed()
        return self._facts[fact.number]

    def delete(self, fact: Fact, *, soft: bool) -> None:
        """The report leaves the list; its address answers 404, or, when that is `soft`, 200 and a sentence."""
        path = self._path(fact)
        if soft and "?" not in path:
            self._gone[path] = _SOFT
        self.deleted.append(fact)
        self._changed()

    def restore(self, fact: Fact) -> None:
        """A deleted report is there again, as it was."""
        self.deleted.remove(fact)
        self._changed()
        self._gone.pop(self._path(fact), None)

    def respond(self, request: Request) -> Page:
        """What the host says today."""
        trouble, built = self.trouble, self._now()
        self.compresses = built.site.compresses
        if trouble in _ANSWERS:
            return _ANSWERS[trouble]
        if trouble == "empty":
            page = self._without_reports().site.respond(request)
            if page.status != 404 or request.path not in _paths(built):
                return page
        return self._gone.get(request.path) or built.site.respond(request)

    def _path(self, fact: Fact) -> str:
        """Where a report stands, or stood; addresses never change, so they are known from its first day on."""
        if (fact.agency, fact.year) not in self._addresses:
            self._addresses |= self._now().articles
        return self._addresses[fact.agency, fact.year]

    def _hidden(self) -> frozenset[int]:
        return frozenset(fact.number for fact in (*self.coming, *self.deleted))

    def _changed(self) -> None:
        with self._lock:
            self._built = None

    def _now(self) -> Built:
        with self._lock:
            if self._built is None:
                self._built = self._made(self._hidden())
            return self._built

    def _without_reports(self) -> Built:
        with self._lock:
            if self._emptied is None:
                self._emptied = self._made(frozenset(self._facts))
            return self._emptied

    def _made(self, hidden: frozenset[int]) -> Built:
        plan = self._make()
        plan.facts = [self._facts[fact.number] for fact in plan.facts]
        plan.hidden, plan.dates, plan.rendered = hidden, dict(self._dates), self._rendered
        return self._build(plan)


def _paths(built: Built) -> set[str]:
    """The paths of reports and of their files, without queries."""
    return {path.partition("?")[0] for path in (*built.articles.values(), *built.files.values())}


def _other_figures(printed: dict[str, str], rng: Random) -> dict[str, str]:
    """Some requests more, all granted, so that the sums of table 3 hold, and other counts in table 2."""
    more = rng.randint(1, 9)
    figures = [f"applications.{row}.{who}" for row in _GRANTED for who in ("natural_person", "total")]
    counts = [name for name, text in printed.items() if name.startswith("active_disclosure.") and text.isdecimal()]
    figures += rng.sample([name for name in counts if "regulations" not in name], 2)
    return {**printed, **{name: str(int(printed[name]) + more) for name in figures}}


_GRANTED = ("new_received", "granted", "results_total")
