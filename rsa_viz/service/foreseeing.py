"""What a run would cost: its plan, and how long its models' answers were of late. Knows no engine and no price."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ..core.chain import Slot
from ..core.foresight import Foresight, foresee
from ..core.genealogy import Plan
from ..core.problem import Problem
from ..core.prompts import PromptSet
from ..core.run import ModelChoice, RunConfig
from ..llm.embedded import longest_answer
from ..store import Store
from ..tasks import find_task


@dataclass(frozen=True, slots=True)
class Lengths:
    """The tokens of an answer, and of one of the aggregator's (None without one), which rest on ``measured`` recorded
    chains of the model that has fewest: 0 means that one of them is the most that it can be."""

    a_chain: float
    a_child: float | None
    measured: int


class AnswerLengths:
    """How long answers of a configuration's models are: the mean of what each wrote for a task before, or the most that
    it can be when it never did. Reads each once."""

    def __init__(self, store: Store, config: RunConfig) -> None:
        self._store = store
        self._config = config
        self._known: dict[tuple[str, str], tuple[float | None, int]] = {}

    def of(self, problem: Problem) -> Lengths:
        """For a problem."""
        config = self._config
        length, measured = self._of(config.model, problem)
        if config.aggregator is None:
            return Lengths(length, None, measured)
        child, measured_too = self._of(config.aggregator, problem)
        return Lengths(length, child, min(measured, measured_too))

    def _of(self, choice: ModelChoice, problem: Problem) -> tuple[float, int]:
        kind = choice.model, problem.task
        if kind not in self._known:
            self._known[kind] = self._store.typical_tokens_out(*kind)
        mean, measured = self._known[kind]
        if mean is None:
            mean = longest_answer(choice, problem.task, problem.question) or self._config.max_tokens
        return min(float(mean), float(self._config.max_tokens)), measured


def foresee_answers(
    plan: Plan,
    problem: Problem,
    prompts: PromptSet,
    config: RunConfig,
    lengths: Lengths,
    given: Collection[Slot] = (),
) -> Foresight:
    """As ``core.foresight.foresee``, with answers of these lengths."""
    return foresee(
        plan,
        problem,
        prompts,
        find_task(problem.task).parts(problem),
        lengths.a_chain,
        lengths.measured,
        config=config,
        given=given,
        tokens_a_child=lengths.a_child,
    )
