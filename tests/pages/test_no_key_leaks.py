"""No key is stored, logged, exported or shown: sentinels in the environment and typed, servers that echo them back."""

from __future__ import annotations

import io
import itertools
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.registry import find_page
from rsa_viz.cli import main
from rsa_viz.core.access import Access
from rsa_viz.core.run import ModelChoice, Run, RunConfig
from rsa_viz.llm.endpoints import Endpoint
from rsa_viz.service import FORMATS, Service
from rsa_viz.store import Store
from rsa_viz.tasks import find_task
from tests.servers.openai_server import OpenAIServer, Reply

OpenApp = Callable[[Path], AppTest]
TYPED = "typedSENTINELkey0001"
CHOSEN = "chosenSENTINELkey0002"
OTHERS = {"OPENAI_API_KEY": "sk-otherSENTINELkey3", "HOSTED_VLLM_API_KEY": "otherSENTINELkey0004"}
SENTINEL = b"SENTINEL"


class Echo:
    """Answers in turn: well, with a page that echoes the header, and in text that holds it."""

    def __init__(self, key: str) -> None:
        said = f"You sent Authorization: Bearer {key}. {json.dumps({'key': key})}"
        self._replies = itertools.cycle(
            [
                Reply(status=500, error=said),
                Reply("\\boxed{1} " + said, reasoning=said, finish_reason=key),
                Reply(status=400, error=said * 40),
                Reply(status=429, error=said, headers={"Retry-After": "0"}),
                Reply("\\boxed{2}"),
                Reply(f"a {key}", cut_after=1),
            ]
        )

    def __call__(self, messages: Sequence[Any]) -> Reply:
        return next(self._replies)


def test_no_key_is_stored_logged_exported_or_shown(
    app: OpenApp,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    for name, value in {**OTHERS, "LAB_KEY": CHOSEN}.items():
        monkeypatch.setenv(name, value)
    seen: list[bytes] = []
    database = tmp_path / "runs.db"
    with OpenAIServer(script=Echo(TYPED)) as typed, OpenAIServer(script=Echo(CHOSEN)) as chosen:
        store = Store(database)
        lab = Endpoint("lab", "openai/m", "Lab", chosen.address, "LAB_KEY")
        service = Service(store, [lab], access=Access(visitors=True))
        runs = [
            _run(service, ModelChoice("hosted_vllm/m", typed.address, "LAB_KEY"), TYPED),
            _run(service, lab.choice, None),
        ]
        service.models.ask("lab").result(timeout=30)
        for _ in range(6):
            service.models.try_prompt("lab", "x").result(timeout=30)
            seen.append(repr((service.models.states("lab"), service.models.trial("lab"))).encode())
        for run in runs:
            seen.append(repr((store.run(run.id), store.chains(run.id, text=True))).encode())
            for format in FORMATS:
                seen.append(_exported(service, run, format))
        service.close()
        seen += [file.read_bytes() for file in tmp_path.iterdir()]  # the write-ahead log as well
        sent = [{entry["authorization"] for entry in server.log} for server in (typed, chosen)]
        store.close()
        for command in (["show", runs[0].id, "--json"], ["show", runs[1].id], ["resume", runs[1].id]):
            main([*command, "--db", str(database)])
        seen += _pages(app, database, [run.id for run in runs])
    seen += [caplog.text.encode(), *(part.encode() for part in capfd.readouterr())]
    assert sent == [{f"Bearer {TYPED}"}, {f"Bearer {CHOSEN}"}], "each server got its own key and nothing else"
    assert any(b"You sent Authorization" in part for part in seen), "what the servers said was recorded"
    for part in seen:
        place = part.find(SENTINEL)
        assert place < 0, part[max(0, place - 200) : place + 200]


def _run(service: Service, choice: ModelChoice, api_key: str | None) -> Run:
    config = RunConfig(choice, n=4, k=2, t=3, retries=0, max_tokens=100, timeout_s=5.0)
    run = service.create(find_task("program").problems()[0], config)
    service.start(run.id, api_key=api_key)
    return service.wait(run.id, timeout=60)


def _pages(app: OpenApp, database: Path, runs: Sequence[str]) -> Iterator[bytes]:
    """Everything that the pages send to a browser for these runs."""
    for name in ("run", "chain", "audit", "runs"):
        at = app(database).run().switch_page(find_page(name).file)
        for run_id in runs:
            at.query_params["run"] = run_id
            at.query_params["chain"] = "1.1"
            at.run()
            assert not at.exception
            yield repr([element.proto for element in at.main]).encode()


def _exported(service: Service, run: Run, format: str) -> bytes:
    out = io.BytesIO()
    service.export(run.id, format, out)
    return out.getvalue()
