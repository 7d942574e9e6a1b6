"""The examples for schedulers: systemd takes the units, cron's line has five fields, the workflow parses, and every
command in them is one of ours, with options that it has."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest
import yaml

from crawler.options import Options
from crawler.verdict import EXIT_CODES
from gongkai.apart import PATIENCE
from gongkai.cli import main
from gongkai.nightly import ALARM
from tests.conftest import BIN, ROOT

EXAMPLES = ROOT / "docs" / "scheduling"
WORKFLOW = yaml.safe_load((EXAMPLES / "github-actions.yml").read_text(encoding="utf-8"))
CRON = [
    line
    for line in (EXAMPLES / "crontab").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def sections(name: str) -> dict[str, dict[str, str]]:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(EXAMPLES / name, encoding="utf-8")
    return {section: dict(parser[section]) for section in parser.sections()}


def ours(line: str) -> list[str]:
    """The words of the `gongkai` command in a line, after the name; raises where there is none."""
    words = shlex.split(line.rpartition("&&")[2])
    at = next(index for index, word in enumerate(words) if Path(word).name == "gongkai")
    return words[at + 1 :]


def parse(words: list[str]) -> click.Context:
    """Parses a command as it would be called. Raises click.UsageError for what it does not know."""
    command = main.get_command(click.Context(main), words[0])
    assert command is not None, words
    return command.make_context(words[0], words[1:])


SERVICE, TIMER = sections("gongkai.service"), sections("gongkai.timer")
LINES = [
    SERVICE["Service"]["ExecStart"],
    CRON[-1].split(None, 5)[5],
    *(
        line
        for step in WORKFLOW["jobs"]["nightly"]["steps"]
        for line in step.get("run", "").splitlines()
        if "gongkai" in line
    ),
]


@pytest.mark.parametrize("line", LINES)
def test_every_command_is_ours_and_has_its_options(line: str) -> None:
    parse(ours(line))
    with pytest.raises(click.UsageError):
        parse([*ours(line), "--no-such-option"])


def test_the_service_gives_the_night_time_to_end_in_order() -> None:
    service = SERVICE["Service"]
    assert service["Type"] == "oneshot"
    assert "RuntimeMaxSec" not in service, "it does nothing for a oneshot"
    assert service["TimeoutStartSec"] == "20h"
    assert int(service["TimeoutStopSec"]) > PATIENCE + 30
    assert service["KillMode"] == "mixed", "the watching process hands the signal on"
    assert service["OOMPolicy"] == "continue", "it outlives a crawl that the kernel killed"
    assert service["SuccessExitStatus"] == str(EXIT_CODES["stopped"]) != str(ALARM)


def test_the_service_may_write_what_a_night_writes() -> None:
    service = SERVICE["Service"]
    assert service["ProtectSystem"] == "strict"
    data = Path(service["WorkingDirectory"]) / Path(Options().archive).parent
    assert data == Path(service["ReadWritePaths"])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    program = SERVICE["Service"]["ExecStart"].split()[0]
    for name in ("gongkai.service", "gongkai.timer"):
        text = (EXAMPLES / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace(program, str(BIN / "gongkai")), encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", *map(str, tmp_path.iterdir())]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if "Failed to initialize manager" in done.stderr:
        pytest.skip("systemd-analyze cannot work in this sandbox")
    about_ours = [line for line in done.stderr.splitlines() if "gongkai" in line]
    assert (done.returncode, about_ours) == (0, []), done.stderr
    (tmp_path / "gongkai.service").write_text("[Service]\nType=oneshot\nExecStart=/no/such/gongkai\n")
    assert subprocess.run(command, capture_output=True, timeout=60).returncode != 0, "a fault would have been found"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here")
def test_the_timer_names_a_time_that_comes() -> None:
    command = ["systemd-analyze", "calendar", TIMER["Timer"]["OnCalendar"]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "Next elapse: " in done.stdout


def test_the_timer_makes_up_for_nights_that_were_missed() -> None:
    assert TIMER["Timer"]["Persistent"] == "true"
    assert TIMER["Install"]["WantedBy"] == "timers.target"


def test_cron_is_told_when_where_and_whom() -> None:
    *names, line = CRON
    assert {name.split("=")[0] for name in names} == {"MAILTO", "PATH"}
    assert names[1].startswith("PATH=/srv/gongkai/.venv/bin:")
    fields = line.split(None, 5)
    for field, last in zip(fields[:5], (59, 23, 31, 12, 7), strict=True):
        assert field == "*" or (re.fullmatch(r"\d+", field) and int(field) <= last)
    assert "%" not in fields[5], "cron takes it for the end of the line"
    assert fields[5].startswith("cd /srv/gongkai && ")


def test_a_night_that_cron_starts_ends() -> None:
    limit = re.search(r"&& timeout -k (\d+) (\d+)h gongkai nightly", CRON[-1])
    assert limit is not None
    assert int(limit[1]) > PATIENCE + 30
    assert f"{limit[2]}h" == SERVICE["Service"]["TimeoutStartSec"]


def test_the_workflow_keeps_its_archive_and_never_runs_twice_at_once() -> None:
    on = WORKFLOW[True]  # YAML 1.1 takes the word for a truth
    assert re.fullmatch(r"\d+ \d+ \* \* \*", on["schedule"][0]["cron"])
    job = WORKFLOW["jobs"]["nightly"]
    assert WORKFLOW["concurrency"] == {"group": "nightly", "cancel-in-progress": False}
    assert WORKFLOW["permissions"] == {"contents": "read"}
    uses = [step.get("uses", "").split("@")[0] for step in job["steps"]]
    restore, save = (
        next(step for step in job["steps"] if step.get("uses", "").startswith(f"actions/cache/{verb}@"))
        for verb in ("restore", "save")
    )
    night = next(at for at, step in enumerate(job["steps"]) if "nightly" in step.get("run", ""))
    assert uses.index("actions/cache/restore") < night < uses.index("actions/cache/save")
    assert save["if"] == "always()", "what an interrupted night found is not lost"
    assert restore["with"]["path"] == save["with"]["path"] == "data/nightly"
    assert save["with"]["key"].startswith(restore["with"]["restore-keys"])
    assert set(job["env"]) <= {f"GONGKAI_{name.upper()}" for name in Options.__dataclass_fields__}
    hours = re.search(r"--signal=TERM --kill-after=(\d+) (\d+)h", job["steps"][night]["run"])
    assert hours is not None
    assert int(hours[1]) > PATIENCE
    assert int(hours[2]) * 60 < job["timeout-minutes"] < 360


def test_the_exit_code_of_alarms_is_no_other() -> None:
    assert ALARM not in EXIT_CODES.values()
