"""With whom we work past one machine, and what becomes of work whose worker is lost."""

from __future__ import annotations

import errno
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

pytest.importorskip("distributed", reason="needs the extra [scale]")

import dask
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from distributed import get_worker

from archive import Archive
from crawler.confining import MEMORY
from gongkai.spreading import connecting, handing
from gongkai.spreading.alike import open_to_others, our_ground, unlike
from gongkai.spreading.connecting import connected, judge_address
from gongkai.spreading.errors import Deserted, SpreadingError
from gongkai.spreading.handing import Gone, Handing
from gongkai.spreading.remote import RemoteWorkers
from gongkai.workers import Died
from tests.conftest import ROOT, run
from tests.crawler.processes import until
from tests.gongkai.cluster import Cluster
from tests.gongkai.in_process import gongkai


@pytest.mark.parametrize(
    "address", ["tcp://10.0.0.5:8786", "tcp://0.0.0.0:8786", "http://127.0.0.1:8786", "127.0.0.1:8786", "tls://here"]
)
def test_addresses_that_are_not_talked_to(address: str) -> None:
    with pytest.raises(SpreadingError, match="--scheduler"):
        judge_address(address)


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:8786", "tcp://localhost:8786", "tcp://[::1]:8786", "tls://10.0.0.5:8786"]
)
def test_addresses_that_are(address: str) -> None:
    judge_address(address)


def test_no_scheduler_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(SpreadingError, match=f"no scheduler at {address}: "), connected(address, tmp_path, patience=1):
        pass
    assert [*tmp_path.iterdir()] == []


def test_a_command_says_it_in_one_line(tmp_path: Path) -> None:
    said = gongkai("crawl", "--sample", "--archive", tmp_path / "a.db", "--scheduler", "tcp://10.0.0.5:8786")
    assert said.returncode == 2
    assert said.stderr.splitlines()[-1].startswith("Error: --scheduler tcp://10.0.0.5:8786: without TLS, only on this")
    assert gongkai("crawl", "--sample", "--dry-run", "--scheduler", "tcp://127.0.0.1:1").returncode == 2


@pytest.mark.parametrize("address", ["tls://127.0.0.1:1", "tcp://user:word@127.0.0.1:1"])
def test_an_address_that_dask_does_not_take_is_one_line_at_once(tmp_path: Path, address: str) -> None:
    """No certificates, and a name before the host: in a process of its own, which must come to its end, too."""
    before = time.monotonic()
    said = run("gongkai", "import", tmp_path, "--archive", tmp_path / "a.db", "--scheduler", address, cwd=tmp_path)
    assert said.returncode == 2
    assert said.stderr.splitlines()[-1].startswith(f"Error: no scheduler at {address}: ")
    assert "Traceback" not in said.stderr
    assert time.monotonic() - before < 30


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", ["crawl", "import", "reread"])
def test_stopped_while_it_connects(tmp_path: Path, command: str, how: signal.Signals) -> None:
    with socket.socket() as mute:  # takes a connection, and says nothing
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        waiting = _started(tmp_path, command, f"tcp://127.0.0.1:{mute.getsockname()[1]}")
        mute.settimeout(60)
        with mute.accept()[0]:
            _require_stopped(waiting, how)


def _started(folder: Path, command: str, address: str) -> subprocess.Popen[str]:
    sources = {"crawl": ["--sample"], "import": [str(folder)], "reread": []}[command]
    archive = folder / "archive" / "a.db"
    with Archive.open(archive):
        pass
    words = [sys.executable, "-m", "gongkai", command, *sources, "--archive", str(archive), "--scheduler", address]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=folder)


def _require_stopped(waiting: subprocess.Popen[str], how: signal.Signals) -> None:
    waiting.send_signal(how)
    said = waiting.communicate(timeout=60)[1]
    assert waiting.returncode == 5, said
    assert [line.partition(";")[0] for line in said.splitlines()] == ["gongkai: stopped"]


def test_answers_come_in_the_order_of_tasks_from_confined_processes(cluster: Cluster, tmp_path: Path) -> None:
    with connected(cluster.address, tmp_path) as reached:
        taken = _Counted(20)
        for number, (task, answer) in enumerate(RemoteWorkers(_done, reached).run(taken)):
            assert (task.number, answer) == (number, (number, MEMORY))
            assert taken.count <= number + 1 + 2 * 3, "no more are taken than two for each worker"


def test_a_task_that_kills_its_process_costs_no_worker(cluster: Cluster, tmp_path: Path) -> None:
    tasks = [Task(1), Task(2, dies=True), Task(3)]
    with connected(cluster.address, tmp_path) as reached:
        answers = [answer for _, answer in RemoteWorkers(_done, reached).run(tasks)]
        assert answers == [(1, MEMORY), Died(tasks[1], -signal.SIGKILL), (3, MEMORY)]
        assert until(lambda: reached.places() == 3)


def test_work_of_a_lost_worker_is_done_by_another_and_a_new_worker_joins_in(cluster: Cluster, tmp_path: Path) -> None:
    tasks = [Task(number, seconds=0.3, mark=str(tmp_path / f"mark-{number}")) for number in range(12)]
    with connected(cluster.address, tmp_path) as reached:
        killer = Thread(target=_kill_one_at_work, args=(cluster, tmp_path), daemon=True)
        killer.start()
        assert [answer for _, answer in RemoteWorkers(_done, reached).run(tasks)] == [(n, MEMORY) for n in range(12)]
        killer.join(60)
        assert until(lambda: reached.places() == 3)


def test_a_task_with_which_workers_are_lost_again_and_again_is_given_up(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing, "ROUNDS", 1)
    with connected(cluster.address, tmp_path) as reached:
        answers = dict(Handing(reached, _takes_its_worker_along).as_done([1, -1, 2]))
    assert answers == {1: 1, 2: 2, -1: Gone(-1, "its worker was lost 2 times")}
    for _ in range(2):
        cluster.add()


def test_what_a_worker_must_have_in_common_with_us(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("token")
    ground = our_ground(token)
    assert unlike(ground) == ""
    other = replace(ground, reader="0-deadbeef")
    assert unlike(other) == f"has reader {ground.reader}, and 0-deadbeef is needed"
    assert unlike(replace(ground, token=str(tmp_path / "another"))).startswith(f"does not see {tmp_path}: all machines")
    token.write_text("of somebody else")
    assert unlike(ground) == f"sees another file at {token}"


def test_a_new_worker_may_be_asked_by_several_threads_at_once(tmp_path: Path) -> None:
    """In a process that has loaded nothing yet, and loads slowly what sqlite-utils loads at the first database."""
    code = "import importlib.metadata as m, sys, time; from concurrent.futures import ThreadPoolExecutor as Pool\n"
    code += "from pathlib import Path; from gongkai.spreading.alike import our_ground\n"
    code += "load = m.EntryPoint.load; m.EntryPoint.load = lambda self: (time.sleep(0.3), load(self))[1]\n"
    code += "print(len(set(Pool(8).map(our_ground, [Path('token')] * 8))))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("1\n", "")


def _takes_its_worker_along(task: int) -> int:
    if task < 0:
        os._exit(1)
    return task


def test_a_scheduler_without_workers_is_one_line(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    with Cluster(tmp_path / "dask", workers=0) as cluster:
        nobody = "no worker at tcp://"
        with pytest.raises(SpreadingError, match=nobody), connected(cluster.address, archive, patience=1):
            pass
        for how, command in ((signal.SIGINT, "crawl"), (signal.SIGTERM, "import")):
            waiting = _started(tmp_path, command, cluster.address)
            assert until(lambda: [*archive.glob(".gongkai-*")], 60)
            _require_stopped(waiting, how)
            assert [*archive.glob(".gongkai-*")] == []


def test_a_worker_that_does_not_answer_is_named(
    tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "_ANSWERED", 1.0)
    silent = r"^worker tcp://127\.0\.0\.1:\d+ does not answer: "
    cluster.workers[-1].send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(SpreadingError, match=silent), connected(cluster.address, tmp_path):
            pass
    finally:
        cluster.workers[-1].send_signal(signal.SIGCONT)


def test_workers_that_others_can_reach_are_refused(
    tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A worker that talks to a scheduler on loopback listens everywhere, unless it is told not to.

    One that comes later gets no work, whether that is noticed when it comes, or only when it is given something.
    """
    everywhere = ("--no-dashboard", "--dashboard-address", "127.0.0.1:0")
    listening = r"listens at tcp://0\.0\.0\.0:\d+, where others can"
    with connected(cluster.address, tmp_path) as reached:
        assert reached.places() == 3
        cluster.add(host=everywhere)
        try:
            for fresh, late in ((0.1, type(reached)(reached.client, reached.ground)), (1e9, reached)):
                monkeypatch.setattr(connecting, "_FRESH", fresh)
                found = {str(where) for _, where in Handing(late, _listening).as_done(range(16))}
                assert 1 <= len(found) <= 3
                assert all(where.startswith("tcp://127.0.0.1:") for where in found)
                (line,) = capsys.readouterr().err.splitlines()
                assert re.search(f"^gongkai: worker tcp://.* {listening}.*; it gets no work$", line)
            with pytest.raises(SpreadingError, match=listening), connected(cluster.address, tmp_path):
                pass
        finally:
            cluster.workers[-1].kill()
        assert until(lambda: len(reached.client.nthreads()) == 3)


def _listening(task: int) -> str:
    time.sleep(0.05)
    return str(get_worker().listeners[0].listen_address)


@pytest.mark.parametrize(
    ("addresses", "fault"),
    [
        (["tls://0.0.0.0:1", "tcp://127.0.0.1:1", "ws://[::1]:1"], ""),
        (["tcp://127.0.0.1:1", "ws://0.0.0.0:2"], "listens at ws://0.0.0.0:2, where others"),
        (["tcp://10.0.0.5:1"], "listens at tcp://10.0.0.5:1, where others"),
        (["ucx://[::]:1"], "listens at ucx://[::]:1, where others"),
    ],
)
def test_only_loopback_and_tls_are_closed_to_others(addresses: list[str], fault: str) -> None:
    said = open_to_others(addresses)
    assert said.startswith(fault)
    assert bool(said) == bool(fault)


def test_a_worker_whose_disk_is_full_costs_its_task(cluster: Cluster, tmp_path: Path) -> None:
    with connected(cluster.address, tmp_path) as reached:
        answers = dict(Handing(reached, _writing).as_done([1, -1, 2]))
        assert answers.pop(-1) == Gone(-1, "its worker: [Errno 28] No space left on device: '/shared/said'")
        assert answers == {1: 1, 2: 2}
        with pytest.raises(Deserted, match=r"a worker came to a ZeroDivisionError: integer division"):
            [*Handing(reached, _writing).as_done([0])]


def _writing(task: int) -> int:
    if task < 0:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/shared/said")
    return task * task // task


def test_work_that_does_not_stop_when_all_is_over_is_given_up(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that hangs answers never, and Dask takes minutes to miss it."""
    monkeypatch.setattr(handing, "PATIENCE", 0.2)
    with connected(cluster.address, tmp_path) as reached:
        over = Event()
        answers = Handing(reached, time.sleep, over.is_set).as_done([0, 6])
        assert next(answers) == (0, None)
        over.set()
        assert [*answers] == [(6, Gone(6, "its worker did not stop"))]


def test_by_tls_other_machines_may_be_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Listening on all interfaces; and whoever has no certificate gets nowhere, with one line."""
    certificate, key = _certificate(tmp_path)
    tls = ("--protocol", "tls", "--no-dashboard", "--dashboard-address", "127.0.0.1:0")
    tls += ("--tls-ca-file", certificate, "--tls-cert", certificate, "--tls-key", key)
    archive = tmp_path / "archive"
    archive.mkdir()
    with Cluster(tmp_path / "dask", workers=1, host=tls) as cluster:
        assert cluster.address.startswith("tls://")
        with pytest.raises(SpreadingError, match="no scheduler at tls://"), connected(cluster.address, archive):
            pass
        ours = {"ca-file": certificate, "client.cert": certificate, "client.key": key}
        settings = {f"distributed.comm.tls.{name}": path for name, path in ours.items()}
        with dask.config.set(settings), connected(cluster.address, archive) as reached:
            assert [*Handing(reached, abs).in_order([-1, -2])] == [(-1, 1), (-2, 2)]


def _certificate(folder: Path) -> tuple[str, str]:
    """The paths of a certificate that vouches for itself, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gongkai")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
    signed = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, SHA256())
    (folder / "cert.pem").write_bytes(signed.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())  # which nobody uses but this test
    )
    return str(folder / "cert.pem"), str(folder / "key.pem")


@dataclass(frozen=True)
class Task:
    """What `_done` has to do; it leaves a mark when it begins."""

    number: int
    seconds: float = 0.01
    dies: bool = False
    mark: str = ""


class _Counted:
    """Tasks, of which the first takes longest, and how many of them were taken."""

    def __init__(self, size: int) -> None:
        self.size, self.count = size, 0

    def __iter__(self) -> Iterator[Task]:
        for number in range(self.size):
            self.count += 1
            yield Task(number, 0.01 if number else 0.2)


def _done(task: Task) -> tuple[int, int]:
    """The number of a task, and the limit of memory that the process has which does it."""
    if task.mark:
        Path(task.mark).touch()
    if task.dies:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(task.seconds)
    return task.number, resource.getrlimit(resource.RLIMIT_DATA)[0]


def _kill_one_at_work(cluster: Cluster, marks: Path) -> None:
    while len([*marks.glob("mark-*")]) < 3:
        time.sleep(0.02)
    cluster.kill(*next(cluster.at_work()))
    cluster.add()
