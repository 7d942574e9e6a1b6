"""Checks of what nightly runs need and of what they leave: contact, portals, alarms, the published file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from urllib.parse import urlsplit

from archive.moments import moment_of
from archive.publish.publishing import place_of
from archive.reading import open_as_it_is
from crawler.portals import PortalsError, is_loopback, read_portals
from gongkai.checks.finding import Finding, Patient, listed

_NIGHTS = 7


def contact(patient: Patient) -> Iterator[Finding]:
    """Whether webmasters can reach the operator; no crawl beyond this machine starts without."""
    if patient.options.contact:
        yield Finding("ok", "contact", patient.options.contact)
        return
    try:
        hosts = [urlsplit(portal.start_url).hostname or "" for portal in read_portals(patient.portals)]
    except PortalsError:
        return  # told by the check of that file
    if all(map(is_loopback, hosts)):
        yield Finding("ok", "contact", "none, and all portals are on this machine")
    else:
        advice = "set contact in gongkai.toml to your e-mail address"
        yield Finding("error", "contact", "none is set: no crawl beyond this machine starts", advice)


def portals_file(patient: Patient) -> Iterator[Finding]:
    """Whether a crawl can use the portals file."""
    try:
        portals = read_portals(patient.portals)
    except PortalsError as error:
        yield Finding("error", "portals file", str(error), "gongkai portals check names every fault")
    else:
        yield Finding("ok", "portals file", f"{patient.portals}: {len(portals)} portals")


def last_run(patient: Patient) -> Iterator[Finding]:
    """When a crawl last came to its end."""
    row = patient.opened.execute(
        "SELECT finished_at, verdict FROM runs WHERE command = 'crawl' AND finished_at IS NOT NULL"
        " ORDER BY run_id DESC LIMIT 1"
    ).fetchone()
    if row is None:
        yield Finding("warning", "last run", "no crawl has come to its end yet", "run gongkai crawl")
    elif patient.now - moment_of(row[0]) > timedelta(days=_NIGHTS):
        advice = "look whether the timer or the crontab still starts it"
        yield Finding("warning", "last run", f"the last crawl ended {row[0]} ({row[1]})", advice)
    else:
        yield Finding("ok", "last run", f"ended {row[0]}: {row[1]}")


def stale_portals(patient: Patient) -> Iterator[Finding]:
    """Portals that were asked for more than a week and gave nothing, or were not asked, counted back from the last run.

    A machine that was off for a month makes none of them stale.
    """
    if not patient.has("run_portals"):
        return
    since = "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', max(started_at), ?) FROM runs JOIN run_portals USING (run_id)"
    before = patient.opened.execute(since, [f"-{_NIGHTS} days"]).fetchone()[0]
    rows = patient.opened.execute(
        "SELECT portal_id, max(CASE WHEN reports > 0 THEN started_at END), max(started_at)"
        " FROM run_portals JOIN runs USING (run_id) GROUP BY portal_id HAVING min(started_at) < ? ORDER BY portal_id",
        [before],
    ).fetchall()
    barren = [name for name, gave, asked in rows if (gave or "") < before <= asked]
    unasked = [name for name, _, asked in rows if asked < before]
    if barren:
        said = f"no report for more than {_NIGHTS} nights: {listed(barren)}"
        yield Finding(
            "warning", "portals", said, "look at one with gongkai inspect, and at the table run_portals for why"
        )
    if unasked:
        said = f"not asked for more than {_NIGHTS} nights: {listed(unasked)}"
        yield Finding(
            "warning", "portals", said, "put them back into the portals file, or leave it so if that is meant"
        )
    if not barren and not unasked:
        yield Finding("ok", "portals", "every portal gave reports within a week of the last run")


def alarms(patient: Patient) -> Iterator[Finding]:
    """What a person should have heard of, and is still so."""
    if not patient.has("alarms"):
        return
    rows = patient.opened.execute(
        "SELECT coalesce(portal_id || ': ', ''), code, message, raised_at, delivered_at IS NULL FROM alarms"
        " WHERE cleared_at IS NULL ORDER BY raised_at, alarm_id"
    ).fetchall()
    for portal, code, message, raised_at, unheard in rows[:10]:
        advice = "nobody could be told: look at webhook and alarm_command" if unheard else "look at the last report"
        yield Finding("warning", "alarms", f"{portal}{message} ({code}, since {raised_at})", advice)
    if len(rows) > 10:
        yield Finding("warning", "alarms", f"and {len(rows) - 10} more", "look at the last report")
    if not rows:
        yield Finding("ok", "alarms", "none is open")


def published(patient: Patient) -> Iterator[Finding]:
    """Whether researchers get what the last good run found."""
    good = patient.opened.execute("SELECT max(finished_at) FROM runs WHERE verdict = 'ok'").fetchone()[0]
    file = place_of(patient.archive)
    if good is None or not patient.options.publish:
        return
    if not file.is_file():
        yield Finding("warning", "published", f"{file}: is not there", "gongkai publish")
        return
    with closing(open_as_it_is(file)) as db:
        try:
            row = db.execute("SELECT value FROM dataset_info WHERE name = 'made_at'").fetchone()
        except sqlite3.OperationalError:
            row = None
    if row is None:
        yield Finding("error", "published", f"{file}: is no published file", "move it away, then gongkai publish")
    elif str(row[0]) < good:
        said = f"{file}: made {row[0]}, before the last good run ended ({good})"
        yield Finding("warning", "published", said, "gongkai publish")
    else:
        yield Finding("ok", "published", f"{file}: made {row[0]}")
