"""Reports that print no table: pages that only link to an attachment, tables as pictures, sections left empty."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.generate.layout.article import Article, Block, Line
from tests.generate.layout.grids import Grid


@dataclass(frozen=True, slots=True)
class Bare:
    """What becomes of the tables, the issues of which one must be raised, and whether only a web page can show it."""

    change: Callable[[Article, random.Random], None]
    flags: tuple[str, ...]
    web: bool = True


def _link(article: Article, rng: random.Random) -> Line:
    suffix = rng.choice(["doc", "docx", "pdf", "wps", "xls"])
    label = rng.choice([f"{article.title}.{suffix}", f"附件：{article.title}.{suffix}", f"点击下载：{article.title}"])
    return Line(f"{label}|./P0202{rng.randint(10**6, 10**7)}.{suffix}", "link")


def _attachment(article: Article, rng: random.Random) -> None:
    """A title and a link, nothing else."""
    titles: list[Block] = [b for b in article.blocks if isinstance(b, Line) and b.kind == "title"]
    article.blocks[:] = [*titles, _link(article, rng)]


def _empty_sections(article: Article, rng: random.Random) -> None:
    """The headings with nothing below, and an attachment at the end."""
    kept: list[Block] = [b for b in article.blocks if isinstance(b, Line) and b.kind in ("title", "heading")]
    article.blocks[:] = [*kept, Line("相关附件："), _link(article, rng)]


def _pictures(article: Article, rng: random.Random) -> None:
    names = iter(rng.sample([f"捕获{n}.PNG" for n in range(2, 30)], len(article.grids()) + 2))
    article.blocks[:] = [Line(next(names), "image") if isinstance(b, Grid) else b for b in article.blocks]


def _captioned_pictures(article: Article, rng: random.Random) -> None:
    """The names of the pictures are printed too."""
    _pictures(article, rng)
    out: list[Block] = []
    for block in article.blocks:
        if isinstance(block, Line) and block.kind == "image":
            out.append(replace(block, kind="body"))
        out.append(block)
    article.blocks[:] = out


def _nothing(article: Article, rng: random.Random) -> None:
    article.blocks[:] = [b for b in article.blocks if not isinstance(b, Grid)]


KINDS = {
    "attachment": Bare(_attachment, ("attachment_only",)),
    "empty_sections": Bare(_empty_sections, ("attachment_only", "no_tables")),
    "pictures": Bare(_pictures, ("tables_are_images",)),
    "captioned_pictures": Bare(_captioned_pictures, ("tables_are_images",)),
    "nothing": Bare(_nothing, ("no_tables",), web=False),
}
