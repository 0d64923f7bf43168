"""A run is paused after a generation, by its own process and by another one, and resumed."""

from __future__ import annotations

from pathlib import Path

import pytest

from rsa_viz.core.access import Access
from rsa_viz.core.errors import ReadOnly
from rsa_viz.core.run import ModelChoice, RunConfig, RunStatus
from rsa_viz.service import Service
from rsa_viz.store import Store
from rsa_viz.tasks import find_task

CONFIG = RunConfig(ModelChoice("synthetic/speed=400,jitter=0"), n=4, k=2, t=5, seed=3)


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_run_ends_with_whole_generations_and_goes_on_from_there(tmp_path: Path, elsewhere: bool) -> None:
    with Store(tmp_path / "a.db") as store, Store(tmp_path / "a.db") as other:
        service = Service(store)
        run = service.create(find_task("program").problems()[0], CONFIG)
        service.start(run.id)
        (Service(other) if elsewhere else service).pause_after(run.id, 2)
        assert service.wait(run.id, timeout=30).status is RunStatus.PAUSED
        ended = [chain.slot.t for chain in store.chains(run.id) if chain.ended]
        assert sorted(ended)[:8] == [1, 1, 1, 1, 2, 2, 2, 2]
        assert len(ended) < 20
        service.start(run.id)
        assert service.wait(run.id, timeout=30).status is RunStatus.DONE
        service.close()


def test_who_may_change_nothing_may_not_ask(tmp_path: Path) -> None:
    with Store(tmp_path / "a.db") as store:
        run = Service(store).create(find_task("program").problems()[0], CONFIG)
        with pytest.raises(ReadOnly):
            Service(store, access=Access(read_only=True)).pause_after(run.id, 1)
        assert store.run(run.id).wanted is None
