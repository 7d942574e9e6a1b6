"""RTF: characters in three spellings, tables by edges and merge flags, and what is not printed."""

from __future__ import annotations

import pytest

from pipelines.documents.formats import Unreadable
from pipelines.documents.rtf import read_rtf
from pipelines.model import Document

_FONTS = rb"{\fonttbl{\f0\froman\fcharset0 Times;}{\f1\fnil\fcharset134 \'cb\'ce\'cc\'e5;}{\f2\fcharset2 Symbol;}}"


def rtf(inner: bytes, page: bytes = rb"\ansicpg936") -> Document:
    return read_rtf(rb"{\rtf1\ansi" + page + rb"\uc1" + _FONTS + inner + b"}")


@pytest.mark.parametrize(
    ("inner", "shown"),
    [
        (rb"\f1 \'d5\'fe\'b8\'ae", "政府"),
        (rb"\u25919?\u24220?", "政府"),
        (rb"{\uc2\u25919\'d5\'fe\u24220\'b8\'ae}", "政府"),
        (rb"\u-10187?\u-9138?", "\U0001d44e"),
        ("政府".encode("gbk"), "政府"),
        (b"\x95\x5c\x8e\x7b", "昞巤"),
        (rb"\'d5" + b"\n" + rb"\'fe", "政"),
        (rb"a\f2 \'b7", "a\uf0b7"),
        (rb"1\'a3\'ac234", "1，234"),
        (rb"{\upr{?}{\*\ud{\u25919?}}}", "政"),
        (rb"\ldblquote a\rdblquote\emdash\~b\_c", "“a”—\u00a0b-c"),
        (rb"5{\super 1}", "5(1)"),
        (rb"5{\strike 6}7", "5(6)7"),
        (rb"5{\up6 1}{\dn6 2}{\up0 3}", "5(12)3"),
        (rb"{\mvf 9}12", "12"),
        (rb"5{\v 6}{\deleted\revdttmdel-1480512960 7}8", "58"),
        (rb"{\*\unknown 9}1{\field{\*\fldinst PAGE}{\fldrslt 2}}{\footnote 9}{\header 9}", "12"),
        (rb"1\bin3 {{{2", "12"),
        (rb"{\listtext\pard\plain\f1 \'d2\'bb\'a1\'a2\tab}\f1 \'d5\'fe", "一、政"),
        (rb"{\listtext\f2 \'b7\tab}a", "a"),
        (rb"a\line b", "a\nb"),
    ],
)
def test_characters(inner: bytes, shown: str) -> None:
    assert "\n".join(rtf(inner + rb"\par").paragraphs) == shown.replace("\u00a0", " ")


def test_the_code_page_where_fonts_say_nothing() -> None:
    assert rtf(rb"\f0\'ac\'46\'a9\'b2\par", rb"\ansicpg950").paragraphs == ["政府"]
    assert rtf(rb"\f0 caf\'e9\par", rb"\ansicpg1252").paragraphs == ["café"]


def test_merged_cells() -> None:
    row = rb"\trowd\trleft-100\clvmgf\cellx900\clmgf\cellx1900\clmrg\cellx2900"
    row += rb"\pard\intbl a\cell b\cell\cell\row\trowd\trleft-97\clvmrg\cellx903\cellx1896\cellx2902"
    row += rb"\pard\intbl\cell 1\par 2\cell 3\cell\row\pard after\par"
    document = rtf(row)
    (grid,) = document.grids
    shape = [[(cell.text, cell.column, cell.rowspan, cell.colspan) for cell in line] for line in grid.rows]
    assert shape == [[("a", 0, 2, 1), ("b", 1, 1, 2)], [("1\n2", 1, 1, 1), ("3", 2, 1, 1)]]
    assert document.paragraphs == ["after"]


def test_tables_in_tables_and_text_boxes() -> None:
    nested = rb"\trowd\cellx9000\pard\intbl\itap2 a\nestcell b\nestcell c\nestcell"
    nested += rb"{\*\nesttableprops\trowd\cellx100\cellx200\cellx300\nestrow}{\nonesttables\par}"
    nested += rb"\pard\intbl\itap1 d\cell\row\pard "
    box = rb"x{\shp{\*\shpinst{\sp{\sn a}{\sv 9}}{\shptxt \pard title\par}}{\shprslt{\pard title\par}}}y\par"
    document = rtf(nested + box)
    assert [[cell.text for cell in row] for grid in document.grids for row in grid.rows] == [["a", "b", "c"]]
    assert document.paragraphs == ["d", "xy", "title"]


def test_pictures_are_counted_once() -> None:
    picture = rb"{\*\shppict{\pict\pngblip 00}}{\nonshppict{\pict\wmetafile8 00}}{\header{\pict 00}}\par"
    assert rtf(picture).images == 1


@pytest.mark.parametrize("cut", [5, 200, -1])
def test_a_cut_file_is_refused(cut: int) -> None:
    whole = rb"{\rtf1\ansi\ansicpg936" + _FONTS + rb"\pard " + b"a" * 400 + rb"\par}"
    with pytest.raises(Unreadable, match="cut off"):
        read_rtf(whole[:cut])
