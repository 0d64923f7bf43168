"""What the Run page says of a run that its database holds up, while it waits and after it went on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from pictures import OpenApp, opened, said

from pages.parts.frame import _service
from rsa_viz.core.access import VISITOR_ADDRESS
from rsa_viz.core.run import RunStatus
from rsa_viz.service import keeping
from rsa_viz.store import ownership, sqlite_file
from tests.servers.openai_server import OpenAIServer
from tests.service.troubled_database import FULL, READ_ONLY, Trouble, answered, under_way


@contextmanager
def locked(trouble: Trouble, database: Path) -> Iterator[None]:
    """Another process that keeps the file to itself."""
    with closing(sqlite3.connect(database)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


@pytest.mark.parametrize(
    ("refused", "reason"),
    [
        (lambda trouble, _: trouble.of(*FULL), "the disk is full; make room and resume"),
        (lambda trouble, _: trouble.of(*READ_ONLY), "it is read-only here"),
        (locked, "another process has held it"),
    ],
    ids=["full", "read-only", "locked"],
)
def test_a_run_says_that_its_database_holds_it_up_and_goes_on_from_there(
    app: OpenApp,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    refused: Callable[[Trouble, Path], AbstractContextManager[None]],
    reason: str,
) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY_S", 0.2)
    monkeypatch.setattr(keeping, "AGAIN_S", 0.02)
    monkeypatch.setenv(VISITOR_ADDRESS, "1")
    database = tmp_path / "runs.db"
    opened(app, database, "run")
    service = _service(str(database), False)
    met = Trouble(service.store)
    with OpenAIServer(latency="fixed:0.02") as server:
        run = under_way(service, server)
        with refused(met, database):
            while service.trouble(run.id) is None:
                assert service.store.run(run.id).status in (RunStatus.RUNNING, RunStatus.PAUSED)
            at = opened(app, database, "run", run=run.id)
            assert not at.exception
            assert "Held up] Its database refuses what has ended." in said(at)
            assert reason in at.error[0].value.replace("\\", "")
            with monkeypatch.context() as late:
                late.setattr(ownership, "STALE_S", 0.0)  # its sign of life cannot be written either
                words = said(at.run())
                assert "Held up" in words
                assert "Interrupted" not in words
                assert "resume" not in [button.key for button in at.button], "it is this process's still"
            at.query_params["present"] = "1"
            assert reason in at.run().error[0].value.replace("\\", ""), "the stage says it too"
            del at.query_params["present"]
        assert service.wait(run.id, timeout=30).status is RunStatus.PAUSED
        assert "Paused]" in said(at.run())
        (line,) = [one.value.replace("\\", "") for one in at.error]
        assert line.startswith("The database held the run up, and what had ended was kept: ")
        assert reason in line
        at.button(key="resume").click().run()
        ended = service.wait(run.id, timeout=30)
        assert (ended.status, ended.done, answered(server)) == (RunStatus.DONE, 36, 36)
        assert "Done]" in said(at.run())
        assert not at.error
