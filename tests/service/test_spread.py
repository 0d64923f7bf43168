"""An experiment on a real local Ray cluster and a real PostgreSQL server, with a worker that is killed in mid-run."""

from __future__ import annotations

import os
import signal
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest

from rsa_viz.cli import main
from rsa_viz.core.errors import InvalidInput
from rsa_viz.core.run import RunStatus
from rsa_viz.service import Service, spread
from rsa_viz.store import Store
from tests import processes
from tests.servers.openai_server import OpenAIServer
from tests.servers.postgres_server import PostgresCluster

SPEC = """
name = "spread"
seeds = 2
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
t = 6
"""
CALLS = 2 * 2 * 3 * 6


@pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed: make extras")
@pytest.mark.timeout(600)
def test_a_killed_worker_costs_nothing_but_what_it_had_in_flight(cluster: PostgresCluster, tmp_path: Path) -> None:
    address = cluster.new_database()
    with OpenAIServer(latency="fixed:0.2") as server, Store(address) as store:
        (tmp_path / "spread.toml").write_text(SPEC.format(address=server.address))
        command = processes.start("experiment", tmp_path / "spread.toml", "--ray", "--db", address)
        assert command.stderr is not None
        assert any(line == "rsa_viz: 1 machine in the Ray cluster\n" for line in command.stderr)
        while command.poll() is None and not (
            at_work := [run for run in store.runs() if run.status is RunStatus.RUNNING and run.done >= 3]
        ):
            pass
        victim = at_work[0]
        _, pid, _ = (victim.owner or "").rsplit(":", 2)
        assert int(pid) != command.pid, "a worker of Ray's drives it"
        os.kill(int(pid), signal.SIGKILL)
        out, err = command.communicate(timeout=500)
        assert command.returncode == 0, err
        runs = store.runs()
        assert Counter(run.status for run in runs) == {RunStatus.DONE: 4}
        assert sum(run.done for run in runs) == CALLS
    assert CALLS <= server.requests <= CALLS + 2 + 2, "what was in flight, and what had ended and was not written yet"
    assert '"runs_done": 4' in out
    assert "no-secret" not in out + err


def test_without_ray_the_command_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(spread, "find_spec", lambda name: None)
    (tmp_path / "spread.toml").write_text(SPEC.format(address="http://127.0.0.1:9/v1"))
    assert main(["experiment", str(tmp_path / "spread.toml"), "--ray", "--db", str(tmp_path / "runs.db")]) == 2
    assert "pip install 'rsa_viz[ray]'" in capsys.readouterr().err


def test_a_file_is_refused_as_database_of_several_machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = [{"NodeManagerAddress": f"10.0.0.{number}", "Alive": True} for number in (1, 2)]
    ray = SimpleNamespace(
        init=lambda **_: None,
        nodes=lambda: nodes,
        util=SimpleNamespace(get_node_ip_address=lambda: "10.0.0.1"),
        shutdown=lambda: None,
    )
    monkeypatch.setitem(__import__("sys").modules, "ray", ray)
    monkeypatch.setattr(spread, "find_spec", lambda name: object())
    with Store(tmp_path / "runs.db") as store:
        with pytest.raises(InvalidInput, match=r"a file of this machine.*10\.0\.0\.2.*PostgreSQL"):
            spread.Spread(Service(store), "e", str(tmp_path / "runs.db"))
        assert spread.Spread(Service(store), "e", "postgresql://me@here/runs").machines == 2


def test_a_task_of_another_version_drives_nothing(tmp_path: Path) -> None:
    status, error = spread.drive_run(str(tmp_path / "runs.db"), "0" * 12, None, "0.0.1")
    assert status == "failed"
    assert "not 0.0.1; install the same everywhere" in (error or "")
    assert not (tmp_path / "runs.db").exists()
