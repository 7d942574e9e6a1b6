"""Small office files written by hand for the tests: packages of XML parts, and one Word file with a bit of
everything."""

from __future__ import annotations

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CORE = f"{_PACKAGE}/metadata/core-properties"


def packed(parts: dict[str, str | bytes]) -> bytes:
    """A zip archive of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return file.getvalue()


def relations(*targets: tuple[str, str]) -> str:
    """A part of relationships: (kind, target) each."""
    links = "".join(
        f'<Relationship Id="r{number}" Type="{kind if ":" in kind else f"{_OFFICE}/{kind}"}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def docx(body: str, numbering: str = "", styles: str = "", title: str = "") -> bytes:
    """A .docx file with this body, in WordprocessingML; the other parts as far as they are given."""
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_TYPES}.{kind}+xml"/>'
        for part, kind in (("document", "document.main"), ("numbering", "numbering"), ("styles", "styles"))
    )
    default = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    core = (
        f'<c:coreProperties xmlns:c="{_CORE}" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>'
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">{default}{overrides}</Types>',
        "_rels/.rels": relations(
            ("officeDocument", "word/document.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        # WPS leaves links to parts that are not there.
        "word/_rels/document.xml.rels": relations(
            ("numbering", "numbering.xml"), ("styles", "styles.xml"), ("image", "NULL")
        ),
        "docProps/core.xml": f"{core}</c:coreProperties>",
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
        "word/numbering.xml": f'<w:numbering xmlns:w="{W}">{numbering}</w:numbering>',
        "word/styles.xml": f'<w:styles xmlns:w="{W}">{styles}</w:styles>',
    }
    return packed(dict(parts))


def p(text: str, properties: str = "") -> str:
    """A paragraph of one run."""
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def table(*rows: list[str], widths: tuple[int, ...] = (1500, 1500, 1500)) -> str:
    """A table of rows of cells."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    lines = "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows)
    return f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>'


def tc(text: str, properties: str = "", width: int = 1500) -> str:
    """A cell with one paragraph, or with the paragraphs and tables given."""
    inner = text if text.startswith("<") else p(text)
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{properties}</w:tcPr>{inner}</w:tc>'


def levels(*looks: tuple[str, str]) -> str:
    """The levels of a list: (format, text) each."""
    return "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{look}"/><w:suff w:val="nothing"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
        for depth, (look, text) in enumerate(looks)
    )


def in_list(number: int, depth: int = 0) -> str:
    """The property that puts a paragraph into a list."""
    return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'


HEADINGS = f"""
<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>{
    levels(
        ("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."), ("decimalEnclosedCircle", "%4")
    )
}
</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="0"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>
"""
_BY = 'w:id="1" w:author="a" w:date="2024-01-05T09:00:00Z"'


def _run(text: str, properties: str) -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def features() -> bytes:
    """A .docx with much of what Word files hold; fixtures/features.doc and .rtf are this file, saved by LibreOffice."""
    code = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    field = code.format("begin") + '<w:r><w:instrText> HYPERLINK "http://a.gov.cn/9" </w:instrText></w:r>'
    field += code.format("separate") + "<w:r><w:t>网址</w:t></w:r>" + code.format("end")
    inserted = f"<w:ins {_BY}><w:r><w:t>12</w:t></w:r></w:ins><w:del {_BY}><w:r><w:delText>99</w:delText></w:r></w:del>"
    remark = _run("5", "") + _run("1", '<w:vertAlign w:val="superscript"/>')
    merged = table(
        [tc("项目", '<w:vMerge w:val="restart"/>'), tc("数量", '<w:gridSpan w:val="2"/>', 3000)],
        [tc("", "<w:vMerge/>"), tc("本年"), tc("上年")],
        [tc("受理"), tc(f"<w:p>{inserted}</w:p>"), tc(f"<w:p>{remark}</w:p>")],
        [tc("甲"), tc(p("一") + p("二")), tc("/")],
    )
    laid_out = table([tc(merged + p(""), width=4700)], widths=(4700,))
    body = (
        p("总体情况", in_list(1)),
        p("主动公开", in_list(1, 1)),
        p("依申请公开", in_list(1, 1)),
        f"<w:p>{_run('见', '')}{_run('隐', '<w:vanish/>')}{_run('面', '')}{field}</w:p>",
        p("主动公开政府信息情况", in_list(1)),
        laid_out,
        p("存在的问题", in_list(2)),
        "<w:sectPr/>",
    )
    return docx("".join(body), HEADINGS)
