"""A recorded run at any moment of its own clock.

The slow twin walks second by second over calls whose times are whole seconds.
"""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from rsa_viz.analysis.progress import progress
from rsa_viz.analysis.replay import (
    Playhead,
    Recording,
    at_moment,
    closest,
    ended_in,
    generation_ends,
    moment_of_share,
    with_text,
)
from rsa_viz.core.aside import Aside, AsideKind
from rsa_viz.core.chain import Chain, ChainOrigin, ChainStatus, InFlight, PromptKind, Slot, Verdict
from rsa_viz.core.genealogy import Plan, PlannedChain
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.run import ModelChoice, Run, RunConfig, RunStatus

THEN = 1_700_000_000.0


def timed(slot: str, start: float, end: float, **more: object) -> Chain:
    """A done chain of 100 characters and 20 tokens, whose only try took all of its time."""
    made = Chain(
        id=1,
        slot=Slot.parse(slot),
        kind=PromptKind.SAMPLE,
        status=ChainStatus.DONE,
        characters=100,
        answer="7",
        answer_key="7",
        verdict=Verdict.RIGHT,
        tokens_out=20,
        latency_s=end - start,
        started_at=THEN + start,
        ended_at=THEN + end,
        attempts=1,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def told(recording: Recording, moment: float) -> str:
    """Each chain as one sign: . planned, ~ being written, + ended."""
    sight = at_moment(recording, moment)
    flying = {flight.slot for flight in sight.in_flight}
    return "".join("+" if one.ended else "~" if one.slot in flying else "." for one in sight.chains)


#    time   0    10   20   30 … 100  110  120
#    1.1    ~~~~~
#    1.2    ~~~~~~~~~~
#    2.1                          ~~~~~
#    2.2                               ~~~~~
#    clock  0    10   20             30   40
PAUSED = Recording(
    (timed("1.1", 0, 10), timed("1.2", 0, 20), timed("2.1", 100, 110), timed("2.2", 110, 120)),
)


def test_a_run_is_there_as_it_stood_and_its_pauses_are_passed_over() -> None:
    assert PAUSED.timed
    assert PAUSED.length == 40
    assert [told(PAUSED, moment) for moment in (-1, 0, 9.9, 10, 20, 20.1, 30, 39, 40, 99)] == [
        *("~~..", "~~..", "~~..", "+~..", "++..", "++~.", "+++~", "+++~", "++++", "++++"),
    ]
    assert [PAUSED.time(moment) - THEN for moment in (0, 20, 20.5, 40)] == [0, 20, 100.5, 120]
    assert generation_ends(PAUSED) == (20, 40)


def test_nothing_of_a_chain_that_had_not_ended_is_there() -> None:
    chain = at_moment(PAUSED, 5).chains[0]
    assert (chain.status, chain.answer, chain.verdict, chain.characters) == (
        *(ChainStatus.PLANNED, None, Verdict.UNKNOWN, 0),
    )
    assert chain.ended_at is None
    assert ended_in(at_moment(PAUSED, 5).chains) == 0
    assert ended_in(at_moment(PAUSED, 30).chains) == 2


def test_a_text_comes_evenly_between_its_first_piece_and_its_end() -> None:
    recording = Recording((timed("1.1", 0, 10, first_token_s=2.0),))
    text = "x" * 50 + "y" * 50
    seen = [with_text(at_moment(recording, moment).in_flight[0], text) for moment in (1, 2, 6, 9)]
    assert [(one.characters, one.tokens_out) for one in seen] == [(0, 0), (0, 0), (50, 10), (87, 17)]
    assert seen[2].tail == "x" * 50
    assert seen[3].tail == "x" * 50 + "y" * 37


def test_before_its_last_try_a_chain_waits() -> None:
    recording = Recording((timed("1.1", 0, 10, latency_s=4.0, attempts=3),))
    waiting, writing = (at_moment(recording, moment).in_flight[0] for moment in (5, 8))
    assert (waiting.attempt, waiting.waiting_until, waiting.characters) == (2, THEN + 6, 0)
    assert (writing.attempt, writing.waiting_until, writing.started_at) == (3, None, THEN + 6)
    assert writing.characters == 50


def test_a_live_run_and_its_replay_are_as_far_by_the_same_measure() -> None:
    plan = Plan(tuple(PlannedChain(one.slot, one.kind, one.parents, 0) for one in PAUSED.chains))
    sight = at_moment(PAUSED, 15)
    found = progress(sight.chains, sight.in_flight, plan, 2, sight.now)
    assert (found.done, found.in_flight, found.planned) == (1, 1, 2)
    # 1.1: 20 tokens in 10 s, half of them in the last 10 s; 1.2: 15 in 15 s, 10 of them
    assert found.tokens_per_second == pytest.approx((10 + 10) / 10)


def test_what_was_taken_over_or_planted_is_there_from_the_start() -> None:
    copied = timed("1.1", -5000, -4000, origin=ChainOrigin.COPIED)
    planted = timed("1.2", -9, -9, origin=ChainOrigin.PLANTED, latency_s=None)
    recording = Recording((copied, planted, timed("2.1", 0, 10)))
    assert recording.length == 10
    assert told(recording, 0) == "++~"


def test_calls_about_chains_come_after_them() -> None:
    aside = Aside(
        *(Slot(1, 1), AsideKind.SUMMARISE, 5, ChainStatus.DONE),
        text="short text",
        started_at=THEN + 10,
        ended_at=THEN + 20,
    )
    recording = Recording((timed("1.1", 0, 10),), (aside,))
    assert recording.length == 20
    before, during, after = (at_moment(recording, moment) for moment in (5, 15, 20))
    assert (before.asides[0].ended, during.asides[0].ended, after.asides) == (False, False, (aside,))
    assert [(one.aside, one.characters) for one in during.in_flight] == [(AsideKind.SUMMARISE, 5)]
    assert not after.in_flight


def test_a_run_without_timings_says_so_and_goes_by_generations() -> None:
    recording = Recording((timed("1.1", 0, 1), timed("2.1", 1, 2, started_at=None), timed("3.1", 3, 4)))
    assert not recording.timed
    assert recording.length == 3
    assert [told(recording, moment) for moment in (0, 1, 1.9, 2, 3)] == ["...", "+..", "+..", "++.", "+++"]
    assert generation_ends(recording) == (1, 2, 3)
    assert at_moment(recording, 2).in_flight == ()


def test_a_run_of_which_nothing_was_called_has_no_length() -> None:
    recording = Recording((Chain(1, Slot(1, 1), PromptKind.SAMPLE),))
    assert (recording.length, told(recording, 3), generation_ends(recording)) == (0, ".", (0,))
    assert moment_of_share(recording, 0.5) == 0


def test_a_failed_run_is_taken_up_where_as_many_chains_had_ended() -> None:
    assert [moment_of_share(PAUSED, share) for share in (0, 0.25, 0.5, 0.51, 1)] == [0, 10, 20, 30, 40]
    stopped = Recording((timed("1.1", 0, 10), Chain(2, Slot(1, 2), PromptKind.SAMPLE)))
    assert moment_of_share(stopped, 1) == 10


def test_the_same_problem_with_the_closest_shape_stands_in() -> None:
    def run(name: str, question: str, n: int, k: int, t: int, done: int = 9, strategy: str = "rsa") -> Run:
        config = RunConfig(ModelChoice("synthetic/fast"), strategy, n, k, t)
        return Run(name, Problem("program", question), config, PLAIN, RunStatus.DONE, THEN, done=done)

    dead = run("dead", "q", 16, 4, 10)
    others = [
        *(dead, run("far", "q", 4, 2, 3), run("near", "q", 16, 4, 8), run("other", "p", 16, 4, 10)),
        *(run("empty", "q", 16, 4, 10, done=0), run("kind", "q", 16, 4, 8, strategy="majority_vote")),
    ]
    found = closest(dead, others)
    assert found is not None
    assert found.id == "near"
    assert closest(dead, [dead]) is None


def test_a_playhead_goes_on_by_the_wall_clock() -> None:
    head = Playhead(3.0, speed=10.0, since=THEN)
    assert [head.at(THEN + passed, 40) for passed in (-1, 0, 2, 9)] == [3, 3, 23, 40]
    assert (head.playing(THEN + 2, 40), head.playing(THEN + 9, 40)) == (True, False)
    assert Playhead(50.0).at(THEN, 40) == 40
    assert not Playhead(3.0).playing(THEN, 40)


@pytest.mark.parametrize("seed", range(20))
def test_it_agrees_with_walking_over_the_seconds(seed: int) -> None:
    rng = random.Random(seed)
    chains = []
    for i in range(1, rng.randint(2, 9)):
        start = rng.randint(0, 60)
        chains.append(timed(f"1.{i}", start, start + rng.randint(1, 12)))
    recording = Recording(tuple(chains))
    spans = [(int((one.started_at or 0) - THEN), int((one.ended_at or 0) - THEN)) for one in chains]
    busy = [second for second in range(80) if any(start <= second < end for start, end in spans)]
    assert recording.length == len(busy)
    for moment, second in enumerate(busy):
        middle = second + 0.5
        assert recording.time(moment + 0.5) - THEN == middle
        assert recording.moment(THEN + middle) == moment + 0.5
        sight = at_moment(recording, moment + 0.5)
        assert [one.ended for one in sight.chains] == [end <= middle for _, end in spans]
        assert sight.in_flight == tuple(
            InFlight(
                *(one.slot, 1, THEN + start, THEN + middle),
                int((middle - start) / (end - start) * 100),
                int((middle - start) / (end - start) * 20),
                "",
            )
            for one, (start, end) in zip(chains, spans, strict=True)
            if start <= middle < end
        )
