"""The invented world of the seeded replicas: places, agencies, reports and their figures, all made from a seed.

The same seed, family and number always give the same host, in every process. A `Plan` carries what one host needs:
its random numbers, its place and the facts it publishes; making one is cheap, since no page is rendered for it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import ceil
from random import Random
from typing import TypeVar

from crawler.sample_portal import documents, forms
from crawler.sample_portal.documents import Document
from crawler.sample_portal.facts import Fact

T = TypeVar("T")

_FIRST = "青云澜岚沐锦禾霁栖砚梧枫棠芷苓荻渚汀潇湄沅霖晴翠碧瑶璟珑颂祈穗澄"
_SECOND = "禾泽川岭原溪湾陵坪浦塘洲洛河峰源渡屏桥丰塬埠潭谷泉陌坞"
# Pairs that are names of real counties or districts.
_REAL = frozenset(
    "青川 青原 青浦 青河 青峰 云溪 云河 云洲 翠屏 沐川 锦屏 锦川 禾川 碧溪 碧川 枫溪 澄川 沅陵 沅河 芷溪 梧川".split()
)
_SUFFIXES = "县县县市区"
_BUREAUS = (
    "财政局 教育体育局 民政局 司法局 自然资源局 交通运输局 水利局 农业农村局 卫生健康局 审计局 统计局 医疗保障局 "
    "应急管理局 市场监督管理局 文化和旅游局 发展和改革局 住房和城乡建设局 人力资源和社会保障局 退役军人事务局 信访局"
).split()
_TOWN_FIRST = "白石柳河双松红大新龙凤金银东西南北长安太永"
_TOWN_SECOND = "石桥沟塘岗坝镇口庄店坪垭湖山泉林水墩滩集".replace("镇", "")
_FIRST_YEAR, _LAST_YEAR = 2019, 2025
_TITLE_QUIRKS = ("niandu", "year_first", "nianbao", "spaced_year", "broken_title")
_BODY_QUIRKS = {
    "f2021": ("short_normative", "spaced_caption", "extra_column", "instruction", "spaced_groups", "halfwidth"),
    "f2019": ("spaced_caption", "instruction", "spaced_groups", "halfwidth"),
}
_COLUMN = "reports"


@dataclass(frozen=True, slots=True)
class Dates:
    """When a report was published again (None: never) and when its page was last changed."""

    listed: date | None
    modified: date


@dataclass
class Plan:
    """What one replica host is made from. `titles` holds the titles that its lists print instead of the fact's own.

    A host that changes (see `changing`) is made from the facts of all its nights, so that its addresses stay: `hidden`
    are the numbers of those that it does not publish now, `dates` says since when others are listed and changed.
    `rendered` holds documents by number, so that they need not be made a second time.
    """

    seed: int
    family: str
    host_number: int
    rng: Random
    origin: str
    place: str
    name: str
    portal_id: str
    superior: str
    facts: list[Fact]
    titles: dict[tuple[str, int], str]
    page_size: int
    used: set[int]
    hidden: frozenset[int] = frozenset()
    dates: dict[int, Dates] = field(default_factory=dict)
    rendered: dict[int, Document] = field(default_factory=dict)

    def slug(self, *choices: str) -> str:
        """One of the choices."""
        return self.rng.choice(choices)

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices, of any type."""
        return self.rng.choice(choices)

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.rng.random() < probability

    def number(self, low: int = 1000, high: int = 99_999) -> int:
        """A number such as a content management system counts."""
        return self.rng.randint(low, high)

    def serial(self, low: int = 1000, high: int = 99_999) -> int:
        """A number that this host has not used yet, nor any of its facts."""
        while (number := self.number(low, high)) in self.used:
            continue
        self.used.add(number)
        return number

    def hex32(self) -> str:
        """32 hexadecimal digits."""
        return f"{self.rng.getrandbits(128):032x}"

    def hex24(self) -> str:
        """24 hexadecimal digits."""
        return f"{self.rng.getrandbits(96):024x}"

    def uuid(self) -> str:
        """A UUID in lower case."""
        digits = self.hex32()
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    @property
    def years(self) -> list[int]:
        """The fiscal years of the facts, in order."""
        return sorted({fact.year for fact in self.facts})

    def short(self, agency: str) -> str:
        """An agency as this host's directories name it: in full, or without the place."""
        return agency.removeprefix(self.place) if (self.seed + self.host_number) % 2 else agency

    def report(self, fact: Fact) -> Document:
        """The document of a fact; the title of its page and of its text is that of the lists."""
        made = self.rendered.get(fact.number)
        if made is None:
            made = documents.report(fact, self.titles.get((fact.agency, fact.year), ""))
            self.rendered[fact.number] = made
        dates = self.dates.get(fact.number)
        return replace(made, listed=dates.listed, modified=dates.modified) if dates else made


def plan(seed: int, family: str, number: int, ordinal: int, port: int, domain: str, size: int = 0) -> Plan:
    """The plan of host `number` of a family, which is the host `ordinal` of its whole catalogue.

    With a `size` it has at least so many reports (up to 100), five for each agency.
    """
    rng = Random(f"{seed}/{family}/{number}")
    key = f"{family.replace('_', '-')}-{number}"
    place, superior = _places(seed, ordinal, rng)
    made = Plan(
        seed=seed,
        family=family,
        host_number=number,
        rng=rng,
        origin=f"http://{key}.{domain}:{port}",
        place=place,
        name=place + ("人民政府" if rng.random() < 0.7 else "人民政府门户网站"),
        portal_id=f"replica-{key}",
        superior=superior,
        facts=[],
        titles={},
        page_size=rng.choice((5, 6, 7, 8, 10)),
        used=set(),
    )
    if size:
        made.page_size = 20  # as on most real ones
    made.facts = _facts(made, size)
    made.used = {fact.number for fact in made.facts}
    made.titles = _titles(made)
    return made


def town_of(agency: str) -> bool:
    """Whether an agency is that of a town or a subdistrict, not a department."""
    return agency.endswith(("镇人民政府", "乡人民政府", "街道办事处"))


def _places(seed: int, ordinal: int, rng: Random) -> tuple[str, str]:
    """The host's place, from one end of the shuffled names, and a superior city, from the other end."""
    names = [a + b for a in _FIRST for b in _SECOND if a != b and a + b not in _REAL]
    Random(f"{seed}/places").shuffle(names)
    return names[ordinal] + rng.choice(_SUFFIXES), names[-1 - ordinal] + "市"


def _facts(made: Plan, size: int) -> list[Fact]:
    rng = made.rng
    span = rng.randint(2, 5)
    first = rng.randint(_FIRST_YEAR, _LAST_YEAR - span + 1)
    years = range(first, first + span)
    count = rng.randint(ceil(6 / span), 14 // span)
    if made.family.startswith("platform_"):
        # Such platforms are made because a place has many agencies.
        count = max(8, count)
    if size:
        years = range(_LAST_YEAR - 4, _LAST_YEAR + 1)
        count = ceil(size / len(years))
    agencies = _agencies(made.place, count, rng)
    facts = [fact for agency in agencies for fact in _reports(made, agency, years)]
    if rng.random() < 0.4:
        facts += _reports(made, f"{made.superior}人民政府办公室", [rng.choice(years)])
    return facts


def _agencies(place: str, count: int, rng: Random) -> list[str]:
    """Full names without repetition: the government or its office first, then departments, towns and subdistricts."""
    towns = [a + b for a in _TOWN_FIRST for b in _TOWN_SECOND if a != b]
    rng.shuffle(towns)
    level = "街道办事处" if place.endswith("区") else rng.choice(("乡人民政府", "镇人民政府"))
    names = [f"{place}{bureau}" for bureau in rng.sample(_BUREAUS, count)]
    names += [f"{place}{town}{rng.choice(('镇人民政府', level))}" for town in towns[: count // 2]]
    names += [f"{place}{town}街道办事处" for town in towns[count : count + count // 3]]
    rng.shuffle(names)
    return [place + rng.choice(("人民政府办公室", "人民政府")), *names[: count - 1]]


def _reports(made: Plan, agency: str, years: Sequence[int]) -> Iterator[Fact]:
    """The reports of one agency; what one year carries out the next one carries in."""
    carried = [0] * 6
    busy = made.rng.choice((0.15, 0.5, 1.0))
    for year in years:
        form = "f2019" if year <= 2020 else "f2021"
        printed = dict.fromkeys(forms.figure_ids(form), "0")
        carried = _applications(printed, form, carried, busy, made.rng)
        _disclosure(printed, form, made.rng)
        _cases(printed, busy, made.rng)
        yield Fact(
            agency=agency,
            year=year,
            portal=made.portal_id,
            column=_COLUMN,
            form=form,
            style=made.rng.choice(("clean", "clean", "plain", "word")),
            published=_published(year, made.rng),
            quirks=_quirks(form, made.rng),
            mirrors=(),
            printed=printed,
        )


def _published(year: int, rng: Random) -> date:
    """A day of January to March of the next year; some reports are a year late, but none is of the future."""
    late = year + 2 <= _LAST_YEAR + 1 and rng.random() < 0.08
    return date(year + (2 if late else 1), 1, 4) + timedelta(days=rng.randint(0, 85))


def _quirks(form: str, rng: Random) -> frozenset[str]:
    quirks = {rng.choice(_TITLE_QUIRKS)} if rng.random() < 0.6 else set()
    quirks |= {quirk for quirk in _BODY_QUIRKS[form] if rng.random() < 0.08}
    return frozenset(quirks)


def _applications(printed: dict[str, str], form: str, carried_in: list[int], busy: float, rng: Random) -> list[int]:
    """Table 3, every column balanced; the answer is what is carried out, by applicant."""
    applicants = [a for a in forms.APPLICANTS if a != "total"]
    rows = {row: [0] * len(applicants) for row in forms.application_rows(form)}
    rows["carried_in"] = carried_in
    results = forms.result_rows(form)
    for column in range(len(applicants)):
        most = 40 if column == 0 else 5
        received = rng.randint(0, most) if rng.random() < busy else 0
        carried_out = min(rng.choice((0, 0, 0, 1, 2)), received)
        rows["new_received"][column] = received
        rows["carried_out"][column] = carried_out
        for _ in range(received + carried_in[column] - carried_out):
            row = rng.choice(("granted", "granted", "unable_not_held", rng.choice(results)))
            rows[row][column] += 1
            rows["results_total"][column] += 1
    for row, counts in rows.items():
        for applicant, count in zip(applicants, counts, strict=True):
            printed[f"applications.{row}.{applicant}"] = str(count)
        printed[f"applications.{row}.total"] = str(sum(counts))
    return rows["carried_out"]


def _disclosure(printed: dict[str, str], form: str, rng: Random) -> None:
    """Table 2: few counts, most of them 0."""
    for figure in printed:
        if figure.startswith("active_disclosure.") and "regulations" not in figure and rng.random() < 0.5:
            printed[figure] = str(rng.randint(1, 900))
    fees = "amount" if form == "f2021" else "previous_year_items"
    if form == "f2021" and rng.random() < 0.4:
        printed[f"active_disclosure.administrative_fees.{fees}"] = f"{rng.randint(1, 400)}.{rng.randint(1, 99):02d}"


def _cases(printed: dict[str, str], busy: float, rng: Random) -> None:
    for case in forms.CASES:
        counts = [rng.randint(0, 3) if rng.random() < busy / 3 else 0 for _ in range(4)]
        for outcome, count in zip(forms.OUTCOMES, [*counts, sum(counts)], strict=True):
            printed[f"review_litigation.{case}.{outcome}"] = str(count)


def _titles(made: Plan) -> dict[tuple[str, int], str]:
    """Titles that differ from the fact's own: at least one names no agency, some only the town."""
    titles: dict[tuple[str, int], str] = {}
    local = [fact for fact in made.facts if fact.agency.startswith(made.place)]
    bare = made.rng.sample(local, max(1, len(local) // 6))
    for fact in bare:
        titles[fact.agency, fact.year] = made.rng.choice(_BARE).format(year=fact.year)
    for fact in local:
        if (fact.agency, fact.year) not in titles and made.rng.random() < 0.25:
            short = fact.agency.removeprefix(made.place) if town_of(fact.agency) else fact.agency
            title = made.rng.choice(_NAMED).format(year=fact.year, agency=short)
            titles[fact.agency, fact.year] = title
    return titles


_BARE = ("{year}年政府信息公开工作年度报告", "{year}年度政府信息公开工作年度报告", "{year}年政府信息公开年度报告")
_NAMED = (
    "{year}年{agency}政府信息公开工作年度报告",
    "{agency}{year}年政府信息公开年度工作报告",
    "{agency}{year}年度政府信息公开年度报告",
    "{agency}{year}年度政府信息公开工作年度报告",
    "{agency}关于{year}年政府信息公开工作的年度报告",
)
