"""Whose verdicts the beads show: the chooser, its URL, the captions, and asking a judge from the page."""

from __future__ import annotations

from pathlib import Path

from pictures import OpenApp, opened, recorded, said
from streamlit.testing.v1 import AppTest
from written_runs import written_run

from rsa_viz.core.chain import Slot, Verdict
from rsa_viz.core.problem import Problem
from rsa_viz.core.run import Run
from rsa_viz.core.step_judging import StepJudging, StepVerdict
from rsa_viz.store import Store
from rsa_viz.tasks import find_task

HOSTILE = "<img src=x onerror=alert(1)> **m**"


def words(at: AppTest) -> str:
    return said(at).replace("\\", "")


def judge(path: Path, run: Run, model: str, verdict: Verdict, why: str = "because") -> None:
    """Record that a model said one thing of every step of chain 1.1."""
    with Store(path) as store:
        chain = store.chain(run.id, Slot(1, 1))
        steps = find_task(run.problem.task).steps(chain.text or "", run.problem)
        said_of = tuple(StepVerdict(one.start, one.end, verdict, why) for one in steps)
        store.record_step_judging(
            run.id, StepJudging(0, chain.slot, model, "judge steps, version 1", 1.0, "", said_of, "its reply")
        )


def test_the_chooser_offers_what_the_run_has_and_puts_it_into_the_url(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    judge(tmp_path / "a.db", run, "openai/first", Verdict.WRONG)
    judge(tmp_path / "a.db", run, "openai/second", Verdict.RIGHT)
    at = opened(app, tmp_path / "a.db", "fragments", run=run.id)
    chooser = at.selectbox(key="verdicts-by")
    assert chooser.options == [
        "what is known (exact, arithmetic)",
        "the other chains (consensus)",
        "the judge openai/first",
        "the judge openai/second",
    ]
    assert "87 steps of 29 chains: 45 right and 42 wrong." in words(at)  # the chain that failed has none
    chooser.set_value("judge:openai/first").run()
    assert not at.exception
    assert at.query_params["by"] in ("judge:openai/first", ["judge:openai/first"])
    shown = words(at)
    assert "87 steps of 29 chains: 3 wrong and 84 unknown." in shown
    assert "Verdicts by the judge openai/first, which can be mistaken." in shown
    assert "The judge openai/first agrees with what is known on 0 of 3 steps" in shown
    assert list(at.dataframe[0].value["says wrong"]) == [3, 0]
    tables = [one.value for one in at.dataframe if "Verdict" in one.value]
    assert set(tables[0]["Verdict"]) == {"✕ wrong", "? unknown"}  # the fragments follow the chooser


def test_consensus_is_told_as_no_proof_and_never_as_right_or_wrong(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")  # generation 5: 5 of 6 are right
    at = opened(app, tmp_path / "a.db", "fragments", run=run.id, by="consensus", t="5")
    assert not at.exception
    shown = words(at)
    assert "3 unlike most others" in shown
    assert "No proof: most may be wrong." in shown
    assert " right and " not in shown.split("Generation 5</a>: ")[1].split("At the left edge")[0]


def test_a_source_that_the_run_does_not_have_is_said_and_what_is_known_is_shown(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db", n=2, k=2, t=2)
    for by, why in (("reference", "no worked solution"), ("judge:gone", "has judged no chain"), ("x", "no source")):
        at = opened(app, tmp_path / "a.db", "fragments", run=run.id, by=by)
        assert not at.exception
        assert why in words(at)
        assert at.selectbox(key="verdicts-by").value == "known"


def test_a_worked_solution_calls_right_what_stands_in_it(app: OpenApp, tmp_path: Path) -> None:
    problem = Problem("gsm8k", "2 times 3, and 1 more?", "2 * 3 = 6\n6 + 1 = 7\n#### 7")
    with Store(tmp_path / "a.db") as store:
        run = written_run(store, problem, lambda *_: "2 * 3 = 6\n6 + 2 = 8\n#### 8", n=2, k=2, t=1)
    at = opened(app, tmp_path / "a.db", "chain", run=run.id, chain="1.1", by="reference")
    assert not at.exception
    shown = words(at)
    assert "1 right and 2 unknown." in shown
    assert "what does not stand there is unknown, not wrong" in shown
    table = next(one.value for one in at.dataframe if "It says" in one.value)
    assert list(table["Verdict"]) == ["● right", "? unknown", "? unknown"]
    assert table["Why"][0] == "the worked solution has 2*3=6"


def test_a_hostile_judge_is_shown_letter_by_letter(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db", n=2, k=2, t=1)
    judge(tmp_path / "a.db", run, HOSTILE, Verdict.WRONG, HOSTILE)
    at = opened(app, tmp_path / "a.db", "chain", run=run.id, chain="1.1", by=f"judge:{HOSTILE}")
    assert not at.exception
    drawn = "\n".join(str(one.value) for one in (*at.markdown, *at.caption))
    assert "\\<img" in drawn
    assert "<img" not in drawn.replace("\\<img", "")
    assert "its reply" in [one.value for one in at.code]


def test_a_judge_is_asked_from_the_page(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db", n=3, k=2, t=2)
    at = opened(app, tmp_path / "a.db", "chain", run=run.id, chain="1.1")
    at.selectbox(key="judge-model").set_value("synthetic/fast").run()
    assert "**1 call**, one a chain, about 3 steps" in words(at)
    at.button(key="judge-start").click().run()
    with Store(tmp_path / "a.db") as store:
        while not store.step_judgings(run.id):
            at.run()
        assert [one.slot for one in store.step_judgings(run.id)] == [Slot(1, 1)]
    at.query_params["by"] = "judge"
    at.run()
    assert "Verdicts by the judge synthetic/fast (a simulation), which can be mistaken." in words(at)
    assert not at.exception
