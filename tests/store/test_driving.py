"""One owner at a time, known by its signs of life."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time

import pytest
from sqlalchemy import text
from stored_runs import UNKNOWN, done, finish_small_run, small_run

from rsa_viz.core.chain import InFlight, Slot
from rsa_viz.core.errors import InvalidInput, RunHeld, StoreError
from rsa_viz.core.run import RunStatus
from rsa_viz.store import Store, owner_name
from rsa_viz.store.ownership import STALE_S, is_living

pytestmark = pytest.mark.usefixtures("unflushed")

ON_BOTH_DATABASES = True

HERE = socket.gethostname()
FLYING = InFlight(Slot(1, 1), 1, 1.0, 2.0, 3, 4, "so")


def age(store: Store, run_id: str, seconds: float) -> None:
    """Put the owner's last sign of life back in time."""
    with store.database.write() as connection:
        connection.execute(
            text("UPDATE run SET heartbeat_at = :at WHERE id = :id"), {"at": time.time() - seconds, "id": run_id}
        )


def dead_pid() -> int:
    """The number of a process that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_an_owner_is_named_by_host_pid_and_token() -> None:
    host, pid, token = owner_name().rsplit(":", 2)
    assert (host, int(pid)) == (HERE, os.getpid())
    assert len(token) == 8
    assert owner_name() == owner_name()


def test_an_owner_lives_while_its_process_does_and_its_heartbeat_is_fresh() -> None:
    now = 1000.0
    other = f"{HERE}:{os.getppid()}:aaaa"
    assert is_living(owner_name(), now, now)
    assert is_living(other, now - STALE_S, now)
    assert not is_living(other, now - STALE_S - 0.1, now)
    assert not is_living(f"{HERE}:{dead_pid()}:aaaa", now, now)
    assert not is_living(f"{HERE}:{os.getpid()}:aaaa", now, now)  # our number under a dead one's token
    assert not is_living(f"{HERE}:{10**30}:aaaa", now, now)
    assert is_living("elsewhere:1:aaaa", now - 14, now)
    assert not is_living("elsewhere:1:aaaa", now - 16, now)
    assert is_living("a name of no form", now, now)
    assert not is_living(None, now, now)
    assert not is_living(owner_name(), None, now)


def test_a_claimed_run_is_running_with_a_clean_slate(store: Store) -> None:
    run, dead = small_run(store), f"{HERE}:{dead_pid()}:aaaa"
    store.claim(run.id, dead)
    assert store.exchange(dead, {run.id: [FLYING]}) == {run.id: "run"}
    store.ask(run.id, "stop")
    claimed = store.claim(run.id, owner_name())
    assert (claimed.status, claimed.owner, claimed.error, claimed.ended_at) == (
        RunStatus.RUNNING,
        owner_name(),
        None,
        None,
    )
    assert claimed.started_at is not None
    assert claimed.revision > run.revision
    assert store.in_flight(run.id) == []
    assert store.exchange(owner_name(), {run.id: None}) == {run.id: "run"}


def test_a_run_that_a_living_owner_drives_is_held(store: Store) -> None:
    run = small_run(store)
    store.claim(run.id, owner_name())
    for another in ("elsewhere:1:aaaa", owner_name()):
        with pytest.raises(RunHeld, match=owner_name()):
            store.claim(run.id, another)
    with pytest.raises(RunHeld):
        store.delete_run(run.id)
    assert store.run(run.id).owner == owner_name()


@pytest.mark.parametrize("dead", ["stale", "gone"])
def test_a_run_whose_owner_is_dead_is_interrupted_and_free(store: Store, dead: str) -> None:
    run = small_run(store)
    owner = "elsewhere:1:aaaa" if dead == "stale" else f"{HERE}:{dead_pid()}:aaaa"
    store.claim(run.id, owner)
    store.exchange(owner, {run.id: [FLYING]})
    store.ask(run.id, "pause")
    if dead == "stale":
        assert store.run(run.id).status is RunStatus.RUNNING
        age(store, run.id, STALE_S + 1)
    assert store.run(run.id).status is RunStatus.INTERRUPTED
    assert store.run(run.id).wanted is None
    assert [one.status for one in store.runs()] == [RunStatus.INTERRUPTED]
    assert store.in_flight(run.id) == []
    started = store.run(run.id).started_at
    again = store.claim(run.id, owner_name())
    assert (again.status, again.started_at) == (RunStatus.RUNNING, started)
    assert store.exchange(owner, {run.id: [FLYING]}) == {}, "it is told that the run is not its own any more"
    with pytest.raises(RunHeld, match="taken over"):
        store.release(run.id, owner, RunStatus.STOPPED)
    assert store.run(run.id).owner == owner_name()


def test_a_heartbeat_keeps_a_run_alive(store: Store) -> None:
    run = small_run(store)
    store.claim(run.id, "elsewhere:1:aaaa")
    age(store, run.id, STALE_S + 1)
    store.exchange("elsewhere:1:aaaa", {run.id: None})
    assert store.run(run.id).status is RunStatus.RUNNING


def test_the_owner_hears_what_is_asked_and_a_stop_is_never_softened(store: Store) -> None:
    run = small_run(store)
    before = store.claim(run.id, owner_name())
    assert before.wanted is None
    store.ask(run.id, "pause")
    assert store.exchange(owner_name(), {run.id: None}) == {run.id: "pause"}
    assert store.run(run.id).wanted == "pause"
    assert store.revision(run.id) > before.revision
    store.ask(run.id, "stop")
    store.ask(run.id, "pause")
    assert store.exchange(owner_name(), {run.id: None}) == {run.id: "stop"}
    with pytest.raises(InvalidInput, match="'dance'"):
        store.ask(run.id, "dance")


@pytest.mark.parametrize(
    ("status", "error"),
    [(RunStatus.PAUSED, None), (RunStatus.STOPPED, None), (RunStatus.FAILED, "the key was refused")],
)
def test_a_released_run_says_how_it_ended_and_can_be_claimed_again(
    store: Store, status: RunStatus, error: str | None
) -> None:
    run = small_run(store)
    claimed = store.claim(run.id, owner_name())
    store.exchange(owner_name(), {run.id: [FLYING]})
    store.ask(run.id, "stop")
    store.release(run.id, owner_name(), status, error)
    released = store.run(run.id)
    assert (released.status, released.error, released.owner) == (status, error, None)
    assert released.ended_at is not None
    assert released.revision > claimed.revision
    assert store.in_flight(run.id) == []
    assert store.exchange(owner_name(), {run.id: [FLYING]}) == {}
    with pytest.raises(StoreError, match="not driven"):
        store.release(run.id, owner_name(), status, error)
    again = store.claim(run.id, owner_name())
    assert (again.status, again.error, again.ended_at) == (RunStatus.RUNNING, None, None)
    assert store.exchange(owner_name(), {run.id: None}) == {run.id: "run"}


def test_only_a_run_without_planned_chains_can_be_done(store: Store) -> None:
    run = small_run(store)
    store.claim(run.id, owner_name())
    store.record(run.id, done(1, 1), None, UNKNOWN, "lab")
    with pytest.raises(InvalidInput, match="5 of its 6"):
        store.release(run.id, owner_name(), RunStatus.DONE)
    for status in (RunStatus.RUNNING, RunStatus.INTERRUPTED, RunStatus.PLANNED):
        with pytest.raises(InvalidInput, match=status.value):
            store.release(run.id, owner_name(), status)
    finished = small_run(store)
    store.claim(finished.id, owner_name())
    finish_small_run(store, finished.id)
    store.release(finished.id, owner_name(), RunStatus.DONE)
    assert store.run(finished.id).status is RunStatus.DONE


def test_of_many_that_claim_a_run_at_once_one_gets_it(store: Store) -> None:
    run = small_run(store)
    got: list[str] = []
    held: list[str] = []
    ready = threading.Barrier(8)

    def claim(owner: str) -> None:
        ready.wait()
        try:
            store.claim(run.id, owner)
            got.append(owner)
        except RunHeld:
            held.append(owner)

    threads = [threading.Thread(target=claim, args=(f"elsewhere:{number}:aaaa",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1
    assert len(held) == 7
    assert store.run(run.id).owner == got[0]
