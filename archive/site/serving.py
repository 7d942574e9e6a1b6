"""Making the Datasette of an archive, and running it until somebody stops it."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

import uvicorn
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from archive.reading import is_frozen, reading
from archive.site import plugin
from archive.site.asking import NAME
from archive.site.describing import metadata_of

SETTINGS: dict[str, int | bool] = {
    "sql_time_limit_ms": 5000,
    "max_returned_rows": 2000,
    "facet_time_limit_ms": 1000,
    "suggest_facets": False,  # it tries every column of a view, and each try walks the archive
    "default_page_size": 50,
    "default_cache_ttl": 0,  # the archive may be growing, and pages differ by language
    "truncate_cells_html": 300,
    "num_sql_threads": 3,
    "max_csv_mb": 1000,
    "allow_download": False,  # a file that is being written to is no copy; `gongkai publish` makes one
}
"""Datasette's settings where ours differ; docs/site.md tells why. A query gets five seconds, a page 2,000 rows."""

HERE = Path(__file__).parent


def build_site(path: Path) -> Datasette:
    """The site of the archive at that path. Raises ArchiveError when it is none, or cannot be read."""
    found = _columns(path)
    if not pm.is_registered(plugin):
        pm.register(plugin, "gongkai")
        pm.unregister(name="datasette.handle_exception")  # ours takes its place; Datasette would run both
    site = Datasette(
        [str(path)],
        metadata=metadata_of(NAME, found),
        settings=SETTINGS,
        template_dir=str(HERE / "templates"),
        static_mounts=[("static", str(HERE / "static"))],
    )
    for name in [name for name in site.databases if name != "_internal"]:
        site.remove_database(name)
    site.add_database(ArchiveFile(site, str(path), is_mutable=not is_frozen(path)), name=NAME)
    return site


class ArchiveFile(Database):  # type: ignore[misc]  # Datasette has no types
    """Our file as Datasette sees it, with foreign keys that name no column (`REFERENCES portals`) told in full.

    Wrong questions are answered on the page; the terminal hears nothing of them, since visitors write them.
    """

    async def execute(self, *asked: Any, **how: Any) -> Any:
        return await super().execute(*asked, **{**how, "log_sql_errors": False})

    async def foreign_keys_for_table(self, table: str) -> list[dict[str, Any]]:
        keys: list[dict[str, Any]] = await super().foreign_keys_for_table(table)
        for key in keys:
            if key["other_column"] is None:
                key["other_column"] = (await self.primary_keys(key["other_table"]))[0]
        return keys


class RunningSite:
    """A site on a socket, in a thread: entering starts it, leaving stops it. `url` is its home page."""

    def __init__(self, path: Path, host: str = "127.0.0.1", port: int = 0) -> None:
        """Takes the port, 0 for any free one. Raises OSError when it is taken, ArchiveError as `build_site` does."""
        site = build_site(path)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((host, port))
        except OSError:
            self._socket.close()
            raise
        self.port: int = self._socket.getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self.port}/"
        config = uvicorn.Config(site.app(), log_level="warning", lifespan="on", timeout_graceful_shutdown=3)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)

    def __enter__(self) -> RunningSite:
        self._socket.listen()  # requests wait from now on, so nobody need ask whether it has started
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._socket.close()


def _columns(path: Path) -> dict[str, list[str]]:
    """The views and tables of the archive with their columns. Raises ArchiveError."""
    with reading(path) as db:
        return {name: [column.name for column in db[name].columns] for name in (*db.view_names(), *db.table_names())}
