"""A Reasoning Gym scorer on one answer, in the sandbox and under a hard limit. Knows no prompt and no verdict."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..sandbox import Ending, Limits, run_confined
from .catalog import library_folder, missing, module_of

LIMITS = Limits(seconds=10, clock_s=40.0, memory=2048 * 1024 * 1024, folder=16 * 1024 * 1024)
"""Importing a scorer takes most of it, 0.1 to 1 s. One of them wants a folder to write to."""

REMEMBERED = 4_000
"""Scores that are kept by (generator, metadata, reference answer, answer)."""


@dataclass(frozen=True, slots=True)
class Score:
    """What a scorer said. ``value`` is its score in 0..1; None when it said none, and then ``why`` says why not.

    ``unreadable`` is true when the scorer fails on this answer and gives the reference answer its full score: the
    answer is not of a form that it can read.
    """

    value: float | None
    why: str = ""
    unreadable: bool = False


_REMEMBERED: OrderedDict[tuple[str, str], Score] = OrderedDict()
_ONE_AT_A_TIME = threading.Lock()


def score(generator: str, question: str, gold: str | None, metadata: Mapping[str, object], answer: str) -> Score:
    """The scorer's word on an answer. Takes up to ``LIMITS.clock_s`` seconds; meant for worker threads."""
    entry = {"question": question, "answer": gold, "metadata": dict(metadata)}
    asked = json.dumps({"name": generator, "module": module_of(generator), "answer": answer, "entry": entry})
    with _ONE_AT_A_TIME:
        if (known := _REMEMBERED.get((generator, asked))) is not None:
            _REMEMBERED.move_to_end((generator, asked))
            return known
    scored, settled = _ask(asked)
    if settled:
        with _ONE_AT_A_TIME:
            _REMEMBERED[generator, asked] = scored
            while len(_REMEMBERED) > REMEMBERED:
                _REMEMBERED.popitem(last=False)
    return scored


def _ask(asked: str) -> tuple[Score, bool]:
    """The score, and whether it would be the same the next time."""
    packages = library_folder()
    if packages is None:
        return Score(None, missing() or ""), False
    ended = run_confined(_program(), stdin=asked, limits=LIMITS, packages=(packages,))
    if ended.ending is Ending.REFUSED:
        return Score(None, ended.why), False
    if ended.ending is not Ending.EXITED or ended.exit != 0:
        return Score(None, f"the scorer came to no end: {ended.why}"), ended.ending is Ending.PROCESSOR
    try:
        told = json.loads(ended.stdout)
        if "score" in told:
            value = float(told["score"])
            return Score(value) if 0 <= value <= 1 else Score(None, f"the scorer gave {value}, which is no score"), True
        return Score(None, f"the scorer failed: {told['error']}", unreadable=told["gold_score"] == 1), True
    except (ValueError, TypeError, KeyError):
        return Score(None, "the scorer gave no score that can be read"), True


@cache
def _program() -> str:
    return Path(__file__).with_name("inside.py").read_text(encoding="utf-8")
