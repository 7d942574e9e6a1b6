"""Names for what goes wrong on the wire, short enough for one line and the same on every night."""

from __future__ import annotations

_NAMES = {
    "ConnectionRefusedError": "connection refused",
    "DownloadConnectionRefusedError": "connection refused",
    "TimeoutError": "timed out",
    "DownloadTimeoutError": "timed out",
    "DNSLookupError": "the host name does not resolve",
    "CannotResolveHostError": "the host name does not resolve",
    "ConnectionLost": "the connection was lost",
    "ConnectionDone": "the connection was closed without an answer",
    "ResponseNeverReceived": "the connection was closed without an answer",
    "DownloadCancelledError": "the body is too large",
}


def fault_name(error: BaseException) -> str:
    """The name of a download error; its own words where we have none."""
    reasons = getattr(error, "reasons", None)
    if reasons:
        error = reasons[0].value
    kind = type(error).__name__
    if kind == "DownloadFailedError" and error.__cause__ is not None:
        return fault_name(error.__cause__)
    return _NAMES.get(kind) or f"{kind}: {' '.join(str(error).split())[:200]}"
