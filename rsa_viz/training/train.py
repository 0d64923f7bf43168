"""The training command: ``python -m rsa_viz.training.train --out FOLDER``. Needs torch.

Every step draws its batch from (seed, step), so a training that was interrupted goes on as if it had not been. The
folder holds ``checkpoint.pt``, renewed as it goes, and ``log.jsonl``: an object for the start and for each probe.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .curriculum import Batch, draw_batch, draw_shape
from .model import Parameters, Shape, count, forward, new_parameters
from .probe import probe
from .tokens import layout

CHECKPOINT = "checkpoint.pt"
LOG = "log.jsonl"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is trained. ``step_tokens`` is about how many places a step works on; the learning rate rises over
    ``warmup`` steps, stays, and falls linearly to a tenth over the last third of ``steps``."""

    seed: int = 1
    steps: int = 4000
    step_tokens: int = 6000
    rate: float = 3e-3
    warmup: int = 100
    decay: float = 0.05

    def rate_at(self, step: int) -> float:
        """The learning rate of a step, which counts from 0."""
        left = (self.steps - step) / max(1, self.steps / 3)
        return self.rate * min(1.0, (step + 1) / self.warmup, max(0.1, left))


def loss_of(shape: Shape, parameters: Parameters, given: Batch, device: str = "cpu") -> Any:
    """The weighted mean cross entropy of a batch, in nats."""
    import torch
    from torch.nn import functional

    tokens = torch.as_tensor(given.tokens, device=device)
    weights = torch.as_tensor(given.weights, device=device)[:, 1:]
    scores = forward(shape, parameters, tokens[:, :-1], layout(given.lines, given.candidates))
    each = functional.cross_entropy(scores.flatten(0, 1), tokens[:, 1:].flatten(), reduction="none")
    return (each.view_as(weights) * weights).sum() / weights.sum()


def save(
    path: Path, shape: Shape, recipe: Recipe, parameters: Parameters, step: int, optimiser: Any, **more: Any
) -> None:
    """Write a checkpoint, and what ``more`` it is to hold, whole or not at all."""
    import torch

    held = {
        "shape": asdict(shape),
        "recipe": asdict(recipe),
        "parameters": {name: value.detach().cpu() for name, value in parameters.items()},
        "step": step,
        "optimiser": optimiser.state_dict(),
        **more,
    }
    beside = path.with_suffix(".part")
    torch.save(held, beside)
    os.replace(beside, path)


def load(path: Path) -> dict[str, Any]:
    """A checkpoint with its shape and recipe as such."""
    import torch

    held = torch.load(path, weights_only=True)
    return {**held, "shape": Shape(**held["shape"]), "recipe": Recipe(**held["recipe"])}


def train(folder: Path, shape: Shape, recipe: Recipe, *, probe_each: int, device: str = "cpu") -> Path:
    """Train, or go on with what the folder holds, up to ``recipe.steps``. Returns the checkpoint's path."""
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / CHECKPOINT
    held = load(path) if path.exists() else None
    if held is not None:
        shape = held["shape"]
    drawn = held["parameters"] if held else new_parameters(shape, recipe.seed)
    parameters = {name: value.to(device).requires_grad_() for name, value in drawn.items()}
    optimiser = torch.optim.AdamW(parameters.values(), recipe.rate, betas=(0.9, 0.98), weight_decay=recipe.decay)
    first = 0
    if held is not None:
        optimiser.load_state_dict(held["optimiser"])
        first = held["step"]
    log = _Log(folder / LOG)
    log.write(event="start", step=first, shape=asdict(shape), recipe=asdict(recipe), weights=count(parameters))
    losses: list[float] = []
    for step in range(first, recipe.steps):
        rng = np.random.default_rng([recipe.seed, 1, step])
        lines, candidates = draw_shape(rng)
        size = max(8, recipe.step_tokens // layout(lines, candidates).length)
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate_at(step)
        loss = loss_of(shape, parameters, draw_batch(rng, size, lines, candidates, shape.modulus), device)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters.values(), 1.0)
        optimiser.step()
        losses.append(float(loss.detach()))
        if not math.isfinite(losses[-1]):
            raise ArithmeticError(f"the loss of step {step} is {losses[-1]}; lower --rate, now {recipe.rate}")
        done = step + 1
        if done % 50 == 0:
            log.write(event="loss", step=done, loss=round(sum(losses) / len(losses), 4))
            losses.clear()
        if done % probe_each == 0 or done == recipe.steps:
            save(path, shape, recipe, parameters, done, optimiser)
            log.write(event="probe", step=done, **probe(shape, parameters, seed=done))
    return path


class _Log:
    """Appends JSON objects with the seconds since it was opened, and says them on standard error."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.begun = time.monotonic()

    def write(self, **said: Any) -> None:
        row = json.dumps({"seconds": round(time.monotonic() - self.begun, 1), **said})
        with self.path.open("a", encoding="utf-8") as file:
            file.write(row + "\n")
        sys.stderr.write(row + "\n")


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m rsa_viz.training.train", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the checkpoint and the log")
    parser.add_argument("--probe-each", type=int, default=250, metavar="STEPS")
    parser.add_argument("--threads", type=int, default=1, help="of the processor (default: %(default)s)")
    parser.add_argument("--device", default="cpu", help="cpu or cuda (default: %(default)s)")
    for name, value in [*asdict(Shape()).items(), *asdict(Recipe()).items()]:
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    options = vars(parser.parse_args(arguments))
    import torch

    torch.set_num_threads(options["threads"])
    shape = Shape(**{name: options[name] for name in asdict(Shape())})
    recipe = Recipe(**{name: options[name] for name in asdict(Recipe())})
    train(options["out"], shape, recipe, probe_each=options["probe_each"], device=options["device"])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
