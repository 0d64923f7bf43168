"""Options of a run in the form, and what was said of chains on the pages of runs that verify and summarise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pictures import PROBLEM, RIGHT, WRONG, OpenApp, opened, said

from rsa_viz.core.aside import AsideKind, AsideOutcome
from rsa_viz.core.candidates import seen_by_children
from rsa_viz.core.chain import Completion, Outcome, Slot
from rsa_viz.core.genealogy import Streams
from rsa_viz.core.prompts import PLAIN, prompt_sha256
from rsa_viz.core.run import Candidates, ModelChoice, Run, RunConfig, RunStatus
from rsa_viz.core.strategies import draw_plan, find_strategy
from rsa_viz.store import Store, owner_name
from rsa_viz.tasks import find_task

CONFIG = RunConfig(ModelChoice("synthetic/written"), n=4, k=2, t=2)
PARTS = find_task("program").parts(PROBLEM)


def recorded(database: Path, config: RunConfig, said_of: dict[Slot, str | None]) -> Run:
    """A run in which odd chains are right, and what ``said_of`` them: None for a call that failed; the others are not
    asked yet."""
    with Store(database) as store:
        plan = draw_plan(find_strategy(config.strategy), config, Streams(0, PROBLEM.key))
        run = store.create_run(PROBLEM, config, PLAIN, plan)
        store.claim(run.id, owner_name())
        seen: dict[Slot, str] = {}
        for chain in plan:
            text = RIGHT if chain.slot.i % 2 else WRONG
            messages = PLAIN.compose(chain.kind, PARTS, PROBLEM, [seen[parent] for parent in chain.parents])
            sha256 = prompt_sha256(messages)
            outcome = Outcome(chain.slot, Completion(text), None, 1, sha256, chain.parents, False, 1.0, 2.0)
            answer = find_task("program").extract(text, PROBLEM)
            store.record(run.id, outcome, answer, find_task("program").judge(answer, PROBLEM), "test")
            words = said_of.get(chain.slot)
            if chain.aside is not None and chain.slot in said_of:
                asked = prompt_sha256(PLAIN.compose_aside(chain.aside.kind, PARTS, PROBLEM, text))
                completion = None if words is None else Completion(words, tokens_in=90, tokens_out=7)
                error = "the server said <b>500</b>" if words is None else None
                told = AsideOutcome(chain.slot, chain.aside.kind, completion, error, 2, asked, 3.0, 4.0)
                verdict = {"True": True, "False": False}.get(words or "")
                store.record_aside(run.id, told, verdict if chain.aside.kind is AsideKind.VERIFY else None, "test")
            seen[chain.slot] = seen_by_children(text, words, config)
        store.release(run.id, owner_name(), RunStatus.STOPPED)
        return run


def test_options_change_what_a_run_costs_and_are_kept_with_it(app: OpenApp, tmp_path: Path) -> None:
    at = opened(app, tmp_path / "a.db", "run")
    for knob, value in (("n", 4), ("k", 2), ("t", 3)):
        at.number_input(key=f"knob-{knob}").set_value(value)
    at.run()
    assert "**12 calls, 3 generations (2 aggregations)**" in said(at)
    at.button_group(key="candidates").set_value(Candidates.TAIL).run()
    at.number_input(key="tail-characters").set_value(900)
    at.number_input(key="fresh-rate").set_value(25.0)
    at.number_input(key="temperature-end").set_value(0.2).run()
    assert not at.exception
    at.button_group(key="candidates").set_value(Candidates.SUMMARY).run()
    assert "tiny/holes cannot write summaries" in said(at)
    assert at.button(key="start").disabled
    at.selectbox(key="model").select("synthetic/fast").run()
    assert "**12 calls" not in said(at)
    assert "calls, 3 generations" in said(at)
    at.button(key="start").click().run()
    assert not at.exception
    with Store(tmp_path / "a.db") as store:
        (run,) = store.runs()
    assert (run.config.candidates, run.config.fresh_rate, run.config.temperature_end) == (Candidates.SUMMARY, 0.25, 0.2)
    assert run.config.tail_characters == RunConfig(ModelChoice("m")).tail_characters
    assert "temperature from 1 to 0.2, 25 % fresh chains, children see summaries" in said(at)


@pytest.mark.parametrize("strategy", ["reference", "rejection", "rsa"])
def test_a_run_of_one_generation_offers_no_options(app: OpenApp, tmp_path: Path, strategy: str) -> None:
    at = opened(app, tmp_path / "a.db", "run")
    at.selectbox(key="strategy").select(strategy).run()
    if strategy == "rsa":
        at.number_input(key="knob-t").set_value(1).run()
    assert not at.exception
    assert "need a second generation" in said(at)
    assert not at.button(key="start").disabled


def test_islands_without_room_are_refused_in_words(app: OpenApp, tmp_path: Path) -> None:
    at = opened(app, tmp_path / "a.db", "run")
    at.selectbox(key="strategy").select("islands").run()
    at.number_input(key="knob-n").set_value(7).run()
    assert not at.exception
    assert "two islands need at least 2 K = 8 chains" in said(at)
    assert at.button(key="start").disabled


@pytest.mark.parametrize(
    ("slot", "words"),
    [
        ("1.1", "Accepted: the model takes the answer for right. That is its opinion, no verdict."),
        ("1.2", "Rejected: the model takes the answer for wrong"),
        ("1.3", "counts as neither accepted nor rejected"),
        ("1.4", "It is made next."),
    ],
)
def test_the_chain_page_shows_what_a_verification_said(app: OpenApp, tmp_path: Path, slot: str, words: str) -> None:
    verified: dict[Slot, str | None] = {Slot(1, 1): "True", Slot(1, 2): "False", Slot(1, 3): None}
    run = recorded(tmp_path / "a.db", replace(CONFIG, strategy="rejection", k=1, t=1), verified)
    at = opened(app, tmp_path / "a.db", "chain", run=run.id, chain=slot)
    assert not at.exception
    assert "Verification" in said(at)
    assert words in said(at)
    if slot == "1.1":
        assert "90 tokens in, 7 out, 0.0 s, 2 tries" in said(at)
        assert "it is byte for byte what was sent" in said(at)


@pytest.mark.parametrize(
    ("words", "told", "warned"),
    [
        ("I solve it anew: 43", "Nothing verified, draw among all", True),
        ("False", "All rejected, draw among all", False),
    ],
)
def test_where_nothing_was_accepted_nothing_says_so(
    app: OpenApp, tmp_path: Path, words: str, told: str, warned: bool
) -> None:
    slots: dict[Slot, str | None] = {Slot(1, i): words for i in range(1, 5)}
    run = recorded(tmp_path / "a.db", replace(CONFIG, strategy="rejection", k=1, t=1), slots)
    with Store(tmp_path / "a.db") as store:
        store.claim(run.id, owner_name())
        store.release(run.id, owner_name(), RunStatus.DONE)
    for page in ("run", "compare"):
        at = opened(app, tmp_path / "a.db", page, **({"run": run.id} if page == "run" else {"runs": run.id}))
        assert not at.exception
        assert ("at twice the price" in said(at)) is warned
        assert "accepted" not in said(at).replace("one of the accepted ones is the answer", "")
        if page == "run":
            assert told in said(at)


def test_the_board_marks_accepted_chains_and_says_what_it_counts(app: OpenApp, tmp_path: Path) -> None:
    verified: dict[Slot, str | None] = {Slot(1, 1): "True", Slot(1, 2): "True", Slot(1, 3): "False", Slot(1, 4): None}
    run = recorded(tmp_path / "a.db", replace(CONFIG, strategy="rejection", k=1, t=1), verified)
    at = opened(app, tmp_path / "a.db", "run", run=run.id)
    assert not at.exception
    assert "Verifications: 2 accepted (✓), 1 rejected, 1 unreadable or failed." in said(at).replace("\\", "")
    assert {metric.label: metric.value for metric in at.metric}["Calls done"] == "7 of 8"


def test_the_chain_page_shows_the_summary_that_children_saw(app: OpenApp, tmp_path: Path) -> None:
    summary = "c = 55\nd = 43 <script>alert(1)</script>"
    config = replace(CONFIG, candidates=Candidates.SUMMARY)
    run = recorded(tmp_path / "a.db", config, dict.fromkeys((Slot(1, i) for i in range(1, 5)), summary))
    at = opened(app, tmp_path / "a.db", "chain", run=run.id, chain="1.1")
    assert not at.exception
    assert "This stood in the prompts of its children, in place of its text." in said(at)
    assert summary in [element.value for element in at.code]
    child = opened(app, tmp_path / "a.db", "chain", run=run.id, chain="2.1")
    assert "Summary" not in [element.value for element in child.subheader]
