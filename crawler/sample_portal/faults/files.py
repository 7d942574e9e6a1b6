"""Files that cannot be read: an encrypted Word file in the old container, and a PDF that ends in the middle."""

import struct
from random import Random

_SECTOR = 512
_END, _FREE, _IS_FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def encrypted_doc() -> bytes:
    """An OLE compound file as Word writes it for a document with a password, its contents mere noise.

    Sector 0 is the table of sectors, sector 1 the directory, then come two streams of eight sectors each.
    """
    info = struct.pack("<HHI", 4, 4, 0x40) + b'<?xml version="1.0"?><encryption><keyData saltSize="16"/></encryption>'
    noise = Random(1).randbytes(4096)
    streams = {"EncryptionInfo": info.ljust(4096, b"\0"), "EncryptedPackage": noise}
    table = [_IS_FAT, _END, *range(3, 10), _END, *range(11, 18), _END]
    table += [_FREE] * (_SECTOR // 4 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    directory = _entry("Root Entry", 5, _END, 0, child=1)
    directory += _entry("EncryptionInfo", 2, 2, 4096, right=2) + _entry("EncryptedPackage", 2, 10, 4096)
    directory += _entry("", 0, 0, 0)
    return header + struct.pack("<128I", *table) + directory + b"".join(streams.values())


def _entry(name: str, kind: int, start: int, size: int, *, right: int = _FREE, child: int = _FREE) -> bytes:
    """One entry of the directory: a name, what it is, its neighbours, and where its sectors begin."""
    encoded = name.encode("utf-16-le")
    length = len(encoded) + 2 if name else 0
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBBIII", length, kind, 1, _FREE, right, child)
        + bytes(16 + 4 + 16)
        + struct.pack("<IQ", start, size)
    )


def cut(data: bytes) -> bytes:
    """The first half of a file."""
    return data[: len(data) // 2]
