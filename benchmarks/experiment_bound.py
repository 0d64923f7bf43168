"""What an experiment costs beside its calls: planning, a crew against one run after the other, and hundreds in flight.

    python -m benchmarks.experiment_bound [--quick]

Planning stores every run with its whole genealogy on a fresh database; "memory" is what the process holds more at its
peak. Crews run in virtual time, with lognormal call lengths (mean 1 s) drawn from the slots' seeds, so the bound is
known: max(longest path of any run, work / places), which no order of calls can beat. "one by one" drives the same runs
with the same engine, each when the one before is done. "open" is the most runs open at once. The last part drives
real runs over HTTP against a server process on this machine, through judges and database, and holds the wall time
against the same bound.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import random
import resource
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from rsa_viz.core.chain import Completion, Outcome, Slot
from rsa_viz.core.genealogy import Plan, Streams
from rsa_viz.core.run import ModelChoice, RunStatus
from rsa_viz.core.spec import read_spec
from rsa_viz.core.strategies import find_strategy
from rsa_viz.engine.call import Call, OnText
from rsa_viz.engine.control import Control
from rsa_viz.engine.gate import Gate
from rsa_viz.engine.scheduler import execute
from rsa_viz.service import Service
from rsa_viz.service.crew import Crew, Gates, Hand
from rsa_viz.store import Store
from tests.engine.virtual_time import in_virtual_time
from tests.servers.openai_server import ServerProcess
from tests.servers.replies import latency_of

from .engine_bound import LIMITS, compose

SEED = 1


def planning(problems: int, n: int, k: int, t: int, folder: Path) -> None:
    """Store an experiment of one seed, and plan it once more when it is there."""
    spec = {
        "name": "large", "problems": [{"programs": problems}],
        "arms": [{"name": "RSA", "model": "synthetic/fast", "n": n, "k": k, "t": [t // 2, t]}],
    }  # fmt: skip
    service = Service(Store(folder / "planned.db"), ())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    layout = service.experiments.lay_out(read_spec(spec))
    laid = time.perf_counter() - begun
    service.experiments.foresee(layout)
    foreseen = time.perf_counter() - begun - laid
    begun = time.perf_counter()
    found = service.experiments.plan(layout)
    stored = time.perf_counter() - begun
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    begun = time.perf_counter()
    service.experiments.plan(layout)
    again = time.perf_counter() - begun
    begun = time.perf_counter()
    service.experiments.progress(found.experiment.id)
    looked = time.perf_counter() - begun
    chains = sum(service.store.run(run_id).calls for run_id in found.experiment.run_ids)
    print(
        f"{problems} problems x N={n} K={k} T={t}: {chains:,} chains planned in {stored:.1f} s "
        f"({1e3 * stored / chains:.2f} ms a chain), memory +{grown:.0f} MiB; laid out in {laid:.2f} s, "
        f"foreseen in {foreseen:.2f} s, planned again in {again:.2f} s, looked at in {looked * 1e3:.0f} ms"
    )


@dataclass
class Made:
    """A run in virtual time."""

    plan: Plan
    gate: Gate
    name: str
    lengths: Mapping[Slot, float]
    control: Control = field(default_factory=Control)
    recording: int = 0
    status: RunStatus | None = None
    on_first_call: Callable[[], object] = lambda: None
    on_call_ended: Callable[[], object] = lambda: None

    @property
    def run(self) -> Any:
        return SimpleNamespace(id=self.name)

    async def complete(self, call: Call, _: OnText) -> Completion:
        self.on_first_call()
        await asyncio.sleep(self.lengths[call.slot])
        return Completion("x", "", "stop", 1, 1, 0.0, 0.0)

    async def record(self, _: Outcome) -> None:
        self.on_call_ended()

    async def go(self) -> None:
        await execute(
            self.plan, {}, compose=compose, complete=self.complete, record=self.record, watch=lambda _: None,
            gate=self.gate, control=self.control, limits=LIMITS,
        )  # fmt: skip
        self.status = RunStatus.DONE


def lengths_of(plan: Plan, sigma: float) -> dict[Slot, float]:
    """Seconds of each call, of mean 1."""
    return {chain.slot: math.exp(random.Random(chain.seed).gauss(-sigma * sigma / 2, sigma)) for chain in plan}


def longest(plan: Plan, lengths: Mapping[Slot, float]) -> float:
    """The longest path through a plan, in seconds."""
    ends: dict[Slot, float] = {}
    for chain in plan:
        ends[chain.slot] = lengths[chain.slot] + max((ends[parent] for parent in chain.parents), default=0.0)
    return max(ends.values())


def crews(problems: int, shape: tuple[int, int, int], places: int, sigma: float) -> None:
    """One row: a crew and one run after the other, against the bound."""
    n, k, t = shape
    strategy = find_strategy("rsa" if k > 1 else "self-refinement")
    plans = {str(number): strategy.plan(n, k, t, Streams(SEED, f"problem {number}")) for number in range(problems)}
    lengths = {name: lengths_of(plan, sigma) for name, plan in plans.items()}
    work = sum(map(sum, (one.values() for one in lengths.values())))
    bound = max(work / places, *(longest(plan, lengths[name]) for name, plan in plans.items()))
    opened: set[str] = set()
    most = 0

    async def go(together: bool) -> float:
        nonlocal most

        async def open_run(name: str, gate: Gate) -> Any:
            nonlocal most
            opened.add(name)
            most = max(most, len(opened))
            return Made(plans[name], gate, name, lengths[name])

        async def drive(made: Any) -> None:
            await made.go()
            opened.discard(made.name)

        hands = [Hand(name, place, ("here",), places, n) for place, name in enumerate(plans)]
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for some in [hands] if together else [[one] for one in hands]:
            await Crew(some, rank=1, gates=Gates(), open=open_run, go=drive).work()
        return loop.time() - begun

    one_by_one, most = in_virtual_time(go(together=False)), 0
    crew = in_virtual_time(go(together=True))
    print(
        f"{problems:8d} {f'{n}/{k}/{t}':>9} {places:7d} {sigma:6.1f} {crew / bound:11.3f} {one_by_one / bound:17.3f} "
        f"{one_by_one / crew:16.2f} {most:5d}",
        flush=True,
    )


def over_http(problems: int, shape: tuple[int, int, int], places: int, mean: float, folder: Path) -> None:
    """Real runs, through HTTP, judges and the database."""
    n, k, t = shape
    latency = f"lognormal:{mean}:0.8"
    with ServerProcess("--seed", str(SEED), "--latency", latency, "--pieces", "3") as server:
        model = {"model": "openai/test-model", "api_base": server.address}
        spec = {
            "name": "http", "problems": [{"programs": problems}],
            "arms": [{"name": "RSA", "model": model, "n": n, "k": k, "t": t, "concurrency": places}],
        }  # fmt: skip
        service = Service(Store(folder / "http.db"), ())
        found = service.experiments.plan(service.experiments.lay_out(read_spec(spec))).experiment
        plans = [service.store.plan(run_id) for run_id in found.run_ids]
        lengths = [{one.slot: latency_of(latency, SEED, one.seed) for one in plan} for plan in plans]
        work = sum(sum(one.values()) for one in lengths)
        bound = max(work / places, *map(longest, plans, lengths))
        service.warm()
        asyncio.run(service.models.open(ModelChoice("synthetic/fast"), api_key=None, timeout_s=60).prepare())
        begun, processor = time.perf_counter(), time.process_time()
        service.experiments.start(found.id)
        service.experiments.wait(found.id)
        wall, processor = time.perf_counter() - begun, time.process_time() - processor
        seen = service.experiments.progress(found.id)
        calls = seen.done + seen.failed
        print(
            f"{problems} problems x N={n} K={k} T={t}, {places} places, calls of {mean:g} s: {calls:,} calls, "
            f"{seen.failed} failed, {wall:.1f} s against a bound of {bound:.1f} s: {wall / bound:.2f}; "
            f"{1e3 * processor / calls:.1f} ms of processor a call"
        )
        service.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small sizes")
    quick = parser.parse_args().quick
    with tempfile.TemporaryDirectory() as name:
        planning(*((4, 16, 4, 10) if quick else (64, 64, 8, 10)), Path(name))
    print("problems     N/K/T  places  sigma  crew/bound  one by one/bound  one by one/crew  open")
    table = (
        ((8, (16, 4, 4), 64),)
        if quick
        else (
            (8, (16, 4, 10), 64),
            (32, (16, 4, 10), 64),
            (32, (16, 4, 10), 16),
            (32, (1, 1, 10), 64),
            (64, (64, 8, 10), 64),
        )
    )
    for problems, shape, places in table:
        for sigma in (0.8,) if quick else (0.4, 0.8, 1.2):
            crews(problems, shape, places, sigma)
    with tempfile.TemporaryDirectory() as name:
        over_http(*((4, (8, 2, 3), 32, 0.2) if quick else (16, (64, 8, 3), 256, 4.0)), Path(name))


if __name__ == "__main__":
    main()
