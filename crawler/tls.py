"""TLS as portals speak it: any certificate is taken, old protocols only where the portals file allows them.

Certificates of portals are expired, of another name or signed by nobody that we know so often that checking them would
lose a good part of the web that we are about; what was fetched is public, and the evidence says from where. Handshakes
without secure renegotiation (RFC 5746) and ciphers that are broken by now are another matter: they are refused, by the
fault `tls_legacy`, unless the portal's row says `legacy` under `tls`.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from OpenSSL import SSL
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from twisted.internet.ssl import CertificateOptions, TLSVersion
from twisted.web.client import BrowserLikePolicyForHTTPS

from crawler.downloading import BoundedHandler
from crawler.portals import read_portals

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_LEGACY_SERVER_CONNECT = 0x4


class SecureHandler(BoundedHandler):
    """The handler for https, with our choice of TLS."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        # Scrapy warns of each connection to a host whose certificate is of another name: docs/faults.md does so once.
        logging.getLogger("scrapy.core.downloader.tls").setLevel(logging.ERROR)
        self._contextFactory: Any = Contexts(_legacy_hosts(crawler))


class Contexts(BrowserLikePolicyForHTTPS):
    """Chooses by host how TLS is spoken."""

    def __init__(self, legacy: frozenset[str]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._legacy = legacy
        self._today, self._old = _Today(), _Old(tls_min_version=TLSVersion.TLSv1_0)

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802 (Twisted's name)
        is_old = hostname.decode("ascii", "replace").lower() in self._legacy
        return (self._old if is_old else self._today).creatorForNetloc(hostname, port)


class _Today(_ScrapyClientContextFactory):
    def _get_cert_options(self) -> CertificateOptions:
        return CertificateOptions(**self._get_cert_options_kwargs())


class _Old(_ScrapyClientContextFactory):
    def _get_cert_options(self) -> CertificateOptions:
        return _OldOptions(**self._get_cert_options_kwargs())


class _OldOptions(CertificateOptions):
    def _makeContext(self, *args: Any, **kwargs: Any) -> SSL.Context:  # noqa: N802 (Twisted's name)
        context = super()._makeContext(*args, **kwargs)
        context.set_options(_LEGACY_SERVER_CONNECT)
        context.set_cipher_list(b"ALL:@SECLEVEL=0")
        return context


def _legacy_hosts(crawler: Crawler) -> frozenset[str]:
    path = crawler.settings.get("GONGKAI_PORTALS")
    urls = [
        urlsplit(url)
        for portal in (read_portals(Path(path)) if path else ())
        if portal.tls == "legacy"
        for url in (portal.home_url, portal.column_url)
        if url
    ]
    return frozenset((url.hostname or "").lower() for url in urls)
