"""More than one process on one file, and processes that are killed."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from stored_runs import drawn_run, small_run

from rsa_viz.core.chain import ChainStatus, Slot
from rsa_viz.store import Store

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

WRITER = """
import sys
sys.path[:0] = [{here!r}, {root!r}]
from stored_runs import UNKNOWN, done
from rsa_viz.core.chain import Slot
from rsa_viz.store import Store
store = Store(sys.argv[1])
for name in sys.argv[3:]:
    t, i = map(int, name.split("."))
    parents = store.chain(sys.argv[2], Slot(t, i)).parents if t > 1 else ()
    store.record(sys.argv[2], done(t, i, f"text of {{name}} " * 200, parents), None, UNKNOWN, "lab")
    print(name.ljust(1023), flush=True)  # the pipe holds 64 of these: the writer cannot run away from its reader
"""
OPENER = """
import sys
sys.path[:0] = [{here!r}, {root!r}]
from stored_runs import small_run
from rsa_viz.store import Store
print("ready", flush=True)
for path in sys.stdin:
    with Store(path.strip()) as store:
        print(small_run(store).id, flush=True)
"""


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    code = program.format(here=str(HERE), root=str(ROOT))
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def tell(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def answer(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def names(slots: Sequence[Slot]) -> list[str]:
    return [str(slot) for slot in slots]


def whole(t: int, i: int) -> str:
    return f"text of {t}.{i} " * 200


def check(store: Store, run_id: str, reported: Sequence[str]) -> None:
    """The file is sound, and each chain that was reported as recorded is there whole; no chain is there in part."""
    with store.database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    counted = store.run(run_id).done  # asked first: a writer may be at work
    ended = [chain for chain in store.chains(run_id, text=True) if chain.ended]
    assert set(reported) <= {str(chain.slot) for chain in ended}
    assert len(reported) <= counted <= len(ended)
    for chain in ended:
        assert chain.status is ChainStatus.DONE
        assert chain.text == whole(*chain.slot)
        assert chain.available == chain.parents


def test_processes_that_open_a_fresh_file_at_once_all_succeed(tmp_path: Path) -> None:
    openers = [start(OPENER) for _ in range(3)]
    for opener in openers:
        assert answer(opener) == "ready"
    for number in range(20):
        path = tmp_path / str(number) / "runs.db"
        for opener in openers:
            tell(opener, str(path))
        ids = {answer(opener) for opener in openers}
        with Store(path) as store:
            assert {run.id for run in store.runs()} == ids
            assert len(ids) == 3
    for opener in openers:
        opener.communicate()
        assert opener.returncode == 0


def test_one_process_reads_while_another_writes(store: Store) -> None:
    run = drawn_run(store, 30, 1, 2)
    writer = start(WRITER, str(store.path), run.id, *names([Slot(t, i) for t in (1, 2) for i in range(1, 31)]))
    reported: list[str] = []
    while line := answer(writer):
        reported.append(line)
        check(store, run.id, reported)
    writer.communicate()
    assert writer.returncode == 0
    assert len(reported) == store.run(run.id).done == 60


def test_two_processes_write_to_one_file_at_once(store: Store) -> None:
    runs = [drawn_run(store, 40, 2, 1) for _ in range(2)]
    slots = names([Slot(1, i) for i in range(1, 41)])
    writers = [start(WRITER, str(store.path), run.id, *slots) for run in runs]
    for number in range(30):
        small_run(store, note=str(number))
    for writer, run in zip(writers, runs, strict=True):
        assert writer.communicate()[0].split() == slots
        assert writer.returncode == 0
        check(store, run.id, slots)
    assert store.count_runs() == 32


@pytest.mark.parametrize("seed", range(10))
def test_a_killed_writer_loses_nothing_that_it_reported(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    store = Store(tmp_path / "runs.db")
    run = drawn_run(store, 200, 1, 1)
    slots = [Slot(1, i) for i in range(1, 201)]
    rng.shuffle(slots)
    if seed % 2:
        store.close()  # then the writer is alone, and its death leaves the log to be recovered
    writer = start(WRITER, str(tmp_path / "runs.db"), run.id, *names(slots))
    reported = [answer(writer) for _ in range(rng.randrange(1, 60))]
    writer.send_signal(signal.SIGKILL)
    reported += writer.communicate()[0].split()
    assert writer.returncode == -signal.SIGKILL
    store.close()
    with Store(tmp_path / "runs.db") as again:
        check(again, run.id, reported)
        assert 0 < again.run(run.id).done < 200
        rest = [chain.slot for chain in again.chains(run.id) if not chain.ended]
        assert len(rest) == 200 - again.run(run.id).done
