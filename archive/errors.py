"""What can go wrong in the archive, in words that fit one line of a terminal."""

from __future__ import annotations


class ArchiveError(Exception):
    """The archive cannot do what was asked; the message is one line, and says what is the matter and where."""


class ArchiveBusy(ArchiveError):  # noqa: N818 - a state of the archive, not a fault in it
    """Another program is writing to the same archive."""


class ArchiveFailing(ArchiveError):  # noqa: N818 - as above
    """The disk or the file fails (full, read-only, damaged): nothing more can be written, whatever it is."""


class AgencyError(ArchiveError):
    """No agency is meant, or several are, or what should be decided about one cannot be."""
