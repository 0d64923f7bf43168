"""How hard a problem is for a model by itself, as a problem's metadata tell it. Knows no model and no task."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.problem import Problem

ALONE = "alone"
"""The name in a problem's metadata."""

LEVELS = ("easy", "medium", "hard")


@dataclass(frozen=True, slots=True)
class Difficulty:
    """``right`` of ``of`` solutions that ``model`` wrote without candidates, at the temperature 1, were right."""

    level: str
    model: str
    right: int
    of: int


def alone(level: str, model: str, right: int, of: int) -> dict[str, object]:
    """What stands in the metadata."""
    return {"level": level, "model": model, "right": right, "of": of}


def difficulty(problem: Problem) -> Difficulty | None:
    """What the problem's metadata tell; None where they tell nothing that can be meant so, as in files of others."""
    told = problem.metadata.get(ALONE)
    if not isinstance(told, dict) or told.get("level") not in LEVELS:
        return None
    model, right, of = told.get("model"), told.get("right"), told.get("of")
    if not isinstance(model, str) or type(right) is not int or type(of) is not int or not 0 <= right <= of or of == 0:
        return None
    return Difficulty(str(told["level"]), model, right, of)
