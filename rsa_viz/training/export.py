"""The export command: ``python -m rsa_viz.training.export SOURCE OUT --format app|transformers|gguf``.

SOURCE is a checkpoint of the training, which takes torch to read, or weights in the app's own form, which take nothing.
Weights are rounded to float16. ``app`` writes them as the app reads them; with ``--expect FILE`` also what torch makes
of the rounded weights for a few prompts, token by token, against which the app's own inference is tested.
``transformers`` and ``gguf`` write the same model as a plain Llama: a folder for transformers and vLLM, a file for
llama.cpp.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..core.errors import InvalidInput, RsaVizError
from ..core.tensors import Tensor, read_tensors, write_tensors
from .curriculum import MOST_CANDIDATES, draw_candidates
from .llama import Floats, as_llama
from .llama_files import write_gguf, write_transformers
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


@dataclass(frozen=True, slots=True)
class Source:
    """A model's rounded weights, float32, and what its file tells: modulus, heads, lines, candidates, seed, steps."""

    weights: Mapping[str, Floats]
    told: Mapping[str, str]


def read_source(path: Path) -> Source:
    """A checkpoint, or weights in the app's own form. Raises InvalidInput."""
    if path.suffix == ".safetensors":
        try:
            data = path.read_bytes()
        except OSError as error:
            raise InvalidInput(f"the weights {str(path)!r} cannot be read: {error.strerror}") from None
        tensors, told = read_tensors(data)
        return Source({name: _numbers(name, one) for name, one in tensors.items()}, told)
    from .train import load

    held = load(path)
    shape: Shape = held["shape"]
    what = {
        "modulus": shape.modulus,
        "heads": shape.heads,
        "lines": shape.lines,
        "candidates": MOST_CANDIDATES,
        "seed": held["recipe"].seed,
        "steps": held.get("begun_at", held["step"]),
    }
    if "plan" in held:
        what["reinforced"] = json.dumps({**held["plan"], "steps": held["step"]})
    weights = {name: value.numpy() for name, value in rounded(held["parameters"]).items()}
    return Source(weights, {name: str(value) for name, value in what.items()})


def _numbers(name: str, tensor: Tensor) -> Floats:
    if tensor.kind != "F16":
        raise InvalidInput(f"the array {name!r} is {tensor.kind}; the app's own weights are F16")
    return np.frombuffer(tensor.content, "<f2").reshape(tensor.shape).astype(np.float32)


def write_app(path: Path, source: Source) -> None:
    """The weights as the app reads them."""
    tensors = {name: Tensor("F16", one.shape, one.astype("<f2").tobytes()) for name, one in source.weights.items()}
    path.write_bytes(write_tensors(tensors, source.told))


def write_llama(path: Path, source: Source, form: str) -> None:
    """The same model as a plain Llama, in one of the forms ``transformers`` and ``gguf``."""
    sizes = {name: int(source.told[name]) for name in ("modulus", "heads", "lines", "candidates")}
    llama = as_llama(source.weights, **sizes)
    if form == "transformers":
        write_transformers(path, llama, sizes["candidates"])
    else:
        write_gguf(path, llama, sizes["candidates"], path.stem)


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m rsa_viz.training.export", description=__doc__)
    parser.add_argument("source", type=Path, help="checkpoint.pt, or weights in the app's own form")
    parser.add_argument("out", type=Path, help="a file, or for transformers a folder")
    parser.add_argument("--format", choices=("app", "transformers", "gguf"), default="app", help="(default: app)")
    parser.add_argument("--expect", type=Path, metavar="FILE", help="for the app's tests; takes torch")
    options = parser.parse_args(arguments)
    try:
        source = read_source(options.source)
        if options.format == "app":
            write_app(options.out, source)
        else:
            write_llama(options.out, source, options.format)
    except RsaVizError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if options.expect is not None:
        rows = ",\n".join(json.dumps(row) for row in _expected(options.source))
        options.expect.write_text(f"[\n{rows}\n]\n", encoding="utf-8")
    return 0


def _expected(checkpoint: Path) -> list[dict[str, Any]]:
    from .train import load

    held = load(checkpoint)
    return expectations(held["shape"], rounded(held["parameters"]))


if __name__ == "__main__":
    raise SystemExit(main())
