"""The summary of a reread, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from gongkai.rereading.comparing import NAMED, Example, Named, Summary


def as_lines(summary: Summary) -> Iterator[str]:
    """What would change, in lines."""
    yield (
        f"read      {summary.captures} captures: {summary.same} as before, {summary.changed} otherwise, "
        f"{summary.failed.count} could not be read"
    )
    yield from _named(summary.failed)
    if not summary.changed:
        return
    yield (
        f"reports   {summary.reports} read otherwise, {summary.keys.count} of them under another agency, year or scope;"
        f" {summary.appear.count} appear, {summary.vanish.count} vanish"
    )
    for word, named in (("key", summary.keys), ("appears", summary.appear), ("vanishes", summary.vanish)):
        yield from _named(named, f"{word}: ")
    if summary.copies:
        yield f"copies    {summary.copies} read otherwise, of reports that rest on another page"
    if summary.figures:
        yield f"figures   {sum(summary.figures.values())} read otherwise: {_counted(summary.kinds)}"
        for figure, count in summary.figures.most_common(NAMED):
            yield f"          {figure} in {count}: {_example(summary.examples[figure])}"
    if summary.others:
        yield f"besides   {_counted(summary.others)}"
    for word, issues in (("gone", summary.issues_gone), ("new", summary.issues_new)):
        if issues:
            yield f"issues    {word}: {_counted(issues)}"


def as_object(summary: Summary) -> dict[str, Any]:
    """The same as an object for JSON."""
    found = asdict(summary)
    for name in ("figures", "kinds", "others", "issues_gone", "issues_new"):
        found[name] = dict(getattr(summary, name).most_common())
    return found


def _named(named: Named, word: str = "") -> Iterator[str]:
    for name in named.first:
        yield f"          {word}{name}"
    if named.count > len(named.first):
        yield f"          and {named.count - len(named.first)} more"


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())


def _example(example: Example) -> str:
    before, after = (text if text is not None else "not printed" for text in (example.before, example.after))
    return f"{before} -> {after}, as in {example.report}"
