"""The export command: ``python -m rsa_viz.training.export CHECKPOINT FILE.safetensors``. Needs torch.

Weights are rounded to float16. With ``--expect FILE`` it also writes what torch makes of the rounded weights for a few
prompts, token by token, against which the app's own inference is tested.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from ..core.tensors import Tensor, write_tensors
from .curriculum import MOST_CANDIDATES, draw_candidates
from .model import Parameters, Shape
from .puzzles import draw_puzzles
from .sampling import sample
from .tokens import Vocabulary, question


def rounded(parameters: Parameters) -> dict[str, Any]:
    """The weights as float16 holds them, in float32."""
    return {name: value.detach().half().float() for name, value in parameters.items()}


def expectations(shape: Shape, parameters: Parameters) -> list[dict[str, Any]]:
    """Prompts in words and the likeliest solution to each, as tokens and as text."""
    import torch

    found = []
    vocabulary = Vocabulary(shape.modulus)
    for seed, (lines, count) in enumerate([(1, 0), (2, 1), (3, 2), (shape.lines, 4), (2, MOST_CANDIDATES)]):
        rng = np.random.default_rng([seed, 4])
        puzzles = draw_puzzles(rng, 2, lines, shape.modulus)
        candidates = [vocabulary.attempt(puzzles, one) for one in draw_candidates(rng, puzzles, count)]
        written = sample(shape, parameters, puzzles, candidates, torch.Generator(), temperature=0)
        for row in range(2):
            found.append(
                {
                    "question": question(puzzles, row),
                    "candidates": [vocabulary.text(candidate[row]) for candidate in candidates],
                    "prompt": vocabulary.prompt(vocabulary.problem(puzzles), candidates)[row].tolist(),
                    "tokens": written[row].tolist(),
                    "text": vocabulary.text(written[row]),
                }
            )
    return found


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m rsa_viz.training.export", description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--expect", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    from .train import load

    held = load(options.checkpoint)
    shape: Shape = held["shape"]
    parameters = rounded(held["parameters"])
    told = {
        "modulus": shape.modulus,
        "heads": shape.heads,
        "lines": shape.lines,
        "candidates": MOST_CANDIDATES,
        "seed": held["recipe"].seed,
        "steps": held["step"],
    }
    tensors = {
        name: Tensor("F16", tuple(value.shape), value.numpy().astype("<f2").tobytes())
        for name, value in parameters.items()
    }
    options.weights.write_bytes(write_tensors(tensors, {name: str(value) for name, value in told.items()}))
    if options.expect is not None:
        rows = ",\n".join(json.dumps(row) for row in expectations(shape, parameters))
        options.expect.write_text(f"[\n{rows}\n]\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
