"""Two real servers behind one endpoint: one is killed in mid-run and comes back, and the run never notices."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from rsa_viz.core.run import ModelChoice, RunConfig, RunStatus
from rsa_viz.llm.endpoints import Endpoint
from rsa_viz.service import Service
from rsa_viz.store import Store
from rsa_viz.tasks import find_task
from tests.servers.openai_server import ServerProcess

LATENCY = ("--latency", "fixed:0.08")


def test_a_server_that_is_killed_in_mid_run_costs_no_slot_and_serves_again_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rsa_viz.llm.pool.COOL_S", 0.1)
    with ServerProcess(*LATENCY) as first, Store(tmp_path / "runs.db") as store:
        second = ServerProcess(*LATENCY).__enter__()
        addresses = (first.address, second.address)
        pool = Endpoint("pool", "openai/test-model", "Pool", addresses, concurrency=8)
        service = Service(store, [pool])
        config = RunConfig(
            ModelChoice(pool.model, endpoint="pool"), n=8, k=2, t=16, seed=3, max_tokens=300, concurrency=8
        )
        run = service.create(find_task("program").problems()[0], config)
        service.start(run.id)
        served = _wait_for(store, run.id, lambda served: served["pool#2"] >= 8)
        os.kill(second._process.pid, signal.SIGKILL)
        second.__exit__()
        killed_at = sum(served.values())
        _wait_for(store, run.id, lambda served: sum(served.values()) >= killed_at + 24)
        service.pause(run.id)  # a process takes as long to start as the run would take to end
        assert service.wait(run.id, timeout=60).status is RunStatus.PAUSED
        back_at = _wait_for(store, run.id, lambda served: True)["pool#2"]
        with ServerProcess(*LATENCY, "--port", str(urlsplit(addresses[1]).port)):
            service.start(run.id)
            ended = service.wait(run.id, timeout=60)
            service.close()
            chains = store.chains(run.id)
    assert (ended.status, ended.failed, ended.done) == (RunStatus.DONE, 0, 8 * 16)
    served = Counter(chain.endpoint for chain in chains)
    assert set(served) == {"pool#1", "pool#2"}
    assert served["pool#2"] > back_at, "it serves again"
    assert served["pool#1"] > 24
    assert max(chain.attempts for chain in chains) <= 2
    assert ended.config.model.api_base is None
    assert not any(address in str(chains) for address in addresses)


def _wait_for(store: Store, run_id: str, enough: Callable[[Counter[str]], bool]) -> Counter[str]:
    """Read the store until enough has been served; the run's own end ends it too."""
    while True:
        served = Counter(chain.endpoint or "" for chain in store.chains(run_id) if chain.ended)
        if enough(served) or store.run(run_id).status is not RunStatus.RUNNING:
            return served
