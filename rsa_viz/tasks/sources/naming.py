"""Which column holds what: the names that data sets use, and how they are found. Knows no task."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from string import ascii_uppercase

from ...core.errors import InvalidProblem
from .found import Columns

NAMES: Mapping[str, tuple[str, ...]] = {
    "question": ("question", "problem", "prompt", "question_content", "query", "input", "instruction"),
    "gold": (
        *(
            "gold",
            "answer_letter",
            "answer_key",
            "answerkey",
            "answer",
            "final_answer",
            "expected_answer",
            "correct_answer",
        ),
        *("reference_answer", "ground_truth", "reward_model", "target", "label", "solution"),
    ),
    "options": ("options", "choices"),
    "tests": ("tests", "test_cases", "public_test_cases", "input_output"),
    "title": ("title", "question_title", "name"),
    "task": ("task",),
}
"""Names by what they hold, the better ones first. Capitals do not count, and a blank or a hyphen is ``_``."""

_LETTERED = re.compile(r"(?:option|choice|opt)?_?([a-z])")


def find_columns(names: Sequence[str], asked: Columns) -> Columns:
    """The columns to use: those that were asked for, else the first known name that is there.

    Single columns for options (``A`` to ``D``, ``option_a``, …) are taken together when there is no list of them.
    Raises InvalidProblem when a column that was asked for is missing, or no question can be found.
    """
    plain = {_plain(name): name for name in reversed(names)}
    found = asked
    for field in fields(Columns):
        name = getattr(asked, field.name)
        if name is not None:
            missing = [one for one in _listed(name) if one not in names]
            if missing:
                raise InvalidProblem(f"there is no column {missing[0]!r}; there are: {_shown(names)}")
        else:
            known = next((plain[one] for one in NAMES[field.name] if one in plain), None)
            found = replace(found, **{field.name: known})
    if found.options is None:
        found = replace(found, options=_lettered(names))
    if found.question is None:
        raise InvalidProblem(
            f"no column holds the question; there are: {_shown(names)}. Name one of them "
            f"({', '.join(NAMES['question'][:3])}) or say which it is"
        )
    return found


def options_columns(columns: Columns) -> tuple[str, ...]:
    """The columns that hold options: one with a list, or several with one option each."""
    return _listed(columns.options) if columns.options is not None else ()


def _listed(name: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in name.split(","))


def _lettered(names: Sequence[str]) -> str | None:
    """``A,B,C,D`` or the like, if there are such columns from A on without a gap."""
    by_letter = {found[1].upper(): name for name in names if (found := _LETTERED.fullmatch(_plain(name)))}
    run: list[str] = []
    for letter in ascii_uppercase:
        if letter not in by_letter:
            break
        run.append(by_letter[letter])
    return ",".join(run) if len(run) >= 2 else None


def _plain(name: str) -> str:
    return re.sub(r"[\s\-]+", "_", name.strip().lower())


def _shown(names: Sequence[str]) -> str:
    return ", ".join(name[:40] for name in names[:30]) or "none"
