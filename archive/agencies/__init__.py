"""The registry of agencies: which body a printed name means, what it is and where, and what people have settled."""

from archive.agencies.resolving import Agency, drop_if_unused, named_agency, note_where_it_belongs, resolve_agency

__all__ = ["Agency", "drop_if_unused", "named_agency", "note_where_it_belongs", "resolve_agency"]
