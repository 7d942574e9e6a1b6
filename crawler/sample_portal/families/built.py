"""What a family makes: a host, the path of its column of annual reports, and where each report stands."""

from dataclasses import dataclass, field

from crawler.sample_portal.frame import Frame
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.site import Host

Articles = dict[tuple[str, int], str]


@dataclass(frozen=True, slots=True)
class Built:
    """One replica. `column` is a path with its query; `articles` gives a path for each agency and year.

    A report that is published as a file only has the path of that file in `files` as well.
    """

    site: Host
    column: str
    platform: str
    articles: Articles = field(default_factory=dict)
    files: Articles = field(default_factory=dict)


def articles_of(plan: Plan, frame: Frame) -> Articles:
    """Where the frame puts the report of each fact: in its own column, if it is listed elsewhere too."""
    numbers = {fact.number: fact for fact in plan.facts}
    return {
        (numbers[document.number].agency, numbers[document.number].year): frame.article(section, document)
        for section in sorted(frame.tree.walk(), key=lambda section: section.reports)
        for document in section.documents
        if document.number in numbers
    }


def files_of(plan: Plan, paths: dict[int, str]) -> Articles:
    """Paths of files by agency and year, from paths by document number."""
    return {(fact.agency, fact.year): paths[fact.number] for fact in plan.facts if fact.number in paths}
