"""广东 gkmlpt: one shell page for the whole disclosure branch, its columns a tree in `_CONFIG`, rows from a JSON API.

As the vendor does it: `/gkmlpt/index#<column>`, on some hosts below a folder for the site; nodes of the tree have
`post_count`, which may be more than can be listed, and `jump_url`, which leads a column elsewhere; the API takes
`page` and `sid`, and page 0 is page 1; in some cities every page from the second on is 404 (here these fit on the
first page); articles lie at `/gkmlpt/content/<millions>/<thousands>/post_<id>.html`, files in an array of the row.
Columns outside the branch are those of NFCMS, by the same vendor. Synthetic: years as columns below the annual
reports, and whether the API gives their documents for the column above them too.
"""

import json
from functools import partial

from crawler.sample_portal import gkmlpt as written
from crawler.sample_portal.columns import Section, Tree, tree
from crawler.sample_portal.documents import Document
from crawler.sample_portal.families import levels, nfcms
from crawler.sample_portal.families.attached import CONTENT_TYPES
from crawler.sample_portal.families.built import Built, articles_of
from crawler.sample_portal.families.linked import PlacedFiles
from crawler.sample_portal.families.pages import articles, gone_page
from crawler.sample_portal.frame import Frame
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.site import Endpoint, Page, Site, not_found

_SHAPES = ("flat", "year", "kind", "year")
_MOST = 100


def build(plan: Plan) -> Built:
    """A host with its disclosure branch in the shell."""
    host = _Gkmlpt(plan)
    frame = host.frame
    files, lists, gone = PlacedFiles(frame, nfcms.attachment_path), nfcms.NfcmsLists(frame), gone_page(plan)
    pages = frame.common_pages() | files.pages() | {f"{host.folder}/index": host.shell()}
    endpoints: dict[str, Endpoint] = {}
    for section in frame.tree.walk():
        if host.inside(section):
            endpoints[f"{host.folder}/api/all/{section.number}"] = partial(host.answer, files, section)
            pages |= articles(frame, section, partial(host.body, files), gone)
        else:
            pages |= lists.column(section)
            pages |= articles(frame, section, lambda _, d: nfcms.body(files, "article-content", d), gone)
            pages |= {nfcms.twin(path): pages[path] for path in lists.twinned(section)}
    column = host.path(frame.tree.reports)
    return Built(Site(pages, endpoints), column, "gkmlpt", articles_of(plan, frame), files.alone())


class _Gkmlpt:
    """One host: its folder and number, and how its API pages."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.folder = f"{plan.slug('', '', '/qzf', '/xzf')}/gkmlpt"
        self._sid = str(plan.number(200_000, 799_999))
        self._first_page_only = plan.chance(0.4)
        self._with_descendants = plan.chance(0.5)
        self._surplus = plan.chance(0.3)
        self._quoted = plan.chance(0.5)
        columns = _columns(plan)
        self._branch = columns.reports.line[0]
        self._moved = self._leaving(columns)
        self.frame = Frame(plan, columns, self.path, self._article_path)

    def inside(self, section: Section) -> bool:
        """Whether a column is one of the shell's."""
        return section.line[0] is self._branch

    def path(self, section: Section) -> str:
        """The address of a column, with its fragment if it is one of the shell's."""
        if section is self._branch:
            return f"{self.folder}/index"
        return f"{self.folder}/index#{section.number}" if self.inside(section) else nfcms.list_path(section)

    def shell(self) -> Page:
        """The page of all columns of the branch, which a script fills."""
        nodes = json.dumps([self._node(child, 0) for child in self._branch.children], ensure_ascii=False)
        name = self._plan.name
        if self._quoted:
            config = f'{{"SID":"{self._sid}","SITE_NAME":"{name}","TREE":{nodes}}}'
        else:
            config = f"{{SID:'{self._sid}',SITE_NAME:'{name}',TREE:{nodes}}}"
        script = f'<script>window._CONFIG={config};</script>\n<script src="{self.folder}/js/app.js"></script>'
        return self.frame.encoded(self.frame.page(f"政府信息公开目录_{name}", f'<div id="app"></div>\n{script}'))

    def answer(self, files: PlacedFiles, section: Section, fields: dict[str, str]) -> Page:
        """One page of a column's rows."""
        page = fields.get("page", "1")
        number = max(1, int(page)) if page.isascii() and page.isdigit() else 0
        if number == 0 or (number > 1 and self._first_page_only):
            return not_found("Not Found")
        documents = self._documents(section) if fields.get("sid") == self._sid else []
        size = _MOST if self._first_page_only else self._plan.page_size
        count = self._count(section)
        answer = {
            "classify": {
                "id": section.number,
                "name": section.name,
                "parent": section.parent.number if section.parent else 0,
                "post_count": count,
                "theme_count": count,
            },
            "articles": [self._row(files, document) for document in documents[(number - 1) * size : number * size]],
        }
        return Page(json.dumps(answer, ensure_ascii=False).encode(), "application/json; charset=utf-8")

    def body(self, files: PlacedFiles, section: Section, document: Document) -> str:
        """The inner part of an article."""
        return written.detail(document, section.name, files.body(document, "nfw-cms-attachment"), self._sid)

    def _article_path(self, section: Section, document: Document) -> str:
        if not self.inside(section):
            return nfcms.post_path(section, document)
        return self.folder + written.article_path(document).removeprefix("/gkmlpt")

    def _leaving(self, columns: Tree) -> dict[int, str]:
        """Columns of the branch that lead to a page outside it, by number."""
        outside = nfcms.list_path(columns.top[-1])
        moved = [s for s in self._branch.walk() if s.slug == "ysqgk"] if self._plan.chance(0.6) else []
        return {section.number: self._plan.origin + outside for section in moved}

    def _documents(self, section: Section) -> list[Document]:
        """What the API lists for a column."""
        if not self._with_descendants:
            return section.documents
        documents = [document for child in section.walk() for document in child.documents]
        return sorted(documents, key=lambda d: (d.dated, d.number), reverse=True)

    def _count(self, section: Section) -> int:
        return len(self._documents(section)) + (17 if self._surplus and section.documents else 0)

    def _node(self, section: Section, parent: int) -> dict[str, object]:
        return {
            "id": section.number,
            "name": section.name,
            "parent": parent,
            "post_count": self._count(section),
            "jump_url": self._moved.get(section.number, ""),
            "children": [self._node(child, section.number) for child in section.children],
        }

    def _row(self, files: PlacedFiles, document: Document) -> dict[str, object]:
        section = next(s for s in self._branch.walk() if document in s.documents)
        url = self._plan.origin + self._article_path(section, document)
        facts = written.row_facts(document)
        return {**facts, "url": url, "attachment": self._attachment(files, document), "is_abolished": 0}

    def _attachment(self, files: PlacedFiles, document: Document) -> list[dict[str, object]]:
        file = files.of(document)
        if file is None:
            return []
        url = self._plan.origin + files.address(document)
        kind = {"name": file.name, "type": file.kind, "mime": CONTENT_TYPES[file.kind]}
        return [{"id": document.number + 1, **kind, "size": str(len(file.data)), "url": url}]


def _columns(plan: Plan) -> Tree:
    columns = tree(plan, split=False)
    shape = _SHAPES[(plan.seed + plan.host_number) % len(_SHAPES)]
    if shape == "year":
        levels.split(plan, columns.reports, levels.year_key(plan), levels.year_names(plan))
    elif shape == "kind":
        levels.split(plan, columns.reports, levels.kind_key(plan), levels.kind_names(plan))
    return columns
