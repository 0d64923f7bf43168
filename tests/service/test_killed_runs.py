"""Runs whose process is killed with SIGKILL, again and again, end as if nothing had happened."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from rsa_viz.core.chain import ChainStatus
from rsa_viz.core.run import RunStatus
from rsa_viz.store import Store
from tests.forked_commands import ForkedCommands

SHAPE = ("-N", "8", "-K", "3", "--seed", "11", "--concurrency", "4")
MODEL = ("--model", "synthetic/slip=0.15,oversight=0.2,speed=2000")


@pytest.mark.parametrize("kills", [20, pytest.param(50, marks=pytest.mark.slow)])
def test_kills_at_random_points_leave_one_run_with_the_planned_genealogy(tmp_path: Path, kills: int) -> None:
    rng = random.Random(2026)
    shape = (*SHAPE, "-T", str(kills // 2))
    with ForkedCommands() as commands, Store(tmp_path / "runs.db") as store:
        pid = commands.start("run", "--db", store.path, *shape, *MODEL)
        plan, kept, run_id = None, {}, ""
        for kill in range(kills):
            wanted = len(kept) + rng.randrange(0, 4)
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                runs = store.runs()
                if runs and runs[0].status is RunStatus.RUNNING and runs[0].done >= wanted:
                    break
                time.sleep(0.01)
            time.sleep(rng.random() * 0.05)  # anywhere within a call, not just after a commit
            assert commands.kill(pid) == -9, f"it was over before kill {kill}"
            (run,) = store.runs()
            run_id = run.id
            assert run.status is RunStatus.INTERRUPTED
            plan = plan or store.plan(run_id)
            assert store.plan(run_id) == plan
            now = {chain.slot: chain for chain in store.chains(run_id, text=True) if chain.ended}
            assert {slot: now[slot] for slot in kept} == kept, f"kill {kill} changed or lost a finished chain"
            kept = now
            pid = commands.start("resume", "--db", store.path, run_id)
        assert commands.ended(pid) == 0
        commands.start("run", "--db", tmp_path / "undisturbed.db", *shape, *MODEL)
        assert commands.ended() == 0
        chains = store.chains(run_id, text=True)
    assert {chain.status for chain in chains} == {ChainStatus.DONE}
    assert {chain.slot: chain for chain in chains if chain.slot in kept} == kept
    with Store(tmp_path / "undisturbed.db") as other:
        twin = other.chains(other.runs()[0].id, text=True)
    assert [(chain.slot, chain.parents, chain.text) for chain in chains] == [
        (chain.slot, chain.parents, chain.text) for chain in twin
    ]
