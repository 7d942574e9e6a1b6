"""The ten questions, asked of the plain long table: the quickest statements that we could write by hand.

Its index is (figure, year, agency, value), so a figure of all reports is one walk, and a second figure is found beside
it in the same order. `CROSS JOIN` keeps SQLite from turning that order round. The answers are those of the archive.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipelines.forms.definitions import all_figures

_BESIDE = "CROSS JOIN long {0} ON {0}.figure = '{1}' AND {0}.year = {2}.year AND {0}.agency = {2}.agency"
_AGENCIES = "JOIN agencies a ON a.agency = {0}.agency"


def _beside(alias: str, figure: str, of: str) -> str:
    return _BESIDE.format(alias, figure, of)


def _rows(prefix: str) -> list[str]:
    return [
        id_
        for id_, figure in all_figures().items()
        if id_.startswith(f"applications.{prefix}") and figure.column == "total" and "f2021" in figure.forms
    ]


def _list(figures: list[str]) -> str:
    return ", ".join(f"'{figure}'" for figure in figures)


_DENIED, _NOT_PROCESSED = _rows("denied"), _rows("not_processed")
_RECEIVED = "applications.new_received.total"
_PETITIONS = "applications.not_processed_petition_complaint.total"
_PATHS = ("litigation_direct", "litigation_after_review")

PLAIN: Mapping[str, str] = {
    "full_disclosure": f"""
        SELECT a.province, g.year, count(*), sum(g.value), sum(t.value), round(100.0 * sum(g.value) / sum(t.value), 1)
        FROM long g {_beside("t", "applications.results_total.total", "g")} {_AGENCIES.format("g")}
        WHERE g.figure = 'applications.granted.total' AND a.scope = 'own' AND g.value IS NOT NULL
          AND t.value IS NOT NULL
        GROUP BY a.province, g.year ORDER BY a.province, g.year""",
    "petitions_among_refusals": f"""
        SELECT r.year, a.level, count(*), sum(r.petitions), sum(r.refusals),
               round(100.0 * sum(r.petitions) / sum(r.refusals), 1)
        FROM (SELECT year, agency, sum(CASE WHEN figure = '{_PETITIONS}' THEN value END) AS petitions,
                     sum(value) AS refusals
              FROM long WHERE figure IN ({_list([*_DENIED, *_NOT_PROCESSED])})
              GROUP BY year, agency HAVING count(value) = {len([*_DENIED, *_NOT_PROCESSED])}) r
        {_AGENCIES.format("r")}
        WHERE a.scope = 'own'
        GROUP BY r.year, a.level ORDER BY r.year, a.level""",
    "requests_from_firms": f"""
        SELECT a.agency, a.province, f.year, a.scope, f.value, r.value, round(100.0 * f.value / r.value, 1)
        FROM long f {_beside("r", _RECEIVED, "f")} {_AGENCIES.format("f")}
        WHERE f.figure = 'applications.new_received.commercial_enterprise' AND f.value > 100
        ORDER BY f.value DESC, a.agency, f.year, a.scope""",
    "carried_over": f"""
        SELECT a.agency, p.year, a.scope, b.value, p.value, p.value - b.value AS difference
        FROM long p
        CROSS JOIN long b ON b.figure = 'applications.carried_out.total' AND b.year = p.year - 1 AND b.agency = p.agency
        {_AGENCIES.format("p")}
        WHERE p.figure = 'applications.carried_in.total' AND p.value <> b.value
        ORDER BY abs(difference) DESC, a.agency, p.year, a.scope""",
    "corrected_reconsiderations": f"""
        SELECT c.year, count(*), 0, sum(c.value), sum(r.value), round(100.0 * sum(c.value) / sum(r.value), 3)
        FROM long c {_beside("r", _RECEIVED, "c")} {_AGENCIES.format("c")}
        WHERE c.figure = 'review_litigation.review.corrected' AND c.year BETWEEN 2016 AND 2024 AND a.scope = 'own'
          AND c.value IS NOT NULL AND r.value IS NOT NULL
        GROUP BY c.year ORDER BY c.year""",
    "fastest_growth": f"""
        SELECT a.agency, a.province, p.year, a.scope, b.value, p.value, round(1.0 * p.value / b.value, 1)
        FROM long p
        CROSS JOIN long b ON b.figure = '{_RECEIVED}' AND b.year = p.year - 1 AND b.agency = p.agency
        {_AGENCIES.format("p")}
        WHERE p.figure = '{_RECEIVED}' AND b.value >= 20 AND p.value >= 3 * b.value
        ORDER BY 1.0 * p.value / b.value DESC, a.agency, p.year, a.scope""",
    "lawsuits_lost": f"""
        WITH paths(path, upheld, corrected, other) AS (VALUES
            {
        ", ".join(
            f"('{p}', " + ", ".join(f"'review_litigation.{p}.{o}'" for o in ("upheld", "corrected", "other")) + ")"
            for p in _PATHS
        )
    })
        SELECT a.level, f.path, count(*), sum(c.value), sum(u.value + c.value + o.value),
               round(100.0 * sum(c.value) / sum(u.value + c.value + o.value), 1)
        FROM paths f CROSS JOIN long u ON u.figure = f.upheld
        CROSS JOIN long c ON c.figure = f.corrected AND c.year = u.year AND c.agency = u.agency
        CROSS JOIN long o ON o.figure = f.other AND o.year = u.year AND o.agency = u.agency
        {_AGENCIES.format("u")}
        WHERE a.scope = 'own' AND u.value + c.value + o.value IS NOT NULL
        GROUP BY a.level, f.path ORDER BY a.level, f.path""",
    "inequality_of_counties": f"""
        WITH counties AS (SELECT a.province, max(r.value) AS n FROM long r {_AGENCIES.format("r")}
          WHERE r.figure = '{_RECEIVED}' AND r.year = 2023 AND a.scope = 'area' AND a.level = 'county'
            AND r.value IS NOT NULL GROUP BY a.province, a.city, a.county),
        ranked AS (SELECT *, row_number() OVER (PARTITION BY province ORDER BY n) AS place FROM counties)
        SELECT province, count(*), min(n), max(n),
               round((2.0 * sum(place * n) / sum(n) - count(*) - 1) / count(*), 3) AS gini
        FROM ranked GROUP BY province ORDER BY gini DESC, province""",
    "contradict_themselves": f"""
        SELECT a.province, count(*), sum(n.value + i.value <> t.value + o.value),
               round(100.0 * sum(n.value + i.value <> t.value + o.value) / count(*), 1) AS percent
        FROM long n {_beside("i", "applications.carried_in.total", "n")}
        {_beside("t", "applications.results_total.total", "n")} {_beside("o", "applications.carried_out.total", "n")}
        {_AGENCIES.format("n")}
        WHERE n.figure = '{_RECEIVED}' AND n.value + i.value + t.value + o.value IS NOT NULL
        GROUP BY a.province ORDER BY percent DESC, a.province""",
    "reasons_for_denial": f"""
        SELECT a.kind, count(*), sum(d.denied), {", ".join(f"sum(d.d{n})" for n in range(len(_DENIED)))}
        FROM (SELECT year, agency, sum(value) AS denied,
                     {", ".join(f"sum(CASE WHEN figure = '{f}' THEN value END) AS d{n}" for n, f in enumerate(_DENIED))}
              FROM long WHERE figure IN ({_list(_DENIED)})
              GROUP BY year, agency HAVING count(value) = {len(_DENIED)}) d
        {_AGENCIES.format("d")}
        WHERE a.scope = 'own'
        GROUP BY a.kind ORDER BY a.kind""",
}
"""By the id of the question."""


def coded(sql: str, figures: Mapping[str, int]) -> str:
    """The same question to a table that holds numbers in place of the names of figures and agencies."""
    sql = re.sub(r"'(\w+\.\w+\.\w+)'", lambda match: str(figures[match[1]]), sql)
    return re.sub(r"ON a\.agency = (\w)\.agency", r"ON a.agency_id = \1.agency", sql)
