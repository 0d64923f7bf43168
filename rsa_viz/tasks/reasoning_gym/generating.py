"""Problems from Reasoning Gym's generators. The library is imported when it is first asked, which takes seconds."""

from __future__ import annotations

import json
from collections.abc import Iterable

from ...core.errors import InvalidInput, UnknownName
from ...core.problem import Problem
from .catalog import CATEGORY_OF, GROUPS, missing

MOST = 1_000
"""Problems that are generated at once."""


def names_of(chosen: str) -> tuple[str, ...]:
    """The generators that a name stands for: a generator's own, or a group's. Raises UnknownName."""
    if chosen in GROUPS:
        return GROUPS[chosen]
    if chosen in CATEGORY_OF:
        return (chosen,)
    raise UnknownName("generator or group", chosen, [*GROUPS, *CATEGORY_OF])


def generate(names: Iterable[str], *, count: int, seed: int = 0) -> tuple[Problem, ...]:
    """``count`` problems, taking the generators in turn, the same for the same names, count and seed.

    Raises InvalidInput when the library is not there or a number is out of range, and UnknownName.
    """
    names = tuple(names)
    if (why := missing()) is not None:
        raise InvalidInput(why)
    if not 1 <= count <= MOST or not names:
        raise InvalidInput(f"can generate 1 to {MOST} problems of at least one generator, not {count} of {len(names)}")
    for name in names:
        names_of(name)
    from reasoning_gym import create_dataset

    problems: list[Problem] = []
    each = -(-count // len(names))
    sets = [create_dataset(name, seed=seed, size=each) for name in names[:count]]
    for index in range(each):
        for name, made in zip(names, sets, strict=False):
            if len(problems) < count:
                problems.append(problem_of(name, made[index], f"{name} {seed}.{index + 1}"))
    return tuple(problems)


def problem_of(name: str, entry: dict[str, object], title: str = "") -> Problem:
    """A generated entry (question, answer, metadata) as a problem; its metadata become plain JSON."""
    answer, metadata = entry.get("answer"), entry.get("metadata", {})
    return Problem(
        task="reasoning_gym",
        question=str(entry["question"]),
        gold=None if answer is None else str(answer),
        title=title,
        metadata={"dataset_name": name, "entry": json.loads(json.dumps(metadata, default=str))},
    )
