"""The search of one portal: what to ask for next, best first, within a budget, and when to stop.

Knows no network and no archive: it is told what a page holds and what became of it, and says what to fetch.
Everything that could go on forever (calendars, pagers, session ids, columns of something else) ends here, by three
rules. A request that finds no report is paid from a budget, to which each report adds three more. A list is followed
while it brings reports. And once reports have been found, pages that promise little are asked only for a few times
without success.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from types import MappingProxyType
from typing import Literal
from urllib.parse import urlsplit

from crawler.addresses import is_upward, key_of, parameters, same_site
from crawler.judging import HOPELESS, STRONG, Promise, Setting, is_body, is_cut, is_whole_column, promise_of
from crawler.platforms.base import Listing, Page, Row, Step
from crawler.seeing import Seen

_A_YEAR = re.compile(r"20[0-4]\d")

Kind = Literal["start", "report", "column", "way", "pager"]

_EARNED = 3
"""Requests that a report adds to the budget."""
_FIRST_PAGES = 3
"""Pages of a list without a single report after which it is left."""
_DRY_PAGES = 10
"""Pages in a row without a report after which a list that had some is left."""
_MISSING_PAGES = 3
"""Pages of a list in a row that could not be had, after which it is left."""
_POOR_TRIES = 3
"""Pages of little promise in a row without a new report, once reports have been found; one more for every four."""
_HOPELESS_TRIES = 30
"""Pages that promise nothing, for a portal on which there is nothing better."""
_POOREST = 46
"""Promises below are looked at only while nothing has been found."""
_MOST_FORWARDS = 5
_FEWEST_ROWS = 6
"""Links of two pages that must agree before a parameter is taken for a session."""
_MOST_LINKS = 5000


@dataclass(frozen=True, slots=True)
class Visit:
    """One request that the search asks for. `root` is the page from which its column can be found again."""

    step: Step
    kind: Kind
    score: int
    setting: Setting
    words: str = ""
    publisher: str = ""
    root: str = ""
    root_setting: Setting = "annual"
    listing: int = 0
    forwards: int = 0
    trail: tuple[tuple[int, int], ...] = ()
    """The lists on the way here of which an entry of little promise was taken, with that promise."""
    listed: str = ""
    """The link's words with the date beside it; '' for what is asked for every time."""
    listed_on: str = ""
    """The first page of the list in which the link stands."""

    @property
    def is_lasting(self) -> bool:
        """Whether what is behind the link can be remembered by its words: a report, or the page of a year. What is
        behind the name of a body or of a column changes under the same words."""
        return bool(self.listed) and (
            self.kind == "report" or _A_YEAR.search(self.listed.partition("\t")[0]) is not None
        )

    @property
    def is_check(self) -> bool:
        """Whether it only looks after a page that was known and is not linked to any more."""
        return self.kind == "report" and not self.listed


@dataclass(slots=True)
class _List:
    """A list over all of its pages."""

    named: bool = False
    """Whether there were rows called reports on it."""
    dry: int = 0
    """Pages in a row that brought nothing."""
    reports: int = 0
    """Reports of the whole search when its last page came."""
    missing: int = 0
    """Pages in a row that could not be had."""
    first: str = ""
    """What its first page is known by."""
    capture: int | None = None
    """The capture of that page."""
    pages: int = 0
    """Pages of it that came."""
    left: bool = False
    """Whether the pages behind the first were left alone, since that has not changed."""
    repeats: int = 0
    """Pages that only showed what an earlier one showed."""
    prints: set[bytes] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Start:
    """Where a search begins, and what the page there is."""

    url: str
    setting: Setting


class Search:
    """The search of one portal: `next` gives requests, `arrived`, `found` and `done` take what came of each."""

    def __init__(
        self,
        starts: Sequence[Start],
        home: str,
        *,
        budget: int,
        refusal: Callable[[str], str | None],
        since: int = 0,
        limit: int = 0,
        afresh: bool = False,
        known: Callable[[str, str], int | None] = lambda url, listed: None,
        walked: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """`known` tells how many reports are behind a link, by address and words, that need not be asked for; None for
        those that must. `walked` holds the lists of which only the first page need be asked for as long as its capture
        is that one.
        """
        self.requests = 0
        self.reports = 0
        self.passed_over = 0
        self.budget_spent = False
        self.searched = False
        """Whether the portal was searched from its home page, rather than asked where it is known to keep reports."""
        self.yields: Counter[tuple[str, Setting]] = Counter()
        """Reports by the page from which they can be found again."""
        self.kept = 0
        """Reports behind links that need not be asked for."""
        self.listed: dict[str, set[str]] = {}
        """The words in which pages were linked to, by the key of the address."""
        self.foreign: list[tuple[str, str, str]] = []
        """(words, URL, why not) of what looked like reports on hosts that are not asked."""
        self._home = home
        self._budget = budget
        self._refusal = refusal
        self._since, self._limit = since, limit
        self._heap: list[tuple[int, int, Visit]] = []
        self._order = 0
        self._waiting = 0
        self._chosen = 0
        self._poor = 0
        self._hopeless = 0
        self._proven: set[tuple[int, int]] = set()
        """Lists of which an entry of little promise led to a report, with that promise: so may its likes."""
        self._lists: list[_List] = [_List()]
        self._behind, self._walked = known, walked
        self._known: set[str] = set()
        self._kept: dict[str, int] = {}
        self._asked: dict[str, str] = {}
        self._shown: set[str] = set()
        self._links: dict[tuple[str, str], dict[str, str]] = {}
        self._volatile: frozenset[str] = frozenset()
        self._starts = list(starts)
        for start in self._starts:
            self._begin(start)
        if afresh or not self._starts:
            self._search()

    # --- what to ask for

    def next(self) -> Visit | None:
        """The best request to make now; None while an answer must be waited for, or when the search is over."""
        while True:
            visit = self._best()
            if visit is not None or self._waiting or self.searched or not (self.barren and self._home):
                return visit
            self._search()

    @property
    def waiting(self) -> int:
        """Requests that are under way; when there are none and `next` returns None, the search is over."""
        return self._waiting

    @property
    def barren(self) -> list[str]:
        """Columns that were given or remembered, and brought nothing."""
        gave = {root for (root, _), count in self.yields.items() if count}
        return [] if self._limit_reached() else [start.url for start in self._starts if start.url not in gave]

    @property
    def chosen(self) -> int:
        """Pages and files that were taken for reports by their links."""
        return self._chosen

    @property
    def has_sessions(self) -> bool:
        """Whether addresses of this portal are new every time, by parameters of names that nobody knew."""
        return bool(self._volatile)

    def grant(self) -> bool:
        """Whether one more request may be made, for a file that belongs to a page; `granted` says that it is over."""
        if self.requests >= self._budget + _EARNED * self.reports:
            self.budget_spent = True
            return False
        self.requests += 1
        self._waiting += 1
        return True

    def granted(self) -> None:
        """A request that was granted is over."""
        self._waiting -= 1

    def _best(self) -> Visit | None:
        while self._heap:
            visit = self._heap[0][2]
            if self._waiting and (visit.score < STRONG or visit.kind == "pager"):
                return None  # what is under way may make it needless
            heapq.heappop(self._heap)
            if self.requests >= self._budget + _EARNED * self.reports:
                self.budget_spent = self.budget_spent or visit.score >= STRONG
                continue
            if self._is_needless(visit):
                continue
            key = self._key(visit.step)
            if key in self._asked:
                continue
            self._asked[key] = visit.step.url
            self._waiting += 1
            self.requests += 1
            if visit.score < STRONG:
                self._poor += 1
            return visit
        return None

    def _is_needless(self, visit: Visit) -> bool:
        """Whether what came meanwhile has made a visit not worth its request."""
        if visit.kind == "pager":
            column = self._lists[visit.listing]
            dry = 0 if self.reports > column.reports else column.dry
            return dry >= (_DRY_PAGES if column.named else _FIRST_PAGES)
        if visit.score <= HOPELESS and not self.reports:
            self._hopeless += 1
            return self._hopeless > _HOPELESS_TRIES
        if visit.score < STRONG and self.reports:
            if self._poor >= _POOR_TRIES + self.reports // 4:
                return True
            return (visit.listing, visit.score) not in self._proven and (not self.searched or visit.score < _POOREST)
        return False

    def _search(self) -> None:
        self.searched = True
        self._begin(Start(self._home, "open"))

    def _begin(self, start: Start) -> None:
        self._lists.append(_List())
        root = start.url if start.setting != "open" else ""
        self._push(
            Visit(
                Step(start.url),
                "start",
                99,
                start.setting,
                root=root,
                root_setting=start.setting,
                listing=len(self._lists) - 1,
            )
        )

    # --- what came

    def arrived(
        self, visit: Visit, page: Page | Seen, listing: Listing, *, is_report: bool = False, capture: int | None = None
    ) -> int:
        """A page came: its links are weighed, and what promises something is asked for in its turn.

        A page that is a report itself has no pager. Returns how many links to reports were new.
        """
        if visit.kind != "pager":
            self._lists.append(_List())
        number = visit.listing if visit.kind == "pager" else len(self._lists) - 1
        column = self._lists[number]
        column.pages += 1
        if column.pages == 1:
            column.first = self._key(visit.step) if visit.step.platform else page.url
            column.capture = capture
        if page.status != 200:
            column.missing += 1
            if column.missing <= _MISSING_PAGES:
                self._further(visit, page, listing, number)
            return 0
        column.missing = 0
        self._learn(listing)
        if self._is_repeated(visit, listing):
            # The end of the list, or a service that wants to be asked otherwise: its platform may try once.
            if column.repeats == 1:
                self._further(visit, page, listing, number)
            return 0
        for step in listing.columns:
            root, setting = (visit.root, visit.root_setting) if visit.root else (page.url, visit.setting)
            if self._push(
                Visit(step, "pager", 94, "annual", root=root, root_setting=setting, listing=self._new_list())
            ):
                self._known.add(self._key_of(step.alias or step.url))
        before = self.reports
        named, new = self._weigh(visit, page, listing, number, is_report=is_report)
        if self.reports > column.reports:
            column.dry = 0
        if (new or not named) and any(row.date for row in listing.rows):
            column.dry += 1  # until its links prove to be reports; rows that are all known already say nothing
        column.reports = before  # known reports among its links have proved themselves, as others do later
        column.named = column.named or named > 0
        if column.pages == 1 and not new:
            column.pages = 0  # a frame around the list, which comes from elsewhere
        column.left = bool(new and column.pages == 1 and capture and self._walked.get(column.first) == capture)
        if not is_report and not column.left:
            self._further(visit, page, listing, number)
        return new

    def _weigh(
        self, visit: Visit, page: Page | Seen, listing: Listing, number: int, *, is_report: bool
    ) -> tuple[int, int]:
        """Weighs the links of a page; returns how many are called reports, and how many of these are new."""
        self._note_listed(listing)
        named = new = 0
        for row in listing.rows:
            shown = self._key_of(row.url) in self._shown
            promise = promise_of(row, visit.setting, shown=shown, traditional=page.is_traditional)
            if promise is None:
                continue
            if promise.kind == "distractor":
                self.passed_over += 1
                continue
            if is_report and promise.score < STRONG:
                continue
            taken = self._consider(visit, page, row, promise, number)
            if promise.kind == "report":
                named += 1
                new += taken
        if visit.setting != "annual":
            self._shown.update(self._key_of(row.url) for row in listing.rows)
        return named, new

    def _further(self, visit: Visit, page: Page | Seen, listing: Listing, number: int) -> None:
        """The pages behind this one, where they may hold reports."""
        if visit.setting == "annual" or self._lists[number].named:
            score = 90 if self._lists[number].named else STRONG
            for step in listing.further:
                self._push(replace(visit, step=step, kind="pager", score=score, listing=number, forwards=0))

    def found(self, visit: Visit, reports: int) -> None:
        """So many reports were read from a page that had not been met in this run."""
        if reports:
            self.reports += reports
            self.yields[visit.root or self._home, visit.root_setting if visit.root else "open"] += reports
            self._poor = 0
            self._proven.update(visit.trail)

    def done(self, visit: Visit, *, failed: bool = False) -> None:
        """A visit is over; one that failed may be tried at another address of the same page."""
        self._waiting -= 1
        if failed:
            self._asked.pop(self._key(visit.step), None)
            self._known.discard(self._key(visit.step))
            self._known.add(visit.step.url)

    # --- weighing

    def _consider(self, visit: Visit, page: Page | Seen, row: Row, promise: Promise, listing: int) -> bool:
        """Put a link on the list of what to ask for; whether it is new."""
        if (
            promise.kind == "report"
            and self._since
            and promise.title.year is not None
            and promise.title.year < self._since
        ):
            return False
        score, setting = promise.score, promise.setting
        kind: Kind = "way" if promise.kind == "distractor" else promise.kind
        forwards = 0
        if row.by == "forward":
            forwards = visit.forwards + 1
            if forwards > _MOST_FORWARDS or is_upward(row.url, page.url, beside=visit.kind == "report"):
                return False
            score, setting = max(visit.score, 50), visit.setting
        elif not same_site(row.url, self._home or page.url) and not same_site(row.url, page.url):
            score, kind, setting = _abroad(row, promise)
        refusal = self._refusal(row.url)
        if refusal:
            if promise.kind in ("report", "column") and score >= STRONG and row.by != "frame":
                self._note_foreign(row, refusal)
            return False
        root, root_setting = visit.root, visit.root_setting
        if setting == "annual" and kind == "column" and (not root or is_whole_column(promise.title.text)):
            root, root_setting = row.url, "annual"
        elif setting == "annual" and not root:
            root, root_setting = page.url, visit.setting
        return self._push(
            Visit(
                Step(row.url),
                kind,
                score,
                setting,
                "" if is_cut(row.title) else promise.title.text,
                row.publisher,
                root,
                root_setting,
                listing,
                forwards,
                visit.trail if score >= STRONG else (*visit.trail, (listing, score)),
                as_listed(row),
                self._lists[listing].first,
            )
        )

    def _push(self, visit: Visit) -> bool:
        key = self._key(visit.step)
        reports = self._behind(visit.step.url, visit.listed) if visit.is_lasting else None
        if key in self._kept and reports is None and visit.listed:
            self.kept -= self._kept.pop(key)  # listed elsewhere in words that are new: it is asked for after all
        elif key in self._known or visit.step.url in self._known or key in self._asked:
            return False
        if reports is not None:
            self._keep(visit, key, reports)
            return True
        if visit.kind == "report" and self._limit_reached():
            return False
        self._known.add(key)
        self._chosen += visit.kind == "report"
        self._order += 1
        heapq.heappush(self._heap, (-visit.score, self._order, visit))
        return True

    def _keep(self, visit: Visit, key: str, reports: int) -> None:
        """A link that need not be asked for counts like one that was asked for and gave what it did the last time."""
        self._known.add(key)
        self._kept[key] = reports
        self.kept += reports
        self.found(visit, reports)

    @property
    def lists(self) -> list[_List]:
        """The lists that were met, of one page or more."""
        return self._lists

    @property
    def kept_keys(self) -> set[str]:
        """The keys of the links that need not be asked for."""
        return {*self._kept}

    def check(self, urls: Iterable[str]) -> None:
        """Ask for pages that were known and are not linked to any more."""
        for url in urls:
            self._push(Visit(Step(url), "report", 100, "annual"))

    def _note_listed(self, listing: Listing) -> None:
        for row in listing.rows:
            self.listed.setdefault(key_of(row.url), set()).add(as_listed(row))

    def _limit_reached(self) -> bool:
        return bool(self._limit) and self._chosen >= self._limit

    def _note_foreign(self, row: Row, refusal: str) -> None:
        if row.url not in self._known and len(self.foreign) < 500:
            self._known.add(row.url)
            self.foreign.append((row.title, row.url, refusal))

    def _new_list(self) -> int:
        self._lists.append(_List())
        return len(self._lists) - 1

    # --- knowing pages again

    def _is_repeated(self, visit: Visit, listing: Listing) -> bool:
        """Whether a page of a list shows what an earlier one showed: the pager is at its end, or has none.

        The same titles again may be other reports (2023年政府信息公开工作年度报告, fifteen times), if they prove to be.
        """
        column = self._lists[visit.listing if visit.kind == "pager" else -1]
        titles = _print(row.title + row.date for row in listing.rows if row.by == "link")
        repeated = titles in column.prints and self.reports == column.reports
        column.repeats += repeated
        column.prints.add(titles)
        return repeated

    def _learn(self, listing: Listing) -> None:
        """Notice parameters that change from page to page on all links alike: sessions, whatever their name."""
        here: dict[tuple[str, str], dict[str, str]] = {}
        for row in listing.rows:
            place = row.title, urlsplit(row.url)._replace(query="").geturl()
            here[place] = {} if place in here else parameters(row.url)
        carried = Counter(name for query in here.values() for name in query)
        for name, count in carried.items():
            if name in self._volatile or count < max(_FEWEST_ROWS, 0.8 * len(here)):
                continue
            pairs = [(query[name], self._links[place][name]) for place, query in here.items()
                     if name in query and name in self._links.get(place, {})]  # fmt: skip
            if len(pairs) >= _FEWEST_ROWS and all(new != old for new, old in pairs):
                self._volatile |= {name}
                self._asked = {self._key_of(url): url for url in self._asked.values()}
        if len(self._links) < _MOST_LINKS:
            self._links.update(here)

    def _key_of(self, url: str) -> str:
        return key_of(url, self._volatile)

    def _key(self, step: Step) -> str:
        key = self._key_of(step.url)
        if not step.platform:
            return key
        # One service or script serves many columns.
        return " ".join((step.method, key, step.body, step.state.get("column", "")))


def as_listed(row: Row) -> str:
    """The words of a link and, behind a tab, the date beside it: from both is seen whether it has changed."""
    return f"{' '.join(row.title.split())}\t{row.date}"


def _abroad(row: Row, promise: Promise) -> tuple[int, Kind, Setting]:
    """The promise of a link to another site: a body's name leads to its home page rather than to its report."""
    if promise.kind == "column" and (is_body(promise.title.text) or urlsplit(row.url).path in ("", "/")):
        return 48, "way", "disclosure"
    if promise.kind == "way":
        return promise.score - 25, "way", promise.setting
    if promise.kind == "report":
        return promise.score, "report", promise.setting
    return promise.score - 8, "column", promise.setting


def _print(parts: Iterable[str]) -> bytes:
    digest = blake2b(digest_size=12)
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.digest()
