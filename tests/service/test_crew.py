"""A crew in virtual time: which runs are open when, who gets the places, and what one run's end means for the others.

A made-up run of ``lines`` lines of ``length`` calls each takes one second a call: ``lines`` places while it goes.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from rsa_viz.core.errors import InvalidEndpoint, NotFound, RunHeld
from rsa_viz.core.run import RunStatus
from rsa_viz.engine.control import Control
from rsa_viz.engine.gate import Gate
from rsa_viz.service.crew import SETTLE_S, Crew, Gates, Hand
from tests.engine.virtual_time import in_virtual_time


@dataclass
class MadeRun:
    """What a run does, and what became of it."""

    name: str
    lines: int = 2
    length: int = 3
    endpoint: str = "here"
    ends: RunStatus = RunStatus.DONE
    refuses: Exception | None = None
    begun: float | None = None
    ended: float | None = None


@dataclass
class MadeDrive:
    """A drive of a made-up run."""

    made: MadeRun
    gate: Gate
    control: Control = field(default_factory=Control)
    recording: int = 0
    status: RunStatus | None = None
    on_first_call: Any = None
    on_call_ended: Any = None

    @property
    def run(self) -> SimpleNamespace:
        return SimpleNamespace(id=self.made.name)

    async def line(self, number: int) -> None:
        for call in range(self.made.length):
            if self.control.wanted != "run":
                return
            async with self.gate.held((call, number)):
                self.on_first_call()
                await asyncio.sleep(1)
            if self.made.ends is not RunStatus.FAILED:
                self.on_call_ended()

    async def go(self) -> None:
        loop = asyncio.get_running_loop()
        self.made.begun = loop.time()
        await asyncio.gather(*map(self.line, range(self.made.lines)))
        self.made.ended = loop.time()
        asked = {"run": self.made.ends, "pause": RunStatus.PAUSED, "stop": RunStatus.STOPPED}
        self.status = asked[self.control.wanted]


class Yard:
    """Made-up runs and the crews that drive them."""

    def __init__(self, *runs: MadeRun) -> None:
        self.runs = {run.name: run for run in runs}
        self.gates = Gates()
        self.drives: dict[str, MadeDrive] = {}

    async def open(self, name: str, gate: Gate) -> Any:
        run = self.runs[name]
        if run.refuses is not None:
            raise run.refuses
        self.drives[name] = MadeDrive(run, gate)
        return self.drives[name]

    def crew(self, limit: int, names: str = "", rank: int = 1) -> Crew:
        chosen = [run for run in self.runs.values() if not names or run.name in names]
        hands = [
            Hand(run.name, place, tuple(run.endpoint.split("+")), limit, run.lines) for place, run in enumerate(chosen)
        ]
        return Crew(hands, rank=rank, gates=self.gates, open=self.open, go=lambda drive: drive.go())

    def begun(self) -> list[str]:
        return [run.name for run in self.runs.values() if run.begun is not None]

    def open_at(self, moment: float) -> list[str]:
        return [
            run.name
            for run in self.runs.values()
            if run.begun is not None and run.begun <= moment and (run.ended is None or run.ended > moment)
        ]


def test_no_place_idles_and_no_more_runs_are_open_than_that_takes() -> None:
    yard = Yard(*(MadeRun(name) for name in "abcdefgh"))
    in_virtual_time(yard.crew(limit=4).work())
    assert [len(yard.open_at(second + 0.5)) for second in range(1, 10)] == [2] * 9
    assert max(run.ended or 0 for run in yard.runs.values()) <= 8 * 2 * 3 / 4 + 1 + 8 * 2 * SETTLE_S


def test_a_run_that_takes_every_place_keeps_the_others_closed_until_its_lines_end() -> None:
    yard = Yard(MadeRun("a", lines=4), MadeRun("b", lines=4))
    in_virtual_time(yard.crew(limit=4).work())
    assert yard.runs["a"].ended == pytest.approx(3)
    assert yard.runs["b"].begun >= yard.runs["a"].ended


def test_an_endpoint_is_tried_with_one_run_until_a_call_there_has_ended() -> None:
    yard = Yard(*(MadeRun(name, lines=1) for name in "abc"))
    in_virtual_time(yard.crew(limit=8).work())
    assert yard.runs["a"].begun == 0
    assert 1 <= yard.runs["b"].begun <= 1 + 2 * SETTLE_S
    assert yard.runs["c"].begun == yard.runs["b"].begun


def test_a_run_without_any_call_left_is_no_trial_and_holds_up_nobody() -> None:
    yard = Yard(MadeRun("a", length=0), MadeRun("b", length=0), MadeRun("c"))
    in_virtual_time(yard.crew(limit=2).work())
    assert {run.ended is not None for run in yard.runs.values()} == {True}


def test_runs_that_are_gone_or_held_are_passed_over() -> None:
    yard = Yard(MadeRun("a", refuses=NotFound("gone")), MadeRun("b", refuses=RunHeld("held")), MadeRun("c"))
    in_virtual_time(yard.crew(limit=2).work())
    assert yard.begun() == ["c"]


@pytest.mark.parametrize("how", ["fails", "cannot be opened"])
def test_a_run_that_cannot_go_on_stops_its_endpoints_runs_and_no_others(how: str) -> None:
    bad = MadeRun("b", endpoint="there", ends=RunStatus.FAILED)
    if how == "cannot be opened":
        bad.refuses = InvalidEndpoint("no key")
    yard = Yard(MadeRun("a"), bad, MadeRun("c", endpoint="there"), MadeRun("d"), MadeRun("e"))
    in_virtual_time(yard.crew(limit=2).work())
    assert [name for name in yard.begun() if name != "b"] == ["a", "d", "e"]
    assert {yard.drives[name].status for name in "ade"} == {RunStatus.DONE}


@pytest.mark.parametrize("wanted", ["pause", "stop"])
def test_pausing_or_stopping_one_run_does_so_to_all(wanted: str) -> None:
    yard = Yard(
        *(MadeRun(name, endpoint=end) for name, end in zip("abcdef", ["x", "y", "x", "y", "x", "y"], strict=True))
    )

    async def go() -> None:
        crew = yard.crew(limit=4)
        work = asyncio.create_task(crew.work())
        await asyncio.sleep(1.7)
        assert yard.begun() == ["a", "b", "c", "d"]
        getattr(yard.drives["c"].control, wanted)()
        await work
        assert crew.pending == frozenset()

    in_virtual_time(go())
    assert yard.begun() == ["a", "b", "c", "d"]
    asked = {"pause": RunStatus.PAUSED, "stop": RunStatus.STOPPED}[wanted]
    # a and b had begun their last call before it was heard; who is through is done
    assert {yard.drives[name].status for name in "cd"} == {asked}


def test_a_crew_that_is_asked_to_end_while_it_opens_a_run_hands_the_wish_on() -> None:
    yard = Yard(MadeRun("a"), MadeRun("b"))
    opening = asyncio.Event()

    async def go() -> None:
        crew = yard.crew(limit=2)
        plain = yard.open

        async def slow(name: str, gate: Gate) -> Any:
            opening.set()
            await asyncio.sleep(1)
            return await plain(name, gate)

        crew._open = slow
        work = asyncio.create_task(crew.work())
        await opening.wait()
        crew.end("stop")
        crew.end("pause")  # a stop is not softened
        await work
        assert yard.drives["a"].status is RunStatus.STOPPED

    in_virtual_time(go())
    assert yard.begun() == ["a"]


def test_crews_on_one_endpoint_share_its_places_and_the_open_run_of_the_earlier_goes_first() -> None:
    yard = Yard(*(MadeRun(name, lines=4, length=2) for name in "abcd"))

    async def go() -> None:
        first = asyncio.create_task(yard.crew(2, "ab", rank=1).work())
        await asyncio.sleep(0.5)
        second = asyncio.create_task(yard.crew(2, "cd", rank=2).work())
        await asyncio.sleep(2)
        assert yard.drives["a"].gate.taken == 2
        await asyncio.gather(first, second)

    in_virtual_time(go())
    assert yard.runs["a"].ended == pytest.approx(4)
    assert yard.runs["c"].begun < 1
    assert yard.runs["c"].ended == pytest.approx(8)
    assert {run.ended is not None for run in yard.runs.values()} == {True}


def test_a_run_on_two_endpoints_takes_a_place_with_each_of_them_and_none_gets_too_many() -> None:
    yard = Yard(
        *(MadeRun(f"{endpoint}{number}", lines=3, endpoint=endpoint) for number in range(3) for endpoint in ("a", "b")),
        *(MadeRun(f"both{number}", lines=3, endpoint=endpoint) for number in range(2) for endpoint in ("a+b", "b+a")),
    )
    most: dict[str, int] = {}

    async def watch() -> None:
        while True:
            for name, (gate, _) in yard.gates._gates.items():
                most[name] = max(most.get(name, 0), gate.taken)
            await asyncio.sleep(0.25)

    async def go() -> None:
        watching = asyncio.create_task(watch())
        await yard.crew(4).work()
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    in_virtual_time(go())
    assert most == {"a": 4, "b": 4}
    assert all(run.ended is not None for run in yard.runs.values())


def test_a_shared_gate_is_as_wide_as_its_users_widest_and_gone_with_the_last() -> None:
    gates = Gates()
    with gates.shared(("here",), 2) as gate:
        with gates.shared(("here",), 5) as same, gates.shared(("there",), 1) as other:
            assert same is gate is not other
            assert gate.limit == 5
        assert gate.limit == 2
    with gates.shared(("here",), 1) as fresh:
        assert fresh is not gate
