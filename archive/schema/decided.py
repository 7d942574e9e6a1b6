"""The tables of what people decide about figures, as step m005 makes them."""

from __future__ import annotations

from sqlite_utils import Database

from pipelines.forms.definitions import load_forms

DECISIONS = """
CREATE TABLE decisions (
    -- What a person decided about one figure of a revision. The reading stays as it is; table corrections keeps it.
    decision_id INTEGER PRIMARY KEY,
    report_id INTEGER REFERENCES report_revisions ON DELETE SET NULL,  -- null: that revision was withdrawn
    figure_id INTEGER NOT NULL REFERENCES figure_definitions,
    agency TEXT NOT NULL,  -- agency, year and scope as they were called when it was decided, for the record
    year INTEGER NOT NULL,
    scope TEXT,
    decision TEXT NOT NULL CHECK (decision IN ('accepted', 'corrected')),
    value ANY CHECK (typeof(value) IN ('integer', 'real', 'null')),  -- what counts, in the unit of the form
    read_value ANY CHECK (typeof(read_value) IN ('integer', 'real', 'null')),  -- what was read at the time
    raw TEXT NOT NULL,  -- the printed text that it was read from
    source TEXT NOT NULL,  -- sha256 of the document that was read
    part INTEGER NOT NULL,  -- which report in that document
    why TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    -- reopened: the source prints something else now; undone: taken back, or replaced by another decision
    state TEXT NOT NULL CHECK (state IN ('in force', 'reopened', 'undone')),
    carried_from INTEGER REFERENCES decisions (decision_id),  -- decided on another revision that prints the same here
    reopened_on INTEGER REFERENCES report_revisions (report_id) ON DELETE SET NULL,  -- that prints otherwise
    ended_at TEXT  -- when it was reopened or undone
) STRICT;
CREATE INDEX decisions_report ON decisions (report_id, figure_id);
CREATE INDEX decisions_reopened ON decisions (reopened_on, figure_id);
CREATE INDEX decisions_source ON decisions (source);
CREATE INDEX decisions_carried ON decisions (carried_from);
CREATE UNIQUE INDEX decisions_standing ON decisions (report_id, figure_id) WHERE state <> 'undone';

CREATE TABLE decision_issues (
    -- The issues that a decision settles, by what they say: rows of issues come and go with the reading.
    decision_id INTEGER NOT NULL REFERENCES decisions ON DELETE CASCADE,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (decision_id, code, message)
) STRICT, WITHOUT ROWID;

CREATE TABLE corrections (
    -- What was read where a correction is in force; the value tables hold what counts.
    report_id INTEGER NOT NULL REFERENCES report_revisions ON DELETE CASCADE,
    figure_id INTEGER NOT NULL REFERENCES figure_definitions,
    read_value ANY CHECK (typeof(read_value) IN ('integer', 'real', 'null')),
    decision_id INTEGER NOT NULL REFERENCES decisions,
    PRIMARY KEY (report_id, figure_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX corrections_decision ON corrections (decision_id);

-- The decision that settles the issue for this cell; an issue is closed when all its cells are settled.
ALTER TABLE issue_figures ADD COLUMN decision_id INTEGER REFERENCES decisions;
CREATE INDEX issue_figures_decision ON issue_figures (decision_id) WHERE decision_id IS NOT NULL;
"""


def widen_origins(db: Database) -> None:
    """Issues may come from the sum rules and from decisions, too; what the rules found stood under the reader."""
    (statement,) = db.execute("SELECT sql FROM sqlite_master WHERE name = 'issues'").fetchone()
    made = db.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'issues' AND sql NOT NULL")
    indexes = [sql for (sql,) in made.fetchall()]
    wider = statement.replace("'sources', 'years'", "'sources', 'years', 'rules', 'decisions'")
    db.execute(wider.replace("CREATE TABLE issues", "CREATE TABLE issues_new", 1))
    db.execute("INSERT INTO issues_new SELECT * FROM issues")
    db.execute("DROP TABLE issues")
    db.execute("ALTER TABLE issues_new RENAME TO issues")
    for sql in indexes:
        db.execute(sql)
    codes = sorted({rule.id for form in load_forms().values() for rule in form.rules})
    marks = ", ".join("?" for _ in codes)
    db.execute(f"UPDATE issues SET origin = 'rules' WHERE origin = 'reader' AND code IN ({marks})", codes)
