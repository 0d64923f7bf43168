"""What if, for real: a run forked at a generation with one change, and one child written again without each parent.

Both are new runs over the same engine and store, planned in ``core`` and stored in one transaction; starting them is
another step. Knows no page and no terminal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..core.chain import Answer, Judgement, Slot
from ..core.errors import InvalidInput, InvalidPlan
from ..core.foresight import Foresight
from ..core.fork import (
    Change,
    OtherK,
    Written,
    change_in_words,
    draws_anew,
    fork_plan,
    forked_config,
    slot_of,
)
from ..core.genealogy import Plan
from ..core.leave_one_out import leave_one_out_plan, leave_one_out_streams
from ..core.problem import Problem
from ..core.prompts import PromptSet
from ..core.run import Run, RunConfig, RunOrigin
from ..core.strategies import LEAVE_ONE_OUT, find_strategy
from ..store import PlantedText
from ..tasks import find_task
from .foreseeing import AnswerLengths, foresee_answers

if TYPE_CHECKING:
    from .service import Service


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run that would be made from another one, checked and planned, before anything is stored.

    ``copied`` names for each slot taken over the slot of the original; ``written`` is a person's text.
    """

    original: Run
    origin: RunOrigin
    config: RunConfig
    prompts: PromptSet
    plan: Plan
    copied: Mapping[Slot, Slot]
    written: Written | None = None

    @property
    def given(self) -> frozenset[Slot]:
        """The slots for which nobody is called: taken over, or written by a person."""
        return frozenset(self.copied) | ({self.written.slot} if self.written else frozenset())


def prepare_fork(service: Service, run_id: str, t: int, change: Change) -> Prepared:
    """Plan a fork of a run at generation ``t``; its model and prompts are checked when it is made. Raises NotFound and
    InvalidInput."""
    run = service.store.run(run_id)
    _check_kind(run)
    config, prompts = forked_config(run.config, run.prompts, change)
    if isinstance(change, OtherK) and "k" not in find_strategy(config.strategy).uses:
        raise InvalidPlan(f"{find_strategy(config.strategy).title} draws no K parents; K cannot be changed")
    drawn = service.plan(run.problem, config) if draws_anew(change) else None
    plan = fork_plan(service.store.plan(run_id), t, change, run.config, drawn)
    written = change if isinstance(change, Written) else None
    copied = {
        chain.slot: chain.slot for chain in plan if chain.slot.t <= t and chain.slot != (written and written.slot)
    }
    origin = RunOrigin(run_id, t, change_in_words(change, run.config, run.prompts), slot_of(change))
    return Prepared(run, origin, config, prompts, plan, copied, written)


def prepare_leave_one_out(service: Service, run_id: str, child: Slot, times: int, seed: int | None = None) -> Prepared:
    """Check and plan ``times`` new children of the parents of ``child`` that stood in its prompt, and as many without
    each of them, by the model that wrote it. The seed is the run's own by default. Raises NotFound and InvalidInput."""
    run = service.store.run(run_id)
    _check_kind(run)
    chain = service.store.chain(run_id, child)
    if not chain.ended:
        raise InvalidInput(f"chain {child} has not ended yet; its parents are left out once it has")
    there = service.store.plan(run_id)
    seed = run.config.seed if seed is None else seed
    own = there[child].temperature
    parents = [
        replace(
            there[parent],
            temperature=run.config.temperature if there[parent].temperature is None else there[parent].temperature,
        )
        for parent in chain.available
    ]
    plan = leave_one_out_plan(parents, times, leave_one_out_streams(seed, run.problem.key, child))
    config = replace(
        run.config,
        model=run.config.writer(chain.asked),
        aggregator=None,  # the repeat that sees no parent is written by the same model too: nothing else may differ
        strategy=LEAVE_ONE_OUT.name,
        n=len(plan.generations[1]),
        k=len(parents),
        t=2,
        seed=seed,
        temperature=run.config.temperature if own is None else own,
        temperature_end=None,
        fresh_rate=0.0,
    )
    words = f"chain {child} written again {times} times with all its parents and {times} times without each"
    copied = {one.slot: parent for one, parent in zip(plan.generations[0], chain.available, strict=True)}
    return Prepared(run, RunOrigin(run_id, child.t - 1, words, child), config, run.prompts, plan, copied)


def _check_kind(run: Run) -> None:
    if run.config.strategy == LEAVE_ONE_OUT.name:
        raise InvalidInput(
            "a leave-one-out run is a measurement and has no generations to go on from; fork its original"
        )


def store_prepared(service: Service, prepared: Prepared, note: str) -> Run:
    """Store the run; nothing is called. Raises InvalidInput when something to be taken over has not ended."""
    planted = {}
    if (one := prepared.written) is not None:
        answer, judgement = _judged(prepared.original.problem, one.text)
        planted[one.slot] = PlantedText(one.text, answer, judgement, one.slot if one.edited else None)
    return service.store.create_fork(
        prepared.origin,
        prepared.config,
        prepared.prompts,
        prepared.plan,
        copied=prepared.copied,
        planted=planted,
        note=note,
    )


def _judged(problem: Problem, text: str) -> tuple[Answer | None, Judgement]:
    task = find_task(problem.task)
    answer = task.extract(text, problem)
    return answer, task.judge(answer, problem)


def foresee_prepared(service: Service, prepared: Prepared) -> Foresight:
    """What the run would cost beyond what it takes over; as ``Service.foresee``."""
    problem, config = prepared.original.problem, prepared.config
    lengths = AnswerLengths(service.store, config).of(problem)
    found = foresee_answers(prepared.plan, problem, prepared.prompts, config, lengths, prepared.given)
    # What a person wrote may still have to be summarised.
    summarised = prepared.written is not None and prepared.plan[prepared.written.slot].aside is not None
    return replace(found, calls=found.calls + summarised)
