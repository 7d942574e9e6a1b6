"""Further levels below the column of annual reports: years, departments and towns, single agencies."""

from collections.abc import Callable

from crawler.sample_portal.columns import Section
from crawler.sample_portal.documents import Document
from crawler.sample_portal.facts import Fact
from crawler.sample_portal.invented import Plan, town_of

Key = Callable[[Document], str]
Named = Callable[[str], tuple[str, str]]

_YEAR_SLUGS = ("{}n", "{}", "nb_{}n", "gknb{}", "{}nb", "{}nzfxxgkndbg", "{}n78")
_KINDS = (
    {"部门": ("部门年报", "bm"), "镇街": ("乡镇街道年报", "jd")},
    {"部门": ("部门信息公开年报", "bmxxgknb"), "镇街": ("乡镇信息公开年报", "xzndbg")},
    {"部门": ("县直部门", "tjd"), "镇街": ("镇街", "jdbsc")},
)


def split(plan: Plan, section: Section, key: Key, named: Named) -> list[Section]:
    """Move the documents of a column into columns below it, one for each key, which `named` gives name and slug."""
    groups: dict[str, list[Document]] = {}
    for document in section.documents:
        groups.setdefault(key(document), []).append(document)
    section.documents = []
    children = [Section(*named(group), plan.serial(), section, documents) for group, documents in groups.items()]
    for child in children:
        child.reports = section.reports
    section.reports = False
    section.children += children
    return children


def year_key(plan: Plan) -> Key:
    """The year to whose column a document belongs: on most hosts its fiscal year, on some that of its publication."""
    facts = {fact.number: fact for fact in plan.facts}
    if plan.chance(0.3):
        return lambda document: str(document.published.year)

    def key(document: Document) -> str:
        fact = facts.get(document.number)
        return str(fact.year if fact else document.published.year - 1)

    return key


def year_names(plan: Plan, *, typo: bool = False) -> Named:
    """Names and slugs of years; with `typo` one of them has the slug of another pattern, as real ones have."""
    pattern, name = plan.slug(*_YEAR_SLUGS), plan.slug("{}年", "{}年度", "{}年度报告", "{}")
    strange = str(plan.pick(plan.years)) if typo else ""

    def named(year: str) -> tuple[str, str]:
        return name.format(year), f"mb{year}" if year == strange else pattern.format(year)

    return named


def kind_key(plan: Plan) -> Key:
    """Whether a document is a town's or a department's."""
    facts = {fact.number: fact for fact in plan.facts}

    def key(document: Document) -> str:
        fact = facts.get(document.number)
        return "镇街" if fact and town_of(fact.agency) else "部门"

    return key


def kind_names(plan: Plan) -> Named:
    """Names and slugs of the columns for departments and for towns."""
    return plan.pick(_KINDS).__getitem__


def agency_key(plan: Plan, other: str) -> Key:
    """The agency of a report; `other` for whatever is no report."""
    facts: dict[int, Fact] = {fact.number: fact for fact in plan.facts}

    def key(document: Document) -> str:
        fact = facts.get(document.number)
        return fact.agency if fact else other

    return key


def agency_names(plan: Plan, other: str) -> Named:
    """Names and slugs of the columns of agencies."""
    slugs = {fact.agency: f"{plan.slug('bm', 'dw', 'd')}{n:02d}" for n, fact in enumerate(plan.facts, 1)}

    def named(agency: str) -> tuple[str, str]:
        return plan.short(agency), "zh" if agency == other else slugs[agency]

    return named
