"""Verdicts on steps by a worked solution: a result that stands there is right. Knows no task and no run.

What does not stand there is unknown: a right chain may take another way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..core.chain import Judgement, Step, Verdict, VerdictSource

_ABSENT = Judgement.unknown("does not stand in the worked solution, which may go another way")
_NOTHING = Judgement.unknown("states no result that could stand in the worked solution")


def left_side(fragment: str) -> str:
    """What a fragment is about: ``2*13`` of ``2*13=26``, ``d`` of ``d=55``."""
    return fragment.rpartition("=")[0]


class Reference:
    """The results that a worked solution states.

    Those that the solution's own arithmetic contradicts are left out: a misprint proves nothing.
    """

    def __init__(self, solution: Sequence[Step]) -> None:
        """``solution`` are the steps of the worked solution."""
        sound = [step for step in solution if step.judgement.verdict is not Verdict.WRONG]
        self.fragments = frozenset(step.fragment for step in sound if step.fragment is not None)
        self._about = {left_side(fragment): fragment for fragment in sorted(self.fragments)}

    def __bool__(self) -> bool:
        """Whether it states any result."""
        return bool(self.fragments)

    def judge(self, step: Step) -> Judgement:
        """Right: the step's fragment stands in the solution. Wrong: it gives another value to the same left side, and
        its own check (exact or arithmetic) fails too. Else unknown.

        Another value alone is no proof: a letter may stand for something else, a number may be rounded, and words
        beside it may convert it (``5 dozen * 3 = 180``). The own check knows these cases and says unknown of them.
        """
        fragment = step.fragment
        if fragment is None:
            return _NOTHING
        if fragment in self.fragments:
            return Judgement(Verdict.RIGHT, VerdictSource.REFERENCE, 1.0, f"the worked solution has {fragment}")
        other = self._about.get(left_side(fragment))
        if other is not None and step.judgement.verdict is Verdict.WRONG:
            return Judgement(Verdict.WRONG, VerdictSource.REFERENCE, 0.0, f"the worked solution has {other}")
        return _ABSENT

    def judged(self, steps: Sequence[Step]) -> tuple[Step, ...]:
        """The steps with the reference's verdicts in place of their own."""
        return tuple(replace(step, judgement=self.judge(step)) for step in steps)

    def added(self, steps: Sequence[Step]) -> tuple[Step, ...]:
        """The steps, of which those that stand in the solution are right where nothing else is known of them. What is
        known stays: who contradicts the solution and fails by himself is wrong without it, too."""
        return tuple(step if step.judgement.verdict is not Verdict.UNKNOWN else self._added(step) for step in steps)

    def _added(self, step: Step) -> Step:
        found = self.judge(step)
        return step if found.verdict is Verdict.UNKNOWN else replace(step, judgement=found)
