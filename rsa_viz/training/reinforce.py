"""Reinforcement learning from a checkpoint: ``python -m rsa_viz.training.reinforce START --on ARM --out FOLDER``.

RLOO on fresh problems. The two arms differ in the prompts of half of a step's problems alone: ``direct`` shows them
bare like the other half, ``aggregation`` with K candidates that the start sampled. Problems, steps, samples, reward and
rate are the same, and every step draws from (seed, step), so that a run that was interrupted goes on as if it had not
been. The folder holds ``checkpoint.pt`` and ``log.jsonl``, an object for each step. Needs torch.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .advantages import REWARDS, leave_one_out, rewards, undecided
from .model import Parameters, Shape, forward
from .probe import probe
from .puzzles import Integers, Puzzles, draw_puzzles
from .sampling import sample
from .tokens import WIDTH, Vocabulary, layout
from .train import CHECKPOINT, LOG, load, save

ARMS = ("direct", "aggregation")
_BEGINS = ("shape", "recipe", "parameters", "step")  # what a run takes over from the checkpoint that it begins with


@dataclass(frozen=True, slots=True)
class Plan:
    """How a model is reinforced. A step draws ``problems`` problems of one number of lines, from ``fewest`` to
    ``most``, with 1 to 3 holes a line, and ``samples`` solutions of each. ``beta`` weighs the divergence from the start
    (nats a solution)."""

    on: str = "aggregation"
    seed: int = 1
    steps: int = 80
    problems: int = 64
    samples: int = 8
    k: int = 4
    fewest: int = 2
    most: int = 4
    reward: str = "each"
    rate: float = 5e-4
    warmup: int = 10
    beta: float = 0.1

    def __post_init__(self) -> None:
        if self.on not in ARMS:
            raise ValueError(f"there is no arm {self.on!r}; known are {', '.join(ARMS)}")
        if self.problems < 2 or self.problems % 2:
            raise ValueError(f"--problems must be even and at least 2, not {self.problems}: the arms differ in half")


@dataclass(frozen=True, slots=True)
class Prompts:
    """Problems that a step shows alike: bare, or each with as many candidates, tokens (P, 11 L)."""

    puzzles: Puzzles
    candidates: Sequence[Integers]


def draw_prompts(plan: Plan, step: int, shape: Shape, start: Parameters) -> tuple[Prompts, Prompts]:
    """A step's two halves: bare problems, and those in which the arms differ."""
    rng = np.random.default_rng([plan.seed, 7, step])
    lines = int(rng.integers(plan.fewest, plan.most + 1))
    puzzles = draw_puzzles(rng, plan.problems, lines, shape.modulus)
    first, second = (puzzles.rows(slice(at, None, 2)) for at in (0, 1))
    if plan.on == "direct":
        return Prompts(first, ()), Prompts(second, ())
    generator = _generator(plan, step, 8, start)
    tokens = sample(shape, start, second, [], generator, copies=plan.k).reshape(len(second.targets), plan.k, -1)
    return Prompts(first, ()), Prompts(second, tuple(tokens[:, one] for one in range(plan.k)))


def _generator(plan: Plan, step: int, stream: int, parameters: Parameters) -> Any:
    import torch

    seed = int(np.random.default_rng([plan.seed, stream, step]).integers(2**62))
    return torch.Generator(parameters["head"].device).manual_seed(seed)


def log_shares(shape: Shape, parameters: Parameters, prompts: Prompts, solutions: Integers) -> Any:
    """The logarithm of every token's share at each place of the solutions, (P * G, 11 L, vocabulary). The prompts are
    gone through once for all G solutions of each, which stand one after the other."""
    import torch

    vocabulary, device = Vocabulary(shape.modulus), parameters["head"].device
    prompt = vocabulary.prompt(vocabulary.problem(prompts.puzzles), list(prompts.candidates))
    places = layout(prompts.puzzles.targets.shape[1], len(prompts.candidates))
    copies = len(solutions) // len(prompt)
    cache: list[Any] = [None] * shape.layers
    length = prompt.shape[1]
    shown = torch.as_tensor(prompt, device=device)
    before = forward(shape, parameters, shown, places, cache, from_place=length - 1)
    cache = [tuple(held.repeat_interleave(copies, dim=0) for held in layer) for layer in cache]
    written = torch.as_tensor(solutions[:, :-1], device=device)
    after = forward(shape, parameters, written, places, cache, length)
    return torch.cat([before.repeat_interleave(copies, dim=0), after], dim=1).log_softmax(dim=-1)


def policy_loss(chosen: Any, advantages: Any) -> Any:
    """What falls when the expected reward rises: minus the mean over solutions of each token's advantage times the
    logarithm of its chance, added up. ``chosen`` and ``advantages`` are (S, tokens)."""
    return -(advantages * chosen).sum(dim=-1).mean()


def teach(
    shape: Shape, parameters: Parameters, start: Parameters, plan: Plan, prompts: Prompts, generator: Any, share: float
) -> dict[str, float]:
    """Sample solutions to the prompts, reward them, and add ``share`` of the loss's gradient to the parameters'."""
    import torch

    puzzles = prompts.puzzles
    solutions = sample(shape, parameters, puzzles, prompts.candidates, generator, copies=plan.samples)
    repeated = puzzles.rows(np.repeat(np.arange(len(puzzles.targets)), plan.samples))
    right = Vocabulary(shape.modulus).read(repeated, solutions).right(repeated)
    lines = right.shape[1]
    earned = rewards(plan.reward, right).reshape(-1, plan.samples, lines).swapaxes(1, 2)  # problems, lines, samples
    ahead = np.repeat(leave_one_out(earned).swapaxes(1, 2).reshape(-1, lines), WIDTH, axis=1)
    device = parameters["head"].device
    shares = log_shares(shape, parameters, prompts, solutions)
    with torch.no_grad():
        before = log_shares(shape, start, prompts, solutions)
    chosen = shares.gather(-1, torch.as_tensor(solutions, device=device)[..., None])[..., 0]
    advantages = torch.as_tensor(ahead, dtype=torch.float32, device=device)
    divergence = (shares.exp() * (shares - before)).sum(dim=(-2, -1)).mean()
    loss = policy_loss(chosen, advantages) + plan.beta * divergence
    (share * loss).backward()
    entropy = -(shares.exp() * shares).sum(dim=(-2, -1)).mean()
    return {
        "reward": float(earned.mean()),
        "right": float(right.all(axis=-1).mean()),
        "lines_right": float(right.mean()),
        "undecided": undecided(earned),
        "entropy": float(entropy.detach()),
        "divergence": float(divergence.detach()),
    }


def reinforce(folder: Path, begin: Path, plan: Plan, *, keep_each: int, device: str = "cpu") -> Path:
    """Reinforce, or go on with what the folder holds, up to ``plan.steps``. Returns the checkpoint's path.

    Raises ValueError when the folder holds a run of another plan; more steps are the same plan.
    """
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / CHECKPOINT
    held = load(path) if path.exists() else {name: value for name, value in load(begin).items() if name in _BEGINS}
    _check_same(held.get("plan"), plan, path)
    shape: Shape = held["shape"]
    parameters = {name: value.to(device).requires_grad_() for name, value in held["parameters"].items()}
    start = {name: value.to(device) for name, value in held.get("start", held["parameters"]).items()}
    start = {name: value.detach().clone() for name, value in start.items()}
    optimiser = torch.optim.Adam(parameters.values(), plan.rate, betas=(0.9, 0.98))
    first, begun_at = 0, held.get("begun_at", held["step"])
    if "plan" in held:
        first = held["step"]
        optimiser.load_state_dict(held["optimiser"])
    log = _Log(folder / LOG, first)
    if first == 0:
        log.write({"event": "start", "from_step": begun_at, "plan": asdict(plan)})
    for step in range(first, plan.steps):
        begun = time.monotonic()
        for group in optimiser.param_groups:
            group["lr"] = plan.rate * min(1.0, (step + 1) / plan.warmup)
        optimiser.zero_grad()
        generator = _generator(plan, step, 9, parameters)
        halves = [
            teach(shape, parameters, start, plan, prompts, generator, 0.5)
            for prompts in draw_prompts(plan, step, shape, start)
        ]
        gradient = float(torch.nn.utils.clip_grad_norm_(parameters.values(), 1.0))
        if not math.isfinite(gradient):
            raise ArithmeticError(f"the gradient of step {step} is {gradient}; lower --rate, now {plan.rate}")
        optimiser.step()
        done = step + 1
        bare, other = ({name: round(value, 4) for name, value in half.items()} for half in halves)
        log.write(
            {"event": "step", "step": done, "bare": bare, "other": other, "gradient": round(gradient, 4)},
            seconds=time.monotonic() - begun,
        )
        if done % keep_each == 0 or done == plan.steps:
            seen = {name: value.detach() for name, value in parameters.items()}
            log.write({"event": "probe", "step": done, **probe(shape, seen, seed=done)})
            more = {
                "plan": asdict(plan),
                "begun_at": begun_at,
                "start": {one: kept.cpu() for one, kept in start.items()},
            }
            save(path, shape, held["recipe"], parameters, done, optimiser, **more)
    return path


def _check_same(held: dict[str, Any] | None, plan: Plan, path: Path) -> None:
    if held is None:
        return
    other = [name for name, value in asdict(plan).items() if name != "steps" and held[name] != value]
    if other:
        told = ", ".join(f"{name} = {held[name]!r}, not {getattr(plan, name)!r}" for name in other)
        raise ValueError(f"{path} is of another plan: {told}; name another folder, or the same plan to go on")


class _Log:
    """Appends JSON objects, after dropping those of steps that will be made again; says them on standard error with
    the seconds that a step took. The file holds nothing of the clock: the same run writes the same file."""

    def __init__(self, path: Path, step: int) -> None:
        self.path = path
        rows = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() and step else []
        path.write_text("".join(row for row in rows if json.loads(row).get("step", 0) <= step), encoding="utf-8")

    def write(self, said: dict[str, Any], seconds: float | None = None) -> None:
        row = json.dumps(said)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(row + "\n")
        sys.stderr.write(row + ("" if seconds is None else f"  {seconds:.1f} s") + "\n")


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m rsa_viz.training.reinforce", description=__doc__)
    parser.add_argument("start", type=Path, help="the checkpoint to begin with")
    parser.add_argument("--out", type=Path, required=True, help="folder of the checkpoint and the log")
    parser.add_argument("--keep-each", type=int, default=50, metavar="STEPS")
    parser.add_argument("--threads", type=int, default=1, help="of the processor (default: %(default)s)")
    parser.add_argument("--device", default="cpu", help="cpu or cuda (default: %(default)s)")
    choices = {"on": ARMS, "reward": REWARDS}
    for name, value in asdict(Plan()).items():
        parser.add_argument(f"--{name}", type=type(value), default=value, choices=choices.get(name))
    options = vars(parser.parse_args(arguments))
    import torch

    torch.set_num_threads(options["threads"])
    plan = Plan(**{name: options[name] for name in asdict(Plan())})
    reinforce(options["out"], options["start"], plan, keep_each=options["keep_each"], device=options["device"])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
