"""Does following the advice beat the default at equal budget? On the synthetic reasoner: the table of docs/advice.md.

    python -m benchmarks.advice_trial [--quick]

Random programs, evolved without the engine (tests/llm/shape.py). A pilot run of each program (N = 16, K = 4, T = 4) is
what the advice knows. Then, for each budget of calls, the advised N and T and the default (N = 16, K = 4, as many
generations as the budget pays for) are run anew with other seeds. Right: the share of right chains in the last
generation, in per cent; in brackets the half width of the 95 % interval over programs.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections import Counter

from benchmarks.prediction_calibration import evolved, right_in
from rsa_viz.analysis.advice import Advice, Evidence, advise, evidence
from rsa_viz.analysis.two_level import mean_over_problems
from rsa_viz.core.problem import Problem
from tests.llm.shape import programs

BUDGETS = (24, 48, 96, 160, 320)


def interval(values: list[list[float]]) -> str:
    """The mean over programs of the mean over seeds, with its interval."""
    (mean,) = mean_over_problems([[(100 * value,) for value in row] for row in values])
    return f"{mean.value:.1f} ({mean.low:.1f} to {mean.high:.1f})"


def outcome(problem: Problem, n: int, k: int, t: int, seed: int) -> float:
    """The right share in the end of a run that nobody has seen."""
    return right_in(evolved(problem, n=n, k=k, t=t, seed=seed), t) / n


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few programs and one seed")
    quick = parser.parse_args().quick
    problems, seeds = programs(6 if quick else 42, seed=11), 1 if quick else 3
    seen: list[Evidence | None] = [
        evidence(evolved(problem, n=16, k=4, t=4, seed=50), problem.key, 16) for problem in problems
    ]
    told = [one for one in seen if one is not None]
    sys.stdout.write(f"{len(problems)} programs, {seeds} runs each\n\n")
    sys.stdout.write("| budget | default | calls | advised for each | calls | advised for all | calls |")
    sys.stdout.write(" each less default | all less default | predicted for all | for all, and most often for each |\n")
    sys.stdout.write("|---" * 11 + "|\n")
    for budget in BUDGETS:
        pooled = advise(told, budget)
        default = (16, 4, max(1, budget // 16))
        rows: dict[str, list[list[float]]] = {"default": [], "each": [], "all": []}
        calls: dict[str, list[int]] = {"default": [], "each": [], "all": []}
        shapes: Counter[tuple[int, int]] = Counter()
        for problem, one in zip(problems, seen, strict=True):
            alone: Advice | None = advise([one], budget) if one is not None else None
            own = default if alone is None or alone.best is None else (alone.best.n, alone.best.k, alone.best.t)
            assert pooled.best is not None
            shapes[own[0], own[2]] += 1
            everyone = (pooled.best.n, pooled.best.k, pooled.best.t)
            for name, (n, k, t) in (("default", default), ("each", own), ("all", everyone)):
                calls[name].append(n * t)
                rows[name].append([outcome(problem, n, k, t, seed + 100) for seed in range(seeds)])
        less = {
            name: [
                [a - b for a, b in zip(ours, theirs, strict=True)]
                for ours, theirs in zip(rows[name], rows["default"], strict=True)
            ]
            for name in ("each", "all")
        }
        best = pooled.best
        assert best is not None
        common = ", ".join(f"N {n} T {t}: {count}" for (n, t), count in shapes.most_common(3))
        means = {name: f"{interval(rows[name])} | {statistics.mean(calls[name]):.0f}" for name in rows}
        sys.stdout.write(
            f"| {budget} calls, T = {default[2]} | {means['default']} | {means['each']} | {means['all']} | "
            f"{interval(less['each'])} | {interval(less['all'])} | {100 * best.expected:.0f} | "
            f"N = {best.n}, T = {best.t}; {common} |\n"
        )
        sys.stdout.flush()
    sys.stdout.write(f"mean first generation right: {statistics.mean(one.start.right / 16 for one in told):.2f}\n")


if __name__ == "__main__":
    main()
