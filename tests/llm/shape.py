"""The synthetic reasoner's populations, evolved without the engine: one loop over a plan's generations.

``python tests/llm/shape.py`` measures the tables of docs/synthetic-reasoner.md; it takes some minutes.
"""

from __future__ import annotations

import math
import random
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rsa_viz.core.chain import Slot
from rsa_viz.core.genealogy import Streams
from rsa_viz.core.problem import Problem
from rsa_viz.core.program import draw_program, parse_program
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.strategies import find_strategy
from rsa_viz.llm.knobs import PRESETS, Knobs
from rsa_viz.llm.synthetic import reason
from rsa_viz.tasks.program import PROGRAM


def programs(count: int, seed: int = 0) -> list[Problem]:
    """Random programs of 6 to 12 lines, modulo 97."""
    rng = random.Random(seed)
    return [Problem("program", draw_program(rng, lines=6 + number % 7).question()) for number in range(count)]


def evolve(problem: Problem, knobs: Knobs, *, n: int = 16, k: int = 4, t: int = 10, seed: int = 0) -> list[float]:
    """The mean correctness of each generation of one run; K = 1 is self-refinement."""
    plan = find_strategy("rsa" if k > 1 else "self-refinement").plan(n, k, t, Streams(seed, problem.key))
    program, parts = parse_program(problem.question), PROGRAM.parts(problem)
    right = f"\\boxed{{{program.values()[program.asked]}}}"
    texts: dict[Slot, str] = {}
    for chain in plan:
        (message,) = PLAIN.compose(chain.kind, parts, problem, [texts[parent] for parent in chain.parents])
        texts[chain.slot] = reason(message["content"], knobs, seed=chain.seed)
    return [
        statistics.mean(texts[chain.slot].endswith(right) for chain in generation) for generation in plan.generations
    ]


def interval(by_problem: Sequence[float]) -> str:
    """Mean and 95 % interval over problems, in per cent."""
    half = 1.96 * statistics.stdev(by_problem) / math.sqrt(len(by_problem))
    return f"{100 * statistics.mean(by_problem):.0f} ± {100 * half:.0f}"


def measure(knobs: Knobs, k: int, problems: Sequence[Problem], seeds: int, n: int = 16) -> str:
    """One row of a table."""
    runs = [[evolve(problem, knobs, n=n, k=k, seed=seed) for seed in range(seeds)] for problem in problems]
    means = [interval([statistics.mean(run[t - 1] for run in row) for row in runs]) for t in (1, 2, 3, 5, 10)]
    flat = [run for row in runs for run in row]
    gap = [statistics.mean((run[t - 1] > 0) - run[t - 1] for run in flat) for t in (1, 2, 10)]
    lost = statistics.mean(run[-1] < 0.5 for run in flat)
    return " | ".join([*means, " → ".join(f"{100 * one:.0f}" for one in gap), f"{100 * lost:.0f}"])


def main() -> None:
    problems = programs(28)
    for k in (1, 2, 3, 4):
        sys.stdout.write(f"| {k} | {measure(Knobs(), k, problems, seeds=4)} |\n")
    for n in (4, 8, 32):
        sys.stdout.write(f"| N = {n} | {measure(Knobs(), 4, problems, seeds=4, n=n)} |\n")
    for name in ("careful", "sloppy"):
        sys.stdout.write(f"| {name} | {measure(PRESETS[name], 4, problems, seeds=2)} |\n")


if __name__ == "__main__":
    main()
