"""The figures that somebody should look at: those of current revisions with an open error or warning that nobody has
settled. A failed sum is listed once, under its total."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from archive.answers.asking import NotFound, find_agency
from archive.review.corrections import Printed, printed_cells
from archive.review.settling import judged_codes
from archive.schema.values import values_of


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of them; what is not given does not matter."""

    code: str | None = None
    level: str | None = None
    agency: str | None = None
    year: int | None = None
    portal: str | None = None
    province: str | None = None
    report: int | None = None


def doubtful(db: Database, choice: Choice, limit: int = 0) -> Iterator[dict[str, Any]]:
    """One row a figure, by agency, year and printed order: its gravest issue, and the codes of all.

    `limit` is a number of figures, 0 for all. Raises NotFound for an agency that is not there.
    """
    wanted = {
        "agency": find_agency(db, choice.agency).agency_id if choice.agency else None,
        "code": choice.code,
        "level": choice.level,
        "year": choice.year,
        "portal": choice.portal,
        "province": choice.province,
        "report": choice.report,
        "limit": limit or -1,
    }
    if choice.code and not db.table("issues").count_where("code = ?", [choice.code]):
        codes = [row[0] for row in db.execute("SELECT DISTINCT code FROM issues ORDER BY code")]
        raise NotFound(f"no issue has the code {choice.code}; there are {', '.join(codes) or 'none'}")
    last: int | None = None
    cells: dict[str, Printed] = {}
    values: dict[str, int | float] = {}
    for row in db.query(_doubts(), wanted):
        if row["report_id"] != last:
            last = int(row["report_id"])
            cells, values = printed_cells(db, last), values_of(db, last)
        cell = cells.get(row["figure"])
        yield {
            **{name: row[name] for name in ("agency", "year", "scope", "figure")},
            "label": ": ".join(filter(None, (row["row_label"], row["column_label"]))),
            "raw": cell.raw if cell else None,
            "state": cell.state if cell else None,
            "read": cell.value if cell else None,
            "counts": values.get(row["figure"]),
            **{name: row[name] for name in ("level", "codes", "message", "url", "report_id")},
        }


def _doubts() -> str:
    rules = ", ".join(f"'{code}'" for code in sorted(judged_codes()))
    return f"""
SELECT a.name AS agency, r.year, r.scope, d.figure, d.row_label, d.column_label, i.level, i.message, t.url, r.report_id,
       replace(group_concat(DISTINCT i.code), ',', ' ') AS codes,
       min(CASE i.level WHEN 'error' THEN 0 ELSE 1 END * 1000000000 + i.issue_id) AS gravest  -- its row gives the rest
FROM issues i
JOIN report_revisions r ON r.report_id = i.report_id
JOIN report_readings t ON t.report_id = r.report_id
JOIN agencies a ON a.agency_id = r.agency_id
JOIN issue_figures f ON f.issue_id = i.issue_id
JOIN figure_definitions d ON d.figure_id = f.figure_id
WHERE r.is_current = 1 AND i.closed_at IS NULL AND f.decision_id IS NULL AND i.level <> 'info'
  AND (i.code NOT IN ({rules}) OR d.figure = i.figure)
  AND (:code IS NULL OR i.code = :code) AND (:level IS NULL OR i.level = :level)
  AND (:agency IS NULL OR r.agency_id = :agency) AND (:year IS NULL OR r.year = :year)
  AND (:portal IS NULL OR r.portal_id = :portal) AND (:province IS NULL OR instr(a.province, :province) = 1)
  AND (:report IS NULL OR r.report_id = :report)
GROUP BY r.report_id, f.figure_id
ORDER BY a.name, r.year, r.scope, f.figure_id
LIMIT :limit
"""
