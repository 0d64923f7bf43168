"""How good the forecast is, on runs of the synthetic reasoner: the tables of docs/prediction.md.

    python -m benchmarks.prediction_calibration [--quick]

Random programs, evolved without the engine (tests/llm/shape.py). What is forecast is never among what was counted,
except in the two rows that say so. "in band" is the share of outcomes inside the 90 % band (90 % would be right);
"width" the band's mean width and "error" the mean absolute difference of forecast and outcome, both in points of a
hundred; "bias" their mean difference; "stays" the error of saying that nothing will change, "same end" that of saying
that another N or K will end like the run that was seen. In brackets the half width of the 95 % interval over programs,
because runs of one program are alike.
"""

from __future__ import annotations

import argparse
import itertools
import math
import statistics
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from rsa_viz.analysis.forecast import Forecast, Start, forecast
from rsa_viz.analysis.transmission import Transmission, transmission
from rsa_viz.core.chain import Chain, ChainStatus, Slot, Verdict
from rsa_viz.core.genealogy import Streams
from rsa_viz.core.problem import Problem
from rsa_viz.core.program import parse_program
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.strategies import find_strategy
from rsa_viz.llm.knobs import Knobs
from rsa_viz.llm.synthetic import reason
from rsa_viz.tasks.program import PROGRAM
from tests.analysis.right_chains import exact, exactly
from tests.llm.shape import programs

N, K, T = 16, 4, 10


def evolved(problem: Problem, *, n: int = N, k: int = K, t: int = T, seed: int = 0) -> tuple[Chain, ...]:
    """One run's chains with their verdicts, texts left out."""
    plan = find_strategy("rsa" if k > 1 else "self-refinement").plan(n, k, t, Streams(seed, problem.key))
    program, parts = parse_program(problem.question), PROGRAM.parts(problem)
    right = f"\\boxed{{{program.values()[program.asked]}}}"
    texts: dict[Slot, str] = {}
    chains = []
    for number, one in enumerate(plan, start=1):
        (message,) = PLAIN.compose(one.kind, parts, problem, [texts[parent] for parent in one.parents])
        text = texts[one.slot] = reason(message["content"], Knobs(), seed=one.seed)
        verdict = Verdict.RIGHT if text.endswith(right) else Verdict.WRONG
        chains.append(
            Chain(number, one.slot, one.kind, one.parents, one.parents, status=ChainStatus.DONE, verdict=verdict)
        )
    return tuple(chains)


def right_in(chains: Iterable[Chain], t: int) -> int:
    """How many chains of generation ``t`` are right."""
    return sum(chain.verdict is Verdict.RIGHT for chain in chains if chain.slot.t == t)


@dataclass(frozen=True)
class Case:
    """One forecast of one number: the program, what came, what was forecast, and what the plain guess would say."""

    program: int
    came: float
    expected: float
    low: float
    high: float
    guess: float


def case(program: int, came: float, found: Forecast | None, at: int, guess: float) -> Case:
    """What ``found`` says of its generation ``at`` (0 is the start)."""
    assert found is not None
    return Case(program, came, found.expected[at], found.low[at], found.high[at], guess)


def as_counted(transmissions: Iterable[Transmission]) -> list[float]:
    """q_0..q_K as counted; a j that never occurred lies on the line between its neighbours."""
    known = {one.j: one.share for one in transmissions if one.k == K and one.share is not None}
    return [float(rate) for rate in np.interp(range(K + 1), sorted(known), [known[j] for j in sorted(known)])]


def over_programs(cases: Sequence[Case], values: Sequence[float]) -> str:
    """The mean and its 95 % interval over programs, in per cent."""
    by_program: dict[int, list[float]] = {}
    for one, value in zip(cases, values, strict=True):
        by_program.setdefault(one.program, []).append(value)
    means = [statistics.mean(row) for row in by_program.values()]
    half = 1.96 * statistics.stdev(means) / math.sqrt(len(means)) if len(means) > 1 else math.nan
    return f"{100 * statistics.mean(means):.0f} (± {100 * half:.0f})"


def told(name: str, cases: Sequence[Case]) -> None:
    """One row of a table."""
    inside = over_programs(cases, [one.low - 1e-9 <= one.came <= one.high + 1e-9 for one in cases])
    width = statistics.mean(one.high - one.low for one in cases)
    error = over_programs(cases, [abs(one.came - one.expected) for one in cases])
    plain = over_programs(cases, [abs(one.came - one.guess) for one in cases])
    bias = statistics.mean(one.expected - one.came for one in cases)
    sys.stdout.write(
        f"| {name} | {len(cases)} | {inside} | {100 * width:.0f} | {error} | {100 * bias:+.0f} | {plain} |\n"
    )


def later(runs: Sequence[Sequence[tuple[Chain, ...]]]) -> list[tuple[float, bool]]:
    """Later generations from earlier ones; of generation 3 the chance of a right majority in the end, and whether."""
    sys.stdout.write(
        "| seen up to | forecast | n | in band | width | error | bias | stays |\n|---|---|---|---|---|---|---|---|\n"
    )
    chances: list[tuple[float, bool]] = []
    for seen in (2, 3, 5):
        for ahead in (1, 3, T - seen):
            cases = []
            for number, row in enumerate(runs):
                for chains in row:
                    counted = transmission(chain for chain in chains if chain.slot.t <= seen)
                    right = right_in(chains, seen)
                    found = forecast(counted, Start(right, N, N), T - seen + 1)
                    cases.append(case(number, right_in(chains, seen + ahead) / N, found, ahead, right / N))
                    if seen == 3 and ahead == 1 and found is not None:
                        chances.append((found.majority[-1], 2 * right_in(chains, T) > N))
            told(f"generation {seen} | generation {seen + ahead}: {ahead} ahead", cases)
    for name, plug_in in (("all of it (no forecast)", False), ("all of it, rates taken as exact", True)):
        cases = []
        for number, row in enumerate(runs):
            for chains in row:
                counted = transmission(chains)
                right = right_in(chains, 1)
                came = right_in(chains, T) / N
                if plug_in:
                    known = exact(N, as_counted(counted), exactly(N, right), T)
                    cases.append(Case(number, came, known.expected[-1], known.low[-1], known.high[-1], right / N))
                else:
                    cases.append(case(number, came, forecast(counted, Start(right, N, N), T), T - 1, right / N))
        told(f"{name} | generation {T} from generation 1", cases)
    return chances


def reliability(chances: Sequence[tuple[float, bool]]) -> None:
    """Does it come as often as it was said?"""
    sys.stdout.write("| said | runs | mean said | came |\n|---|---|---|---|\n")
    edges = (0.0, 0.1, 0.3, 0.7, 0.9, 1.0001)
    for low, high in itertools.pairwise(edges):
        here = [(said, came) for said, came in chances if low <= said < high]
        if here:
            said, came = (100 * statistics.mean(column) for column in zip(*here, strict=True))
            sys.stdout.write(f"| {100 * low:.0f} to {100 * high:.0f} % | {len(here)} | {said:.0f} % | {came:.0f} % |\n")
    base = statistics.mean(came for _, came in chances)
    score = statistics.mean((said - came) ** 2 for said, came in chances)
    sys.stdout.write(f"Brier score {score:.3f}; always saying {100 * base:.0f} % would have {base * (1 - base):.3f}\n")


def others(problems: Sequence[Problem], seeds: int) -> None:
    """Another N or K, from a whole run: its end, against a run that was made with it."""
    sys.stdout.write("| seen | asked | forecasts | in band | width | error | bias | same end |\n")
    sys.stdout.write("|---|---|---|---|---|---|---|---|\n")
    made: dict[tuple[int, int, int, int], tuple[Chain, ...]] = {}

    def run(number: int, n: int, k: int, seed: int) -> tuple[Chain, ...]:
        key = (number, n, k, seed)
        if key not in made:
            made[key] = evolved(problems[number], n=n, k=k, seed=seed)
        return made[key]

    for (n, k), (asked_n, asked_k) in (
        ((8, 4), (32, 4)), ((16, 4), (32, 4)), ((32, 4), (8, 4)), ((16, 4), (8, 4)),
        ((16, 2), (16, 4)), ((16, 3), (16, 4)), ((16, 4), (16, 3)), ((16, 4), (16, 2)),
    ):  # fmt: skip
        cases = []
        for number in range(len(problems)):
            for seed in range(seeds):
                seen, other = run(number, n, k, seed), run(number, asked_n, asked_k, seed + 100)
                # The other run has samples of its own: a size that is nobody's makes the forecast draw them anew.
                start = Start(right_in(seen, 1), n, size=0)
                found = forecast(transmission(seen), start, T, n=asked_n, k=asked_k)
                came = right_in(other, T) / asked_n
                cases.append(case(number, came, found, T - 1, right_in(seen, T) / n))
        told(f"N = {n}, K = {k} | N = {asked_n}, K = {asked_k}", cases)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few programs and one seed")
    quick = parser.parse_args().quick
    problems, seeds = programs(4 if quick else 42, seed=1), 1 if quick else 4
    runs = [[evolved(problem, seed=seed) for seed in range(seeds)] for problem in problems]
    sys.stdout.write(f"{len(problems)} programs, {seeds} runs each, N = {N}, K = {K}, T = {T}\n\nLater generations\n\n")
    chances = later(runs)
    sys.stdout.write("\nA right majority in the last generation, said after generation 3\n\n")
    reliability(chances)
    sys.stdout.write(f"\nAnother N or K: right chains of generation {T}\n\n")
    others(problems, 1 if quick else 2)


if __name__ == "__main__":
    main()
