"""Models page: asking, test prompts, presets, editing; and an app that only shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.frame import the_service
from pages.parts.listening import is_loopback
from pages.parts.registry import PAGES
from rsa_viz.core.access import Access
from rsa_viz.core.chain import Slot, Verdict
from rsa_viz.core.errors import ReadOnly, StoreError
from rsa_viz.core.run import ModelChoice, RunConfig, RunStatus
from rsa_viz.llm.endpoints import BUILT_IN, load_endpoints
from rsa_viz.service import Service
from rsa_viz.service.models import State
from rsa_viz.store import Store
from rsa_viz.tasks import find_task
from tests.servers.openai_server import OpenAIServer

OpenApp = Callable[[Path], AppTest]

FILE = """
[endpoints.lab]
title = "The lab's server"
model = "openai/m"
api_base = "{address}"
context = 600
price = {{ in = 1, out = 2, currency = "EUR" }}
"""


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIServer]:
    """The operator's file with one endpoint, and its server."""
    with OpenAIServer(models=("m",)) as server:
        path = tmp_path / "endpoints.toml"
        path.write_text(FILE.format(address=server.address))
        monkeypatch.setenv("RSA_VIZ_ENDPOINTS", str(path))
        yield server


def models_page(app: OpenApp, database: Path) -> AppTest:
    at = app(database).run().switch_page("pages/models.py").run()
    assert not at.exception
    return at


def words(at: AppTest) -> str:
    return "\n".join(str(one.value) for one in [*at.markdown, *at.caption, *at.info, *at.error, *at.warning, *at.code])


def test_nothing_is_called_until_somebody_asks_and_a_test_prompt_is_one_call(
    app: OpenApp, tmp_path: Path, lab: OpenAIServer
) -> None:
    at = models_page(app, tmp_path / "runs.db")
    assert "not asked yet" in words(at)
    assert "at most 16 calls at a time, context 600 tokens, 1 EUR a million tokens in, 2 EUR out" in words(at)
    assert lab.requests == 0
    at.button(key="ask-lab").click()
    asked: list[object] = []
    models = the_service().models
    at.run()
    while models.states("lab")[0].state is State.ASKING:
        asked.append(at.run())
    at.run()
    assert "It lists m" in words(at)
    assert lab.requests == 0
    assert "One call with at most 256 tokens of answer" in words(at)
    at.button(key="try-lab").click().run()
    while not (trial := models.trial("lab")) or not trial.ended:
        at.run()
    at.run()
    assert lab.requests == 1
    assert not at.error
    assert "I read programs only" in words(at)
    assert [one.label for one in at.metric] == ["First token", "Whole answer", "Tokens a second"]


def test_endpoints_are_edited_only_where_the_operator_allows_it_and_land_in_his_file(
    app: OpenApp, tmp_path: Path, lab: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = models_page(app, tmp_path / "runs.db")
    assert not [one for one in at.selectbox if one.key == "edited-endpoint"]
    with pytest.raises(ReadOnly, match="RSA_VIZ_EDIT_ENDPOINTS"):
        the_service().models.save("new", {"model": "openai/n"})
    monkeypatch.setenv("RSA_VIZ_EDIT_ENDPOINTS", "1")
    the_service.__globals__["_service"].clear()
    at = models_page(app, tmp_path / "runs.db")
    at.text_input(key="endpoint-name").set_value("new")
    at.text_input(key="endpoint-model-").set_value("openai/n")
    at.text_area(key="endpoint-addresses-").set_value("http://gpu1/v1\nhttp://gpu2/v1")
    at.text_input(key="endpoint-key-").set_value("sk-pasted-by-mistake")
    save = next(one for one in at.button if one.label == "Save to the file")
    save.click().run()
    assert "never a key" in at.error[0].value
    assert "pasted" not in at.error[0].value
    at.text_input(key="endpoint-key-").set_value("GPU_KEY")
    next(one for one in at.button if one.label == "Save to the file").click().run()
    assert not at.exception
    assert not at.error
    added = load_endpoints()[-1]
    assert (added.name, added.addresses, added.api_key_env) == ("new", ("http://gpu1/v1", "http://gpu2/v1"), "GPU_KEY")
    assert "new#2" in words(at).replace("\\", ""), "the page shows it at once"


def test_before_a_run_its_money_and_a_context_that_is_too_small_are_said(
    app: OpenApp, tmp_path: Path, lab: OpenAIServer
) -> None:
    at = app(tmp_path / "runs.db").run()
    assert "another" not in at.selectbox(key="model").options
    at.selectbox(key="model").set_value("lab").run()
    at.number_input(key="max-tokens").set_value(300).run()
    assert not at.exception
    assert "EUR, if no call has to be tried again" in words(at)
    assert "the endpoint's context is 600" in at.warning[0].value.replace("\\", "")
    assert "Take a smaller K" in at.warning[0].value


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_an_app_that_only_shows_opens_every_page_and_draws_no_control_that_changes(
    app: OpenApp, full_database: Path, monkeypatch: pytest.MonkeyPatch, page: object
) -> None:
    monkeypatch.setenv("RSA_VIZ_READ_ONLY", "1")
    at = app(full_database).run().switch_page(page.file)  # type: ignore[attr-defined]
    with Store(full_database, read_only=True) as store:
        at.query_params["run"] = store.runs(limit=1)[0].id
    at.query_params["chain"] = "1.1"
    at.run()
    assert not at.exception
    assert not at.error
    labels = {one.label for one in at.button}
    changing = {"Start", "Resume", "Pause", "Stop", "New run", "Merge", "Undo", "Import", "Save note", "Delete", "Ask"}
    changing |= {"It is right", "It is wrong", "It is unknown", "Run all", "Go on", "Send", "Save to the file"}
    assert not labels & changing


def test_a_service_that_only_shows_refuses_every_change_while_another_process_writes(tmp_path: Path) -> None:
    database = tmp_path / "runs.db"
    problem = find_task("program").problems()[0]
    config = RunConfig(ModelChoice("synthetic/fast"), n=2, k=1, t=2)
    with Store(database) as writing:
        writer = Service(writing)
        run = writer.create(problem, config)
        with Store(database, read_only=True) as reading:
            shown = Service(reading, BUILT_IN, access=Access(visitors=True, read_only=True))
            writer.start(run.id)
            assert writer.wait(run.id, timeout=60).status is RunStatus.DONE
            assert shown.store.run(run.id).done == 4, "it sees what is written"
            for change in (
                lambda: shown.create(problem, config),
                lambda: shown.create_all([problem], config),
                lambda: shown.start_all([run.id]),
                lambda: shown.pause(run.id),
                lambda: shown.stop(run.id),
                lambda: shown.import_run(b""),
                lambda: shown.models.ask("synthetic/fast"),
                lambda: shown.models.try_prompt("synthetic/fast", "x"),
                lambda: shown.models.save("x", {}),
            ):
                with pytest.raises(ReadOnly):
                    change()
            for change in (
                lambda: shown.store.set_note(run.id, "x"),
                lambda: shown.store.delete_run(run.id),
                lambda: shown.store.rule_verdict(run.id, Slot(1, 1), Verdict.RIGHT),
            ):
                with pytest.raises(StoreError, match="read-only"):
                    change()
        writer.close()


def test_only_loopback_is_this_machine_alone() -> None:
    for address, alone in (("localhost", True), ("127.0.0.1", True), ("::1", True), ("0.0.0.0", False), ("gpu", False)):
        assert is_loopback(address) is alone
