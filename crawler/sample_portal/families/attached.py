"""Reports published as a file: instead of a page that holds the report, or once more beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from crawler.sample_portal.documents import report_blocks
from crawler.sample_portal.facts import Fact
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.render_docx import docx
from crawler.sample_portal.render_pdf import pdf

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


def attachments(plan: Plan, kinds: Sequence[str] = ("pdf", "docx")) -> dict[int, Attachment]:
    """Files for a few reports, by document number: on half of the hosts one or two stand alone, some beside a page."""
    alone = plan.rng.sample(plan.facts, plan.pick((0, 0, 1, 2)))
    rest = [fact for fact in plan.facts if fact not in alone]
    beside = plan.rng.sample(rest, plan.pick((0, 1, 2)))
    made = [_attachment(plan, fact, kinds, alone=True) for fact in alone]
    made += [_attachment(plan, fact, kinds, alone=False) for fact in beside]
    return {attachment.key: attachment for attachment in made}


def _attachment(plan: Plan, fact: Fact, kinds: Sequence[str], *, alone: bool) -> Attachment:
    kind = plan.pick(kinds)
    data = (pdf if kind == "pdf" else docx)(report_blocks(fact))
    return Attachment(fact.number, f"{fact.title}.{kind}", kind, data, alone)
