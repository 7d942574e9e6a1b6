"""Numbers that a client sends."""


def positive(value: object, default: int) -> int:
    """The number in a field, at least 1; the default if it holds none."""
    text = str(value)
    return max(1, int(text)) if text.isascii() and text.isdigit() else default
