"""Pause, stop, cancellation, and errors of what is handed in: what was brought is recorded, nothing is left behind."""

from __future__ import annotations

import asyncio
import threading

import pytest
from virtual_time import in_virtual_time, now
from world import Answering, World, after, by_slot, failing, plan_of

from rsa_viz.core.chain import Completion, Outcome, Slot
from rsa_viz.core.errors import RateLimited, ServerFailed, StoreError, StoreUnavailable
from rsa_viz.core.genealogy import PlannedChain
from rsa_viz.core.prompts import Messages
from rsa_viz.engine.call import Call, OnText
from rsa_viz.engine.control import Control
from rsa_viz.engine.events import CallFailed, ChainEnded, Event, TextStreamed
from rsa_viz.engine.gate import Gate
from rsa_viz.engine.scheduler import Ended, Ending

PAIR = {"1.1": (), "1.2": (), "2.1": ("1.1", "1.2"), "2.2": ("1.2", "1.1")}


async def at(seconds: float, world: World, what: str) -> tuple[Ended, float]:
    """Drive the world and ask its control for something at a time; the ending and when it came."""
    asyncio.get_running_loop().call_later(seconds, lambda: getattr(world.control, what)())
    ended = await world.go()
    return ended, now()


def test_a_pause_lets_calls_in_flight_finish_and_starts_no_other() -> None:
    world = World(plan_of(PAIR), answer=by_slot({"1.2": after(5.0)}, after(1.0)))
    assert in_virtual_time(at(0.5, world, "pause")) == (Ended(Ending.PAUSED), 5.0)
    assert set(world.recorded) == {Slot(1, 1), Slot(1, 2)}
    assert in_virtual_time(world.go()) == Ended(Ending.DONE)
    assert set(world.calls.values()) == {1}


def test_a_pause_while_calls_wait_for_the_gate_starts_none_of_them() -> None:
    world = World(plan_of(PAIR), limit=1)
    assert in_virtual_time(at(0.5, world, "pause")) == (Ended(Ending.PAUSED), 1.0)
    assert set(world.calls) == {Slot(1, 1)}
    assert world.gate.taken == 0


def test_a_pause_drops_a_call_that_waits_for_its_backoff_and_it_stays_planned() -> None:
    answers = {"1.1": failing(RateLimited("429", retry_after_s=1000.0), times=1)}
    world = World(plan_of(PAIR), answer=by_slot(answers, after(5.0)))
    assert in_virtual_time(at(2.0, world, "pause")) == (Ended(Ending.PAUSED), 5.0)
    assert set(world.recorded) == {Slot(1, 2)}
    assert in_virtual_time(world.go()) == Ended(Ending.DONE)
    assert world.recorded[Slot(1, 1)].attempts == 1  # the resumed run counts its own tries


def test_a_retryable_failure_after_a_pause_stays_planned_and_a_final_one_is_recorded() -> None:
    answers = {"1.1": failing(ServerFailed("500"), times=1), "1.2": failing(ValueError("broken"))}
    world = World(plan_of(PAIR), answer=by_slot(answers, after(1.0)))
    assert in_virtual_time(at(0.5, world, "pause")) == (Ended(Ending.PAUSED), 1.0)
    assert set(world.recorded) == {Slot(1, 2)}
    assert CallFailed(Slot(1, 1), 1, "ServerFailed: 500", None) in world.events
    assert world.told("1.1") == ["ChainStarted", "CallFailed"]


def test_a_pause_after_the_last_call_began_is_a_run_that_is_done() -> None:
    world = World(plan_of({"1.1": ()}))
    assert in_virtual_time(at(0.5, world, "pause")) == (Ended(Ending.DONE), 1.0)


@pytest.mark.parametrize(("what", "ending"), [("pause", Ending.PAUSED), ("stop", Ending.STOPPED)])
def test_a_run_asked_to_end_before_it_began_calls_nothing(what: str, ending: Ending) -> None:
    control = Control()
    getattr(control, what)()
    world = World(plan_of(PAIR))
    assert in_virtual_time(world.go(control)) == Ended(ending)
    assert not world.calls


def test_a_stop_cancels_calls_in_flight_and_they_stay_planned() -> None:
    world = World(plan_of(PAIR), answer=by_slot({"1.1": after(1.0)}, after(1000.0)))
    assert in_virtual_time(at(2.0, world, "stop")) == (Ended(Ending.STOPPED), 2.0)
    assert set(world.recorded) == {Slot(1, 1)}
    assert world.told("1.2") == ["ChainStarted"]


def test_a_stop_while_a_finished_call_is_being_recorded_records_it() -> None:
    world = World(plan_of(PAIR), answer=by_slot({"1.1": after(1.0)}, after(1000.0)), record_s=10.0)
    assert in_virtual_time(at(2.0, world, "stop")) == (Ended(Ending.STOPPED), 11.0)
    assert set(world.recorded) == {Slot(1, 1)}
    assert isinstance(world.events[-1], ChainEnded)


def test_a_pause_becomes_a_stop_when_asked_and_a_stop_stays_one() -> None:
    async def go() -> tuple[Ended, float]:
        loop = asyncio.get_running_loop()
        loop.call_later(1.0, lambda: world.control.pause())
        loop.call_later(2.0, lambda: world.control.stop())
        loop.call_later(2.0, lambda: world.control.pause())
        return await world.go(), now()

    world = World(plan_of(PAIR), answer=after(1000.0))
    assert in_virtual_time(go()) == (Ended(Ending.STOPPED), 2.0)


def swallowing(seconds: float, brings: Completion | Exception) -> Answering:
    """Answer only some seconds after a cancellation."""

    async def answer(call: Call, on_text: OnText, number: int) -> Completion:
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError:
            await asyncio.sleep(seconds)
        if isinstance(brings, Exception):
            raise brings
        return brings

    return answer


def test_a_stopped_call_that_swallows_cancellation_is_waited_for_and_its_completion_recorded() -> None:
    world = World(plan_of({"1.1": (), "2.1": ("1.1",)}), answer=swallowing(3.0, Completion("kept")))
    assert in_virtual_time(at(2.0, world, "stop")) == (Ended(Ending.STOPPED), 5.0)
    assert world.recorded[Slot(1, 1)].completion == Completion("kept")


@pytest.mark.parametrize("error", [ServerFailed("500"), RuntimeError("cancelled inside")])
def test_a_stopped_call_that_turns_its_cancellation_into_an_error_stays_planned(error: Exception) -> None:
    world = World(plan_of({"1.1": ()}), answer=swallowing(3.0, error))
    assert in_virtual_time(at(2.0, world, "stop")) == (Ended(Ending.STOPPED), 5.0)
    assert not world.recorded


def test_a_stop_ends_a_call_that_swallows_more_than_one_cancellation() -> None:
    async def answer(call: Call, on_text: OnText, number: int) -> Completion:
        for _ in range(2):
            try:
                await asyncio.sleep(10_000)
            except asyncio.CancelledError:
                continue
        await asyncio.sleep(10_000)
        raise AssertionError("not reached")

    world = World(plan_of({"1.1": ()}), answer=answer, timeout_s=30.0)
    ended, when = in_virtual_time(at(2.0, world, "stop"))
    assert ended == Ended(Ending.STOPPED)
    assert when == 60.0  # cancelled at 2 s, and by the watchdog at 30 s and 60 s


class Refusing(World):
    """A record that refuses slot 1.1."""

    async def record(self, outcome: Outcome) -> None:
        if outcome.slot == Slot(1, 1):
            raise StoreUnavailable("the disk is full")
        await super().record(outcome)


def test_an_error_of_the_record_ends_the_run_and_is_raised() -> None:
    world = Refusing(plan_of(PAIR), answer=by_slot({"1.1": after(1.0)}, after(1000.0)))
    with pytest.raises(StoreUnavailable, match="the disk is full"):
        in_virtual_time(world.go())
    assert not world.recorded
    assert world.gate.taken == 0


def test_what_is_being_recorded_when_another_record_fails_is_still_recorded() -> None:
    class Slow(Refusing):
        async def record(self, outcome: Outcome) -> None:
            await asyncio.sleep(5.0 if outcome.slot == Slot(1, 2) else 0.0)
            await super().record(outcome)

    world = Slow(plan_of(PAIR))
    with pytest.raises(StoreUnavailable):
        in_virtual_time(world.go())
    assert set(world.recorded) == {Slot(1, 2)}


def test_a_cancelled_record_is_an_error_and_no_silent_loss() -> None:
    class Cancelled(World):
        async def record(self, outcome: Outcome) -> None:
            raise asyncio.CancelledError

    with pytest.raises(StoreError, match=r"chain 1\.1 may be lost: its recording was cancelled"):
        in_virtual_time(Cancelled(plan_of({"1.1": ()})).go())


def test_an_error_of_compose_ends_the_run_and_is_raised() -> None:
    class Broken(World):
        def compose(self, planned: PlannedChain, candidates: tuple[str, ...]) -> Messages:
            if planned.slot == Slot(2, 1):
                raise LookupError("no such template")
            return super().compose(planned, candidates)

    world = Broken(plan_of({"1.1": (), "1.2": (), "2.1": ("1.1",)}), answer=by_slot({"1.2": after(1000.0)}, after(1.0)))
    with pytest.raises(LookupError, match="no such template"):
        in_virtual_time(world.go())
    assert set(world.recorded) == {Slot(1, 1)}
    assert world.gate.taken == 0


@pytest.mark.parametrize("kind", [TextStreamed, ChainEnded])
def test_an_error_of_the_watcher_ends_the_run_and_is_not_blamed_on_the_call(kind: type[Event]) -> None:
    class Broken(World):
        def watch(self, event: Event) -> None:
            super().watch(event)
            if isinstance(event, kind):
                raise LookupError("no such row")

    async def answer(call: Call, on_text: OnText, number: int) -> Completion:
        on_text("a", "")
        if call.slot == Slot(1, 2):
            await asyncio.sleep(1000)
        return Completion("a")

    world = Broken(plan_of(PAIR), answer=answer)
    with pytest.raises(LookupError, match="no such row"):
        in_virtual_time(world.go())
    assert set(world.recorded) == {Slot(1, 1)}
    assert world.recorded[Slot(1, 1)].error is None


def test_an_error_of_the_watcher_is_raised_at_once_and_not_when_the_call_has_ended() -> None:
    class Broken(World):
        def watch(self, event: Event) -> None:
            if isinstance(event, TextStreamed):
                raise LookupError("no such row")

    async def answer(call: Call, on_text: OnText, number: int) -> Completion:
        await asyncio.sleep(1)
        on_text("a", "")
        await asyncio.sleep(30)
        return Completion("a")

    async def go() -> float:
        with pytest.raises(LookupError):
            await Broken(plan_of({"1.1": ()}), answer=answer).go()
        return now()

    assert in_virtual_time(go()) == 1.0


def test_a_cancelled_execution_records_what_was_brought_and_leaves_nothing_behind() -> None:
    async def go() -> float:
        task = asyncio.create_task(world.go())
        await asyncio.sleep(2.0)
        task.cancel()
        await asyncio.sleep(1.0)
        task.cancel()  # more than once does no harm
        with pytest.raises(asyncio.CancelledError):
            await task
        return now()

    world = World(plan_of(PAIR), answer=by_slot({"1.1": after(1.0)}, after(1000.0)), record_s=10.0)
    assert in_virtual_time(go()) == 11.0
    assert set(world.recorded) == {Slot(1, 1)}
    assert world.gate.taken == 0


def test_an_execution_cancelled_while_it_pauses_is_cancelled() -> None:
    async def go() -> float:
        task = asyncio.create_task(world.go())
        await asyncio.sleep(1.0)
        world.control.pause()
        await asyncio.sleep(1.0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return now()

    world = World(plan_of(PAIR), answer=after(1000.0))
    assert in_virtual_time(go()) == 2.0


def test_a_stopped_run_leaves_the_shared_gate_to_the_other() -> None:
    gate = Gate(1)
    stopped = World(plan_of(PAIR), answer=after(1000.0), shared_gate=gate, limit=1)
    other = World(plan_of(PAIR), shared_gate=gate, limit=1)

    async def go() -> list[Ended]:
        asyncio.get_running_loop().call_later(3.0, lambda: stopped.control.stop())
        return await asyncio.gather(stopped.go(), other.go())

    assert in_virtual_time(go()) == [Ended(Ending.STOPPED), Ended(Ending.DONE)]
    assert min(other.started.values()) == 3.0


def test_a_run_is_paused_and_stopped_from_another_thread() -> None:
    begun = threading.Event()

    async def answer(call: Call, on_text: OnText, number: int) -> Completion:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError("not reached")

    def stop_once_begun() -> None:
        begun.wait(10)
        world.control.pause()
        world.control.stop()

    world = World(plan_of(PAIR), answer=answer)
    thread = threading.Thread(target=stop_once_begun)
    thread.start()
    # In real time, on a real loop: nothing but the other thread's word can wake it.
    world.watch = lambda event: None  # type: ignore[method-assign]
    assert asyncio.run(world.go()) == Ended(Ending.STOPPED)
    thread.join()
