"""Characters, escapes and the readings of mirrors: what is provable is undone, everything else stays."""

from __future__ import annotations

import unicodedata

import pytest

from pipelines.documents.mapped import repaired
from pipelines.model import Cell, Document, Grid, Paragraph, Text
from pipelines.normalize import repair
from pipelines.normalize.characters import mend_characters
from tests.conftest import ROOT
from tests.pipelines.damages import SIMPLIFIED, TRADITIONAL

NOISE = ROOT.parent / "shared" / "reports" / "noise-samples"


def mended(text: str) -> Text:
    return repair(Text(text, "utf-8", ""))


@pytest.mark.parametrize(
    ("stand_ins", "characters"),
    [
        ("县\u200b人⺠政府 ⽂件 \ufeff２０２３", "县人民政府 文件 ２０２３"),
        ("⻓⻔⻅⻋⻢⻛⻚⻰⻬⻩⻨⻝⻜⻥⻦⻣", "长门见车马风页龙齐黄麦食飞鱼鸟骨"),
        ("⼾籍⾭年⽆⽅⾏⾦⿈", "户籍青年无方行金黄"),
        ("㇐、总体情况", "一、总体情况"),
        ("豈更車賈滑", "豈更車賈滑"),
        ("政\u00ad府\u2060信\u202a息\u202c\x00", "政府信息"),
        ("\ue81e\ue826\ue843\ue864\ue815\ue7c7\ue816", "龴龵龹龻厂ḿ𠂇"),
        ("\ue78d甲\ue78e", "︐甲︒"),
        ("\ud842\udfb7县\ud842", "𠮷县�"),
        # Characters of their own stay: full-width forms, marks, symbol fonts.
        ("（１２），：①㎡℃№Ⅳ\uf06c", "（１２），：①㎡℃№Ⅳ\uf06c"),
    ],
)
def test_stand_ins_become_the_characters_that_they_stand_for(stand_ins: str, characters: str) -> None:
    assert mended(stand_ins).text == characters
    assert mended(characters).text == characters


def test_no_radical_is_left() -> None:
    for block in ((0x2E80, 0x2F00), (0x2F00, 0x2FD6)):
        radicals = [chr(code) for code in range(*block) if unicodedata.name(chr(code), "")]
        left = [radical for radical in radicals if mend_characters(radical) == radical]
        # U+2E80 is a repetition mark, the one of its block that stands for no character.
        assert left in ([], ["⺀"])
        assert all(len(mend_characters(radical)) == 1 for radical in radicals)


def test_invisible_marks_go_from_markup_and_characters_of_addresses_stay() -> None:
    found = mended('<html><body><a href="/⽂件.doc" title="⽂件">⽂\u200b件</a><td\ufeff>1</td>').text
    assert found == '<html><body><a href="/⽂件.doc" title="文件">文件</a><td>1</td>'


@pytest.mark.parametrize(
    ("escaped", "words"),
    [
        ("<html><p>&amp;#25919;&amp;#24220;</p>", "<html><p>政府</p>"),
        ("<html><p>&amp;amp;#x653F;&amp;ldquo;三公&amp;rdquo;</p>", "<html><p>政“三公”</p>"),
        ("<html><p>%u653F%u5E9C</p>", "<html><p>政府</p>"),
        ("<html><p>\\u653f\\u5e9c信息</p>", "<html><p>政府信息</p>"),
        ("年度报告%E5%B9%B4%E6%8A%A5.docx", "年度报告年报.docx"),
        ("&#25919;&#24220;&nbsp;信息", "政府\xa0信息"),
        # Entities escaped once are the parser's business; ASCII never comes out of an escape.
        ("<html><p>&#25919;&nbsp;</p>", None),
        ("<html><p>&amp;#49;&amp;#60;&amp;lt;\\u0031%u0032</p>", None),
        # Addresses, attributes, scripts and data keep theirs.
        ("见https://a.gov.cn/%E5%B9%B4%E6%8A%A5/\\u653f", None),
        ("/upload/%E5%B9%B4%E6%8A%A5.docx", None),
        ('<html><a href="/%E5%B9%B4%E6%8A%A5" title="\\u653f\\u5e9c">x</a>', None),
        ('<html><script>var t = "\\u653f\\u5e9c";</script>', None),
        ('{"title": "\\u653f\\u5e9c&nbsp;"}', None),
        ('callback([{"title": "%u653F"}])', None),
        # No Chinese comes out of these.
        ("C:\\u00e9t\\u00e9 %uFFFF %u0041", None),
    ],
)
def test_escapes_in_words(escaped: str, words: str | None) -> None:
    found = mended(escaped)
    assert found.text == (words or escaped)
    assert found.repairs == (("escapes",) if words else ())


ANNOTATED = "根據(jù)規(guī)定編制和發(fā)布本報告。"
CLEAN = "根據規定編制和發布本報告。"


@pytest.mark.parametrize(
    ("damaged", "restored"),
    [
        ("姑蘇區(qū)黨政辦公室", "姑蘇區黨政辦公室"),
        # Hits that straddle two characters, as seen on mirrors, with any mark for the byte that is gone.
        ("面向?qū)ο髣t是", "面向對象則是"),
        ("面向？qū)ο髣t是", "面向對象則是"),
        ("面向�qū)ο髣t是", "面向對象則是"),
        ("面向?qū)ο蟪绦蛟O(shè)計(jì)", "面向對象程序設計"),
        ("咨詢?nèi)绾纬蔀榇河鹱髡哒?qǐng)聯(lián)系", "咨詢如何成為春羽作者請聯系"),
        ("不斷侵?jǐn)_著", "不斷侵擾著"),
        ("它們?cè)趯?shí)際測(cè)量中", "它們在實際測量中"),
        ("先向?qū)徲嬍鹕暾垙?fù)議", "先向審計署申請復議"),
        ("美國(guó)地方政府?dāng)?shù)據(jù)開放", "美國地方政府數據開放"),
        # One tear that cannot be explained costs its own run and no other.
        ("甲?zzā)乙 區(qū)", "甲?zzā)乙 區"),
        # Text torn at a mark in mid-character: all comes back but for the character whose first byte is gone.
        ("廣泛關(guān)注?，F(xiàn)如今大數(shù)據(jù)技術(shù)", "廣泛關注�現如今大數據技術"),
        ("數(shù)據(jù)?，F將有關情況公布如下", "數據�現將有關情況公布如下"),
        ("收到申請?！吨腥A人民共和國", "收到申請�《中華人民共和國"),
        ("真的?！好", "真的?！好"),
        # Genuine annotations.
        ("亳(bó)州市", "亳(bó)州市"),
        ("很(hěn)多(duō)", "很(hěn)多(duō)"),
        ("歙(shè)县", "歙(shè)县"),
        # Digits and other ASCII are never part of a tear.
        ("共12件(3)區(qū)34?qū)56", "共12件(3)區34?qū)56"),
    ],
)
def test_the_pinyin_of_mirrors_is_undone_in_bytes(damaged: str, restored: str) -> None:
    found = mended(f"{ANNOTATED}\n{damaged}")
    assert found.text == f"{CLEAN}\n{restored}"
    assert found.repairs == ("pinyin",)
    assert mended(found.text).text == found.text


@pytest.mark.parametrize(
    "text",
    [
        "區(qū)、據(jù)，僅此二例。",
        "很(hěn)多(duō)小(xiǎo)朋(péng)友(yǒu)去(qù)亳(bó)州(zhōu)和歙(shè)县(xiàn)",
        "亳(bo)州、歙(she)县、犍(qian)为、郫(pi)都、盱(xu)眙(yi)",
        # Readings that are none of the character.
        "發(kū)區(má)據(tài)國(bō)們(zī)",
        "體(ti)、們(men)，僅此二例，國務院辦公廳發佈",
        "联系人(zhang)，传真(fax)，办公室(office)，电话(tel)，邮箱(mail)",
    ],
)
def test_annotations_that_are_no_artefact_stay(text: str) -> None:
    assert mended(text).text == text


@pytest.mark.parametrize(
    ("damaged", "restored"),
    [
        ("國(guo)務院關(guan)於政(zheng)府(fu)信(xin)息公開(kai)的規(gui)定", "國務院關於政府信息公開的規定"),
        ("國(guo)務院關(guan) 於政(zheng)府(fu)信(xin)息公開(kai)的規(gui)定", "國務院關 於政府信息公開的規定"),
        ("國(guo) 務院關(guan) 於(yu) 政(zheng) 府信息公開(kai) ,規(gui) 定", "國務院關於政府信息公開,規定"),
        ("廟(miao)(miao)初名為(wei)五(wu)(wu)(wu)(wu)十(shi)(shi)里尼(ni)丘山(shan)國(guo)", "廟初名為五十里尼丘山國"),
        ("國(guo)務院長(zhang)調(tiao)重(chong)會(hui)關(guan)規(gui)定", "國務院長調重會關規定"),
    ],
)
def test_untoned_readings_of_mirrors_are_dropped(damaged: str, restored: str) -> None:
    found = mended(f"{TRADITIONAL[0]}\n{damaged}")
    assert found.text == f"{TRADITIONAL[0]}\n{restored}"
    assert found.repairs == ("pinyin",)


def test_a_torn_place_that_stays_is_said() -> None:
    found = mended(f"{ANNOTATED}\n三審三?！敝贫龋袑嵶?zā)乙")
    assert found.text.endswith("三審三?！敝贫龋袑嵶?zā)乙")
    assert found.damaged == ("2 places torn by annotations that could not be put back",)


@pytest.mark.skipif(not NOISE.is_dir(), reason="the samples of mirrors beside this repository are absent")
@pytest.mark.parametrize(
    "name", ["ascii_pinyin_hongxingpaper", "tone_pinyin_haose21", "pinyin_and_question_marks_jizihe"]
)
def test_nothing_is_left_of_the_readings_in_samples_of_mirrors(name: str) -> None:
    found = mended((NOISE / f"trad_{name}.txt").read_text(encoding="utf-8"))
    assert found.repairs == ("pinyin",)
    assert not any(char in found.text for char in "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ?")
    assert "(guo)" not in found.text
    assert found.damaged == ()


def test_what_a_document_establishes_holds_for_its_cells() -> None:
    """No cell has three annotated characters, but the document has."""
    labels = ("規(guī)章", "行政規(guī)范性文件", "數(shù)量", "發(fā)證機(jī)關(guān)")
    rows = tuple((Cell(label, row, 0), Cell("12", row, 1)) for row, label in enumerate(labels))
    document = Document((Paragraph("姑蘇區(qū)年度報告"), Grid(1, rows)), "docx", lead=(Paragraph("網(wǎng)站"),))
    found, text = repaired(document)
    assert [row[0].text for row in found.grids[0].rows] == ["規章", "行政規范性文件", "數量", "發證機關"]
    assert (found.paragraphs, found.lead[0].text) == (["姑蘇區年度報告"], "網站")
    assert (text.repairs, text.script) == (("pinyin",), "traditional")
    assert text.text.startswith("姑蘇區年度報告\n規章\t12")


def test_a_clean_document_stays_the_same_object_in_all_its_parts() -> None:
    document = Document((Paragraph(SIMPLIFIED[0]), Grid(1, ((Cell("合计", 0, 0), Cell("12", 0, 1)),))), "xlsx")
    found, text = repaired(document)
    assert found is document
    assert (text.repairs, text.damaged, text.script) == ((), (), "simplified")
