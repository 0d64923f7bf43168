"""How far a run is, how fast it goes and what it still takes."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from dataclasses import replace

import pytest

from rsa_viz.analysis.progress import Progress, progress, tokens_per_second
from rsa_viz.analysis.schedule import bounding_line, play
from rsa_viz.core.aside import Aside, AsideKind, PlannedAside
from rsa_viz.core.chain import ChainStatus, InFlight, Slot
from rsa_viz.core.genealogy import Plan, Streams
from rsa_viz.core.strategies import find_strategy
from tests.analysis.drawn import chains_from, changed, plan_from, slots

NOW = 1_000_000.0


def flying(slot: str, since: float, tokens: int = 0, waiting: float | None = None) -> InFlight:
    return InFlight(
        Slot.parse(slot), 1, NOW - since, NOW, 4 * tokens, tokens, "", None if waiting is None else NOW + waiting
    )


def test_a_new_run_knows_its_slowest_line_but_no_time() -> None:
    chains = chains_from(". .\n.(1,2) .(2,1)")
    assert progress(chains, [], plan_from(chains), 4, NOW) == Progress(
        0, 0, 0, 4, 0.0, 0.0, None, slots("1.1", "2.1")
    )  # fmt: skip


def test_a_whole_run_has_no_time_left_and_no_slowest_line() -> None:
    chains = chains_from("1+ !\n1+(1,2) 2x(2,1)", latency_s=3.0)
    found = progress(chains, [], plan_from(chains), 4, NOW)
    assert (found.done, found.failed, found.in_flight, found.planned) == (3, 1, 0, 0)
    assert (found.seconds_left, found.slowest_line) == (0.0, ())


def test_what_remains_is_scheduled_by_its_parents_and_the_places() -> None:
    chains = chains_from("""
        1+      1+      .       .
        .(1,2)  .(3,4)  .(1,3)  .(2,4)
    """, latency_s=2.0)  # fmt: skip
    plan = plan_from(chains)
    # two places: 1.3 and 1.4 until 2; then 2.1 2.2 until 4, 2.3 2.4 until 6
    assert progress(chains, [], plan, 2, NOW).seconds_left == 6.0
    # enough places: 1.3 1.4 (and 2.1) until 2, the rest until 4
    assert progress(chains, [], plan, 9, NOW).seconds_left == 4.0
    # one place: six calls in a row
    assert progress(chains, [], plan, 1, NOW).seconds_left == 12.0


def test_a_call_in_flight_needs_only_the_rest_of_its_time() -> None:
    chains = chains_from("1+ .\n.(1,2)", latency_s=10.0)
    found = progress(chains, [flying("1.2", since=4.0)], plan_from(chains), 4, NOW)
    assert found.seconds_left == pytest.approx(6.0 + 10.0)
    assert (found.in_flight, found.planned) == (1, 1)
    assert found.slowest_line == slots("1.2", "2.1")


def test_a_call_that_outlasts_every_recorded_one_is_given_the_median_on_top() -> None:
    chains = changed(chains_from("1+ 1+ 1+ .", latency_s=2.0), "1.3", latency_s=8.0)
    assert progress(chains, [flying("1.4", since=30.0)], plan_from(chains), 4, NOW).seconds_left == 2.0


def test_a_call_that_waits_for_another_try_starts_anew_then_and_holds_no_place() -> None:
    chains = chains_from("1+ . .", latency_s=10.0)
    found = progress(chains, [flying("1.2", since=9.0, waiting=3.0)], plan_from(chains), 1, NOW)
    assert found.seconds_left == 20.0  # 1.3 until 10, then 1.2, which was ready at 3
    assert found.slowest_line == slots("1.2")


def test_rows_in_flight_of_ended_or_strange_chains_are_ignored() -> None:
    chains = chains_from("1+ .", latency_s=10.0)
    found = progress(chains, [flying("1.1", since=1.0), flying("7.7", since=1.0)], plan_from(chains), 1, NOW)
    assert (found.in_flight, found.planned, found.seconds_left) == (0, 1, 10.0)


def test_a_failed_parent_holds_up_nobody() -> None:
    chains = chains_from("1+ !\n.(1,2)", latency_s=5.0)
    assert progress(chains, [], plan_from(chains), 1, NOW).seconds_left == 5.0


def test_more_calls_in_flight_than_places_are_let_finish_first() -> None:
    chains = chains_from("1+ . . .", latency_s=10.0)
    rows = [flying("1.2", since=0.0), flying("1.3", since=5.0)]
    # 1.3 ends at 5 and frees nothing, 1.2 ends at 10, then 1.4
    assert progress(chains, rows, plan_from(chains), 1, NOW).seconds_left == 20.0


def test_the_slowest_line_follows_the_parent_that_ends_last() -> None:
    chains = chains_from("""
        1+      .       .
        .(1,2)  .(1,3)  .(2,3)
        .(1,2)  .(1,3)
    """)
    plan = plan_from(chains)
    ends = dict(zip(slots("1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "3.2"), (9, 3, 10, 12, 11, 20, 21), strict=True))
    assert bounding_line(plan, ends) == slots("1.2", "2.3", "3.2")
    assert bounding_line(plan, {}) == ()


def slow_play(plan: Plan, latencies: Mapping[Slot, float], concurrency: int) -> dict[Slot, float]:
    """From the definition, in ticks of one second: whole latencies, a new run."""
    ends: dict[Slot, float] = {}
    running: dict[Slot, int] = {}
    now = 0
    while len(ends) < len(plan):
        for slot in [slot for slot, end in running.items() if end == now]:
            ends[slot] = float(running.pop(slot))
        ready = [
            chain.slot
            for chain in plan
            if chain.slot not in ends and chain.slot not in running and all(parent in ends for parent in chain.parents)
        ]
        for slot in sorted(ready, key=lambda slot: (slot.t, -plan.heights[slot], slot.i)):
            if len(running) < concurrency:
                running[slot] = now + int(latencies[slot])
        now += 1
    return ends


def test_the_play_agrees_with_ticking_through_it() -> None:
    rng = random.Random(61)
    for seed in range(30):
        plan = find_strategy("rsa").plan(5, 2, 4, Streams(seed, "p"))
        recorded = [float(rng.randint(1, 6)) for _ in range(rng.randint(1, 9))]
        ordered = sorted(recorded)
        given = {
            chain.slot: ordered[int(number * 0.6180339887498949 % 1.0 * len(ordered))]
            for number, chain in enumerate(plan)
        }
        for concurrency in (1, 2, 3, 20):
            assert play(plan, set(), {}, {}, recorded, concurrency) == slow_play(plan, given, concurrency)


def test_the_latencies_of_a_play_are_spread_like_the_recorded_ones() -> None:
    plan = find_strategy("reference").plan(100, 1, 1, Streams(0, "p"))
    ends = play(plan, set(), {}, {}, [1.0, 2.0, 3.0, 10.0], 100)
    counts = [list(ends.values()).count(latency) for latency in (1.0, 2.0, 3.0, 10.0)]
    assert all(23 <= count <= 27 for count in counts)


def test_ten_thousand_slots_are_played_quickly() -> None:
    plan = find_strategy("rsa").plan(1024, 4, 10, Streams(0, "p"))
    assert (len(plan.children), len(plan.heights)) == (10_240, 10_240)  # worked out once a plan
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        assert len(play(plan, set(), {}, {}, [1.0, 2.5, 7.0], 256)) == 10_240
        best = min(best, time.process_time() - start)
    assert best < 0.25  # some 30 ms; the rest is for a busy machine


def test_tokens_a_second_count_what_falls_into_the_last_ten_seconds() -> None:
    chains = chains_from("1+ 1+ 1+ 1+", tokens_out=100)
    chains = changed(chains, "1.1", ended_at=NOW - 5, latency_s=10.0)  # half of it inside: 50
    chains = changed(chains, "1.2", ended_at=NOW - 20, latency_s=10.0)  # outside
    chains = changed(chains, "1.3", ended_at=NOW, latency_s=5.0)  # inside: 100
    chains = changed(chains, "1.4", ended_at=NOW, latency_s=5.0, tokens_out=None)  # nobody knows
    # in flight for 20 s, half of it inside: 40
    assert tokens_per_second(chains, [flying("1.5", since=20.0, tokens=80)], NOW) == pytest.approx(19.0)


def test_in_the_first_seconds_the_window_is_the_time_since_the_start() -> None:
    assert tokens_per_second([], [flying("1.1", since=2.0, tokens=80)], NOW) == pytest.approx(40.0)
    assert tokens_per_second([], [], NOW) == 0.0


def test_chains_a_minute_count_what_ended_in_the_last_minute() -> None:
    chains = chains_from("1+ 1+ 1+ .")
    for slot, ago in (("1.1", 200.0), ("1.2", 30.0), ("1.3", 1.0)):
        chains = changed(chains, slot, started_at=NOW - ago - 5, ended_at=NOW - ago)
    assert progress(chains, [], plan_from(chains), 4, NOW).chains_per_minute == pytest.approx(2.0)
    young = changed(chains_from("1+ ."), "1.1", started_at=NOW - 6, ended_at=NOW - 1)
    assert progress(young, [], plan_from(young), 4, NOW).chains_per_minute == pytest.approx(10.0)


def test_calls_about_chains_count_and_take_their_time() -> None:
    chains = chains_from("1+ 1+ .\n.(1,2)", latency_s=10.0)
    plain = plan_from(chains)
    aside = PlannedAside(AsideKind.SUMMARISE, 0)
    plan = Plan(tuple(replace(chain, aside=aside if chain.slot.t == 1 else None) for chain in plain))
    told = [
        Aside(Slot(1, 1), AsideKind.SUMMARISE, 0, ChainStatus.DONE, "x", latency_s=4.0),
        Aside(Slot(1, 2), AsideKind.SUMMARISE, 0),
        Aside(Slot(1, 3), AsideKind.SUMMARISE, 0),
    ]
    found = progress(chains, [], plan, 9, NOW, told)
    assert (found.done, found.failed, found.in_flight, found.planned) == (3, 0, 0, 4)
    # 1.2 is summarised until 4, then 2.1 until 14; 1.3 is written until 10 and summarised until 14
    assert found.seconds_left == pytest.approx(14.0)
    flight = replace(flying("1.2", since=1.0), aside=AsideKind.SUMMARISE)
    assert progress(chains, [flight], plan, 9, NOW, told).in_flight == 1
    late = flying("1.2", since=1.0)  # of its chain, which has ended
    assert progress(chains, [late], plan, 9, NOW, told).in_flight == 0
