"""What the pages of one run say in another language: words that are looked up by value, lists, reasons, origins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pictures import PROBLEM, RIGHT, WRONG

from pages.parts import chain_aside, chain_facts, fork_form, fragment_table, judge_steps, naming, painting, spoken
from pages.parts.forked_from import chain_origin_html, origin_html
from pages.parts.frame import linked
from rsa_viz.analysis.generations import ROW
from rsa_viz.analysis.ledger import EventKind
from rsa_viz.analysis.rediscovery import Origin
from rsa_viz.core.chain import Chain, ChainOrigin, Slot, Verdict, VerdictSource
from rsa_viz.core.fork import (
    Change,
    LeftOut,
    OtherK,
    OtherModel,
    OtherPrompts,
    OtherSeed,
    OtherTemperature,
    Written,
    change_in_words,
)
from rsa_viz.core.prompts import PLAIN, PromptKind
from rsa_viz.core.run import ModelChoice, Run, RunConfig, RunOrigin, RunStatus
from rsa_viz.core.strategies import LEAVE_ONE_OUT
from rsa_viz.figures.step_state import StepState
from rsa_viz.figures.words import percent
from rsa_viz.service.step_judging import Ending, JudgingProgress
from rsa_viz.tasks import find_task
from rsa_viz.texts import texts_in

CONFIG = RunConfig(ModelChoice("synthetic/fast"), n=4, k=2, t=3, seed=7)
SLIPS = "c = a + b = 57\nd = c - a = 60 - 12 = 48\n\\boxed{1}\nend"
SUMS = "12 * 45 = 540\n62 - 35 = 72\n7/3 = 2.33\n7/3 = 2\nx + 3 = 13\n12 a * 5 = 70 b\n5 * 3 ≈ 16\n2*5 = 10 + 3 = 13"
CHANGES: tuple[Change, ...] = (
    OtherTemperature(0.5), OtherK(1), OtherPrompts(replace(PLAIN, name="terse")), OtherModel(ModelChoice("a/b")),
    OtherSeed(8), Written(Slot(2, 1), "text"), Written(Slot(2, 1), "text", edited=True), LeftOut(Slot(2, 1)),
    LeftOut(Slot(2, 1), Slot(3, 2)),
)  # fmt: skip


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken, "language", lambda: "zh")


def looked_up_by_value() -> Iterator[str]:
    """Labels that no test sees written out where they are drawn."""
    yield from (*chain_aside.TITLES.values(), *chain_aside.ACCEPTED.values(), *chain_facts.SOURCES.values())
    yield from (name for name, _ in chain_facts._numbers(Chain(1, Slot(1, 1), PromptKind.SAMPLE)))
    yield from (*fork_form.Kind, *painting.NAMES.values(), *fragment_table.HELP.values(), *EventKind, *Origin)
    yield from (judge_steps.EVERY, *(f"says {verdict.value}" for verdict in Verdict), *StepState, *ROW)
    yield from (JudgingProgress("", "", 0, ending=one).told for one in Ending)
    yield from (change_in_words(change, CONFIG, PLAIN) for change in CHANGES)
    yield from (f"{2:,} {origin.value}" for origin in Origin)
    yield from (" to ".join(map(percent, pair)) for pair in ((0.001, 0.999), (0.1, 0.2), (0.001, 0.2), (0.2, 0.999)))
    for text in (
        RIGHT,
        WRONG,
        SLIPS,
        "a = 13\nc = 13 * 45 = 3\nd = 3 - 13 = 87",
        "c = 56\nno line\n\\boxed{44}\n",
        "d = 4",
    ):
        yield from (step.judgement.why for step in find_task("program").steps(text, PROBLEM))
    yield from (step.judgement.why for step in find_task("text").steps(SUMS, replace(PROBLEM, task="text")))


@pytest.mark.parametrize("words", sorted(set(looked_up_by_value())))
def test_words_that_are_looked_up_by_value_have_a_line(words: str) -> None:
    assert texts_in("zh").labels.find(str(words)) is not None


def test_lists_of_chains_are_links_in_every_language(chinese: None) -> None:
    named = naming.chains_listed([Slot(1, 1), Slot(2, 3), Slot(2, 4)], 2)
    assert named == "推理链 1.1、推理链 2.3，另有 1 个"
    assert linked(named, "r").count("<a href=") == 2
    assert naming.chains_listed([Slot(1, 1)]) == "推理链 1.1"


def test_lists_in_english() -> None:
    assert naming.both(["a", "b", "c"]) == "a, b and c"
    assert naming.both([]) == naming.listed([]) == ""
    assert naming.sentences(["One.", "Two."]) == "One. Two."
    assert naming.chains_listed([Slot(1, 1), Slot(2, 3), Slot(2, 4)], 1) == "chain 1.1 and 2 more"


def test_reasons_of_models_and_persons_stay_as_written(chinese: None) -> None:
    assert naming.reason("no answer", VerdictSource.EXACT) == "没有答案"
    for theirs in (VerdictSource.JUDGE, VerdictSource.PERSON):
        assert naming.reason("no answer", theirs) == "no answer"


def run_of(origin: RunOrigin, config: RunConfig = CONFIG) -> Run:
    return Run("fork1", PROBLEM, config, PLAIN, RunStatus.DONE, 0.0, origin=origin)


def test_where_a_fork_comes_from(chinese: None) -> None:
    origin = RunOrigin("first1", 2, "model <b>x</b> in place of a", None)
    words = origin_html(run_of(origin), origin, True, lambda page, run, **view: f"/{page}", linked)
    assert words.startswith(":violet-badge[:material/fork_right: 分支] 源自")
    assert '<a href="/population" target="_self">运行 first1</a>' in words
    assert ">第 2 代</a>之后" in words
    assert "模型 \\<b\\>x\\</b\\>（原为 a）" in words


def test_where_a_run_without_each_parent_comes_from(chinese: None) -> None:
    origin = RunOrigin("first1", 2, "chain 3.1 written again 4 times with all its parents and 4 times without each")
    run = run_of(origin, replace(CONFIG, strategy=LEAVE_ONE_OUT.name))
    words = origin_html(run, origin, False, lambda page, run, **view: f"/{page}", linked)
    assert "源自运行 first1（不在本数据库中）：推理链 3\\.1：读全部父链重写 4 次" in words


@pytest.mark.parametrize(
    ("there", "name"), [(True, '<a href="/chain" target="_self">推理链 2\\.1</a>'), (False, "推理链 2\\.1")]
)
def test_where_a_copied_chain_comes_from(chinese: None, there: bool, name: str) -> None:
    run = run_of(RunOrigin("first1", 2, "K 1 in place of 2, later parents drawn anew"))
    copied = Chain(1, Slot(2, 1), PromptKind.SAMPLE, origin=ChainOrigin.COPIED, copied_from=Slot(2, 1))
    assert f"沿用自运行 first1 的{name}；" in chain_origin_html(
        run, copied, there, lambda page, run, **view: f"/{page}"
    )
