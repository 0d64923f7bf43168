"""A model's verdicts on steps, put in place of the steps' own. Knows no prompt and no store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..core.chain import Judgement, Slot, Step, Verdict, VerdictSource
from ..core.step_judging import StepJudging
from .telling import brief

_NOT_YET = Judgement.unknown("the judge was not asked about this chain")
_NOT_ASKED = Judgement.unknown("the judge was not asked about a step that begins and ends here")
_SCORES = {Verdict.RIGHT: 1.0, Verdict.WRONG: 0.0, Verdict.UNKNOWN: None}


def by_judge(
    steps: Mapping[Slot, Sequence[Step]], judgings: Mapping[Slot, StepJudging]
) -> dict[Slot, tuple[Step, ...]]:
    """The ``steps`` of each chain with what one judge said of them, by offsets.

    Unknown, and why: chains without a judging, those whose call failed, steps that were not asked about. Source:
    ``VerdictSource.JUDGE`` for what the judge said, its "unknown" included.
    """
    return {slot: judged(found, judgings.get(slot)) for slot, found in steps.items()}


def judged(steps: Sequence[Step], judging: StepJudging | None) -> tuple[Step, ...]:
    """As ``by_judge``, of one chain."""
    if judging is None:
        return tuple(replace(step, judgement=_NOT_YET) for step in steps)
    if judging.text is None:
        failed = Judgement.unknown(f"the call to the judge failed: {brief(judging.error or '', 120)}")
        return tuple(replace(step, judgement=failed) for step in steps)
    said = {
        (one.start, one.end): Judgement(one.verdict, VerdictSource.JUDGE, _SCORES[one.verdict], one.why)
        for one in judging.verdicts
    }
    return tuple(replace(step, judgement=said.get((step.start, step.end), _NOT_ASKED)) for step in steps)
