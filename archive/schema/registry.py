"""The tables of the registry of agencies, as step m004 makes them, and what it fills them with."""

from __future__ import annotations

REGISTRY = """
ALTER TABLE agencies ADD COLUMN stem TEXT;
ALTER TABLE agencies ADD COLUMN merged_into INTEGER REFERENCES agencies;
CREATE INDEX agencies_division ON agencies (division_code, stem);
CREATE INDEX agencies_merged ON agencies (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE agency_names (
    -- The names under which a body was seen, and the evidence that it was this body.
    agency_id INTEGER NOT NULL REFERENCES agencies ON DELETE CASCADE,
    name TEXT NOT NULL,  -- as printed
    evidence TEXT NOT NULL,  -- where it was printed: title, signature, text, meta, linking page, copy ...
    portal_id TEXT NOT NULL,  -- of the portal that published it; '' where none is known
    division_code TEXT NOT NULL,  -- that portal's own; '' where it has none
    first_year INTEGER NOT NULL,  -- the years reported on, not those of publication
    last_year INTEGER NOT NULL,
    PRIMARY KEY (agency_id, name, evidence, portal_id, division_code)
) STRICT, WITHOUT ROWID;
CREATE INDEX agency_names_name ON agency_names (name);

CREATE TABLE agency_links (
    -- A body that goes on under another name, as another row of agencies.
    earlier_id INTEGER NOT NULL REFERENCES agencies (agency_id) ON DELETE CASCADE,
    later_id INTEGER NOT NULL REFERENCES agencies (agency_id) ON DELETE CASCADE,
    evidence TEXT NOT NULL,
    PRIMARY KEY (earlier_id, later_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX agency_links_later ON agency_links (later_id);

CREATE TABLE agency_decisions (
    -- What people have settled about agencies: for good, until they decide otherwise.
    decision_id INTEGER PRIMARY KEY,
    -- merge: agency_id is other_id, split: what comes from that portal or division is not agency_id but other_id,
    -- apart: the two are not the same
    action TEXT NOT NULL CHECK (action IN ('merge', 'split', 'apart')),
    agency_id INTEGER NOT NULL REFERENCES agencies (agency_id),
    other_id INTEGER NOT NULL REFERENCES agencies (agency_id),
    portal_id TEXT,
    division_code TEXT,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    undone_by INTEGER REFERENCES agency_decisions (decision_id)  -- the later decision that took it back; null: in force
) STRICT;
CREATE INDEX agency_decisions_agency ON agency_decisions (agency_id);
CREATE INDEX agency_decisions_other ON agency_decisions (other_id);

CREATE TABLE agency_moves (
    -- Reports that stand under another agency than their names alone would put them, because of a decision.
    report_id INTEGER PRIMARY KEY REFERENCES report_revisions ON DELETE CASCADE,
    agency_id INTEGER NOT NULL REFERENCES agencies  -- to which they would belong without it
) STRICT;
CREATE INDEX agency_moves_agency ON agency_moves (agency_id);

INSERT INTO agency_names (agency_id, name, evidence, portal_id, division_code, first_year, last_year)
SELECT r.agency_id, t.agency_printed,
       CASE WHEN r.trust <> 'official' THEN 'copy'
            WHEN t.evidence_agency LIKE '%:%' THEN substr(t.evidence_agency, 1, instr(t.evidence_agency, ':') - 1)
            ELSE coalesce(t.evidence_agency, 'unknown') END,
       CASE WHEN r.trust = 'official' THEN coalesce(r.portal_id, '') ELSE '' END,
       CASE WHEN r.trust = 'official' THEN coalesce(a.division_code, '') ELSE '' END,
       min(r.year), max(r.year)
FROM report_revisions r
JOIN report_readings t ON t.report_id = r.report_id
JOIN agencies a ON a.agency_id = r.agency_id
GROUP BY 1, 2, 3, 4, 5;
"""
