"""Documents that somebody else fetched: WARC and WET files, folders, and JSON-lines corpora, read slice by slice."""

from archive.incoming.members import first_behind
from archive.incoming.model import Headers, Incoming, Kind, Reach, Scanned, Slice
from archive.incoming.reading import records_of
from archive.incoming.slicing import slices_of

__all__ = ["Headers", "Incoming", "Kind", "Reach", "Scanned", "Slice", "first_behind", "records_of", "slices_of"]
