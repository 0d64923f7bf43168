"""A demonstration on a real server: the audience's question is run, and when the server dies one key goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from pictures import OpenApp, improving, opened, recorded, said
from playwright.sync_api import expect
from written_runs import record_generations

from pages.parts import standby
from rsa_viz.analysis.replay import Recording, moment_of_share
from rsa_viz.core.chain import Slot
from rsa_viz.core.genealogy import Streams
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.run import ModelChoice, Run, RunConfig, RunStatus
from rsa_viz.core.strategies import find_strategy
from rsa_viz.store import Store, owner_name
from tests.servers.app_server import AppServer, running_app
from tests.servers.openai_server import OpenAIServer, Reply

QUESTION = Problem("text", "How many legs do seven spiders have?", "56")


def answers(messages: object) -> Reply:
    """Children are begun and never finished, so that the server dies over them."""
    text = "Eight legs each, 7 * 8 = 56.\n\\boxed{56}"
    return Reply(text, hang_after=2) if "7 * 8" in str(messages) else Reply(text)


@dataclass(frozen=True)
class Hall:
    """An app, and the address of the model's server that its operator configured; ``die`` ends that server."""

    app: AppServer
    model: str
    die: Callable[[], None]


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hall]:
    with ExitStack() as closing:
        model = closing.enter_context(OpenAIServer(script=answers)).address
        path = tmp_path / "endpoints.toml"
        path.write_text(f'[endpoints.hall]\nmodel = "openai/hall"\napi_base = "{model}"\napi_key_env = "none"\n')
        monkeypatch.setenv("RSA_VIZ_ENDPOINTS", str(path))
        with running_app(tmp_path) as app:
            yield Hall(app, model, closing.close)


def rehearsed(database: Path, address: str) -> Run:
    """A whole run of the question on the hall's model, as it was recorded the day before."""
    choice = ModelChoice("openai/hall", api_base=address, api_key_env="none", endpoint="hall")
    config = RunConfig(choice, n=2, k=1, t=3, seed=7, retries=5)
    with Store(database) as store:
        plan = find_strategy("rsa").plan(2, 1, 3, Streams(config.seed, QUESTION.key))
        run = store.create_run(QUESTION, config, PLAIN, plan)
        store.claim(run.id, owner_name())
        record_generations(store, run, lambda *_: "\\boxed{56}", 1, 3)
        store.release(run.id, owner_name(), RunStatus.DONE)
    return run


@pytest.mark.browser
def test_the_audience_asks_the_server_dies_and_one_key_goes_on(hall: Hall, tabs) -> None:
    run = rehearsed(hall.app.database, hall.model)
    page = tabs.open(f"{hall.app.url}/?run={run.id}&present=1&scene=votes")
    expect(page.get_by_text("Generation 3 of 3")).to_be_visible()
    page.locator(".keys[data-listens]").wait_for(state="attached")
    page.keyboard.press("a")
    page.keyboard.type("as")  # who types ahead gives no command
    expect(page.get_by_label("The question")).to_be_focused()
    page.keyboard.type(QUESTION.question)
    gold = page.get_by_label("Gold answer (optional)")
    expect(gold).to_be_visible()  # its script may come after that of the question, and Tab would pass it by
    page.keyboard.press("Tab")
    expect(gold).to_be_focused()
    page.keyboard.type("56")
    page.keyboard.press("Enter")
    expect(page.get_by_text("LIVE")).to_be_visible(timeout=60_000)  # the model library loads first
    expect(page.get_by_role("heading", name="The population: How many legs do seven")).to_be_visible()
    expect(page.get_by_text("2 of 6 chains have ended: 2 right. 2 are being written.")).to_be_visible()
    with Store(hall.app.database) as store:
        made = store.runs(limit=1)[0]
        assert (made.problem.key, made.config, made.wanted) == (QUESTION.key, run.config, None)
        hall.die()
        expect(page.get_by_text(f"continues from a recording of the same problem: run {run.id[:6]}")).to_be_visible()
        page.keyboard.press("r")
        expect(page.get_by_text("RECORDED")).to_be_visible()
        assert f"run={run.id}" in page.url
        assert [one.id for one in store.runs()] == [made.id, run.id], "the run that lost its server stays"
        store.ask(made.id, "stop")


def test_a_run_that_lost_its_server_for_good_is_gone_on_with_from_the_best_recording(
    app: OpenApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def until_the_server_went(slot: Slot, prompt: str, seed: int) -> str | None:
        return improving(slot, prompt, seed) if slot.t < 3 else None

    whole = recorded(tmp_path / "a.db")
    first, second = (recorded(tmp_path / "a.db", write=until_the_server_went) for _ in range(2))
    at = opened(app, tmp_path / "a.db", "run", run=second.id, present="1")
    words = said(at).replace("\\", "")
    assert "Finished" in words
    assert "Every chain of generation 5 failed." in words
    assert f"continues from a recording of the same problem: run {whole.id[:6]}" in words, first.id
    played: list[tuple[str, float]] = []
    monkeypatch.setattr(standby, "play_from", lambda run, moment: played.append((run.id, moment)))
    at = opened(app, tmp_path / "a.db", "run", run=second.id)
    at.button(key="continue-recorded").click().run()
    with Store(tmp_path / "a.db") as store:
        answered = moment_of_share(Recording(tuple(store.chains(whole.id))), 11 / 30)
    assert played == [(whole.id, answered)], "from where as many had ended as were answered"


def test_a_model_that_knows_programs_only_is_given_one_to_change(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "run", run=run.id, present="1")
    at.session_state["stage-asking"] = True
    at.run()
    assert at.text_area(key="stage-question").value == run.problem.question
    at.text_area(key="stage-question").set_value("Work modulo 97.\na = 1\nWhat is d?")
    at.button(key="stage-start").click().run()
    assert "d" in at.error[0].value
    at.text_area(key="stage-question").set_value("  ")
    at.button(key="stage-start").click().run()
    assert at.error[0].value == "Write a question to go on."
