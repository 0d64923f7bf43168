"""An experiment whose process is killed with SIGKILL again and again ends as one that was left alone."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import pytest

from rsa_viz.core.run import RunStatus
from rsa_viz.store import Store
from rsa_viz.store.experiment_store import ExperimentStore
from tests.forked_commands import ForkedCommands

SPEC = """
name = "killed"
seeds = {seeds}
[[problems]]
programs = 2
lines = 4
[defaults]
model = "synthetic/slip=0.15,speed=3000"
concurrency = 4
n = 4
[[arms]]
name = "RSA"
k = 2
t = [2, 4]
[[arms]]
name = "Rejection"
strategy = "rejection"
"""


def numbers(store: Store) -> list[Any]:
    """All that matters of an experiment: of each run in its order its settings, and what its chains and the calls about
    them said."""
    found: list[Any] = []
    for run_id in ExperimentStore(store.database).find("killed").run_ids:
        run = store.run(run_id)
        assert (run.status, run.done) == (RunStatus.DONE, run.calls)
        found.append((run.problem, run.config, run.prompts))
        found += [(one.slot, one.parents, one.text, one.answer, one.verdict) for one in store.chains(run_id, text=True)]
        found += [(one.slot, one.text, one.accepted) for one in store.asides(run_id, text=True)]
    return found


@pytest.mark.parametrize(("kills", "seeds"), [(5, 2), pytest.param(50, 14, marks=pytest.mark.slow)])
def test_kills_change_no_number(tmp_path: Path, kills: int, seeds: int) -> None:
    (tmp_path / "killed.toml").write_text(SPEC.format(seeds=seeds))
    rng = random.Random(5)
    store = Store(tmp_path / "killed.db")
    kept: dict[str, Any] = {}
    with ForkedCommands() as commands:
        for kill in range(kills):
            pid = commands.start("experiment", tmp_path / "killed.toml", "--db", store.path)
            wanted = 0 if kill == 0 else len(kept) + rng.randrange(4, 16)
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline:
                runs = store.runs(limit=1000)
                if len(runs) > min(kill, 7) and sum(run.done for run in runs) >= wanted:
                    break
                time.sleep(0.01)
            assert commands.kill(pid) == -9, f"it was over before kill {kill}"
            now = {
                (run.id, chain.slot): chain
                for run in store.runs(limit=1000)
                for chain in store.chains(run.id, text=True)
                if chain.ended
            }
            assert {slot: now[slot] for slot in kept} == kept, f"kill {kill} changed or lost a finished chain"
            kept = now
        commands.start("experiment", tmp_path / "killed.toml", "--db", store.path)
        assert commands.ended() == 0
        commands.start("experiment", tmp_path / "killed.toml", "--db", tmp_path / "alone.db")
        assert commands.ended() == 0
    assert store.count_runs() == 4 * seeds, "a kill while planning left a run that was not used again"
    found = numbers(store)
    assert found == numbers(Store(tmp_path / "alone.db"))
    assert len(found) == seeds * (4 * 1 + 2 * 16 + 2 * 8)
