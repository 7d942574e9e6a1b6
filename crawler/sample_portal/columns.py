"""The columns of a replica: which there are, how they hang together, and which documents stand in them.

Every replica has news columns, a disclosure branch with guide, rules, directory, policies and budgets, and somewhere
below it the column of annual reports. A family gives the columns their addresses and writes their pages; here is what
they have in common. All names are such as real portals use, all documents are invented.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from crawler.sample_portal.documents import Document, deleted, distractors
from crawler.sample_portal.facts import Fact
from crawler.sample_portal.invented import Plan, town_of
from crawler.sample_portal.markup import Text, clean

_NEWS = (
    ("要闻动态", "ywdt"),
    ("通知公告", "tzgg"),
    ("部门动态", "bmdt"),
    ("乡镇动态", "xzdt"),
    ("图片新闻", "tpxw"),
    ("招商引资", "zsyz"),
    ("热点专题", "rdzt"),
)
_SERVICES = (
    ("政务服务", "zwfw"),
    ("互动交流", "hdjl"),
    ("领导之窗", "ldzc"),
    ("数据开放", "sjkf"),
    ("便民服务", "bmfw"),
    ("营商环境", "yshj"),
    ("视频点播", "spdb"),
)
_OPEN = (("政务公开", "zwgk"), ("信息公开", "xxgk"), ("政府信息公开", "zfxxgk"), ("公开", "gk"))
_SPECIAL = (("政府信息公开专栏", "zfxxgkzl"), ("政府信息公开", "zfxxgk"), ("政府信息公开平台", "zfxxgkpt"))
_STATUTORY = (("法定主动公开内容", "fdzdgknr"), ("法定主动公开内容", "zdgk"), ("重点领域信息公开", "zdly"))
_REPORTS = (
    ("政府信息公开年报", "zfxxgknb"),
    ("政府信息公开工作年度报告", "zfxxgkgzndbg"),
    ("政府信息公开年度报告", "zfxxgkndbg"),
    ("信息公开年度报告", "xxgknb"),
    ("信息公开年报", "gknb"),
    ("公开年报", "gkndbg"),
    ("年度报告", "ndbg"),
    ("年报", "nb"),
)
_SPLIT = ((("部门年报", "bmxxgknb"), ("乡镇年报", "xzndbg")), (("县直部门", "bm"), ("乡镇街道", "xzjd")))
_OTHERS = (
    ("政府信息公开指南", "zfxxgkzn", ("{place}政府信息公开指南", "{place}{bureau}政府信息公开指南（{year}年版）")),
    (
        "政府信息公开制度",
        "zfxxgkzd",
        ("{place}政府信息公开保密审查制度", "{place}政府信息公开工作考核办法", "{place}政府信息公开年度报告制度"),
    ),
    ("政府信息公开目录", "zfxxgkml", ("{place}{bureau}政府信息主动公开目录（{year}年）", "{place}机构职能目录")),
    ("依申请公开", "ysqgk", ("{place}政府信息公开申请办理流程", "{place}人民政府依申请公开说明")),
    (
        "政策文件",
        "zcwj",
        (
            "关于印发{place}{year}年政务公开工作要点的通知",
            "关于公布{place}{year}年行政规范性文件清理结果的决定",
            "{place}{year}年促进消费若干措施",
        ),
    ),
    (
        "财政预决算",
        "czyjs",
        (
            "{place}{bureau}{year}年度部门预算公开",
            "{place}{bureau}{year}年度部门决算公开",
            "{place}{year}年财政决算报告",
        ),
    ),
)
# Columns whose names or contents resemble those of the annual reports.
_ALIKE = (
    (
        "法治政府建设年度报告",
        "fzzfjsndbg",
        ("{place}{year}年法治政府建设年度报告", "{place}{bureau}{year}年法治政府建设情况报告"),
    ),
    ("政府网站工作年度报表", "zfwzndbb", ("{place}政府网站工作年度报表（{year}年度）",)),
    ("政府工作报告", "zfgzbg", ("{place}{year}年政府工作报告",)),
    ("规划计划", "ghjh", ("{place}{bureau}{year}年工作计划", "{place}{year}年国民经济和社会发展计划报告")),
    ("统计信息", "tjxx", ("{place}{year}年国民经济和社会发展统计公报",)),
)
_STORIES = (
    "{place}召开{year}年第{n}次常务会议",
    "{place}{bureau}开展安全生产检查",
    "{place}{year}年上半年经济运行情况",
    "关于{place}城区部分路段交通管制的通告",
    "{place}{bureau}{year}年公开招聘工作人员公告",
    "{place}{year}年法治政府建设年度报告",
    "{place}{year}年国民经济和社会发展统计公报",
    "{place}举办第{n}届丰收节",
    "{place}{bureau}{year}年度工作总结",
    "关于{n}月份城乡低保资金发放情况的公示",
)
_BUREAUS = ("财政局", "教育体育局", "水利局", "民政局", "交通运输局", "卫生健康局", "审计局")
_TEXTS = (
    "会议指出，要把工作任务逐项分解到人，按月调度进度，对滞后的事项由分管负责同志牵头协调。",
    "有关单位要按照职责分工抓好落实，遇到问题及时向主管部门反映，重要情况随时报告。",
    "此次活动历时三天，来自各乡镇的群众两千余人次参加，现场发放宣传资料一千三百份。",
    "请广大群众相互转告，合理安排出行。由此带来的不便，敬请谅解。",
    "本办法自印发之日起施行，此前有关规定与本办法不一致的，以本办法为准。",
)


@dataclass(eq=False)
class Section:
    """One column. `number` is what the software counts it by; `reports` marks the columns of annual reports."""

    name: str
    slug: str
    number: int
    parent: "Section | None" = None
    documents: list[Document] = field(default_factory=list)
    children: list["Section"] = field(default_factory=list)
    reports: bool = False

    @property
    def path(self) -> str:
        """The slugs from the top, between slashes: /zwgk/zfxxgk/nb/."""
        return f"{self.parent.path if self.parent else '/'}{self.slug}/"

    @property
    def line(self) -> list["Section"]:
        """The column and everything above it, from the top."""
        return [*(self.parent.line if self.parent else []), self]

    def walk(self) -> Iterator["Section"]:
        """The column and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass
class Tree:
    """All columns of a replica: the top of the navigation, and the root of the annual reports."""

    top: list[Section]
    reports: Section

    def walk(self) -> Iterator[Section]:
        """Every column."""
        for section in self.top:
            yield from section.walk()


def tree(plan: Plan, *, split: bool | None = None) -> Tree:
    """The columns of a plan. `split` gives departments and towns a column each; None leaves it to the seed."""
    opened = _section(plan, plan.pick(_OPEN))
    above = opened
    for level in _way(plan):
        above = _section(plan, level, above)
    name = plan.pick([choice for choice in _REPORTS if choice[1] not in {s.slug for s in above.line}])
    for other in _other_columns(plan, above):
        other.documents = _newest_first(other.documents)
    reports = _section(plan, name, above)
    plan.rng.shuffle(above.children)
    _fill(plan, reports, plan.chance(0.3) if split is None else split)
    top = [_section(plan, choice) for choice in plan.rng.sample(_NEWS, plan.rng.randint(4, 6))]
    for section in top:
        section.documents = _stories(plan, plan.rng.randint(4, 2 * plan.page_size + 1))
    services = [_section(plan, choice) for choice in plan.rng.sample(_SERVICES, plan.rng.randint(3, 5))]
    for section in services:
        section.documents = _stories(plan, plan.rng.randint(2, 4))
    _add_look_alikes(plan, plan.pick(top))
    if plan.chance(0.25):
        _list_twice(plan, plan.pick(top))
    return Tree([*top[:2], opened, *top[2:], *services], reports)


def by_agency(plan: Plan, columns: Tree) -> None:
    """Give each agency a column of its own below that of the annual reports, which then holds no documents itself."""
    reports = columns.reports
    reports.reports, reports.documents = False, []
    for number, agency in enumerate(dict.fromkeys(fact.agency for fact in plan.facts), 1):
        section = _section(plan, (plan.short(agency), f"bm{number:03}"), reports)
        documents = report_documents(plan, [fact for fact in plan.facts if fact.agency == agency])
        section.documents = _newest_first(documents + distractors(agency, plan.years[:1])[: plan.number(1, 4)])
        section.reports = True


def by_year(plan: Plan, columns: Tree, *, published: bool) -> None:
    """Give the reports a column for each year and below it one for each agency.

    The year is that of publication or that of the figures. The first agency's columns hold look-alikes as well; all
    others hold one report and nothing else.
    """
    reports = columns.reports
    reports.reports, reports.documents = False, []
    agencies = list(dict.fromkeys(fact.agency for fact in plan.facts))
    for year in sorted({_directory_year(fact, published) for fact in plan.facts}, reverse=True):
        above = _section(plan, (f"{year}年", str(year)), reports)
        for number, agency in enumerate(agencies):
            facts = [f for f in plan.facts if f.agency == agency and _directory_year(f, published) == year]
            if not facts:
                continue
            section = _section(plan, (plan.short(agency), f"bm{number:02}"), above)
            section.documents = report_documents(plan, facts)
            section.documents += distractors(agency, [year - 1])[1:] if number == 0 else []
            section.reports = True


def _directory_year(fact: Fact, published: bool) -> int:
    return fact.published.year if published else fact.year


def report_documents(plan: Plan, facts: Sequence[Fact]) -> list[Document]:
    """The documents of some facts, newest first."""
    return _newest_first([plan.report(fact) for fact in facts])


def other_documents(plan: Plan, years: Sequence[int]) -> list[Document]:
    """What stands among the reports and is none: guides, meetings, readings, statements, notices, a deleted report."""
    documents = distractors(plan.place, years)
    documents += [deleted(plan.place, year) for year in years[:1] if f"{plan.place}审计局" not in _agencies(plan)]
    return documents


def _agencies(plan: Plan) -> set[str]:
    return {fact.agency for fact in plan.facts}


def _section(plan: Plan, named: tuple[str, str], parent: Section | None = None) -> Section:
    section = Section(named[0], named[1], plan.serial(), parent)
    if parent:
        parent.children.append(section)
    return section


def _way(plan: Plan) -> list[tuple[str, str]]:
    """The columns between the disclosure branch and the annual reports: none, one or two."""
    return [plan.pick(_SPECIAL), plan.pick(_STATUTORY)][: plan.rng.choice((0, 1, 1, 2))]


def _other_columns(plan: Plan, above: Section) -> list[Section]:
    sections = []
    chosen = plan.rng.sample(_OTHERS, plan.rng.randint(4, len(_OTHERS)))
    for name, slug, titles in [*chosen, *plan.rng.sample(_ALIKE, plan.rng.randint(0, 3))]:
        section = _section(plan, (name, slug), above)
        section.documents = [_document(plan, title) for title in titles for _ in range(plan.rng.randint(1, 2))]
        sections.append(section)
    return sections


def _fill(plan: Plan, reports: Section, split: bool) -> None:
    """Put the reports and what resembles them into their column, or into one for departments and one for towns."""
    years = plan.rng.sample(plan.years, min(len(plan.years), plan.rng.randint(2, 3)))
    towns = [fact for fact in plan.facts if town_of(fact.agency)]
    if not split or not towns:
        reports.reports = True
        reports.documents = _ordered(plan, report_documents(plan, plan.facts) + other_documents(plan, years))
        return
    names = plan.pick(_SPLIT)
    offices, country = (_section(plan, name, reports) for name in names)
    rest = [fact for fact in plan.facts if not town_of(fact.agency)]
    offices.documents = _ordered(plan, report_documents(plan, rest) + other_documents(plan, years))
    country.documents = _ordered(plan, report_documents(plan, towns) + distractors(f"{plan.place}城关镇", years[:1]))
    offices.reports = country.reports = True


def _add_look_alikes(plan: Plan, section: Section) -> None:
    """News about annual reports, as every portal has them outside their column."""
    others = distractors(f"{plan.place}", [plan.years[0] - 1])
    section.documents = _newest_first(section.documents + plan.rng.sample(others, 3))


def _list_twice(plan: Plan, section: Section) -> None:
    """One report stands among the news as well."""
    section.documents = _newest_first([*section.documents, plan.report(plan.pick(plan.facts))])


def _stories(plan: Plan, count: int) -> list[Document]:
    return _newest_first([_document(plan, plan.pick(_STORIES)) for _ in range(count)])


def _document(plan: Plan, pattern: str) -> Document:
    """One document that has nothing to do with annual reports."""
    year = plan.pick(plan.years)
    bureau = plan.pick(_BUREAUS)
    title = pattern.format(place=plan.place, year=year, bureau=bureau, n=plan.number(1, 12))
    published = date(year, 2, 1) + timedelta(days=plan.number(0, 330))
    texts = plan.rng.sample(_TEXTS, 3)
    body = clean([Text(title, "title"), *(Text(text) for text in texts)])
    return Document(plan.serial(1_000_000, 9_999_999), title, published, plan.place + bureau, body)


def _ordered(plan: Plan, documents: list[Document]) -> list[Document]:
    """Newest first on most hosts, else oldest first or in the order of their ids."""
    order = plan.pick(("newest", "newest", "newest", "oldest", "ids"))
    if order == "ids":
        return sorted(documents, key=lambda document: document.number)
    return _newest_first(documents)[:: -1 if order == "oldest" else 1]


def _newest_first(documents: list[Document]) -> list[Document]:
    return sorted(documents, key=lambda document: (document.published, document.number), reverse=True)
