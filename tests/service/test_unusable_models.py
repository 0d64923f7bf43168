"""A wrong key or an unknown model stops a run, a batch and an experiment at once, with one clear line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rsa_viz.cli import main
from rsa_viz.core.run import RunStatus
from rsa_viz.store import Store
from tests.servers.openai_server import OpenAIServer

SHAPE = ("-N", "4", "-K", "2", "-T", "3", "--concurrency", "4", "--retries", "9")
PROBLEM = {"task": "text", "question": "How many primes are below {}?"}


def a_run(folder: Path) -> list[str]:
    return ["run", "--question", "How many?", "--model", "lab", *SHAPE]


def a_batch(folder: Path) -> list[str]:
    rows = [{**PROBLEM, "question": PROBLEM["question"].format(number)} for number in range(3)]
    (folder / "problems.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return ["run", "--problems", f"{folder}/problems.jsonl", "--model", "lab", *SHAPE]


def an_experiment(folder: Path) -> list[str]:
    (folder / "e.toml").write_text(
        'name = "e"\nseeds = 3\n[[problems]]\nprograms = 2\nlines = 3\n[defaults]\nmodel = "lab"\n'
        'n = 4\nk = 2\nconcurrency = 4\nretries = 9\n[[arms]]\nname = "RSA"\nt = 3\n'
    )
    return ["experiment", f"{folder}/e.toml"]


@pytest.mark.parametrize("command", [a_run, a_batch, an_experiment])
@pytest.mark.parametrize(
    ("server", "model", "words"),
    [
        ({"key": "the right key"}, "openai/test-model", "answered 401"),
        ({"models": ("test-model",)}, "openai/no-such-model", "no-such-model"),
    ],
)
def test_it_stops_at_once_with_one_line(
    command: Callable[[Path], list[str]],
    server: dict[str, object],
    model: str,
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RSA_VIZ_ENDPOINTS", str(tmp_path / "endpoints.toml"))
    with OpenAIServer(**server) as refusing:
        (tmp_path / "endpoints.toml").write_text(
            f'[endpoints.lab]\nmodel = "{model}"\napi_base = "{refusing.address}"\nconcurrency = 4\n'
        )
        code = main([*command(tmp_path), "--db", str(tmp_path / "runs.db")])
    assert code == 1
    errors = [line for line in capsys.readouterr().err.splitlines() if words in line]
    assert len(errors) == 1
    assert 1 <= refusing.requests <= 4, "no call but those that were in flight when the first was refused"
    with Store(tmp_path / "runs.db") as store:
        runs = store.runs()
        failed = [run for run in runs if run.status is RunStatus.FAILED]
        assert len(failed) == 1
        assert words in (failed[0].error or "")
        assert {run.status for run in runs} <= {RunStatus.FAILED, RunStatus.PLANNED}
        assert all((run.done, run.failed) == (0, 0) for run in runs), "what was refused stays planned"
