"""Garbled text: every kind of mistake, in a whole page or one line of it, is undone as far as it provably reverses."""

from __future__ import annotations

import random
import re
import unicodedata

import pytest

from pipelines import extract
from pipelines.documents.mapped import repaired
from pipelines.model import Capture, Cell, Document, Grid, Paragraph, Text
from pipelines.normalize import repair
from pipelines.normalize.hanzi import is_han
from tests.conftest import ROOT
from tests.pipelines.damages import DAMAGES, OF_TRADITIONAL, SIMPLIFIED, TRADITIONAL, Damage

REPORTS = ROOT.parent / "shared" / "reports"
KINDS = [
    pytest.param(damage, sentences, id=f"{name}, {script}")
    for name, damage, script, sentences in (
        *((name, damage, "simplified", SIMPLIFIED) for name, damage in DAMAGES.items()),
        *((name, damage, "traditional", TRADITIONAL) for name, damage in (DAMAGES | OF_TRADITIONAL).items()),
    )
]


def mended(text: str) -> Text:
    return repair(Text(text, "utf-8", ""))


def agrees(found: str, true: str) -> bool:
    """Whether a text is the true one but for lost characters; one mark stands for one or two of them."""
    pattern = re.escape(found).replace("�", ".{1,2}")
    return bool(re.fullmatch(pattern, true, re.DOTALL))


@pytest.mark.parametrize(("damage", "sentences"), KINDS)
def test_a_whole_text_is_put_back(damage: Damage, sentences: tuple[str, ...]) -> None:
    found = mended("\n".join(map(damage.make, sentences)))
    assert found.repairs == (damage.repair,)
    if damage.loses:
        kept = [char for char in found.text if is_han(char)]
        assert len(kept) > 0.6 * sum(is_han(char) for sentence in sentences for char in sentence)
        assert "�" in found.text
    else:
        assert found.text == "\n".join(sentences)


@pytest.mark.parametrize(("damage", "sentences"), KINDS)
def test_one_line_of_a_text_is_put_back_and_the_others_stay(damage: Damage, sentences: tuple[str, ...]) -> None:
    for place in (0, 2):
        lines = [*sentences]
        lines[place] = damage.make(lines[place])
        found = mended("\n".join(lines))
        before, line, after = (found.text.split("\n")[part] for part in (slice(place), place, slice(place + 1, None)))
        assert (before, after) == ([*sentences[:place]], [*sentences[place + 1 :]])
        assert line == sentences[place] or damage.loses
        assert line != lines[place]


def test_what_gb18030_loses_is_marked_and_nothing_else_changes() -> None:
    damage = DAMAGES["UTF-8 as GB 18030"]
    found = mended("\n".join(map(damage.make, SIMPLIFIED))).text.split("\n")
    for line, true in zip(found, SIMPLIFIED, strict=True):
        assert agrees(line, true), (line, true)
    assert "".join(found).count("�") < 0.06 * len("".join(SIMPLIFIED))


@pytest.mark.parametrize(
    ("garbled", "true"),
    [
        # A field or a label alone.
        ("鏀垮簻淇℃伅鍏\ue100紑", "政府信息公开"),
        ("æ\x94¿åº\x9cä¿¡æ\x81¯å\x85¬å¼\x80", "政府信息公开"),
        ("ÐÐÕþ¸´Òé", "行政复议"),
        ("ÐÐÕþ\x810\x842¸´Òé12", "行政\xa0复议12"),
        ("标题：鏀垮簻淇℃伅", "标题：政府信息"),
        ("â€œä¸‰å…¬â€\x9d", "“三公”"),
        ("Copyright Â© 2023 Â· ä¸»åŠž", "Copyright © 2023 · 主办"),
        # Lost for good, and said so.
        ("锟斤拷锟斤拷", "����"),
        ("锟斤拷锟", "���"),
        ("ï¿½ï¿½", "��"),
    ],
)
def test_single_fields(garbled: str, true: str) -> None:
    assert mended(garbled).text == true


def test_a_short_label_is_put_back_only_where_the_damage_is_established() -> None:
    alone = "ºÏ¼Æ"
    page = "\n".join((DAMAGES["GBK as Latin-1"].make(SIMPLIFIED[4]), "Æ¡"))
    assert mended(page).text.split("\n")[0] == SIMPLIFIED[4]
    assert mended("\n".join((page, "Äê"))).text.endswith("\n年")
    assert mended("Äê").text == "Äê"
    assert mended(alone).text == alone or mended(alone).text == "合计"


def test_only_the_words_of_a_page_are_changed() -> None:
    garbled = DAMAGES["UTF-8 as Latin-1"].make("政府信息公开工作年度报告")
    script, address = f"<script>var a = '{garbled}';</script>", f'<a href="/{garbled}.html">'
    found = mended(f'<html><head><title>{garbled}</title><meta name="ArticleTitle" content="{garbled}">{script}</head>'
                   f"<body>{address}{garbled}</a></body></html>").text  # fmt: skip
    assert script in found
    assert address in found
    assert found.count("政府信息公开工作年度报告") == 3


def test_cells_and_paragraphs_of_other_formats_are_put_back_by_what_the_document_establishes() -> None:
    damage = DAMAGES["GBK as Latin-1"]
    rows = tuple(
        tuple(Cell(text, row, column) for column, text in enumerate(cells))
        for row, cells in enumerate(((damage.make("合计"), "12"), (damage.make("总"), "0")))
    )
    document = Document((Paragraph(damage.make(SIMPLIFIED[1])), Grid(1, rows)), "docx", title=damage.make("年度报告"))
    found, text = repaired(document)
    assert found.paragraphs == [SIMPLIFIED[1]]
    assert [[cell.text for cell in row] for row in found.grids[0].rows] == [["合计", "12"], ["总", "0"]]
    assert found.title == "年度报告"
    assert text.repairs == (damage.repair,)


CLEAN = {
    "GB 2312": ("gb2312", range(0xA1, 0xF8), (*range(0xA1, 0xFF),)),
    "GBK": ("gbk", range(0x81, 0xFE), (*range(0x40, 0x7F), *range(0x80, 0xFF))),
    "Big5": ("big5", range(0xA1, 0xFA), (*range(0x40, 0x7F), *range(0xA1, 0xFF))),
}
BLOCKS = {
    "Latin": (0xA1, 0x250), "Greek": (0x370, 0x400), "Cyrillic": (0x400, 0x500), "Uyghur": (0x600, 0x700),
    "Tibetan": (0xF00, 0x1000), "Mongolian": (0x1810, 0x18AB), "kana": (0x3041, 0x3100), "Korean": (0xAC00, 0xD7A4),
    "extension A": (0x3400, 0x4DB6), "ideographs": (0x4E00, 0xA000),
}  # fmt: skip


def normal(text: str) -> str:
    """The text without characters that are others in disguise (Big5 has two ideographs twice)."""
    return "".join(char for char in text if unicodedata.normalize("NFKC", char) == char and char != "\xad")


@pytest.mark.parametrize("charset", CLEAN)
def test_the_tables_of_the_character_sets_stay_as_they_are(charset: str) -> None:
    codec, leads, trails = CLEAN[charset]
    rows = [normal("".join(bytes((lead, trail)).decode(codec, "ignore") for trail in trails)) for lead in leads]
    assert mended("\n".join(rows)).text == "\n".join(rows)


@pytest.mark.parametrize("block", BLOCKS)
def test_other_scripts_stay_as_they_are(block: str) -> None:
    first, last = BLOCKS[block]
    lines = [
        normal("".join(chr(code) for code in range(start, min(start + 48, last)) if unicodedata.name(chr(code), "")))
        for start in range(first, last, 48)
    ]
    assert mended("\n".join(lines)).text == "\n".join(lines)
    shown = "\n".join(SIMPLIFIED) + "\n" + "\n".join(lines[:8])
    assert mended(shown).text == shown


@pytest.mark.parametrize(
    "text",
    [
        # Characters of which the bytes are UTF-8 by chance, place names among them.
        "联通", "虹梅路街道", "兴隆路街道", "瑜珺玥琪", "甪直镇", "犍为县", "鄠邑区", "浉河区", "嫘祖镇", "罍街",
        # Marks that are letters of Western encodings too.
        "××县人民政府……《政务公开》——“三公”", "37°C·±5×2÷3§4", "\xa0\xa0\xa0\xa0主办单位", "Café Müller", "¥100",
        "真的？？！！", "烫烫", "屯溪区",
    ],
)  # fmt: skip
def test_clean_words_stay_as_they_are(text: str) -> None:
    for whole in (text, f"{SIMPLIFIED[0]}\n{text}\n{SIMPLIFIED[1]}"):
        assert mended(whole).text == whole
        assert mended(whole).repairs == ()


@pytest.mark.skipif(not REPORTS.is_dir(), reason="the real reports beside this repository are absent")
def test_clean_reports_stay_as_they_are() -> None:
    paths = [path for ending in ("txt", "html") for path in REPORTS.glob(f"**/*.{ending}") if "pinyin" not in path.name]
    clean = [path for path in paths if not path.name.startswith("004")]
    assert len(clean) > 10
    for path in clean:
        text = path.read_text(encoding="utf-8")
        assert (path.name, mended(text).text, mended(text).repairs) == (path.name, text, ())


def digits(text: str) -> str:
    return re.sub("[^0-9]", "", text)


def test_no_repair_changes_a_digit_or_does_more_when_made_again() -> None:
    chance = random.Random(20240131)
    kinds = [
        damage for name, damage in (DAMAGES | OF_TRADITIONAL).items() if "escape" not in name and "ent" not in name
    ]
    odd = ["據(jù)規(guī)發(fā)", "面向?qū)ο髣t", "�", "?", "€", "⺠⽂", "\u200b", "\ue000", "(12)", "㳇"]
    for _ in range(250):
        lines = []
        for sentence in chance.sample(TRADITIONAL if chance.random() < 0.5 else SIMPLIFIED, 3):
            number = f"{chance.randrange(10**6)}{chance.choice(odd)}{chance.randrange(100)}"
            line = sentence[:20] + number + sentence[20:] if chance.random() < 0.7 else number + sentence
            for _ in range(chance.choice((0, 1, 1, 2))):
                try:
                    line = chance.choice(kinds).make(line)
                except UnicodeEncodeError:
                    continue
            lines.append(line)
        text = "\n".join(lines)
        once = mended(text)
        assert digits(once.text) == digits(text), text
        assert mended(once.text).text == once.text, text


PAGE = (ROOT / "tests/golden/clean.html").read_text(encoding="utf-8")
_WORDS = re.compile(r"(?<=>)([^<>]+)(?=<)|(?<=content=\")([^\"]+)(?=\")")


def damaged_page(damage: Damage) -> bytes:
    """The clean report with all its words garbled, between the tags and in them."""
    return _WORDS.sub(lambda words: damage.make(words[0].replace("&gt;", ">")).replace(">", "&gt;"), PAGE).encode()


@pytest.mark.parametrize("name", [name for name, damage in DAMAGES.items() if not damage.loses])
def test_a_report_that_was_garbled_is_read_like_the_clean_one(name: str) -> None:
    (clean,), (found,) = extract(Capture(PAGE.encode())), extract(Capture(damaged_page(DAMAGES[name])))
    assert (found.agency, found.year, found.form) == (clean.agency, clean.year, clean.form)
    assert found.cells == clean.cells
    assert len(found.cells) > 190


def test_a_report_that_lost_characters_has_no_other_figures_and_says_what_it_lost() -> None:
    (clean,), (found,) = extract(Capture(PAGE.encode())), extract(Capture(damaged_page(DAMAGES["UTF-8 as GB 18030"])))
    true = clean.figures
    assert all(value in (None, true[figure]) for figure, value in found.figures.items())
    issues = {issue.code: issue for issue in found.issues}
    assert (issues["text_repaired"].level, issues["characters_lost"].level) == ("info", "warning")
    assert "utf-8_read_as_gb18030" in issues["text_repaired"].message
    assert re.match(r"[1-9]\d* characters", issues["characters_lost"].message)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("其他需要报告的事项烫烫烫烫屯屯屯", "2 runs of 烫 or 屯"),
        ("收到\ue5d2\ue5d3件", "2 private-use characters"),
        ("某县????人民政府", "1 runs of question marks"),
        ("挶搎拺揔揌揊捝捤捥捊捃挬挶搎拺揔揌", "1 lines"),
        ("項目符號\uf06c\uf0fc", ""),
        (SIMPLIFIED[0], ""),
    ],
)
def test_what_cannot_be_undone_is_said_and_left(text: str, said: str) -> None:
    found = mended(text)
    assert found.text == text
    assert said in "; ".join(found.damaged)
    assert bool(said) == bool(found.damaged)
