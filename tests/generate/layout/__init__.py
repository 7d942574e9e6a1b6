"""Where it stands: cells with spans, tables, sections, and the order of all that is on a page."""
