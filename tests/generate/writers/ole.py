"""A compound file, the container of old office documents: streams in sectors of 512 bytes, a table that chains them.

Streams are padded to 4,096 bytes, so that none of them is small enough to need the second, finer table.
"""

import struct

_SECTOR = 512
_SMALLEST = 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_NONE = 0xFFFFFFFF


def _padded(data: bytes, size: int) -> bytes:
    return data + b"\0" * (-len(data) % size)


def _entry(name: str, kind: int, left: int, right: int, child: int, start: int, size: int) -> bytes:
    """One entry of the directory: 5 is the root, 2 a stream; all nodes of the tree are black."""
    text = (name + "\0").encode("utf-16-le")
    head = struct.pack("<64sHBB3I", text, len(text), kind, 1, left, right, child)
    return head + b"\0" * 36 + struct.pack("<IQ", start, size)


def _tree(numbers: list[int]) -> tuple[int, dict[int, tuple[int, int]]]:
    """The middle of a sorted list, and for every number of it the ones to its left and right."""
    if not numbers:
        return _NONE, {}
    middle = len(numbers) // 2
    left, below = _tree(numbers[:middle])
    right, more = _tree(numbers[middle + 1 :])
    return numbers[middle], {**below, **more, numbers[middle]: (left, right)}


def _directory(streams: dict[str, bytes], starts: dict[str, int]) -> bytes:
    names = list(streams)
    ordered = sorted(range(len(names)), key=lambda n: (len(names[n]), names[n].upper()))
    root, links = _tree([n + 1 for n in ordered])
    entries = [_entry("Root Entry", 5, _NONE, _NONE, root, _END, 0)]
    entries += [_entry(name, 2, *links[n], _NONE, starts[name], len(streams[name])) for n, name in enumerate(names, 1)]
    empty = _entry("", 0, _NONE, _NONE, _NONE, 0, 0)
    entries += [empty] * (-len(entries) % 4)
    return b"".join(entries)


def compound_file(streams: dict[str, bytes]) -> bytes:
    """The bytes of a compound file with these streams."""
    streams = {name: _padded(data, _SMALLEST) if len(data) < _SMALLEST else data for name, data in streams.items()}
    sectors = b""
    table: list[int] = []
    starts: dict[str, int] = {}
    for name, data in (*streams.items(), ("", b"")):
        content = _padded(data, _SECTOR) if name else _padded(_directory(streams, starts), _SECTOR)
        starts[name] = len(table)
        count = len(content) // _SECTOR
        table += [*range(len(table) + 1, len(table) + count), _END]
        sectors += content
    tables = 1
    while (len(table) + tables) * 4 > tables * _SECTOR:
        tables += 1
    first = len(table)
    table += [_FAT] * tables
    sectors += _padded(struct.pack(f"<{len(table)}I", *table), 4)
    sectors += b"\xff" * (-len(sectors) % _SECTOR)
    header = struct.pack("<8s16s5H", bytes.fromhex("d0cf11e0a1b11ae1"), b"", 0x3E, 3, 0xFFFE, 9, 6)
    header += b"\0" * 6 + struct.pack("<10I", 0, tables, starts[""], 0, _SMALLEST, _END, 0, _END, 0, first)
    rest = [first + n if n < tables else _FREE for n in range(1, 109)]
    return header + struct.pack("<108I", *rest) + sectors
