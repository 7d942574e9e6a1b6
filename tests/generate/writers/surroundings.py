"""What stands around a report on a portal's page: navigation, breadcrumb, metadata, sidebar, hidden junk, footer."""

import random
from dataclasses import replace

from tests.generate.layout.article import Article
from tests.generate.layout.grids import C, Grid

MARKS = (
    "navigation",
    "metadata",
    "other_publisher",
    "sidebar",
    "hidden_rows",
    "hidden_spans",
    "footnotes",
    "comments",
    "layout",
    "outer_layout",
    "div_soup",
    "commented_table",
    "scripted_table",
    "template_table",
    "site_title",
    "unescaped",
)


def _metadata(article: Article, rng: random.Random) -> str:
    """The 索引号 table that portals put before a document; the publisher may be another body than the author."""
    publisher = "清河市大数据中心" if "other_publisher" in article.marks else article.publisher
    after = article.year + 1
    rows = (
        ("索引号", f"0{rng.randint(10**8, 10**9)}/{after}-000{rng.randint(10, 99)}", "发布机构", publisher),
        ("成文日期", f"{after}-01-2{rng.randint(0, 9)}", "浏览次数", str(rng.randint(10, 9999))),
    )
    body = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in rows)
    return f'<table class="xxgk">{body}</table>\n'


def _links(rng: random.Random, n: int) -> str:
    words = (
        "政策文件",
        "法定主动公开内容",
        "政府信息公开指南",
        "政府信息公开年报",
        "依申请公开",
        "2022年工作要点",
        "机构职能",
        "人事任免",
    )
    return "".join(f'<li><a href="/c{rng.randint(100, 999)}/">{rng.choice(words)}</a></li>' for _ in range(n))


def before(article: Article, rng: random.Random) -> str:
    """What comes before the report, as the marks say."""
    out = ""
    if "navigation" in article.marks:
        out += (
            f"<div id=nav><ul>{_links(rng, 6)}</ul></div><div>当前位置：<a>首页</a> &gt; <a>政务公开</a> &gt; "
            f"<a>政府信息公开年报</a> &gt; <a>{article.year}年</a></div>\n"
        )
    if article.marks & {"metadata", "other_publisher"}:
        out += _metadata(article, rng)
    if "unescaped" in article.marks:
        out += f"<p>全文包括<中华人民共和国政府信息公开工作年度报告格式>{article.publisher}的六个部分。</p>\n"
    if "commented_table" in article.marks:
        out += f"<!-- {_false_table()} -->\n"
    if "scripted_table" in article.marks:
        out += f"<script>var t = '{_false_table()}';</script>\n<style>td {{width: 33px}}</style>\n"
    if "template_table" in article.marks:
        out += f'<template>{_false_table()}</template>\n<div style="display:none">{_false_table()}</div>\n'
    return out


def _false_table() -> str:
    return (
        "<table><tr><td colspan=4>第二十条第（五）项</td></tr>"
        "<tr><td>信息内容</td><td colspan=3>本年处理决定数量</td></tr>"
        "<tr><td>行政许可</td><td colspan=3>777777</td></tr></table>"
    )


def after(article: Article, rng: random.Random) -> str:
    """What comes after the report."""
    out = ""
    if "sidebar" in article.marks:
        titles = [(f"{y}年政府信息公开工作年度报告", f"{y + 1}-01-20") for y in range(2015, 2019)]
        items = "".join(f"<tr><td>{title}</td><td>{date}</td></tr>" for title, date in titles)
        out += (
            f"<div class=side><table>{items}</table><ul>{_links(rng, 4)}</ul>访问量：{rng.randint(1000, 99999)}</div>"
        )
    if "navigation" in article.marks:
        out += "<div class=footer>主办：某地人民政府 备案号：12345678号-1 标识码：3301000001</div>"
    return out


def hidden_copy(grid: Grid, rng: random.Random) -> str:
    """A row of the table again, hidden, with other figures."""
    row = rng.choice([r for r in grid.rows if any(c.kind == "value" for c in r)] or grid.rows)
    cells = [replace(c, text="555") if c.kind == "value" else c for c in row]
    inner = "".join(f"<td{_span(c)}>{c.text}</td>" for c in cells if c.rowspan == 1 or c.kind == "value")
    style = rng.choice(['style="display:none"', "style='display: none'", "hidden", 'style="DISPLAY:none;height:0"'])
    return f"<tr {style}>{inner}</tr>"


def _span(c: C) -> str:
    return f" colspan={c.colspan}" if c.colspan > 1 else ""
