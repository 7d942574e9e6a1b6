"""Reports published as a file: instead of a page that holds the report, or once more beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from crawler.sample_portal.documents import Document, report_blocks
from crawler.sample_portal.facts import Fact
from crawler.sample_portal.families.built import Articles, files_of
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.render_docx import docx
from crawler.sample_portal.render_pdf import pdf
from crawler.sample_portal.site import Page

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """The file of a report. `alone` says that its page holds nothing else; `key` is the document's number."""

    key: int
    name: str
    kind: str
    data: bytes
    alone: bool


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a host that lie at paths of their own; `path` gives the path of each."""

    attachments: dict[int, Attachment]
    path: Callable[[Attachment], str]

    def body(self, document: Document) -> str:
        """The body of a document with a link to its file, or only the link."""
        file = self.attachments.get(document.number)
        if file is None:
            return document.body
        link = f'<p>附件：<a href="{self.path(file)}">{escape(file.name)}</a></p>'
        return link if file.alone else f"{document.body}\n{link}"

    def pages(self) -> dict[str, Page]:
        """The files themselves."""
        return {self.path(file): Page(file.data, CONTENT_TYPES[file.kind]) for file in self.attachments.values()}

    def alone(self, plan: Plan) -> Articles:
        """The paths of the reports that are published as files only."""
        return files_of(plan, {file.key: self.path(file) for file in self.attachments.values() if file.alone})


def attachments(plan: Plan, kinds: Sequence[str] = ("pdf", "docx")) -> dict[int, Attachment]:
    """Files for a few reports, by document number: on half of the hosts one or two stand alone, some beside a page."""
    alone = plan.rng.sample(plan.facts, plan.pick((0, 0, 1, 2)))
    rest = [fact for fact in plan.facts if fact not in alone]
    beside = plan.rng.sample(rest, plan.pick((0, 1, 2)))
    made = [_attachment(plan, fact, kinds, alone=True) for fact in alone]
    made += [_attachment(plan, fact, kinds, alone=False) for fact in beside]
    return {attachment.key: attachment for attachment in made if attachment.key not in plan.hidden}


def _attachment(plan: Plan, fact: Fact, kinds: Sequence[str], *, alone: bool) -> Attachment:
    kind = plan.pick(kinds)
    data = (pdf if kind == "pdf" else docx)(report_blocks(fact))
    return Attachment(fact.number, f"{fact.title}.{kind}", kind, data, alone)
