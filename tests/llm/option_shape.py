"""What options and strategies do to the synthetic reasoner's populations, measured without the engine.

``python tests/llm/option_shape.py`` measures the second part of docs/synthetic-reasoner.md; it takes some minutes.
"""

from __future__ import annotations

import math
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from shape import interval, programs

from rsa_viz.core.aside import ASIDE_TEMPERATURE
from rsa_viz.core.candidates import seen_by_children
from rsa_viz.core.chain import Slot
from rsa_viz.core.genealogy import Plan, Streams
from rsa_viz.core.problem import Problem
from rsa_viz.core.program import parse_program
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.run import Candidates, ModelChoice, RunConfig
from rsa_viz.core.strategies import draw_plan, find_strategy
from rsa_viz.core.verification import read_verification
from rsa_viz.llm.knobs import Knobs
from rsa_viz.llm.synthetic import reason
from rsa_viz.llm.synthetic_asides import about
from rsa_viz.tasks.program import PROGRAM

RSA = RunConfig(ModelChoice("synthetic/fast"), n=16, k=4, t=10)
REJECTION = replace(RSA, strategy="rejection", n=160)


@dataclass(frozen=True)
class Evolved:
    """One run: its plan, its texts, what was said of its chains, and the slots whose answer is right."""

    plan: Plan
    texts: Mapping[Slot, str]
    asides: Mapping[Slot, str]
    right: frozenset[Slot]

    def means(self) -> list[float]:
        """Mean correctness by generation."""
        return [statistics.mean(chain.slot in self.right for chain in row) for row in self.plan.generations]

    def passed(self) -> list[bool]:
        """By generation, whether a right chain is there."""
        return [any(chain.slot in self.right for chain in row) for row in self.plan.generations]


def evolve(problem: Problem, config: RunConfig, knobs: Knobs, seed: int) -> Evolved:
    """One run of a configuration, with its options and asides."""
    config = replace(config, seed=seed)
    plan = draw_plan(find_strategy(config.strategy), config, Streams(seed, problem.key))
    program, parts = parse_program(problem.question), PROGRAM.parts(problem)
    right = f"\\boxed{{{program.values()[program.asked]}}}"
    texts: dict[Slot, str] = {}
    asides: dict[Slot, str] = {}
    for chain in plan:
        seen = [seen_by_children(texts[parent], asides.get(parent), config) for parent in chain.parents]
        (message,) = PLAIN.compose(chain.kind, parts, problem, seen)
        temperature = config.temperature if chain.temperature is None else chain.temperature
        texts[chain.slot] = reason(message["content"], knobs, temperature=temperature, seed=chain.seed)
        if chain.aside is not None:
            (message,) = PLAIN.compose_aside(chain.aside.kind, parts, problem, texts[chain.slot])
            said = about(message["content"], knobs, temperature=ASIDE_TEMPERATURE, seed=chain.aside.seed)
            assert said is not None
            asides[chain.slot] = said
    return Evolved(plan, texts, asides, frozenset(slot for slot, text in texts.items() if text.endswith(right)))


def accepted_mean(run: Evolved) -> float:
    """How often a uniform draw among the accepted chains is right; among all when none is accepted."""
    accepted = [slot for slot, said in run.asides.items() if read_verification(said)]
    return statistics.mean(slot in run.right for slot in accepted or run.texts)


def runs_of(config: RunConfig, problems: Sequence[Problem], seeds: int) -> list[list[Evolved]]:
    """By problem, a run a seed."""
    return [[evolve(problem, config, Knobs(), seed) for seed in range(seeds)] for problem in problems]


def difference(one: Sequence[float], other: Sequence[float]) -> str:
    """The mean paired difference over problems with its 95 % interval, in percentage points."""
    pairs = [a - b for a, b in zip(one, other, strict=True)]
    half = 1.96 * statistics.stdev(pairs) / math.sqrt(len(pairs))
    return f"{100 * statistics.mean(pairs):+.0f} ± {100 * half:.0f}"


def rejection(problems: Sequence[Problem], seeds: int) -> str:
    """Rejection sampling against reference: both means, their paired difference, and how well it verifies."""
    runs = runs_of(REJECTION, problems, seeds)
    reference = [statistics.mean(run.means()[0] for run in row) for row in runs]
    drawn = [statistics.mean(accepted_mean(run) for run in row) for row in runs]
    said = [
        (slot in run.right, read_verification(text)) for row in runs for run in row for slot, text in run.asides.items()
    ]
    kept = statistics.mean(bool(accepted) for right, accepted in said if right)
    caught = statistics.mean(not accepted for right, accepted in said if not right)
    numbers = f"{100 * kept:.0f} | {100 * caught:.0f}"
    return f"{interval(reference)} | {interval(drawn)} | {difference(drawn, reference)} | {numbers}"


def row(
    config: RunConfig, problems: Sequence[Problem], seeds: int, against: Sequence[float] | None
) -> tuple[str, list[float]]:
    """A row of the table of options, and the last generation's mean by problem."""
    runs = runs_of(config, problems, seeds)
    means = [interval([statistics.mean(run.means()[t - 1] for run in one) for one in runs]) for t in (1, 2, 5, 10)]
    last = [statistics.mean(run.means()[-1] for run in one) for one in runs]
    flat = [run for one in runs for run in one]
    gap = 100 * statistics.mean(run.passed()[-1] - run.means()[-1] for run in flat)
    lost = 100 * statistics.mean(run.means()[-1] < 0.5 for run in flat)
    versus = "" if against is None else difference(last, against)
    return " | ".join([*means, versus, f"{gap:.0f}", f"{lost:.0f}"]), last


VARIANTS: Mapping[str, RunConfig] = {
    "whole candidates": RSA,
    "summaries": replace(RSA, candidates=Candidates.SUMMARY),
    "tails of 300 characters": replace(RSA, candidates=Candidates.TAIL, tail_characters=300),
    "tails of 150 characters": replace(RSA, candidates=Candidates.TAIL, tail_characters=150),
    "10 % fresh chains": replace(RSA, fresh_rate=0.1),
    "30 % fresh chains": replace(RSA, fresh_rate=0.3),
    "temperature 1 to 0.2": replace(RSA, temperature_end=0.2),
    "temperature 1 to 2": replace(RSA, temperature_end=2.0),
    "islands": replace(RSA, strategy="islands"),
    "layered mixture (K = N)": replace(RSA, strategy="layered-mixture"),
}


def main() -> None:
    problems = programs(28)
    sys.stdout.write(f"| {rejection(problems, seeds=1)} |\n")
    first: list[float] | None = None
    for name, config in VARIANTS.items():
        words, last = row(config, problems, 4, first)
        first = first or last
        sys.stdout.write(f"| {name} | {words} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
