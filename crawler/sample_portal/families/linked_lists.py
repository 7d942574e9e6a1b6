"""Lists whose further pages are plain links: `index.html, index_1.html, ..` with 下一页 or with numbers only."""

from crawler.sample_portal.columns import Section
from crawler.sample_portal.documents import Document
from crawler.sample_portal.frame import Frame, screens
from crawler.sample_portal.site import Page


class LinkedLists:
    """The lists of one host. What a row and a page look like is for subclasses to change."""

    # The number in the name of the second page.
    second = 1

    def __init__(self, frame: Frame, extension: str = "html") -> None:
        self.frame = frame
        self._extension = extension
        self._numbers_only = frame.plan.chance(0.3)
        self._next = frame.plan.slug("下一页", "下一页", "下页", "下一页>>")

    def path(self, section: Section) -> str:
        """The first page of a column."""
        return section.path + self.file(0)

    def file(self, number: int) -> str:
        """The name of a page, counted from 0."""
        return f"index_{number - 1 + self.second}.{self._extension}" if number else f"index.{self._extension}"

    def column(self, section: Section) -> dict[str, Page]:
        """The pages of a column by path."""
        if not section.documents:
            return {self.path(section): self.page(section, self.frame.hub(section))}
        groups = screens(section.documents, self.frame.plan.page_size)
        return {
            section.path + self.file(number): self.page(section, self.screen(section, group, number, len(groups)))
            for number, group in enumerate(groups)
        }

    def screen(self, section: Section, group: list[Document], number: int, count: int) -> str:
        """The rows of a page and the links to the others."""
        rows = "\n".join(row for document in group for row in self.rows(section, document))
        return f'<ul class="newslist">\n{rows}\n</ul>\n{self.pager(number, count)}'

    def rows(self, section: Section, document: Document) -> list[str]:
        """The row of a document; more than one if it is listed twice."""
        return [f"<li>{self.frame.anchor(section, document)}<span>{self.frame.day(document)}</span></li>"]

    def pager(self, number: int, count: int) -> str:
        """Links to the other pages."""
        if count == 1:
            return ""
        if self._numbers_only:
            numbers = (
                f'<a href="{self.file(n)}">{n + 1}</a>' if n != number else f"<span>{n + 1}</span>"
                for n in range(count)
            )
            return f'<div class="page">{" ".join(numbers)}</div>'
        before = f'<a href="{self.file(number - 1)}">上一页</a> ' if number else ""
        after = f'<a href="{self.file(number + 1)}">{self._next}</a>' if number + 1 < count else ""
        return f'<div class="page">共{count}页 {before}{after}</div>'

    def page(self, section: Section, main: str) -> Page:
        """A page of the column around its main part."""
        return self.frame.encoded(self.frame.page(f"{section.name} - {self.frame.plan.name}", main, section))
