"""The bundled sample portal: replicas of real families of government portals, on the loopback interface.

The replicas stand for the outside world. They publish annual reports on government information disclosure
(政府信息公开工作年度报告), rendered from facts.yaml the way real portals serve them, so that a crawl can be tried
without touching anybody's server, and its archive compared with the facts, figure by figure. Nothing here imports
the reader, the archive or the rest of the crawler, and the same facts always give the same bytes.
"""

from pathlib import Path

from crawler.sample_portal import gkmlpt, hanweb, mirror, trs
from crawler.sample_portal.facts import Fact, expected, load
from crawler.sample_portal.folder import FolderSite
from crawler.sample_portal.server import Logged, Portal
from crawler.sample_portal.site import DOMAIN, Host

__all__ = ["DocumentsPortal", "Fact", "Logged", "SamplePortal", "expected", "load"]


class SamplePortal(Portal):
    """The four replicas on one port of 127.0.0.1; use it as a context manager. Port 0 takes any free port.

    Host names are `<key>.gongkai.localhost`; a client that cannot resolve them sends them as the Host header.
    """

    def hosts(self) -> dict[str, Host]:
        """One site for each host key of the facts."""
        facts = load()
        sites: dict[str, Host] = {
            "trs": trs.build(facts),
            "hanweb": hanweb.build(facts),
            "gkmlpt": gkmlpt.build(facts, self.port),
            "mirror": mirror.build(facts),
        }
        return {f"{key}.{DOMAIN}": site for key, site in sites.items()}

    def portals(self) -> list[dict[str, str]]:
        """One row for each column. The places are invented, so no division code is given."""
        return [
            self._row("sample-trs", "trs", trs.SITE, trs.COLUMNS["zfxxgknb"] + "index.html", "trs"),
            self._row("sample-trs-towns", "trs", "青禾县乡镇街道", trs.COLUMNS["xzndbg"] + "index.html", "trs"),
            self._row("sample-hanweb", "hanweb", hanweb.SITE, hanweb.COLUMN, "hanweb"),
            self._row("sample-gkmlpt", "gkmlpt", gkmlpt.SITE, f"{gkmlpt.INDEX}#{gkmlpt.REPORTS}", "gkmlpt"),
            self._row("sample-mirror", "mirror", "青禾便民网", mirror.COLUMN, "", "mirror"),
        ]

    def _row(self, portal_id: str, key: str, name: str, column: str, platform: str, trust: str = "") -> dict[str, str]:
        origin = f"http://{key}.{DOMAIN}:{self.port}"
        return _portal_row(portal_id, name, origin, column, platform, trust)


class DocumentsPortal(Portal):
    """A folder of given documents as one plain portal on 127.0.0.1; same interface as SamplePortal."""

    def __init__(self, folder: Path, port: int = 8791) -> None:
        super().__init__(port)
        self.folder = folder

    def hosts(self) -> dict[str, Host]:
        """The folder, under both names of the loopback host."""
        site = FolderSite(self.folder)
        return {"127.0.0.1": site, "localhost": site}

    def portals(self) -> list[dict[str, str]]:
        """The one row of this portal."""
        return [_portal_row("documents", "政府信息公开年报", f"http://127.0.0.1:{self.port}", "/", "", "")]


def _portal_row(portal_id: str, name: str, origin: str, column: str, platform: str, trust: str) -> dict[str, str]:
    return {
        "portal_id": portal_id,
        "name": name,
        "division_code": "",
        "home_url": f"{origin}/",
        "column_url": origin + column,
        "platform": platform,
        "trust": trust,
    }
