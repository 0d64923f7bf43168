"""The gate: ``python -m rsa_viz.training.gate CHECKPOINT``. Prints its tables; exits with 1 when it is not passed.

A model aggregates only if its children gain from what stands in the candidates. On fresh problems, for each of
several seeds: true candidates help far more than its own, its own more than none, another problem's no more than
none; RSA gains beyond one aggregation; two parents beat one. Majority vote and self-refinement at the same number of
calls are printed beside it, whichever wins. Needs torch.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .evolving import evolve, right, vote
from .model import Parameters, Shape
from .probe import CONDITIONS, candidates_for
from .puzzles import Booleans, draw_puzzles
from .sampling import sample

Shares = NDArray[np.float64]
MARGIN = 0.05
"""True must beat own, and own must beat none, by more than this; another problem's candidates may differ from none by
no more than this. Shares of right solutions."""

RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Setting:
    """What the gate runs: ``children`` children a problem and condition, and RSA with N, K and T."""

    lines: int = 3
    holes: int = 2
    problems: int = 40
    children: int = 16
    n: int = 16
    k: int = 4
    t: int = 10


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over problems with its 95 % percentile bootstrap interval (problems drawn with replacement)."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:6.3f} [{self.low:6.3f}, {self.high:6.3f}]"


@dataclass(frozen=True, slots=True)
class Check:
    """One demand: what is asked, the measured difference, and whether it holds."""

    name: str
    difference: Interval
    holds: bool


def interval(by_problem: Shares) -> Interval:
    """The mean of one value a problem. Raises ValueError when there is none. Source: Efron, 1979."""
    if len(by_problem) == 0:
        raise ValueError("an interval needs at least one problem")
    rng = np.random.default_rng(0)
    drawn = rng.integers(len(by_problem), size=(RESAMPLES, len(by_problem)))
    low, high = np.quantile(by_problem[drawn].mean(axis=1), [0.025, 0.975])
    return Interval(float(by_problem.mean()), float(low), float(high))


def measure(shape: Shape, parameters: Parameters, setting: Setting, seed: int) -> dict[str, Shares]:
    """Share of right solutions by problem, for every condition and way; ``K=… generation …`` are RSA's generations."""
    import torch

    rng = np.random.default_rng([seed, 3])
    generator = torch.Generator(parameters["head"].device).manual_seed(seed)
    puzzles = draw_puzzles(rng, setting.problems, setting.lines, shape.modulus, setting.holes)
    found: dict[str, Shares] = {}
    repeated = puzzles.rows(np.tile(np.arange(setting.problems), setting.children))
    for condition in CONDITIONS:
        candidates = candidates_for(condition, shape, parameters, repeated, setting.k, generator, rng)
        tokens = sample(shape, parameters, repeated, candidates, generator)
        grouped = tokens.reshape(setting.children, setting.problems, -1).swapaxes(0, 1)
        found[condition] = _share(right(shape, puzzles, grouped))
    for k in sorted({1, 2, setting.k}):
        generations = evolve(shape, parameters, puzzles, n=setting.n, k=k, t=setting.t, generator=generator, rng=rng)
        for t, population in enumerate(generations, 1):
            found[f"K={k} generation {t}"] = _share(right(shape, puzzles, population))
        found[f"K={k} vote of the last"] = vote(shape, puzzles, generations[-1:]).astype(np.float64)
    refined = evolve(
        shape, parameters, puzzles, n=setting.n, k=1, t=setting.t, generator=generator, rng=rng, own_line=True
    )
    found["self-refinement"] = _share(right(shape, puzzles, refined[-1]))
    calls = puzzles.rows(np.repeat(np.arange(setting.problems), setting.n * setting.t))
    direct = sample(shape, parameters, calls, [], generator).reshape(setting.problems, setting.n * setting.t, -1)
    found["vote of direct solutions"] = vote(shape, puzzles, [direct]).astype(np.float64)
    found["any of direct solutions"] = _share(right(shape, puzzles, direct).sum(axis=1, keepdims=True) > 0)
    return found


def _share(verdicts: Booleans) -> Shares:
    """The share of right ones by problem: (P, N) to (P,)."""
    shares: Shares = verdicts.astype(np.float64).mean(axis=1)
    return shares


def checks(found: Mapping[str, Shares], setting: Setting) -> list[Check]:
    """The demands, on differences problem by problem."""

    def difference(one: str, other: str) -> Interval:
        return interval(found[one] - found[other])

    k, last = setting.k, setting.t
    true, own, other = difference("true", "own"), difference("own", "none"), difference("other", "none")
    beyond = difference(f"K={k} generation {last}", f"K={k} generation 2")
    parents = difference(f"K=2 generation {last}", f"K=1 generation {last}")
    return [
        Check(f"true candidates beat own ones by more than {MARGIN}", true, true.low > MARGIN),
        Check(f"own candidates beat none by more than {MARGIN}", own, own.low > MARGIN),
        Check(f"another problem's candidates gain no more than {MARGIN}", other, other.high < MARGIN),
        Check(f"K={k}: generation {last} beats generation 2", beyond, beyond.low > 0),
        Check(f"generation {last}: K=2 beats K=1", parents, parents.low > 0),
    ]


def table(title: str, found: Mapping[str, Shares], demands: list[Check]) -> str:
    """What was measured, as lines of text."""
    width = max(len(name) for name in [*found, *(check.name for check in demands)])
    rows = [title, *(f"  {name:<{width}}  {interval(values)}" for name, values in found.items())]
    rows += [f"  {check.name:<{width}}  {check.difference}  {'holds' if check.holds else 'FAILS'}" for check in demands]
    return "\n".join(rows)


def add_setting(parser: argparse.ArgumentParser) -> None:
    """Add an option for each part of a setting."""
    for name, value in asdict(Setting()).items():
        parser.add_argument(f"--{name}", type=int, default=value)


def setting_of(options: argparse.Namespace) -> Setting:
    """The setting that the options describe."""
    return Setting(**{name: getattr(options, name) for name in asdict(Setting())})


def main(arguments: list[str] | None = None) -> int:
    """The command: 0 when every demand holds for every seed and for all together, else 1."""
    parser = argparse.ArgumentParser(prog="python -m rsa_viz.training.gate", description=__doc__)
    parser.add_argument("checkpoint", type=Path, nargs="+", help="one model, or several trained alike")
    parser.add_argument("--seeds", type=int, nargs="+", default=[101, 102, 103], help="of problems and samples")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path, help="also write the means there")
    add_setting(parser)
    options = parser.parse_args(arguments)
    import torch

    from .train import load

    torch.set_num_threads(options.threads)
    setting = setting_of(options)
    passed, pooled, written = True, dict[str, list[Shares]](), []
    for place, seed in enumerate(options.seeds):
        path = options.checkpoint[place % len(options.checkpoint)]
        held = load(path)
        found = measure(held["shape"], held["parameters"], setting, seed)
        demands = checks(found, setting)
        passed &= all(check.holds for check in demands)
        asked = f"{setting.problems} problems of {setting.lines} lines with {setting.holes} holes"
        title = f"seed {seed}, {path}, step {held['step']}, {asked}"
        say(table(title, found, demands))
        written.append({"title": title, "means": {name: round(float(v.mean()), 4) for name, v in found.items()}})
        for name, values in found.items():
            pooled.setdefault(name, []).append(values)
    together = {name: np.concatenate(values) for name, values in pooled.items()}
    demands = checks(together, setting)
    passed &= all(check.holds for check in demands)
    say(table("all seeds together", together, demands))
    say(f"the gate is {'passed' if passed else 'NOT passed'}")
    if options.json is not None:
        options.json.write_text(json.dumps({"passed": passed, "seeds": written}, indent=1) + "\n", encoding="utf-8")
    return 0 if passed else 1


def say(text: str) -> None:
    """To standard output at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
