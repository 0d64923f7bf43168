"""What runs inside the sandbox: one scorer of Reasoning Gym on one answer. A program, never imported.

Reads one JSON object from standard input (``name``, ``module``, ``answer``, ``entry``) and writes one: ``score``, or
``error`` with ``gold_score``, the score of the reference answer by the same scorer (null if there is none).
Some scorers hand the answer to ``eval`` or to SymPy's parser, which evaluates too. Here they get a reader of
literals and a parser that lets through numbers, operators and names of mathematics only, so that no answer can
run code and write a score of its own.
"""

import ast
import importlib
import importlib.util
import json
import os
import re
import sys
import types
from collections.abc import Callable
from typing import Any

_TOKENS = re.compile(
    r"(?:\s|[0-9]+(?:\.[0-9]*)?(?![A-Za-z_.])|\.[0-9]+(?![A-Za-z_.])|[A-Za-z][A-Za-z0-9]*(?![._])|[-+*/^(),])*"
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_FUNCTIONS = (
    *("Abs", "abs", "exp", "ln", "log", "pi", "sign", "sqrt", "sin", "cos", "tan", "sec", "csc", "cot", "asin", "acos"),
    *("atan", "acot", "sinh", "cosh", "tanh", "coth", "asinh", "acosh", "atanh"),
)


def plain_mathematics(text: object) -> str:
    """The text, if it can be given to a parser that evaluates; ValueError otherwise."""
    if not isinstance(text, str) or len(text) > 5000 or _TOKENS.fullmatch(text) is None:
        raise ValueError("no plain mathematics")
    for name in _NAME.findall(text):
        if len(name) > 1 and name not in _FUNCTIONS:
            raise ValueError(f"unknown name {name}")
    return text


def guard_sympy() -> None:
    """Let SymPy's parser see plain mathematics only."""
    import sympy
    from sympy.parsing import sympy_parser

    original = sympy_parser.parse_expr

    def parse_expr(text: object, *arguments: Any, **options: Any) -> Any:
        return original(plain_mathematics(text), *arguments, **options)

    sympy.parse_expr = sympy_parser.parse_expr = parse_expr


def load(name: str, module: str) -> tuple[Any, Any]:
    """The generator's class and its scorer's module, without the hundred modules beside it where that works."""
    spec = importlib.util.find_spec("reasoning_gym")
    assert spec is not None
    assert spec.submodule_search_locations
    root = spec.submodule_search_locations[0]
    parts = module.split(".")
    for depth in (1, 2):
        package = types.ModuleType(".".join(parts[:depth]))
        package.__path__ = [os.path.join(root, *parts[1:depth])]
        sys.modules[package.__name__] = package
    try:
        importlib.import_module("reasoning_gym.coaching")
        loaded = importlib.import_module(module)
    except ImportError:
        for loaded_name in [one for one in sys.modules if one.split(".")[0] == "reasoning_gym"]:
            del sys.modules[loaded_name]
        loaded = importlib.import_module(module)
    from reasoning_gym.factory import DATASETS

    return DATASETS[name], loaded


def scorer(name: str, module: str) -> Callable[[str, Any], float]:
    """The generator's ``score_answer``, guarded."""
    if name in {"simple_integration", "intermediate_integration", "polynomial_multiplication"}:
        guard_sympy()
    (dataset, config), loaded = load(name, module)
    if name in {"binary_matrix", "n_queens", "spiral_matrix", "string_insertion", "number_sorting"}:
        loaded.eval = ast.literal_eval
    score_answer: Callable[[str, Any], float] = dataset(config()).score_answer
    return score_answer


def as_generated(name: str, entry: Any) -> Any:
    """The entry with what JSON has changed put back."""
    if name in {"arc_agi", "rearc"}:
        entry["metadata"]["output"] = tuple(tuple(row) for row in entry["metadata"]["output"])
    return entry


def main() -> None:
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MPLBACKEND="agg", MPLCONFIGDIR="/tmp")
    asked = json.load(sys.stdin)
    name, answer, entry = asked["name"], asked["answer"], as_generated(asked["name"], asked["entry"])
    out, sys.stdout = sys.stdout, sys.stderr
    score_answer = scorer(name, asked["module"])
    told: dict[str, object]
    try:
        told = {"score": float(score_answer(answer, entry))}
    except Exception as error:  # noqa: BLE001 - whatever a scorer raises is told
        gold = entry["answer"]
        told = {
            "error": f"{type(error).__name__}: {error}"[:300],
            "gold_score": None if gold is None else float(score_answer(gold, entry)),
        }
    json.dump(told, out)


if __name__ == "__main__":
    main()
