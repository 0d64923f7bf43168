"""Runs whose process is killed with SIGKILL, again and again, end as if nothing had happened."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from rsa_viz.core.chain import ChainStatus
from rsa_viz.core.run import RunStatus
from rsa_viz.store import Store
from tests import processes

KILLS = 20
SHAPE = ("-N", "8", "-K", "3", "-T", "10", "--seed", "11", "--concurrency", "4")
MODEL = ("--model", "synthetic/slip=0.15,oversight=0.2,speed=2000")


@pytest.mark.timeout(600)  # twenty-two processes, each of which loads the model library
def test_twenty_kills_at_random_points_leave_one_run_with_the_planned_genealogy(tmp_path: Path) -> None:
    database = tmp_path / "runs.db"
    rng = random.Random(2026)
    store = Store(database)
    process = processes.start("run", "--db", database, *SHAPE, *MODEL)
    plan, kept, run_id = None, {}, ""
    for kill in range(KILLS):
        wanted = len(kept) + rng.randrange(0, 4)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            runs = store.runs()
            if runs and runs[0].status is RunStatus.RUNNING and runs[0].done >= wanted:
                break
            time.sleep(0.01)
        time.sleep(rng.random() * 0.05)  # anywhere within a call, not just after a commit
        assert process.poll() is None, process.communicate()
        process.kill()
        process.communicate()

        (run,) = store.runs()
        run_id = run.id
        assert run.status is RunStatus.INTERRUPTED
        plan = plan or store.plan(run_id)
        assert store.plan(run_id) == plan
        now = {chain.slot: chain for chain in store.chains(run_id, text=True) if chain.ended}
        assert {slot: now[slot] for slot in kept} == kept, f"kill {kill} changed or lost a finished chain"
        kept = now
        process = processes.start("resume", "--db", database, run_id)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err

    chains = store.chains(run_id, text=True)
    assert {chain.status for chain in chains} == {ChainStatus.DONE}
    assert {chain.slot: chain for chain in chains if chain.slot in kept} == kept
    undisturbed = tmp_path / "undisturbed.db"
    other = processes.last_json(processes.run("run", "--db", undisturbed, *SHAPE, *MODEL))
    twin = Store(undisturbed).chains(other["run_id"], text=True)
    assert [(chain.slot, chain.parents, chain.text) for chain in chains] == [
        (chain.slot, chain.parents, chain.text) for chain in twin
    ]
