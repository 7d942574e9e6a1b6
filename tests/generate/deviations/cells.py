"""How the same figure is printed: separators, blanks for zero, slashes, words, units, signs, remarks, wide digits.

Each style takes a truth with plain cells and returns one with other strings; the number that a string says is set
beside it, and the sum rules are counted again.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from tests.generate.facts.forms import APPLICANTS, CASES, OUTCOMES, application_rows
from tests.generate.facts.statistics import SUMS, figure
from tests.generate.facts.truth import Cell, Truth, plain

_WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
Cells = dict[str, Cell]


def _wide(raw: str) -> str:
    return raw.translate(_WIDE)


def _thousands(cells: Cells, truth: Truth, rng: random.Random) -> None:
    comma = rng.choice([",", ",", "，"])
    for id_, cell in cells.items():
        if cell.value is not None and not -1000 < cell.value < 1000:
            text = f"{cell.value:,f}" if isinstance(cell.value, Decimal) else f"{cell.value:,}"
            cells[id_] = Cell(text.replace(",", comma), cell.value)


def _blank_zeros(cells: Cells, truth: Truth, rng: random.Random) -> None:
    """Every zero of table 3 and 4 left empty, in some reports most row totals too."""
    totals = rng.random() < 0.4
    for id_, cell in cells.items():
        if not id_.startswith("active") and (
            cell.value == 0 or (totals and id_.endswith(".total") and rng.random() < 0.8)
        ):
            cells[id_] = Cell("", None)


def _some_blank_rows(cells: Cells, truth: Truth, rng: random.Random) -> None:
    """Rows of zeros in table 3 of which only the total is printed, or nothing at all."""
    for row in application_rows(truth.applications_form):
        ids = [f"applications.{row.id}.{c}" for c in APPLICANTS]
        if all(cells[i].value == 0 for i in ids) and rng.random() < 0.6:
            for id_ in ids:
                cells[id_] = Cell("", None)
            if rng.random() < 0.3:
                cells[f"applications.{row.id}.total"] = Cell("", None)


def _marks(mark: str) -> Callable[[Cells, Truth, random.Random], None]:
    def apply(cells: Cells, truth: Truth, rng: random.Random) -> None:
        everywhere = rng.random() < 0.5
        for id_, cell in cells.items():
            if cell.value == 0 and (everywhere or "regulations" in id_ or rng.random() < 0.1):
                cells[id_] = Cell(mark, None)

    return apply


def _words(cells: Cells, truth: Truth, rng: random.Random) -> None:
    word = rng.choice(["本单位未制作规章", "无", "本机关无此项", "不涉及", "无此类信息"])
    for id_ in [i for i in cells if i.startswith("active_disclosure.regulations.")]:
        cells[id_] = Cell(word, None)


def _money(cells: Cells, truth: Truth, rng: random.Random) -> None:
    """Amounts with a unit in the cell; 元 is turned into 万元 where the form has that unit."""
    for id_ in [i for i in cells if i.endswith("amount")]:
        kind = rng.choice(["万元", "万", "元", "bare", "元,"])
        n = Decimal(rng.randint(1, 99_999_999)).scaleb(-rng.randint(0, 5))
        if kind.startswith("元"):
            yuan = rng.randint(1, 99_999_999)
            value = Decimal(yuan).scaleb(-4) if id_.endswith("fees.amount") else Decimal(yuan)
            cells[id_] = Cell((f"{yuan:,}" if "," in kind else str(yuan)) + "元", value)
        else:
            cells[id_] = Cell(plain(n) + ("" if kind == "bare" else kind), n)


def _signs(cells: Cells, truth: Truth, rng: random.Random) -> None:
    for id_ in [i for i in cells if i.endswith(".change")]:
        n = rng.choice([0, rng.randint(1, 9), rng.randint(10, 2000)])
        raw, value = rng.choice(
            [
                (f"增{n}", n),
                (f"减{n}", -n),
                (f"+{n}", n),
                (f"-{n}", -n),
                (f"−{n}", -n),
                (f"－{n}", -n),
                (f"增加{n}", n),
                (f"减少{n}项", -n),
                (f"+{n}项", n),
            ]
        )
        cells[id_] = Cell(raw, value)


def _remarks(cells: Cells, truth: Truth, rng: random.Random) -> None:
    texts = (
        "（其中修订16件）",
        "(含上年结转2件)",
        "（2022年起由区局统一办理）",
        "(因机构改革划出3项)",
        "件",
        " 件",
        "项",
    )
    for id_ in [i for i in cells if i.startswith("active")]:
        n = cells[id_].value
        if n and not id_.endswith("amount") and rng.random() < 0.5:
            cells[id_] = Cell(plain(n) + rng.choice(texts), n)


def _odd_words(cells: Cells, truth: Truth, rng: random.Random) -> None:
    """Words with digits in them, sums and ranges: none of them is a number."""
    texts = (
        "截至2023年底",
        "见附件1",
        "3至5",
        "3+2",
        "2/3",
        "第12号令",
        "详见第4页",
        "5；6",
        "2022年已废止",
        "同比增长12%",
    )
    for id_ in rng.sample([i for i in cells if i.startswith("active")], 2) + rng.sample(list(cells), 1):
        cells[id_] = Cell(rng.choice(texts), None)


def _suffixes(cells: Cells, truth: Truth, rng: random.Random) -> None:
    """A full stop, a counting word, or blanks after a number."""
    for id_ in [i for i in cells if not i.endswith("amount") and rng.random() < 0.1]:
        if cells[id_].value is not None:
            cells[id_] = Cell(
                cells[id_].raw + rng.choice(["。", " ", "件", "\u3000", " 件", "条", "．"]), cells[id_].value
            )


def _more_money(cells: Cells, truth: Truth, rng: random.Random) -> None:
    for id_ in [i for i in cells if i.endswith("amount")]:
        fees = id_.endswith("fees.amount")
        n = Decimal(rng.randint(1, 99_999)).scaleb(-2)
        cells[id_] = rng.choice(
            [
                Cell(f"{n}（万元）", n),
                Cell(f"{n} 万元", n),
                Cell("0元", Decimal(0)),
                Cell("0.00", Decimal(0)),
                Cell(f"{n:,}元", n.scaleb(-4) if fees else n),
                Cell(f"人民币{n}万元", n),
                Cell(f"{n}万元（含上年结转）", n),
                Cell(f"{n}千元", n.scaleb(-1) if fees else n.scaleb(3)),
            ]
        )


def _more_changes(cells: Cells, truth: Truth, rng: random.Random) -> None:
    for id_ in [i for i in cells if i.endswith(".change")]:
        n = rng.randint(1, 40)
        raw, value = rng.choice(
            [
                ("+0", 0),
                ("-0", 0),
                ("增0", 0),
                ("持平", None),
                ("无变化", None),
                ("不变", None),
                (f"增 {n}", n),
                (f"减 {n}", -n),
                (f"减少{n}件", -n),
                (f"增{n}减2", None),
                (f"+{n}/-2", None),
                (f"增加{n}项（取消2项）", n),
                (f"（减）{n}", -n),
                (f"减：{n}", -n),
                (f"{n}（减）", None),
            ]
        )
        cells[id_] = Cell(raw, value)


def _implausible(cells: Cells, truth: Truth, rng: random.Random) -> None:
    """Regulations made by a body that makes none, last year's decisions for items: odd, but printed."""
    for id_ in [i for i in cells if ".regulations." in i]:
        n = rng.randint(0, 4)
        cells[id_] = Cell(str(n), n)
    for id_ in [i for i in cells if i.endswith("previous_year_items")]:
        n = rng.randint(800, 6000)
        cells[id_] = Cell(str(n), n)


def _full_width(cells: Cells, truth: Truth, rng: random.Random) -> None:
    for id_, cell in cells.items():
        cells[id_] = Cell(_wide(cell.raw), cell.value)


def _false_total(cells: Cells, truth: Truth, rng: random.Random) -> None:
    """One total of table 3 or 4 that is wrong in print."""
    totals = [f"applications.{r.id}.total" for r in application_rows(truth.applications_form)]
    totals += [f"applications.results_total.{c}" for c in APPLICANTS]
    totals += [f"review_litigation.{c}.{OUTCOMES[-1][0]}" for c, _ in CASES]
    id_ = rng.choice(totals)
    n = int(cells[id_].value or 0)
    wrong = rng.choice([n + 1, n + 10, n * 10 + 1, max(0, n - 1) if n else 2, n + 100])
    cells[id_] = Cell(str(wrong), wrong)


def _false_cell(cells: Cells, truth: Truth, rng: random.Random) -> None:
    """One figure inside table 3 that its totals do not know of."""
    row = rng.choice(application_rows(truth.applications_form))
    id_ = f"applications.{row.id}.{rng.choice(APPLICANTS)}"
    n = int(cells[id_].value or 0) + rng.choice([1, 2, 10, 200])
    cells[id_] = Cell(str(n), n)


def _statistics_money(cells: Cells, truth: Truth, rng: random.Random) -> None:
    """The two amounts of the form of 2014 with a unit in the cell, its counts with their unit."""
    for id_ in ("statistics.fees_collected", "statistics.budget"):
        yuan = rng.randint(1, 9_999_999)
        n = Decimal(rng.randint(1, 99_999)).scaleb(-rng.randint(0, 4))
        cells[id_] = rng.choice(
            [Cell(f"{yuan}元", Decimal(yuan).scaleb(-4)), Cell(f"{plain(n)}万元", n), Cell(f"{plain(n)}万", n)]
        )
    if rng.random() < 0.5:
        for id_ in rng.sample([i for i in cells if "request" in i or "answer" in i], 6):
            cells[id_] = Cell(f"{cells[id_].raw}件", cells[id_].value)


def _false_statistics(cells: Cells, truth: Truth, rng: random.Random) -> None:
    """One total of the form of 2014 that is wrong in print."""
    id_ = figure(rng.choice([total for total, _ in SUMS.values()]))
    wrong = int(cells[id_].value or 0) + rng.choice([1, 2, 10, 100])
    cells[id_] = Cell(str(wrong), wrong)


def _all_blank_zeros(cells: Cells, truth: Truth, rng: random.Random) -> None:
    for id_, cell in cells.items():
        if cell.value == 0:
            cells[id_] = Cell("", None)


Style = Callable[[Cells, Truth, random.Random], None]
CELLS: dict[str, dict[str, Style]] = {
    "thousands": {"thousands": _thousands},
    "blank for 0": {"blank_zeros": _blank_zeros, "blank_rows": _some_blank_rows},
    "slash": {"slash": _marks("/")},
    "dashes": {
        "dash": _marks("-"),
        "long_dash": _marks("—"),
        "double_dash": _marks("——"),
        "wide_dash": _marks("－"),
    },
    "words": {"words": _words, "odd_words": _odd_words},
    "money": {"money": _money, "more_money": _more_money},
    "signs": {"signs": _signs, "more_changes": _more_changes},
    "remarks": {"remarks": _remarks, "suffixes": _suffixes},
    "full width": {"full_width": _full_width},
    "odd figures": {"implausible": _implausible},
    "false sums": {"false_total": _false_total, "false_cell": _false_cell},
}
STATISTICS_CELLS: dict[str, dict[str, Style]] = {
    "2014: blanks, marks": {
        "all_blank_zeros": _all_blank_zeros,
        "slash": _marks("/"),
        "long_dash": _marks("—"),
        "thousands": _thousands,
    },
    "2014: units": {"statistics_money": _statistics_money},
    "2014: false sums": {"false_statistics": _false_statistics},
}
STYLES = {name: style for variants in (CELLS | STATISTICS_CELLS).values() for name, style in variants.items()}


def restyle(truth: Truth, style: str, rng: random.Random) -> Truth:
    """`truth` printed in one of STYLES; no style leaves it alone."""
    if not style:
        return truth
    cells = dict(truth.cells)
    STYLES[style](cells, truth, rng)
    return replace(truth.with_cells(cells), cell_style=style)
