"""`gongkai extract --explain`: a person sees how each step decided."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import ROOT, run

ROW = "<tr><td>{}</td>" + "<td>{}</td>" * 7 + "</tr>"
ROWS = (
    ROW.format("一、本年新收政府信息公开申请数量", 3, 0, 0, 0, 0, 0, 3),
    ROW.format("二、上年结转政府信息公开申请数量", 0, 0, 0, 0, 0, 0, 0),
    ROW.format("（一）予以公开", 2, 0, 0, 0, 0, 0, 9),
    ROW.format("（二）部分公开", "1①", 0, "", "/", 0, 0, 1),
)
PAGE = (
    "<html><head><meta charset=gb2312></head><body><h1>凤溪镇人民政府2023年政府信息公开工作年度报告</h1>"
    f"<p>三、收到和处理政府信息公开申请情况</p><table>{''.join(ROWS)}</table></body></html>"
)


def explain(path: Path) -> str:
    told = run("gongkai", "extract", "--explain", path)
    assert told.returncode in (0, 1), told.stderr
    assert "Traceback" not in told.stderr
    return told.stdout


def test_every_step_is_told(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_bytes(PAGE.encode("gb18030"))
    lines = explain(page).splitlines()

    def said(what: str) -> list[str]:
        return [line[11:] for line in lines if line.startswith(what.ljust(10))]

    assert said("encoding") == ["gb18030: declared gb2312, read as gb18030"]
    assert said("repairs") == ["none needed"]
    assert said("script") == ["simplified"]
    assert said("agency")[0].startswith("凤溪镇人民政府  (title: ")
    assert said("year")[0].startswith("2023  (title: ")
    assert said("table 1")[0].endswith(": applications")
    assert any(line.startswith("applications: f20") and "because" in line for line in said("form"))
    assert "t3_row_total: holds 2×, broken 1×, open 22×" in said("rule")
    assert any(line.startswith("applications.partially_granted.natural_person: '1①'") for line in said("refused"))
    assert any(line.startswith("t3_row_total: 2 = 2") or "printed is 9" in line for line in said("error"))


def test_a_refused_document_says_why(tmp_path: Path) -> None:
    guide, broken, empty = (tmp_path / name for name in ("guide.html", "broken.pdf", "empty.html"))
    guide.write_text("<html><body><h1>某某市政府信息公开指南</h1><p>为了便民。</p></body></html>", encoding="utf-8")
    broken.write_bytes(b"%PDF-1.7\nnothing")
    empty.write_bytes(b"")
    assert "not a report: no title of an annual disclosure report" in explain(guide)
    assert "refused    the PDF is damaged or cut off" in explain(broken)
    assert "refused    the file is empty" in explain(empty)


def test_a_traditional_page_says_what_was_undone() -> None:
    told = "".join(explain(path) for path in sorted((ROOT / "tests" / "golden").glob("*.*")) if path.suffix != ".json")
    assert "script     traditional; read in simplified characters, the printed text kept" in told
