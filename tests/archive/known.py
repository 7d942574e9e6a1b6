"""An archive of which the truth is known: made from a seed, kept in plain Python, and filed as the reader would.

Bodies of all levels and kinds in real divisions; reports on 2014 to 2024 in three forms and mixed ones, on own figures,
on a whole area or without saying; cells that are blank or marked, tables that are not printed, reports that were
changed later, copies on mirrors that say something else, bodies that take a new name.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from archive_samples import visit

from archive.schema.views import APPLICANTS
from archive.shipped import shipped
from archive.store import Archive
from pipelines.forms.definitions import Block, load_forms
from pipelines.model import FigureCell, Issue, Reading, Scope

Number = int | float | None

YEARS = range(2014, 2025)
PROVINCES = ("110000", "320000", "410000", "440000", "620000")
DENIED = (
    "denied_state_secret denied_other_law denied_three_security_one_stability denied_third_party_rights"
    " denied_internal_affairs denied_process_information denied_enforcement_case_file denied_administrative_query"
).split()
NOT_PROCESSED = (
    "not_processed_petition_complaint not_processed_repeat not_processed_publication not_processed_massive_repeated"
    " not_processed_reconfirm"
).split()


@dataclass(frozen=True)
class Body:
    """An agency as the truth has it; `first` and `last` are the years in which it reports under this name."""

    name: str
    code: str | None
    province: str | None
    city: str | None
    county: str | None
    level: str
    kind: str
    busy: int
    first: int = YEARS[0]
    last: int = YEARS[-1]


@dataclass
class Known:
    """A report as it stands at last: the numbers by figure id, null where it prints a blank or a mark."""

    body: Body
    year: int
    scope: Scope | None
    forms: Mapping[str, str]
    values: dict[str, Number]
    url: str
    night: int = 1
    issues: tuple[Issue, ...] = ()
    marks: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def form(self) -> str:
        found = set(self.forms.values())
        return found.pop() if len(found) == 1 else "mixed"

    def first(self, *ways: str | tuple[str, ...]) -> Number:
        """The sum of the first of those figures, or groups of figures, of which all are given; null if none is."""
        for way in ways:
            numbers = [self.values.get(figure) for figure in ([way] if isinstance(way, str) else way)]
            if None not in numbers:
                return sum(number for number in numbers if number is not None)
        return None

    def reading(self) -> Reading:
        """What the reader would make of it."""
        cells = tuple(self._cell(figure, value) for figure, value in self.values.items())
        evidence = {"agency": "title", "year": f"{self.year}年", "scope": self.scope}
        return Reading(
            True,
            agency=self.body.name,
            year=self.year,
            scope=self.scope,
            evidence=evidence,
            title=f"{self.body.name}{self.year}年政府信息公开工作年度报告",
            form=self.form,
            forms=self.forms,
            read_by="html",
            cells=cells,
            issues=self.issues,
        )

    def _cell(self, figure: str, value: Number) -> FigureCell:
        if value is None:
            raw, state = self.marks[figure]
            return FigureCell(figure, None, raw, "table 1", state)  # type: ignore[arg-type]
        return FigureCell(figure, Decimal(str(value)), str(value), "table 1", "number")

    def file(self, archive: Archive) -> None:
        """Fetches its page once more and files it, a day after the last time."""
        self.night += 1
        at = f"2025-{1 + self.night // 28:02d}-{1 + self.night % 28:02d}T02:00:00Z"
        visit(archive, self.reading(), self.url, at, division_code=self.body.code)


def make_truth(seed: int = 1) -> list[Known]:
    """All reports, in no order of time."""
    chance = random.Random(seed)
    return [report for body in _bodies(chance) for report in _reports(body, chance)]


def file_all(truth: list[Known], archive: Archive, seed: int = 1) -> None:
    """Files the truth: some reports first with other numbers, some copied elsewhere; then says where the bodies are."""
    chance = random.Random(seed)
    for report in truth:
        if chance.random() < 0.1:
            changed = {figure: None if value is None else value + 7 for figure, value in report.values.items()}
            replace(report, values=changed, night=0).file(archive)
        report.file(archive)
        if chance.random() < 0.04 and report.scope is not None:
            other = {figure: None if value is None else value + 90 for figure, value in report.values.items()}
            copy = replace(report, values=other).reading()
            visit(archive, copy, f"https://mirror.example.com/{report.url[-12:]}", trust="mirror")
    for body in {report.body.name: report.body for report in truth}.values():
        place = [body.province, body.city, body.county, body.level, body.kind, body.name]
        archive.db.execute(
            "UPDATE agencies SET province = ?, city = ?, county = ?, level = ?, kind = ? WHERE name = ?", place
        )


def _bodies(chance: random.Random) -> Iterator[Body]:
    yield Body("财政部", None, None, None, None, "central", "department", 900)
    divisions = _divisions()
    for province in PROVINCES:
        inside = [row for row in divisions.values() if row["code"][:2] == province[:2]]
        cities = [row for row in inside if row["level"] == "city"]
        counties = [row for row in inside if row["level"] == "county"]
        yield _body(divisions, province, "教育厅", "department", 160)
        for city in chance.sample(cities, min(2, len(cities))):
            yield _body(divisions, city["code"], "人民政府", "government", 400)
            yield _body(divisions, city["code"], "公安局", "department", 120)
        for county in chance.sample(counties, 3):
            yield _body(divisions, county["code"], "人民政府", "government", chance.choice((12, 60, 300)))
        before, now = "环境保护局", "生态环境局"
        named = _body(divisions, counties[0]["code"], before, "department", 30)
        yield replace(named, last=2018)
        yield replace(named, name=named.name.replace(before, now), first=2019)
        yield _body(divisions, counties[1]["code"], "经济开发区管理委员会", "park", 15)
        town = next(row for row in inside if row["level"] == "township" and row["name"][-1] in "镇乡")
        yield _body(divisions, town["code"], "人民政府", "township", 3)


def _divisions() -> dict[str, dict[str, str]]:
    with shipped("divisions.csv").open(encoding="utf-8", newline="") as stream:
        return {row["code"]: row for row in csv.DictReader(stream)}


def _body(divisions: dict[str, dict[str, str]], code: str, what: str, kind: str, busy: int) -> Body:
    chain = [divisions[code]]
    while chain[0]["parent_code"]:
        chain.insert(0, divisions[chain[0]["parent_code"]])
    places = {row["level"]: row["name"] for row in chain}
    name = "".join(row["name"] for row in chain) + what
    level = chain[-1]["level"]
    return Body(name, code, places.get("province"), places.get("city"), places.get("county"), level, kind, busy)


def _reports(body: Body, chance: random.Random) -> Iterator[Known]:
    left: dict[Scope | None, int] = {}
    for year in range(body.first, body.last + 1):
        if chance.random() < 0.12:
            continue
        for scope in _scopes(body, chance):
            forms = _forms(year, chance)
            url = f"https://www.example.gov.cn/{body.code or 0}/{len(body.name)}{body.kind}/{year}/{scope}.html"
            report = Known(body, year, scope, forms, {}, url)
            left[scope] = _fill(report, left.get(scope, 0), chance)
            yield report


def _scopes(body: Body, chance: random.Random) -> list[Scope | None]:
    if body.kind != "government":
        return ["own"] if chance.random() < 0.9 else [None]
    return chance.choice([["area"], ["area"], ["area", "own"], [None]])


def _forms(year: int, chance: random.Random) -> dict[str, str]:
    form = "f2014" if year < 2019 else "f2019" if year < 2021 else "f2021"
    forms = {block.id: form for block in load_forms()[form].blocks}
    if year in (2021, 2022) and chance.random() < 0.15:
        forms["applications"] = "f2019"  # the old table of applications in a new report
    if len(forms) > 1 and chance.random() < 0.04:
        del forms["applications"]
    return forms


def _fill(report: Known, waiting: int, chance: random.Random) -> int:
    """Gives the report its numbers; returns what it carries out."""
    told = [block for block in _blocks() if report.forms.get(block.id) == _form_of(block)]
    values: dict[str, Number] = {figure: 0 for block in told for figure in block.figures()}
    left = 0
    received = int(report.body.busy * chance.lognormvariate(0, 0.8))
    if "statistics" in report.forms:
        values |= _statistics(received, chance)
    if "applications" in report.forms:
        left = int(received * chance.random() * 0.2)
        taken = waiting if chance.random() < 0.8 else waiting + chance.randint(1, 9)
        _applications(values, received, taken, left, report.forms["applications"], chance)
    for figure in values:
        if figure.startswith("review_litigation.") and not figure.endswith(".total"):
            values[figure] = int(received * chance.random() * 0.04)
    for figure in chance.sample([*values], int(len(values) * chance.choice((0, 0, 0.02, 0.1)))):
        values[figure] = None
        report.marks[figure] = chance.choice([("", "blank"), ("/", "slash"), ("-", "dash"), ("无", "word")])
    if chance.random() < 0.05:
        report.issues = (Issue("t3_row_total", "error", "…", next(iter(values))),)
    report.values.update(values)
    return left


def _applications(
    values: dict[str, Number], received: int, taken: int, left: int, form: str, chance: random.Random
) -> None:
    rows = [
        row.id
        for block in _blocks()
        if block.id == "applications" and _form_of(block) == form
        for row in block.value_rows()
    ]
    ends = [row for row in rows if row not in ("new_received", "carried_in", "results_total", "carried_out")]
    totals = dict.fromkeys(rows, 0) | {"new_received": received, "carried_in": taken, "carried_out": left}
    for row in chance.choices(ends, k=received + taken - left):
        totals[row] += 1
    totals["results_total"] = received + taken - left + (chance.random() < 0.1)
    for row, total in totals.items():
        firms = total * chance.randint(0, 60) // 100
        values |= dict.fromkeys((f"applications.{row}.{column}" for column in APPLICANTS), 0)
        values[f"applications.{row}.commercial_enterprise"] = firms
        values[f"applications.{row}.natural_person"] = total - firms
        values[f"applications.{row}.total"] = total


def _statistics(received: int, chance: random.Random) -> dict[str, Number]:
    shares = {
        "requests_received": 1,
        "requests_answered": 0.9,
        "answered_granted": 0.5,
        "answered_denied": 0.2,
        "denied_state_secret": 0.05,
        "review_total": 0.1,
        "review_corrected": 0.02,
        "litigation_total": 0.05,
        "litigation_corrected": 0.01,
    }
    return {
        f"statistics.{row}": int(received * share * chance.uniform(0.8, 1)) or 0 for row, share in shares.items()
    } | {"statistics.requests_received": received}


def _blocks() -> list[Block]:
    return [block for form in load_forms().values() for block in form.blocks]


def _form_of(block: Block) -> str:
    return next(form.id for form in load_forms().values() if any(block is other for other in form.blocks))
