"""What the report of a run shows, read from the store. Knows no HTML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from ..analysis.inheritance import inheritance
from ..analysis.step_keys import StepKey, step_key
from ..core.chain import Chain, ChainStatus, Slot, Step
from ..store import Store
from ..tasks import find_task
from .result import drawn


def write_report(store: Store, run_id: str, out: BinaryIO) -> None:
    """Write a run as one HTML file. Memory holds the steps of all chains and the texts of one generation. Raises
    NotFound."""
    from ..exports.run_report import Recorded, run_report  # the plotting library loads in a second

    run, chains = store.run(run_id), store.chains(run_id)
    task = find_task(run.problem.task)
    steps: dict[Slot, tuple[Step, ...]] = {}
    keys: dict[Slot, list[StepKey]] = {}
    shares: dict[tuple[Slot, Slot], float] = {}

    def read(t: int) -> Sequence[Chain]:
        return store.chains(run_id, t=t, text=True)

    for t in sorted({chain.slot.t for chain in chains}):
        for chain in read(t):  # in slot order: parents come before their children
            if chain.status is not ChainStatus.DONE:
                continue
            text = chain.text or ""
            steps[chain.slot] = task.steps(text, run.problem)
            keys[chain.slot] = [step_key(step, text) for step in steps[chain.slot]]
            found = inheritance(keys[chain.slot], {parent: keys.get(parent, ()) for parent in chain.available})
            if found.steps:
                shares.update({(chain.slot, parent): share for parent, share in found.shares.items()})
    asides = store.asides(run_id, text=True)
    answering = drawn(run, chains, asides)
    recorded = Recorded(run, chains, read, asides, steps, shares, answering, store.rulings(run_id))
    for piece in run_report(recorded):
        out.write(piece.encode("utf-8"))
