"""Moments as the archive keeps them: UTC, YYYY-MM-DDTHH:MM:SSZ, which sorts as text."""

from __future__ import annotations

from datetime import UTC, datetime

_FORM = "%Y-%m-%dT%H:%M:%SZ"


def now() -> str:
    """This moment."""
    return text_of(datetime.now(UTC))


def text_of(moment: datetime) -> str:
    """A moment with an offset, as it is kept."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"  # years of four digits, all


def moment_of(text: str) -> datetime:
    """A moment that is kept. Raises ValueError for any other text."""
    return datetime.strptime(text, _FORM).replace(tzinfo=UTC)
