"""The six sections of a report as clean text: no navigation, no footer, no tables.

The report's own headings give the sections away. Where it has none, trafilatura finds the main text, which becomes one
section without a number.
"""

from __future__ import annotations

import re

from pipelines.headings import looks_numbered, section_of
from pipelines.model import Document, Paragraph, Section

# Lines with which portals close an article; what follows them is not the report.
_END = re.compile(
    r"^(?:[【\[(（]?\s*(?:打印|关闭|字体|我要纠错|收藏|返回|分享|上一篇|下一篇|上一条|下一条|相关链接|相关附件|相关稿件|责任编辑|"
    r"扫一扫|网站地图|版权所有|主办[:：单]|承办[:：单]|网站标识码|ICP|附件\d?[:：]?$|文件下载|浏览次数|点击数|来源[:：]))|"
    r"ICP备|公网安备|网站标识码|版权所有"
)
_FEWEST = 2
_LARGEST = 1_000_000  # beyond it trafilatura takes many seconds, and no page of a few words is so large


def sections_of(document: Document, html: str | None = None) -> tuple[Section, ...]:
    """The numbered sections in printed order; `html` is the page's source, for pages whose headings say nothing."""
    sections: list[tuple[int, str, list[str]]] = []
    for block in document.blocks:
        if not isinstance(block, Paragraph):
            continue
        number = section_of(block.text)
        if number is not None:
            if number == 1 and not any(lines for _, _, lines in sections):
                sections.clear()  # what came before was a table of contents
            sections.append((number, block.text.strip(), []))
        elif sections and looks_numbered(block.text) and sections[-1][0] == 6:
            break
        elif sections:
            if _END.search(block.text.strip()):
                if sections[-1][0] >= 5:
                    break
                continue
            sections[-1][2].append(block.text.strip())
    if len(sections) >= _FEWEST:
        return tuple(Section(number, heading, "\n".join(lines)) for number, heading, lines in sections)
    return _main_text(html) if html and len(html) <= _LARGEST else ()


def _main_text(html: str) -> tuple[Section, ...]:
    """Trafilatura's main text as one unnumbered section; its tables are ours to read, so they are left out."""
    import trafilatura  # a quarter of a second to load, for the few pages that need it

    text = trafilatura.extract(html, include_tables=False, include_comments=False, deduplicate=False)
    return (Section(0, "", text.strip()),) if text and text.strip() else ()
