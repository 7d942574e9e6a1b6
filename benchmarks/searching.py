"""Bytes and times of the search index, beside SQLite's trigram index and one of single characters, on the same texts.

    python -m benchmarks.searching [--sections 20000]

The texts are random Chinese: phrases of OpenCC's dictionary and names of divisions, frequent ones much more often than
rare ones, with numbers and punctuation; about 333 characters a section, 2,000 characters a report of six sections. Each
question is asked seven times and its shortest time counts; hits are counted, so that an index that finds nothing shows.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from itertools import accumulate

from archive.agencies.divisions import read_divisions
from archive.search.terms import indexed, words
from pipelines.normalize.t2s import pairs

_ASKED = ("复", "复议", "行政复议", "政府信息公开", "不予公开的决定", "12345热线")
_TELLING = ("行政复议", "政府信息公开", "依申请公开", "复议", "不予公开的决定", "热线", "规范性文件", "行政诉讼")


def texts(number: int, seed: int = 1) -> Iterator[str]:
    """Random sections of about 333 characters."""
    chance = random.Random(seed)
    known = [phrase for phrase in pairs("STPhrases.txt") if len(phrase) < 6]
    known += [division.name for division in read_divisions().values()]
    chance.shuffle(known)
    known[200:200] = _TELLING
    weights = [*accumulate(1 / (rank + 20) for rank in range(len(known)))]
    for _ in range(number):
        parts: list[str] = []
        while sum(map(len, parts)) < 330:
            parts += chance.choices(known, cum_weights=weights, k=chance.randint(2, 6))
            parts.append(
                chance.choice(("，", "，", "。", "、", f"{chance.randint(0, 3000)}件，", "2023年", "12345热线"))
            )
        yield "".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sections", type=int, default=20_000)
    wanted: int = parser.parse_args().sections
    made = list(texts(wanted))
    size = sum(map(len, made))
    print(f"{wanted} sections, {size} characters\n{'index':12} {'load':>7} {'bytes per 2,000 characters':>27}")
    kinds: dict[str, tuple[str, Callable[[str], str], Callable[[str], str]]] = {
        "pairs": ("unicode61 remove_diacritics 0", indexed, words),
        "trigram": ("trigram", str, lambda asked: f'"{asked}"'),
        "characters": ("unicode61", _apart, lambda asked: f'"{_apart(asked)}"'),
    }
    filled = {}
    for name, (tokenizer, split, ask) in kinds.items():
        db = sqlite3.connect("")
        db.execute(f"CREATE VIRTUAL TABLE f USING fts5(text, content='', tokenize='{tokenizer}')")
        start = time.perf_counter()
        db.executemany("INSERT INTO f (rowid, text) VALUES (?, ?)", ((n, split(text)) for n, text in enumerate(made)))
        db.commit()
        took = time.perf_counter() - start
        pages = db.execute("PRAGMA page_count").fetchone()[0] * db.execute("PRAGMA page_size").fetchone()[0]
        print(f"{name:12} {took:5.1f} s {pages / size * 2000:27.0f}")
        filled[name] = db, ask
    print(f"\n{'asked':16}" + "".join(f"{name:>26}" for name in filled))
    for asked in _ASKED:
        print(f"{asked:16}" + "".join(f"{_asked(db, ask(asked)):>26}" for db, ask in filled.values()))


def _apart(text: str) -> str:
    return " ".join(text)


def _asked(db: sqlite3.Connection, expression: str) -> str:
    """Hits, time to count them, and time to have the best twenty."""
    question = "SELECT {} FROM f WHERE f MATCH ? {}"
    (hits,), count = _timed(db, question.format("count(*)", ""), expression)
    _, best = _timed(db, question.format("rowid", "ORDER BY rank LIMIT 20"), expression)
    return f"{hits}: {count:.1f}, {best:.1f} ms"


def _timed(db: sqlite3.Connection, sql: str, expression: str) -> tuple[tuple[int, ...], float]:
    times, rows = [], []
    for _ in range(7):
        start = time.perf_counter()
        rows = db.execute(sql, [expression]).fetchall()
        times.append(time.perf_counter() - start)
    return rows[0] if rows else (0,), min(times) * 1000


if __name__ == "__main__":
    main()
