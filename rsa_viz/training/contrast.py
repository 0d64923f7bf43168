"""Several models on the same problems: ``python -m rsa_viz.training.contrast base=FILE direct=FILE ...``. Needs torch.

What the gate measures, in one table with a column a model, and the differences from the first one, problem by problem.
One row is added: what each model makes of the first one's candidates, so that a difference in reading candidates can be
told from one in the first generation that is read.
A name given to several files stands for models trained alike: the seeds of problems go to them in turn.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from .evolving import right
from .gate import Interval, Setting, Shares, add_setting, interval, measure, say, setting_of
from .model import Parameters, Shape
from .puzzles import draw_puzzles
from .sampling import sample

GIVEN = "candidates of the first model"


def pooled(files: Sequence[Path], first: Sequence[Path], setting: Setting, seeds: Sequence[int]) -> dict[str, Shares]:
    """What the gate measures of each seed's problems, and what the model makes of candidates of the ``first`` one; one
    seed after the other."""
    from .train import load

    found = dict[str, list[Shares]]()
    for place, seed in enumerate(seeds):
        held, other = (load(some[place % len(some)]) for some in (files, first))
        measured = measure(held["shape"], held["parameters"], setting, seed)
        measured[GIVEN] = given(held["shape"], held["parameters"], other["parameters"], setting, seed)
        for name, values in measured.items():
            found.setdefault(name, []).append(values)
    return {name: np.concatenate(values) for name, values in found.items()}


def given(shape: Shape, parameters: Parameters, first: Parameters, setting: Setting, seed: int) -> Shares:
    """Share of right children by problem, on the gate's problems, with K candidates that ``first`` samples. Whatever
    the ``parameters`` are, problems and candidates are the same."""
    import torch

    puzzles = draw_puzzles(
        np.random.default_rng([seed, 3]), setting.problems, setting.lines, shape.modulus, setting.holes
    )
    repeated = puzzles.rows(np.repeat(np.arange(setting.problems), setting.children))
    shown = torch.Generator(first["head"].device).manual_seed(seed + 1)
    candidates = [sample(shape, first, repeated, [], shown) for _ in range(setting.k)]
    generator = torch.Generator(parameters["head"].device).manual_seed(seed + 2)
    children = sample(shape, parameters, repeated, candidates, generator)
    population = children.reshape(setting.problems, setting.children, -1)
    shares: Shares = right(shape, puzzles, population).mean(axis=1)
    return shares


def table(found: Mapping[str, Mapping[str, Shares]]) -> str:
    """A table in Markdown: share of right solutions by model, with 95 % intervals over problems; then each model's
    difference from the first one."""
    first, *others = found
    head = [*found, *(f"{name} − {first}" for name in others)]
    rows = [f"| share right | {' | '.join(head)} |", f"| --- |{' --- |' * len(head)}"]
    for measured in found[first]:
        cells = [_told(interval(found[name][measured])) for name in found]
        cells += [_told(interval(found[name][measured] - found[first][measured]), signed=True) for name in others]
        rows.append(f"| {measured} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _told(one: Interval, *, signed: bool = False) -> str:
    mean, low, high = (f"{value:+.3f}" if signed else f"{value:.3f}" for value in (one.mean, one.low, one.high))
    return f"{mean} [{low}, {high}]"


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m rsa_viz.training.contrast", description=__doc__)
    parser.add_argument("models", nargs="+", metavar="NAME=FILE", help="the first one is what others are held against")
    parser.add_argument("--seeds", type=int, nargs="+", default=[201, 202, 203], help="of problems and samples")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path, help="also write every problem's shares there")
    add_setting(parser)
    options = parser.parse_args(arguments)
    models = dict[str, list[Path]]()
    for one in options.models:
        name, equals, file = one.partition("=")
        if not equals or not Path(file).is_file():
            parser.error(f"{one!r} names no model; write NAME=FILE with the file of a checkpoint")
        models.setdefault(name, []).append(Path(file))
    import torch

    torch.set_num_threads(options.threads)
    setting = setting_of(options)
    first = next(iter(models.values()))
    found = {name: pooled(files, first, setting, options.seeds) for name, files in models.items()}
    each = f"{setting.problems} problems of {setting.lines} lines with {setting.holes} holes for each of the seeds"
    say(f"{each} {' '.join(map(str, options.seeds))}\n\n{table(found)}")
    if options.json is not None:
        written = {name: {one: values.tolist() for one, values in shares.items()} for name, shares in found.items()}
        options.json.write_text(json.dumps(written) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
