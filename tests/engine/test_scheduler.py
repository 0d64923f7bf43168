"""When a chain starts and from what: the genealogy in order, without a barrier."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace

import pytest
from virtual_time import in_virtual_time
from world import World, after, by_slot, failing, plan_of

from rsa_viz.core.chain import Completion, Slot
from rsa_viz.core.errors import InvalidPlan, RateLimited, RequestRefused
from rsa_viz.core.genealogy import Plan, Streams
from rsa_viz.core.prompts import prompt_sha256
from rsa_viz.core.strategies import find_strategy
from rsa_viz.engine.call import Call, OnText
from rsa_viz.engine.events import ChainEnded, ChainStarted, TextStreamed
from rsa_viz.engine.gate import Gate
from rsa_viz.engine.scheduler import Ended, Ending

# generation 1    1.1   1.2   1.3
#                   \   / \   /
# generation 2      2.1    2.2
#                     \    /
# generation 3         3.1
PYRAMID = {"1.1": (), "1.2": (), "1.3": (), "2.1": ("1.1", "1.2"), "2.2": ("1.3", "1.2"), "3.1": ("2.2", "2.1")}


def test_a_child_starts_as_soon_as_its_own_parents_are_there() -> None:
    world = World(plan_of(PYRAMID), answer=by_slot({"1.3": after(9.0)}, after(1.0)))
    assert in_virtual_time(world.go()) == Ended(Ending.DONE)
    assert world.started == {
        Slot(1, 1): 0.0,
        Slot(1, 2): 0.0,
        Slot(1, 3): 0.0,
        Slot(2, 1): 1.0,  # does not wait for 1.3
        Slot(2, 2): 9.0,
        Slot(3, 1): 10.0,
    }


def test_a_prompt_holds_the_texts_of_its_parents_in_prompt_order() -> None:
    world = World(plan_of(PYRAMID))
    in_virtual_time(world.go())
    assert world.prompts[Slot(1, 1)] == ({"role": "user", "content": "sample: "},)
    assert world.prompts[Slot(2, 2)] == ({"role": "user", "content": "aggregate: text of 1.3 | text of 1.2"},)
    outcome = world.recorded[Slot(2, 2)]
    assert outcome.available == (Slot(1, 3), Slot(1, 2))
    assert outcome.prompt_sha256 == prompt_sha256(world.prompts[Slot(2, 2)])
    assert not outcome.fresh


def test_a_child_does_not_start_before_its_parents_are_recorded() -> None:
    world = World(plan_of({"1.1": (), "2.1": ("1.1",)}), record_s=5.0)
    in_virtual_time(world.go())
    assert world.started[Slot(2, 1)] == 6.0


def test_a_result_being_recorded_holds_no_place_in_the_gate() -> None:
    world = World(plan_of({"1.1": (), "1.2": ()}), record_s=5.0, limit=1)
    in_virtual_time(world.go())
    assert world.started[Slot(1, 2)] == 1.0


def test_a_slow_record_holds_back_new_calls_before_results_pile_up() -> None:
    world = World(plan_of({f"1.{i}": () for i in range(1, 7)}), record_s=100.0, limit=2)
    in_virtual_time(world.go())
    # from 2 s on four results are being recorded, twice the gate's limit
    assert [world.started[Slot(1, i)] for i in range(1, 7)] == [0.0, 0.0, 1.0, 1.0, 101.0, 101.0]


@pytest.mark.parametrize("limit", [1, 3, 7])
def test_never_more_calls_are_in_flight_than_the_gate_lets_through(limit: int) -> None:
    world = World(find_strategy("rsa").plan(10, 3, 3, Streams(1, "p")), limit=limit)
    assert in_virtual_time(world.go()).ending is Ending.DONE
    assert world.most_in_flight == limit
    assert len(world.recorded) == 30


def test_the_slot_with_the_most_generations_to_come_starts_first_then_the_one_with_the_most_children() -> None:
    # 1.3 leads to 3.1 through 2.1; 1.2 has two children and 1.1 one, all childless; 1.4 has none.
    parents = {"1.1": (), "1.2": (), "1.3": (), "1.4": (), "2.1": ("1.3",), "2.2": ("1.2",), "2.3": ("1.2",)}
    world = World(plan_of({**parents, "2.4": ("1.1",), "3.1": ("2.1",)}), limit=1)
    in_virtual_time(world.go())
    order = [str(event.slot) for event in world.events if isinstance(event, ChainStarted)]
    assert order == ["1.3", "1.2", "1.1", "2.1", "1.4", "2.2", "2.3", "2.4", "3.1"]


def test_a_failed_or_blank_parent_is_left_out_and_a_truncated_one_is_not() -> None:
    cut = after(1.0)

    async def truncated(call: Call, on_text: OnText, number: int) -> Completion:
        completion = await cut(call, on_text, number)
        return Completion(text=completion.text, finish_reason="length")

    answers = {"1.1": failing(RequestRefused("no")), "1.2": after(1.0, " \n\t"), "1.3": truncated}
    parents = {f"1.{i}": () for i in range(1, 5)} | {"2.1": ("1.1", "1.4", "1.2", "1.3"), "2.2": ("1.1", "1.2")}
    world = World(plan_of(parents), answer=by_slot(answers, after(1.0)))
    assert in_virtual_time(world.go()) == Ended(Ending.DONE)
    mixed, fresh = world.recorded[Slot(2, 1)], world.recorded[Slot(2, 2)]
    assert (mixed.available, mixed.fresh) == ((Slot(1, 4), Slot(1, 3)), False)
    assert world.prompts[Slot(2, 1)][0]["content"] == "aggregate: text of 1.4 | text of 1.3"
    assert (fresh.available, fresh.fresh) == ((), True)
    assert world.prompts[Slot(2, 2)][0]["content"] == "aggregate: "
    assert not world.recorded[Slot(1, 4)].fresh  # a sample has no parents to lose
    blank = world.recorded[Slot(1, 2)].completion
    assert blank is not None
    assert blank.text == " \n\t"  # kept as it came


def test_a_call_carries_its_slots_seed_and_the_runs_limits() -> None:
    seen: list[Call] = []

    async def answer(call: Call, on_text: OnText, number: int) -> Completion:
        seen.append(call)
        return Completion("x")

    in_virtual_time(World(plan_of({"1.1": ()}), answer=answer).go())
    assert [(call.slot, call.temperature, call.max_tokens, call.seed) for call in seen] == [
        (Slot(1, 1), 0.7, 100, 1001)
    ]


def test_a_planned_temperature_goes_before_the_runs_own() -> None:
    seen: list[float] = []

    async def answer(call: Call, on_text: OnText, number: int) -> Completion:
        seen.append(call.temperature)
        return Completion("x")

    planned = plan_of({"1.1": ()})[Slot(1, 1)]
    in_virtual_time(World(Plan((replace(planned, temperature=0.0),)), answer=answer).go())
    assert seen == [0.0]


def test_text_is_told_as_it_streams_and_an_outcome_once_it_is_recorded() -> None:
    async def answer(call: Call, on_text: OnText, number: int) -> Completion:
        on_text("", "hm")
        on_text("", "")  # a sign of life
        await asyncio.sleep(1)
        on_text("a", "")
        asyncio.get_running_loop().call_later(3, on_text, "too late", "")
        return Completion("a", reasoning="hm")

    async def go() -> None:
        await world.go()
        await asyncio.sleep(5)

    world = World(plan_of({"1.1": ()}), answer=answer, record_s=5.0)
    in_virtual_time(go())
    slot = Slot(1, 1)
    assert world.events == [
        ChainStarted(slot, 1, 0.0),
        TextStreamed(slot, "", "hm"),
        TextStreamed(slot, "a", ""),
        ChainEnded(world.recorded[slot]),
    ]
    assert (world.recorded[slot].started_at, world.recorded[slot].ended_at) == (0.0, 1.0)


def test_any_subset_of_ended_slots_is_a_place_to_go_on_from() -> None:
    plan = find_strategy("rsa").plan(4, 2, 4, Streams(3, "p"))
    whole = World(plan)
    in_virtual_time(whole.go())
    rng = random.Random(5)
    for _ in range(50):
        kept = {slot: outcome for slot, outcome in whole.recorded.items() if rng.random() < 0.5}
        world = World(plan, recorded=dict(kept))
        assert in_virtual_time(world.go()) == Ended(Ending.DONE)
        assert set(world.calls) == set(whole.recorded) - set(kept)
        assert {slot: outcome.prompt_sha256 for slot, outcome in world.recorded.items()} == {
            slot: outcome.prompt_sha256 for slot, outcome in whole.recorded.items()
        }


def test_a_run_whose_slots_have_all_ended_calls_nothing() -> None:
    plan = plan_of(PYRAMID)
    first = World(plan)
    in_virtual_time(first.go())
    again = World(plan, recorded=first.recorded)
    assert in_virtual_time(again.go()) == Ended(Ending.DONE)
    assert not again.calls


def test_a_slot_that_failed_before_is_not_called_again_and_is_no_parent() -> None:
    plan = plan_of({"1.1": (), "1.2": (), "2.1": ("1.1", "1.2")})
    first = World(plan, answer=by_slot({"1.1": failing(RequestRefused("no"))}, after(1.0)))
    in_virtual_time(first.go())
    first.recorded.pop(Slot(2, 1))
    again = World(plan, recorded=first.recorded)
    in_virtual_time(again.go())
    assert set(again.calls) == {Slot(2, 1)}
    assert again.recorded[Slot(2, 1)].available == (Slot(1, 2),)


def test_slots_of_another_plan_are_refused() -> None:
    small = World(plan_of({"1.1": ()}))
    whole = World(plan_of(PYRAMID))
    in_virtual_time(whole.go())
    small.recorded = whole.recorded
    with pytest.raises(InvalidPlan, match=r"1\.2 is recorded but not planned"):
        in_virtual_time(small.go())


def test_two_runs_share_a_gate_and_the_one_with_more_to_come_goes_first() -> None:
    gate = Gate(1)
    samples = {f"1.{i}": () for i in (1, 2, 3)}
    short = World(plan_of(samples), shared_gate=gate, limit=1)
    long = World(plan_of({**samples, "2.1": ("1.1",), "2.2": ("1.2",), "2.3": ("1.3",)}), shared_gate=gate, limit=1)

    async def both() -> list[Ended]:
        return await asyncio.gather(short.go(), long.go())

    assert in_virtual_time(both()) == [Ended(Ending.DONE), Ended(Ending.DONE)]
    assert gate.taken == 0
    # short asks first; then long's samples, which have a generation to come; then slot order over both
    assert sorted(short.started.values()) == [0.0, 4.0, 5.0]
    assert sorted(long.started.values()) == [1.0, 2.0, 3.0, 6.0, 7.0, 8.0]


def test_a_slot_that_becomes_ready_while_another_waits_for_the_gate_takes_its_turn() -> None:
    gate = Gate(1)
    first = failing(RateLimited("429", retry_after_s=1.5), times=1)
    tall = World(
        plan_of({"1.1": (), "1.2": (), "2.1": ("1.1",), "3.1": ("2.1",)}),
        answer=by_slot({"1.1": first}, after(1.0)),
        shared_gate=gate,
        limit=1,
        backoff_s=0.0,
    )
    samples = {f"1.{i}": () for i in (1, 2, 3)}
    children = {f"2.{i}": (f"1.{i}",) for i in (1, 2, 3)}
    low = World(plan_of(samples | children), shared_gate=gate, limit=1)
    starts: list[tuple[str, float]] = []

    async def go() -> None:
        await asyncio.gather(tall.go(), low.go())
        starts.extend((str(event.slot), event.at) for event in tall.events if isinstance(event, ChainStarted))

    in_virtual_time(go())
    # 1.1 of tall fails at 1 s and is ready again at 2.5 s, while its childless 1.2 waits behind the samples of low
    assert starts[:2] == [("1.1", 0.0), ("1.1", 3.0)]
    assert sorted(low.started.values())[:3] == [1.0, 2.0, 4.0]


def test_a_run_that_waits_for_its_record_leaves_its_place_to_another() -> None:
    gate = Gate(1)
    samples = {f"1.{i}": () for i in (1, 2, 3)}
    children = {f"2.{i}": (f"1.{i}",) for i in (1, 2, 3)}
    slow = World(plan_of(samples | children), record_s=100.0, shared_gate=gate, limit=1)
    other = World(plan_of({"1.1": ()}), shared_gate=gate, limit=1)

    async def go() -> None:
        await asyncio.gather(slow.go(), other.go())

    in_virtual_time(go())
    assert [slow.started[Slot(1, i)] for i in (1, 2, 3)] == [0.0, 1.0, 101.0]
    assert other.started[Slot(1, 1)] == 2.0


def test_the_engine_draws_nothing_from_the_shared_random_state() -> None:
    random.seed(7)
    before = random.getstate()
    world = World(find_strategy("rsa").plan(4, 2, 3, Streams(1, "p")), answer=failing(ConnectionError("gone"), times=1))
    in_virtual_time(world.go())
    assert random.getstate() == before
