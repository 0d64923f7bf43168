"""What the Run page says of a run that its database holds up, while it waits and after it went on."""

from __future__ import annotations

from pathlib import Path

import pytest
from pictures import OpenApp, opened, said

from pages.parts.frame import _service
from rsa_viz.core.access import VISITOR_ADDRESS
from rsa_viz.core.run import RunStatus
from rsa_viz.service import keeping
from rsa_viz.store import ownership
from tests.servers.openai_server import OpenAIServer
from tests.service.troubled_database import FULL, READ_ONLY, Trouble, answered, under_way


@pytest.mark.parametrize(
    ("trouble", "reason"), [(FULL, "the disk is full; make room and resume"), (READ_ONLY, "it is read-only here")]
)
def test_a_run_says_that_its_database_holds_it_up_and_goes_on_from_there(
    app: OpenApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: tuple[str, str], reason: str
) -> None:
    monkeypatch.setattr(keeping, "AGAIN_S", 0.02)
    monkeypatch.setenv(VISITOR_ADDRESS, "1")
    database = tmp_path / "runs.db"
    opened(app, database, "run")
    service = _service(str(database), False)
    met = Trouble(service.store)
    with OpenAIServer(latency="fixed:0.02") as server:
        run = under_way(service, server)
        with met.of(*trouble):
            while service.trouble(run.id) is None:
                assert service.store.run(run.id).status is RunStatus.RUNNING
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
