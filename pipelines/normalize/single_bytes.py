"""Bytes that were shown as Latin-1 or Windows-1252, one character each: ÖÐÎÄ and ä¸­æ–‡ for 中文."""

from __future__ import annotations

import re
from html.entities import name2codepoint

_HIGH = bytes(range(0x80, 0x100))
# Windows-1252 shows 27 of the bytes from 80 to 9F as other characters and leaves five as they are.
_BYTE_OF = {ord(char): byte for byte, char in zip(_HIGH, _HIGH.decode("latin-1"), strict=True)} | {
    ord(bytes((byte,)).decode("cp1252", "replace")): byte for byte in range(0x80, 0xA0)
}
_BYTE_OF.pop(0xFFFD)
_CLASS = "".join(re.escape(chr(code)) for code in sorted(_BYTE_OF))
# Those that Chinese text holds as the characters that they are.
AT_HOME = frozenset("\xa0·°±×÷§©®“”‘’—…•™€–")
SHOW_BYTES = frozenset(map(chr, _BYTE_OF)) - AT_HOME
# The second byte of a GBK or Big5 character can be ASCII from @ on. The four bytes of a rare character in GB 18030 hold
# two digits, which stand for no number: 81 is a control character, and no text has it, so that one alone is a run.
_FOUR = f"\x81[0-9][{_CLASS}][0-9]"
SINGLE_BYTE_RUN = re.compile(f"(?=[{_CLASS}])(?:(?:{_FOUR}|[@-~{_CLASS}]){{2,}}|{_FOUR})")
_ENTITIES = {f"&{name};": chr(code) for name, code in name2codepoint.items() if code in _BYTE_OF}
# Letters with accents: every few bytes are one, and Chinese pages have none.
_ACCENTED = re.compile("&[A-Za-z]{1,2}(?:uml|acute|grave|circ|tilde|ring|slash|lig);")
_ENTITY = re.compile(r"&[A-Za-z]{2,6}[0-9]{0,2};")


def as_single_bytes(text: str) -> bytes:
    """The bytes that the characters show."""
    return bytes(ord(char) if char < "\x80" else _BYTE_OF[ord(char)] for char in text)


def has_accented_entities(text: str) -> bool:
    """Whether a text holds letters with accents as entities, as editors leave bytes shown as letters (&Ouml;&ETH;)."""
    return "&" in text and bool(_ACCENTED.search(text))


def without_entities(line: str) -> str:
    """A line in which characters that show bytes are not written as entities."""
    if not has_accented_entities(line):
        return line
    return _ENTITY.sub(lambda entity: _ENTITIES.get(entity[0], entity[0]), line)
