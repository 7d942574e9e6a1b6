"""Reports without tables, in the many ways in which pages and texts show their title and number their sections."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

TITLE = "临江市教育局2023年政府信息公开工作年度报告"
_SENTENCE = "2023年，我局认真贯彻落实条例，主动公开政府信息120条，全年收到申请3件，均已按时答复。"
_MATTERS = (
    *("总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况"),
    *("因政府信息公开被申请提起行政复议、行政诉讼情况", "存在的主要问题及改进情况", "其他需要报告的事项"),
)
_MENU = ("首页", "政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "走进临江", "当前栏目", "来源：教育局") * 4
# What is long and stands on the line of the title, though the reader does not count it.
_BESIDE = "栏目导航" * 30
_WORD = "mso-ascii-font-family:Calibri;mso-fareast-font-family:方正小标宋简体;" + "mso-hansi-font-family:Calibri;" * 12
_LINKS = "".join(f'<span><a href="/x{n}">栏目{n}栏目栏目栏目</a></span>' for n in range(30))

NUMERALS = {
    **{name: blank + "%s、" for name, blank in (("plain", ""), ("em space", "\u2003"), ("en space", "\u2002"))},
    **{"thin space": "\u2009%s、", "zero width": "\u200b%s\u200b、", "soft hyphen": "\u00ad%s、", "full stop": "%s．"},
    **{
        "entities": "&emsp;&ensp;%s、",
        "blank inside": "%s\u2003、",
        "mark as number": "%s&#x3001;",
        "tags": "<b>%s</b>、",
    },
}
_BODY = {
    "heading": "<h1>%s</h1>",
    "lines": "<p>临江市教育局<br>2023年政府信息公开<br>工作年度报告</p>",
    "own element": _LINKS + "<ucapcontent>%s</ucapcontent>",
    "own title": _LINKS + "<ucaptitle>%s</ucaptitle>",
    "word": "<p>" + "".join(f"<span style='{_WORD}'>{part}</span>" for part in (TITLE[:-4], TITLE[-4:])) + "</p>",
    "long tag": f"<p style='{_WORD * 2}'>%s</p>",
    "unseen": f"<div><span style='display:none'>{_BESIDE}</span>%s</div>",
    "not looked into": f"<div><textarea>{_BESIDE}</textarea><noscript>{_BESIDE}</noscript>%s</div>",
    "comment": f"<div><!-- <li>{_BESIDE}</li> -->%s</div>",
    "scripts": "<script>var a=1;</SCRIPT><script src='a.js'/><h1>%s</h1>",
    "zero width": "<h1>" + "\u200b".join(TITLE) + "</h1>",
}
_HEAD = {
    "title": "<title>%s-临江市人民政府</title>",
    "meta": '<meta name="ArticleTitle" content="%s">',
    "meta in lines": "<META\nNAME = 'ArticleTitle'\nCONTENT = '%s' />",
    "meta, turned round": "<meta content='%s' name=ArticleTitle>",
    "meta without quotes": "<meta name=ArticleTitle content=%s>",
}


def pages() -> Iterator[tuple[str, str]]:
    """(what is special, page)."""
    for (name, title), (style, numeral) in product((_HEAD | _BODY).items(), NUMERALS.items()):
        yield f"{name}, {style}", page(title.replace("%s", TITLE), numeral, in_head=name in _HEAD)


def page(title: str, numeral: str = "%s、", *, in_head: bool = False) -> str:
    """A page with its title in its head or above its sections."""
    sections = "".join(f"<p>{line}</p>" for line in _lines(numeral))
    head, body = (title, "") if in_head else ("<title>临江市人民政府</title>", title)
    return f"<html><head><meta name='keywords' content='a'>{head}</head><body>{body}{sections}</body></html>"


def texts() -> Iterator[tuple[str, str]]:
    """(what is special, plain text)."""
    menu, report = "\n".join(_MENU), "\n".join((TITLE, *_lines("%s、")))
    broken = report.replace("2023年政府信息公开工作", "\n2023年政府信息公开\n工作", 1)
    yield "alone", report
    yield "above a menu", f"{report}\n{menu}"
    for name, end in {"\\n": "\n", "\\r\\n": "\r\n", "\\r": "\r", "separator": "\u2028"}.items():
        yield f"below a menu, {name}", f"{menu}\n{report}".replace("\n", end)
    yield "in three lines", f"{menu}\n{broken}"
    yield "below arrows", f"{menu}\n<返回列表\n上一页 < 1 2 3\n{report}"
    yield "below what looks like a tag", f"a<b\n{report}"
    yield "preformatted", f"<pre>{menu}\n\n{report}</pre>"


def _lines(numeral: str) -> list[str]:
    headings = (numeral.replace("%s", number) + matter for number, matter in zip("一二三四五六", _MATTERS, strict=True))
    return [line for heading in headings for line in (heading, _SENTENCE)]
