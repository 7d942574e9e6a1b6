"""TLS 1.2 as servers spoke it before RFC 5746: a ServerHello without the extension for secure renegotiation.

OpenSSL 3 refuses such servers ("unsafe legacy renegotiation disabled") unless it is told to put up with them, and no
version of it can be made to be one. So this is a server of its own, with the one cipher suite that every client knows
(ECDHE_RSA_WITH_AES_128_GCM_SHA256), which hands what it decrypts to an ordinary server. For loopback and tests only:
its key is made at start, and nothing here is hardened.
"""

import hashlib
import hmac
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID

from crawler.sample_portal.faults.listener import Listener

_TLS12 = b"\x03\x03"
_CHANGE, _ALERT, _HANDSHAKE, _DATA = 20, 21, 22, 23
_CLIENT_HELLO, _SERVER_HELLO, _CERTIFICATE, _SERVER_KEY, _DONE, _CLIENT_KEY, _FINISHED = 1, 2, 11, 12, 14, 16, 20
_SUITE = b"\xc0\x2f"
_P256 = b"\x03\x00\x17"
_RSA_SHA256 = b"\x04\x01"
_SECURE_RENEGOTIATION = b"\xff\x01\x00\x01\x00"
_RECORD = 16_384
_PATIENCE = 60.0


class BrokenHandshakeError(Exception):
    """Raised when a client does not go on with a handshake, or not as we understand it."""


class TlsFront(Listener):
    """A port that speaks TLS and hands everything on to a port that does not.

    A front that is not `legacy` is the same server with the extension, for comparison.
    """

    def __init__(self, *, legacy: bool = True) -> None:
        super().__init__()
        self.legacy = legacy
        self.target = 0
        """The port to which requests go."""

    def welcome(self, connection: socket.socket) -> None:
        """Serves it beside the others."""
        Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(_PATIENCE)
        with connection, suppress(OSError, BrokenHandshakeError):
            session = _Session(connection, legacy=self.legacy)
            session.shake_hands()
            with socket.create_connection(("127.0.0.1", self.target), timeout=_PATIENCE) as server:
                Thread(target=_hand_back, args=(server, session), daemon=True).start()
                for data in session.received():
                    server.sendall(data)


def _hand_back(server: socket.socket, session: "_Session") -> None:
    """What the server behind answers, until it or the client has had enough."""
    with suppress(OSError):
        while data := server.recv(_RECORD):
            session.send(data)
        session.close()


@dataclass(frozen=True, slots=True)
class _Keys:
    """What one side encrypts with."""

    cipher: AESGCM
    salt: bytes


class _Session:
    """One connection: the handshake, then records of data in both directions."""

    def __init__(self, connection: socket.socket, *, legacy: bool) -> None:
        self._connection = connection
        self._legacy = legacy
        self._said = b""
        self._reading: _Keys | None = None
        self._writing: _Keys | None = None
        self._read = self._written = 0

    def shake_hands(self) -> None:
        """Raises BrokenHandshakeError or OSError when the client does not want to."""
        hello = self._message(_CLIENT_HELLO)
        client_random = hello[2:34]
        if _SUITE not in _suites(hello):
            raise BrokenHandshakeError("no suite in common")
        server_random = os.urandom(32)
        extensions = b"" if self._legacy else struct.pack(">H", len(_SECURE_RENEGOTIATION)) + _SECURE_RENEGOTIATION
        self._say(_SERVER_HELLO, _TLS12 + server_random + b"\x00" + _SUITE + b"\x00" + extensions)
        key, certificate = _identity()
        self._say(_CERTIFICATE, _long(_long(certificate)))
        secret = ec.generate_private_key(ec.SECP256R1())
        point = secret.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        offered = _P256 + bytes([len(point)]) + point
        signature = key.sign(client_random + server_random + offered, padding.PKCS1v15(), hashes.SHA256())
        self._say(_SERVER_KEY, offered + _RSA_SHA256 + struct.pack(">H", len(signature)) + signature)
        self._say(_DONE, b"")
        answer = self._message(_CLIENT_KEY)
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), answer[1:])
        master = _prf(secret.exchange(ec.ECDH(), theirs), b"master secret", client_random + server_random, 48)
        block = _prf(master, b"key expansion", server_random + client_random, 40)
        self._finish(master, _Keys(AESGCM(block[:16]), block[32:36]), _Keys(AESGCM(block[16:32]), block[36:40]))

    def received(self) -> Iterator[bytes]:
        """What the client sends, until it says goodbye."""
        while True:
            kind, data = self._record()
            if kind == _DATA:
                yield data
            elif kind == _ALERT:
                return

    def send(self, data: bytes) -> None:
        """Data for the client."""
        for start in range(0, len(data), _RECORD):
            self._write(_DATA, data[start : start + _RECORD])

    def close(self) -> None:
        """Say goodbye."""
        self._write(_ALERT, b"\x01\x00")
        self._connection.shutdown(socket.SHUT_WR)

    def _finish(self, master: bytes, theirs: _Keys, ours: _Keys) -> None:
        """The client says that it encrypts from now on and proves it; then we do."""
        kind, _ = self._record()
        if kind != _CHANGE:
            raise BrokenHandshakeError("no change of cipher")
        expected = _prf(master, b"client finished", hashlib.sha256(self._said).digest(), 12)
        self._reading = theirs
        if self._message(_FINISHED) != expected:
            raise BrokenHandshakeError("another handshake than ours")
        proof = _prf(master, b"server finished", hashlib.sha256(self._said).digest(), 12)
        self._write(_CHANGE, b"\x01")
        self._writing = ours
        self._say(_FINISHED, proof)

    def _message(self, wanted: int) -> bytes:
        """The body of the next handshake message, which must be of this kind and stand in records of its own."""
        message = b""
        while len(message) < 4 or len(message) < 4 + int.from_bytes(message[1:4]):
            kind, data = self._record()
            if kind != _HANDSHAKE:
                raise BrokenHandshakeError(f"record {kind} instead of message {wanted}")
            message += data
        if message[0] != wanted:
            raise BrokenHandshakeError(f"message {message[0]} instead of {wanted}")
        self._said += message
        return message[4:]

    def _say(self, kind: int, body: bytes) -> None:
        message = bytes([kind]) + _long(body)
        self._said += message
        self._write(_HANDSHAKE, message)

    def _record(self) -> tuple[int, bytes]:
        head = self._exactly(5)
        data = self._exactly(int.from_bytes(head[3:]))
        if self._reading is None:
            return head[0], data
        nonce = self._reading.salt + data[:8]
        bound = struct.pack(">QB", self._read, head[0]) + _TLS12 + struct.pack(">H", len(data) - 24)
        self._read += 1
        return head[0], self._reading.cipher.decrypt(nonce, data[8:], bound)

    def _write(self, kind: int, data: bytes) -> None:
        if self._writing is not None:
            explicit = struct.pack(">Q", self._written)
            bound = explicit + bytes([kind]) + _TLS12 + struct.pack(">H", len(data))
            self._written += 1
            data = explicit + self._writing.cipher.encrypt(self._writing.salt + explicit, data, bound)
        self._connection.sendall(bytes([kind]) + _TLS12 + struct.pack(">H", len(data)) + data)

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = self._connection.recv(count - len(data))
            if not more:
                raise BrokenHandshakeError("the client hung up")
            data += more
        return data


def _suites(hello: bytes) -> list[bytes]:
    """The cipher suites that a client offers."""
    start = 35 + hello[34]
    length = int.from_bytes(hello[start : start + 2])
    offered = hello[start + 2 : start + 2 + length]
    return [offered[n : n + 2] for n in range(0, length, 2)]


def _long(data: bytes) -> bytes:
    """Data with its length in three bytes before it."""
    return len(data).to_bytes(3) + data


def _prf(secret: bytes, label: bytes, seed: bytes, length: int) -> bytes:
    """The pseudorandom function of TLS 1.2 (RFC 5246, section 5)."""
    seed = label + seed
    result, step = b"", seed
    while len(result) < length:
        step = hmac.digest(secret, step, "sha256")
        result += hmac.digest(secret, step + seed, "sha256")
    return result[:length]


@cache
def _identity() -> tuple[rsa.RSAPrivateKey, bytes]:
    """A key for this process, and a certificate that nobody else has signed."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "faults.localhost")])
    made = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(made - timedelta(days=1))
        .not_valid_after(made + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("*.faults.localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return key, certificate.public_bytes(serialization.Encoding.DER)
