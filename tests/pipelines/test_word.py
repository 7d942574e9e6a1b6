"""Word files, old and new: what is printed and how tables are merged."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.documents.formats import reader_of
from pipelines.documents.numbering import printed
from pipelines.model import Document
from tests.pipelines.office_files import HEADINGS, docx, features, in_list, levels, p, packed, relations, table, tc

FIXTURES = Path(__file__).parent / "fixtures"
_BY = 'w:id="1" w:author="a" w:date="2024-01-05T09:00:00Z"'
WORD_2003 = "http://schemas.microsoft.com/office/word/2003/wordml"


def read(body: bytes) -> Document:
    reader = reader_of(body)
    assert reader
    return reader(body)


def shape(document: Document) -> list[list[tuple[str, int, int, int]]]:
    """Of the only grid, each row's cells: text, column, rowspan, colspan."""
    (grid,) = document.grids
    return [[(cell.text, cell.column, cell.rowspan, cell.colspan) for cell in row] for row in grid.rows]


@pytest.mark.parametrize("name", ["docx", "doc", "rtf"])
def test_one_document_in_three_formats(name: str) -> None:
    document = read(features() if name == "docx" else (FIXTURES / f"features.{name}").read_bytes())
    assert document.kind == name
    assert document.paragraphs == [
        "一、总体情况",
        "（一）主动公开",
        "（二）依申请公开",
        "见面网址",
        "二、主动公开政府信息情况",
        "五、存在的问题",
    ]
    assert shape(document) == [
        [("项目", 0, 2, 1), ("数量", 1, 1, 2)],
        [("本年", 1, 1, 1), ("上年", 2, 1, 1)],
        [("受理", 0, 1, 1), ("12", 1, 1, 1), ("5(1)", 2, 1, 1)],
        [("甲", 0, 1, 1), ("一\n二", 1, 1, 1), ("/", 2, 1, 1)],
    ]


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


_RAISED, _LOWERED = (f'<w:vertAlign w:val="{kind}script"/>' for kind in ("super", "sub"))


@pytest.mark.parametrize(
    ("inner", "shown"),
    [
        (f"<w:del {_BY}><w:r><w:delText>9</w:delText></w:r></w:del>{run('1')}", "1"),
        (f"<w:moveFrom {_BY}>{run('9')}</w:moveFrom><w:moveTo {_BY}>{run('1')}</w:moveTo>", "1"),
        (run("1") + run("2", _RAISED) + run("3", _LOWERED), "1(23)"),
        (run("1") + run("2", "<w:strike/>") + run("3", '<w:strike w:val="0"/>'), "1(2)3"),
        (run("1") + run("2", "<w:vanish/>") + run("3", '<w:rStyle w:val="Unseen"/>'), "1"),
        (run("1", '<w:rStyle w:val="Unseen"/><w:vanish w:val="0"/>'), "1"),
        (run("1") + run("2", '<w:rStyle w:val="Note"/>') + run("3", '<w:rStyle w:val="Gone"/>'), "1(23)"),
        (run("1") + run("2", '<w:position w:val="6"/>'), "1(2)"),
        ("<w:r><w:t>1</w:t><w:br/><w:t>2</w:t><w:tab/><w:t>3</w:t><w:noBreakHyphen/><w:t>4</w:t></w:r>", "1\n2 3-4"),
        ('<w:fldSimple w:instr=" PAGE "><w:r><w:t>7</w:t></w:r></w:fldSimple>', "7"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{run('1')}</w:sdtContent></w:sdt>", "1"),
        (
            "<w:r><w:ruby><w:rt><w:r><w:t>gōng</w:t></w:r></w:rt>"
            "<w:rubyBase><w:r><w:t>公</w:t></w:r></w:rubyBase></w:ruby></w:r>",
            "公",
        ),
    ],
)  # fmt: skip
def test_what_is_printed_of_a_line(inner: str, shown: str) -> None:
    styles = '<w:style w:styleId="Base"><w:rPr><w:vanish/></w:rPr></w:style>'
    styles += '<w:style w:styleId="Unseen"><w:basedOn w:val="Base"/></w:style>'
    styles += f'<w:style w:styleId="Mark"><w:rPr>{_RAISED}</w:rPr></w:style>'
    styles += '<w:style w:styleId="Note"><w:basedOn w:val="Mark"/></w:style>'
    styles += '<w:style w:styleId="Gone"><w:rPr><w:strike/></w:rPr></w:style>'
    assert "\n".join(read(docx(f"<w:p>{inner}</w:p>", styles=styles)).paragraphs) == shown


def test_a_paragraph_whose_end_was_deleted_goes_on() -> None:
    gone = f"<w:rPr><w:del {_BY}/></w:rPr>"
    assert read(docx(p("青禾县", gone) + p("财政局") + p("2023年", gone))).paragraphs == ["青禾县财政局", "2023年"]


def test_a_text_box_is_read_once() -> None:
    box = "<x:{0}><w:txbxContent>" + p("青禾县财政局") + "</w:txbxContent></x:{0}>"
    both = f"<m:Choice>{box.format('txbx')}</m:Choice><m:Fallback>{box.format('textbox')}</m:Fallback>"
    alternate = f'<m:AlternateContent xmlns:m="urn:m" xmlns:x="urn:x">{both}</m:AlternateContent>'
    assert read(docx(f"<w:p><w:r>{alternate}</w:r></w:p>")).paragraphs == ["青禾县财政局"]


def test_pictures_are_counted() -> None:
    blip = '<w:drawing><a:blip xmlns:a="urn:a"/></w:drawing><w:pict><v:imagedata xmlns:v="urn:v"/></w:pict>'
    assert read(docx(f"<w:p><w:r>{blip}</w:r></w:p>")).images == 2


@pytest.mark.parametrize(
    ("rows", "widths", "wanted"),
    [
        # Rows whose edges miss each other by a millimetre at most share their columns.
        (
            [
                [tc("甲", '<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>'), tc("1")],
                [tc("", "<w:vMerge/>"), tc("2", '<w:gridSpan w:val="2"/>')],
            ],
            (1500, 30, 1500),
            [[("甲", 0, 2, 1), ("1", 1, 1, 1)], [("2", 1, 1, 1)]],
        ),
        # The old way of merging across.
        (
            [[tc("甲", '<w:hMerge w:val="restart"/>'), tc("", "<w:hMerge/>"), tc("1")], [tc("乙"), tc("2"), tc("3")]],
            (1500, 1500, 1500),
            [[("甲", 0, 1, 2), ("1", 2, 1, 1)], [("乙", 0, 1, 1), ("2", 1, 1, 1), ("3", 2, 1, 1)]],
        ),
        # A row that goes on merging where nothing began has a cell of its own.
        (
            [[tc("甲"), tc("1"), tc("2")], [tc("乙", "<w:vMerge/>"), tc("3"), tc("4")]],
            (1500, 1500, 1500),
            [
                [("甲", 0, 1, 1), ("1", 1, 1, 1), ("2", 2, 1, 1)],
                [("乙", 0, 1, 1), ("3", 1, 1, 1), ("4", 2, 1, 1)],
            ],
        ),
        # A grid that names too few columns, and no widths.
        (
            [[tc("甲"), tc("1"), tc("2")], [tc("乙", '<w:gridSpan w:val="2"/>'), tc("3")]],
            (0,),
            [[("甲", 0, 1, 1), ("1", 1, 1, 1), ("2", 2, 1, 1)], [("乙", 0, 1, 2), ("3", 2, 1, 1)]],
        ),
    ],
)
def test_merged_cells(
    rows: list[list[str]], widths: tuple[int, ...], wanted: list[list[tuple[str, int, int, int]]]
) -> None:
    assert shape(read(docx(table(*rows, widths=widths)))) == wanted


def test_rows_that_are_not_printed() -> None:
    def row(properties: str, *cells: str) -> str:
        return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(map(tc, cells))}</w:tr>"

    rows = row("", "甲", "1") + row("<w:hidden/>", "乙", "2") + row(f"<w:del {_BY}/>", "丙", "3")
    rows += row('<w:gridBefore w:val="1"/>', "4") + f"<w:sdt><w:sdtContent>{row('', '丁', '5')}</w:sdtContent></w:sdt>"
    body = f"<w:tbl><w:tblGrid><w:gridCol w:w='900'/><w:gridCol w:w='900'/></w:tblGrid>{rows}</w:tbl>"
    assert [[cell[:2] for cell in line] for line in shape(read(docx(body)))] == [
        [("甲", 0), ("1", 1)],
        [("4", 1)],
        [("丁", 0), ("5", 1)],
    ]


def test_a_table_that_lays_out_the_page_is_none() -> None:
    inner = table([tc("规章"), tc("0"), tc("0")])
    document = read(docx(table([tc(p("青禾县财政局") + inner + p("说明"), width=4500)], widths=(4500,))))
    assert document.paragraphs == ["青禾县财政局", "说明"]
    assert shape(document) == [[("规章", 0, 1, 1), ("0", 1, 1, 1), ("0", 2, 1, 1)]]


def test_numbers_of_lists() -> None:
    styled = '<w:abstractNum w:abstractNumId="7">' + levels(("chineseCountingThousand", "第%1条")) + "</w:abstractNum>"
    styled += '<w:num w:numId="7"><w:abstractNumId w:val="7"/></w:num>'
    styles = '<w:style w:styleId="Art"><w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr></w:style>'
    styles += '<w:style w:styleId="Sub"><w:basedOn w:val="Art"/></w:style>'
    body = p("甲", in_list(1)) + p("乙", in_list(1, 2)) + p("丙", in_list(1, 2)) + p("丁", in_list(1, 3))
    body += p("戊", in_list(1)) + p("己", in_list(1, 2)) + p("庚", in_list(2)) + p("辛", in_list(0))
    body += p("壬", '<w:pStyle w:val="Sub"/>') + p("癸", '<w:pStyle w:val="Sub"/>')
    assert read(docx(body, HEADINGS + styled, styles)).paragraphs == [
        "一、甲", "1. 乙", "2. 丙", "①丁", "二、戊", "1. 己", "五、庚", "辛", "第一条壬", "第二条癸",
    ]  # fmt: skip


def test_a_number_before_a_value_does_not_become_part_of_it() -> None:
    cells = [tc(p("5", in_list(1, 2))), tc(p("规章")), tc(p("0"))]
    assert shape(read(docx(table(cells), HEADINGS)))[0][0][0] == "[1.] 5"


@pytest.mark.parametrize(
    ("number", "look", "text"),
    [
        (10, "chineseCounting", "十"),
        (12, "japaneseCounting", "十二"),
        (20, "chineseCountingThousand", "二十"),
        (105, "chineseCountingThousand", "一百零五"),
        (110, "taiwaneseCountingThousand", "一百一十"),
        (23, "ideographDigital", "二三"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (3, "ideographTraditional", "丙"),
        (2, "decimalEnclosedParen", "⑵"),
        (21, "decimalEnclosedCircle", "21"),
        (12, "decimalFullWidth", "１２"),
        (7, "decimalZero", "07"),
        (4, "upperRoman", "IV"),
        (28, "lowerLetter", "bb"),
        (0, "chineseCounting", "0"),
        (3, "hebrew1", "3"),
    ],
)
def test_number_formats(number: int, look: str, text: str) -> None:
    assert printed(number, look) == text


def test_a_title_among_the_properties_needs_proof() -> None:
    torn = p("青禾县财政局") + p("2023年政府信息公开") + p("工作年度报告")
    title = "青禾县财政局2023年政府信息公开工作年度报告"
    assert read(docx(torn, title=title)).title == title
    assert read(docx(torn, title="青禾县财政局2022年政府信息公开工作年度报告")).title == ""


def test_word_2003_xml() -> None:
    merged = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>', '<w:tcPr><w:vmerge w:val="restart"/></w:tcPr>'

    def cell(properties: str, text: str) -> str:
        return f"<w:tc>{properties}<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"

    rows = f"<w:tr>{cell(merged[1], '甲')}{cell(merged[0], '乙')}</w:tr>"
    rows += f"<w:tr>{cell('<w:tcPr><w:vmerge/></w:tcPr>', '')}{cell('', '1')}{cell('', '2')}</w:tr>"
    number = '<w:pPr><w:listPr><x:t xmlns:x="urn:x" x:val="一、"/></w:listPr></w:pPr>'
    body = f"<w:p>{number}<w:r><w:t>总体情况</w:t></w:r></w:p><w:tbl>{rows}</w:tbl>"
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<?mso-application progid="Word.Document"?>\n'
    document = read(f'{head}<w:wordDocument xmlns:w="{WORD_2003}"><w:body>{body}</w:body></w:wordDocument>'.encode())
    assert document.paragraphs == ["一、总体情况"]
    assert shape(document) == [[("甲", 0, 2, 1), ("乙", 1, 1, 2)], [("1", 1, 1, 1), ("2", 2, 1, 1)]]


def test_a_page_is_all_that_is_in_the_package() -> None:
    page = "<html><meta charset=gbk><p>总体情况</p><table><tr><td>规章<td>0<td>0</table>".encode("gbk")
    document = read(
        packed(
            {
                "_rels/.rels": relations(("officeDocument", "word/document.xml")),
                "word/document.xml": f'<w:document xmlns:w="{WORD_2003}"><w:body><w:altChunk/></w:body></w:document>',
                "word/_rels/document.xml.rels": relations(("aFChunk", "/word/afchunk.mht")),
                "word/afchunk.mht": page,
            }
        )
    )
    assert (document.kind, document.paragraphs) == ("docx", ["总体情况"])
    assert [cell.text for cell in document.grids[0].rows[0]] == ["规章", "0", "0"]
