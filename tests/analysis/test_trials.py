"""Trials and arms: one run in numbers, and which runs are compared as one."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from rsa_viz.analysis.arms import arms
from rsa_viz.analysis.budgets import Axis, reached
from rsa_viz.analysis.generations import by_generation
from rsa_viz.analysis.held_against import usual_other
from rsa_viz.analysis.trials import Trial, trial
from rsa_viz.core.aside import Aside, AsideKind
from rsa_viz.core.chain import ChainOrigin, ChainStatus, Slot
from rsa_viz.core.run import Candidates, ModelChoice, RunStatus
from tests.analysis.drawn import chains_from, random_story
from tests.analysis.trials_drawn import drawn_trial, run_of

STORY = """
    26+       25x       25x       -x
    26+(1,2)  25x(2,3)  26+(1,3)  !(1,4)
    26+(1,2)  26+(2,3)  26+(2,1)  26?(1)
"""


def test_a_trial_counts_by_generation_and_adds_up_what_was_spent() -> None:
    first, second, third = drawn_trial(STORY).generations
    assert (first.right, first.known, first.mean, first.majority, first.pass_at_n) == (1, 4, 0.25, False, True)
    assert (second.right, second.known, second.majority) == (2, 3, True)
    assert (third.right, third.known, third.mean) == (3, 3, 1.0)
    assert [one.calls for one in (first, second, third)] == [4, 8, 12]
    assert [one.tokens for one in (first, second, third)] == [60, 105, 165], "a failed call told no tokens"
    assert [one.seconds for one in (first, second, third)] == [8.0, 14.0, 22.0]
    assert [one.clock for one in (first, second, third)] == [2.0, 4.0, 6.0], "pauses between calls do not count"


def test_it_agrees_with_the_figures_by_generation() -> None:
    rng = random.Random(5)
    for _ in range(60):
        chains = [replace(one, tokens_in=3, tokens_out=4) for one in random_story(rng)]
        found = trial(run_of(chains, k=3), chains)
        whole = []
        for one in by_generation(chains):
            if one.planned:
                break
            whole.append(one)
        assert len(found.generations) == len(whole)
        for ours, theirs in zip(found.generations, whole, strict=True):
            assert (ours.t, ours.right, ours.mean, ours.pass_at_n) == (
                theirs.t,
                theirs.right,
                theirs.mean,
                theirs.pass_at_n,
            )
            if theirs.majority_answer is not None:
                assert ours.majority == theirs.majority
        assert found.finished == (len(whole) == 4)


def test_each_strategy_answers_by_its_own_rule() -> None:
    votes = "26+ 26+ 26+ 25x"
    assert [drawn_trial(votes, strategy=name).generations[0].answered for name in ("majority-vote", "reference")] == [
        1.0,
        0.75,
    ]
    silent = drawn_trial("-x -x", strategy="majority-vote").generations[0]
    assert (silent.majority, silent.answered) == (False, 0.0), "no answer is wrong where silence is"
    unknown = drawn_trial("26? 26? -x", strategy="majority-vote").generations[0]
    assert (unknown.majority, unknown.answered) == (None, None), "unknown is not wrong"


def test_a_generation_that_has_not_ended_and_a_run_that_goes_on_are_not_compared() -> None:
    going = drawn_trial("26+ 25x\n26+(1,2) .(1,2)", status=RunStatus.RUNNING)
    assert (len(going.generations), going.finished, going.end) == (1, False, None)
    nothing = drawn_trial(". .", status=RunStatus.PLANNED)
    assert (nothing.generations, nothing.end, nothing.samples.size) == ((), None, 0)


def test_asides_are_calls_too() -> None:
    chains = chains_from("26+ 25x", tokens_in=10, tokens_out=5, latency_s=2.0)
    asides = [
        Aside(Slot(1, i), AsideKind.VERIFY, 0, ChainStatus.DONE, tokens_in=7, tokens_out=1, latency_s=0.5)
        for i in (1, 2)
    ]
    (found,) = trial(run_of(chains, strategy="reference"), chains, asides).generations
    assert (found.calls, found.tokens, found.seconds, found.clock) == (4, 46, 5.0, None)
    planned = [replace(asides[0], status=ChainStatus.PLANNED), asides[1]]
    assert trial(run_of(chains, strategy="reference"), chains, planned).generations == ()


def test_what_a_fork_took_over_was_spent_by_its_original_and_is_paid_for_in_equal_budgets() -> None:
    """The rows above the line are taken over::

    1+        2x        1+
    1+(1,2)   2x(2,3)   1+(1,3)
    ---------------------------
    1+(1,2)   1+(2,3)   !(2,1)
    1+(1,2)   1+(1,2)   1+(1,2)
    """
    taken, made = "1+ 2x 1+\n1+(1,2) 2x(2,3) 1+(1,3)", "1+(1,2) 1+(2,3) !(2,1)\n1+(1,2) 1+(1,2) 1+(1,2)"
    chains = [
        replace(one, origin=ChainOrigin.COPIED if one.slot.t <= 2 else ChainOrigin.MADE, started_at=10.0 * one.slot.t,
                ended_at=10.0 * one.slot.t + 2.0)
        for one in chains_from(f"{taken}\n{made}", tokens_in=10, tokens_out=5, latency_s=2.0)
    ]  # fmt: skip
    run = run_of(chains)
    found = trial(run, chains).generations
    assert [one.right for one in found] == [2, 2, 2, 3], "what was taken over counts like any other"
    assert [one.calls for one in found] == [0, 0, 3, 6]
    assert [one.tokens for one in found] == [0, 0, 30, 75]
    assert [one.seconds for one in found] == [0.0, 0.0, 4.0, 10.0]
    assert [one.clock for one in found] == [0.0, 0.0, 2.0, 4.0]
    assert [one.whole.calls for one in found] == [3, 6, 9, 12]
    assert [one.whole.tokens for one in found] == [45, 90, 120, 165]
    original = trial(run, [replace(one, origin=ChainOrigin.MADE) for one in chains])
    assert reached(trial(run, chains), Axis.TOKENS) == reached(original, Axis.TOKENS)
    assert [one.tokens for one in original.generations] == [one.whole.tokens for one in original.generations]


def test_what_a_person_planted_in_a_fork_is_not_the_models() -> None:
    chains = chains_from("26+ 25x 25x", tokens_in=10, tokens_out=5)
    chains[0] = replace(chains[0], origin=ChainOrigin.PLANTED)
    found = trial(run_of(chains, strategy="majority-vote"), chains)
    assert (found.generations[0].right, found.generations[0].known, found.generations[0].calls) == (0, 2, 2)
    assert found.samples.size == 2


def test_where_a_server_told_no_tokens_they_are_unknown_and_not_nought() -> None:
    assert drawn_trial("26+ 25x", tokens=None).generations[0].tokens is None


ONE = "1+ 2x"
TWO = "1+ 2x\n1+(1,2) 2x(1,2)"


def test_arms_are_what_differs_in_problem_and_seed_only() -> None:
    found = arms(
        [
            drawn_trial(TWO, problem="a", seed=1),
            drawn_trial(TWO, problem="b", seed=0),
            drawn_trial(TWO, problem="a", seed=0),
            drawn_trial(ONE, strategy="majority-vote", k=1),
            drawn_trial(ONE, strategy="reference", k=1, status=RunStatus.STOPPED),
        ]
    )
    assert [one.label for one in found] == ["RSA, N=2, K=2", "Majority vote, N=2", "Reference, N=2"]
    assert [(one.trials[0].label, one.trials[0].seed) for one in found[:1]] == [("a", 0)]
    assert [(one.problems, one.seeds, len(one.finished)) for one in found] == [(2, 2, 3), (1, 1, 1), (0, 0, 0)]
    assert arms([]) == ()


@pytest.mark.parametrize(
    ("fields", "labels"),
    [
        ({"temperature": 0.5}, {"RSA, N=2, K=2, temperature 1", "RSA, N=2, K=2, temperature 0.5"}),
        ({"model": "other"}, {"RSA, N=2, K=2, m", "RSA, N=2, K=2, other"}),
        ({"candidates": Candidates.TAIL}, {"RSA, N=2, K=2, candidates whole", "RSA, N=2, K=2, candidates tail"}),
        ({"concurrency": 3, "retries": 1}, {"RSA, N=2, K=2"}),
    ],
)
def test_a_label_says_what_tells_arms_apart(fields: dict[str, object], labels: set[str]) -> None:
    assert {one.label for one in arms([drawn_trial(TWO), drawn_trial(TWO, **fields)])} == labels


def test_a_server_that_is_called_like_its_model_is_not_said_twice() -> None:
    one, *others = (
        replace(found, settings=replace(found.settings, model=model, endpoint=endpoint))
        for found in [drawn_trial(TWO)]
        for model, endpoint in (("m", "m"), ("o", "o"), ("o", "there"))
    )
    assert [found.label for found in arms([one, *others])] == [
        "RSA, N=2, K=2, m",
        "RSA, N=2, K=2, o",
        "RSA, N=2, K=2, o, there",
    ]


def test_arms_with_an_aggregator_are_told_apart_and_say_so() -> None:
    def one(model: str, aggregator: ModelChoice | None) -> Trial:
        return drawn_trial("26+ 25x\n26+(1,2) 25x(2,1)", model=model, aggregator=aggregator)

    def told(*trials: Trial) -> list[str]:
        return [arm.label.removeprefix("RSA, N=2, K=2, ") for arm in arms(trials)]

    large = ModelChoice("large", "http://gpu:8000/v1", "KEY")
    plain, other, both = one("small", None), one("large", None), one("small", large)
    elsewhere = one("small", replace(large, api_base=None, endpoint="lab"))
    assert told(plain, both) == ["RSA, N=2, K=2", "large aggregates"]
    assert told(other, both, plain) == ["large", "small", "small, large aggregates"]
    assert told(both, elsewhere) == ["large aggregates on http://gpu:8000/v1", "large aggregates on lab"]
    assert told(both) == ["RSA, N=2, K=2"]
    assert usual_other(arms([both, plain])).settings.aggregator == ""
    assert "KEY" not in str(both.settings)


def test_t_is_said_only_where_it_differs() -> None:
    longer = drawn_trial(TWO + "\n1+(1,2) 1+(1,2)")
    assert [one.label for one in arms([drawn_trial(TWO), longer])] == ["RSA, N=2, K=2, T=2", "RSA, N=2, K=2, T=3"]


def test_the_usual_other_is_a_vote_or_the_first_models_last_arm() -> None:
    models = [
        drawn_trial(drawing, model=model, strategy=strategy, k=k)
        for model in ("base", "trained")
        for drawing, strategy, k in ((TWO, "rsa", 2), (ONE, "reference", 1))
    ]
    assert usual_other(arms(models)).label == "Reference, N=2, base"
    vote = drawn_trial(ONE, model="trained", strategy="majority-vote", k=1)
    assert usual_other(arms([*models, vote])).label == "Majority vote, N=2, trained"


def test_arms_are_called_as_whoever_planned_them_called_them() -> None:
    """Two arms called "sizes" differ in N; one run is called nothing; two arms of one name that nothing tells apart."""
    wide = "1+ 2x 3x\n1+(1,2) 2x(1,2) 3x(1,2)"
    trials = [drawn_trial(TWO), drawn_trial(wide), drawn_trial(ONE, strategy="majority-vote", k=1)]
    trials[1] = replace(trials[1], run_id="wide")
    names = {trials[0].run_id: "sizes", "wide": "sizes"}
    assert [one.label for one in arms(trials, names)] == ["sizes, N=2", "sizes, N=3", "Majority vote, N=2"]
    names[trials[2].run_id] = "vote"
    assert [one.label for one in arms(trials, names)] == ["sizes, N=2", "sizes, N=3", "vote"]
    names[trials[2].run_id] = "sizes, N=2"
    assert [one.label for one in arms(trials, names)][2] == "Majority vote, N=2", "labels tell arms apart"
    mixed = [drawn_trial(TWO), replace(drawn_trial(TWO, problem="q"), run_id="other")]
    assert arms(mixed, {"other": "mine"})[0].label == "RSA, N=2, K=2", "not all of it is called so"
