"""One experiment driven by several processes on one PostgreSQL server: planned once, no run twice, none left behind."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rsa_viz.core.run import RunStatus
from rsa_viz.core.spec import read_spec
from rsa_viz.service import Service
from rsa_viz.store import Store
from tests.forked_commands import ForkedCommands
from tests.servers.openai_server import OpenAIServer
from tests.servers.postgres_server import PostgresCluster

SPEC = """
name = "shared"
seeds = 3
[[problems]]
programs = 2
lines = 3
[defaults]
model = {{ model = "openai/test-model", api_base = "{address}" }}
concurrency = 2
n = 3
k = 2
max_tokens = 300
[[arms]]
name = "RSA"
t = 4
"""
CALLS = 2 * 3 * 3 * 4


def test_two_processes_share_an_experiment_and_the_one_that_is_left_takes_up_the_runs_of_the_one_that_is_killed(
    cluster: PostgresCluster, tmp_path: Path
) -> None:
    address = cluster.new_database()
    with OpenAIServer(latency="fixed:0.06") as server, ForkedCommands() as commands, Store(address) as store:
        (tmp_path / "shared.toml").write_text(SPEC.format(address=server.address))
        first, second = (commands.start("experiment", tmp_path / "shared.toml", "--db", address) for _ in range(2))
        while len(owners := {run.owner for run in store.runs() if run.status is RunStatus.RUNNING}) < 2 or not all(
            run.done for run in store.runs() if run.owner
        ):
            assert store.count_runs() <= 12, "each plans no more than the whole"
        assert len(owners) == 2, "both are at work"
        assert commands.kill(first) == -9
        assert commands.ended(second) == 0, "all runs are done, those of the dead as well"
        runs = store.runs()
        assert Counter(run.status for run in runs) == {RunStatus.DONE: 6}, "planned once"
        assert sum(run.done for run in runs) == CALLS
        chains = [chain for run in runs for chain in store.chains(run.id)]
        assert {chain.attempts for chain in chains} == {1}
    # Only what the killed process had in flight was asked again: no run was driven by two at once.
    assert CALLS <= server.requests <= CALLS + 2 * 2


def test_services_that_plan_an_experiment_at_once_make_its_runs_once(cluster: PostgresCluster) -> None:
    address = cluster.new_database()
    spec = {
        "name": "raced",
        "seeds": 5,
        "problems": [{"programs": 2, "lines": 3}],
        "defaults": {"model": "synthetic/fast", "n": 2, "k": 1},
        "arms": [{"name": "RSA", "t": 2}, {"name": "Reference", "strategy": "reference"}],
    }
    ready = threading.Barrier(4)

    def plan(_: int) -> tuple[str, ...]:
        with Store(address) as own:
            service = Service(own)
            layout = service.experiments.lay_out(read_spec(spec))
            ready.wait()
            return service.experiments.plan(layout).experiment.run_ids

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(plan, range(4)))
    with Store(address) as store:
        assert store.count_runs() == 20, "what the others had made too much is deleted"
        assert set(found) == {found[0]}
        assert {run.id for run in store.runs()} == set(found[0])
