"""A database that fails while a run goes on: what has ended is kept, the reason is said, and the run goes on after."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rsa_viz.core.chain import ChainStatus
from rsa_viz.core.errors import RunHeld, SchemaFromFuture
from rsa_viz.core.run import RunStatus
from rsa_viz.service import Service, keeping
from rsa_viz.store import Store, ownership, sqlite_file
from rsa_viz.store.migrations import LATEST
from tests.servers.openai_server import OpenAIServer
from tests.service.troubled_database import FULL, READ_ONLY, Trouble, answered, under_way


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr(keeping, "AGAIN_S", 0.02)
    service = Service(Store(tmp_path / "runs.db"))
    yield service
    service.close()


@pytest.mark.parametrize(
    ("trouble", "words"), [(FULL, "the disk is full; make room and resume"), (READ_ONLY, "it is read-only here")]
)
def test_a_database_that_cannot_be_written_for_a_while_pauses_the_run_and_costs_no_call(
    service: Service, trouble: tuple[str, str], words: str
) -> None:
    with OpenAIServer(latency="fixed:0.02") as server:
        met = Trouble(service.store)
        run = under_way(service, server)
        with met.of(*trouble):
            while service.trouble(run.id) is None:
                assert service.store.run(run.id).status is RunStatus.RUNNING
            assert words in (service.trouble(run.id) or "")
        paused = service.wait(run.id, timeout=30)
        assert paused.status is RunStatus.PAUSED
        assert paused.error is not None
        assert words in paused.error
        assert paused.done == answered(server), "every answer that was paid for is there"
        service.start(run.id)
        ended = service.wait(run.id, timeout=30)
        assert (ended.status, ended.done, ended.error) == (RunStatus.DONE, 36, None)
        assert answered(server) == 36, "no call was made twice"
        assert service.trouble(run.id) is None


def test_a_run_that_is_held_up_for_long_is_still_its_processs_and_cannot_be_started_twice(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OpenAIServer(latency="fixed:0.02") as server:
        met = Trouble(service.store)
        run = under_way(service, server)
        monkeypatch.setattr(ownership, "STALE_S", 0.2)
        with met.of(*READ_ONLY):
            while service.store.run(run.id).status is not RunStatus.INTERRUPTED or not service.trouble(run.id):
                assert service.wait(run.id, timeout=0).status is RunStatus.RUNNING
            with pytest.raises(RunHeld, match="held up: it is read-only here"):
                service.start(run.id)
        assert service.wait(run.id, timeout=30).status is RunStatus.PAUSED
        assert service.store.run(run.id).done == answered(server)


def test_a_run_whose_end_cannot_be_written_says_why_in_its_process_and_can_be_resumed(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "PATIENCE_S", 0.1)
    with OpenAIServer(latency="fixed:0.02") as server:
        met = Trouble(service.store)
        run = under_way(service, server)
        with met.of(*FULL):
            given_up = service.wait(run.id, timeout=30)
            # The file has room for a row of some bytes when it has none for a text: then the end is written after all.
            assert given_up.status in (RunStatus.INTERRUPTED, RunStatus.FAILED)
            assert "the disk is full" in (given_up.error or "")
        before = {chain.slot: chain for chain in service.store.chains(run.id, text=True) if chain.ended}
        with service.store.database.write() as connection:
            connection.exec_driver_sql("UPDATE run SET heartbeat_at = heartbeat_at - 60")
        service.start(run.id)
        ended = service.wait(run.id, timeout=30)
        assert (ended.status, ended.done, ended.error) == (RunStatus.DONE, 36, None)
        after = {chain.slot: chain for chain in service.store.chains(run.id, text=True)}
        assert {slot: after[slot] for slot in before} == before


def test_a_lock_of_another_process_is_waited_for_and_then_said(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY_S", 0.2)
    with OpenAIServer(latency="fixed:0.02") as server, closing(sqlite3.connect(tmp_path / "runs.db")) as other:
        service.store.database._engine.dispose()  # type: ignore[attr-defined]  # its connections wait for 30 s
        run = under_way(service, server)
        other.execute("BEGIN IMMEDIATE")
        while service.trouble(run.id) is None:
            assert service.store.run(run.id).status in (RunStatus.RUNNING, RunStatus.PAUSED)
        assert "another process has held it" in (service.trouble(run.id) or "")
        other.rollback()
        assert service.wait(run.id, timeout=30).status is RunStatus.PAUSED
        service.start(run.id)
        assert service.wait(run.id, timeout=30).done == 36
        assert answered(server) == 36


def test_a_newer_rsa_viz_that_upgrades_the_database_ends_the_run_at_once_and_loses_nothing(
    service: Service, tmp_path: Path
) -> None:
    with OpenAIServer(latency="fixed:0.02") as server:
        run = under_way(service, server)
        with closing(sqlite3.connect(tmp_path / "runs.db")) as newer, newer:
            newer.execute("INSERT INTO schema_version VALUES (?, 'tomorrow', 0)", (LATEST + 1,))
        with pytest.raises(SchemaFromFuture, match="update rsa_viz"):
            service.wait(run.id, timeout=30)
        while "cannot be used any more" not in (service.trouble(run.id) or ""):
            pass
        with closing(sqlite3.connect(tmp_path / "runs.db")) as newer, newer:
            newer.execute("DELETE FROM schema_version WHERE version > ?", (LATEST,))
        ended = service.wait(run.id, timeout=30)
        assert ended.status is RunStatus.INTERRUPTED
        assert "update rsa_viz" in (ended.error or "")
        chains = service.store.chains(run.id, text=True)
        assert sum(chain.status is ChainStatus.DONE for chain in chains) == ended.done >= 6
        assert all(chain.text for chain in chains if chain.ended)
