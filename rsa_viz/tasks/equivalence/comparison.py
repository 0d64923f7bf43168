"""Whether an answer equals gold, and in which class it stands: exactly where that can be, else by math-verify.

Always compared as (gold, answer) with the answer read as gold is written, and never one answer with another: so the
classes are a partition that no order of chains can change. An answer that only math-verify finds equal to gold takes
gold's key: what is judged right is one class with gold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...core.chain import Verdict
from .algebra import TooLarge
from .asking import believed
from .readings import BARE_LOG, Reading, read
from .structures import Kind
from .syntax import Foreign
from .units import conflict
from .workers import WORKERS, Found

LONGEST_ASKED = 400
"""Characters of an answer that math-verify is asked about."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """An answer's class by its key ("" for an answer that says nothing), its verdict, and why, in one sentence."""

    key: str
    verdict: Verdict
    why: str


def compare(answer: str, gold: str | None) -> Comparison:
    """The class of an answer and its verdict; unknown without a gold answer, and where nobody can say.

    Takes well under a millisecond when both can be read exactly. Else it may wait some seconds for a worker process,
    once for each pair.
    """
    if gold is None:
        return Comparison(read(answer).key, Verdict.UNKNOWN, "no gold answer is known")
    wanted, given = read(gold, gold), read(answer, gold)
    if given.key == wanted.key:
        return Comparison(wanted.key, Verdict.RIGHT, f"equals the gold answer {shown(gold)}")
    if given.kind is Kind.NOTHING:
        return Comparison("", Verdict.WRONG, f"says nothing; the gold answer is {shown(gold)}")
    differs = f"differs from the gold answer {shown(gold)}"
    if Kind.BEYOND in (given.kind, wanted.kind):
        if _huge(answer, wanted):
            return Comparison(given.key, Verdict.WRONG, differs)
        why = "too long, too deep or too large to be compared with the gold answer " + shown(gold)
        return Comparison(given.key, Verdict.UNKNOWN, why)
    if Kind.OPAQUE not in (given.kind, wanted.kind) or Kind.WORDS in (given.kind, wanted.kind):
        return Comparison(given.key, Verdict.WRONG, differs)
    if conflict(given.qualifier, wanted.qualifier):
        return Comparison(given.key, Verdict.WRONG, differs)
    if len(given.bare) > LONGEST_ASKED or len(wanted.bare) > LONGEST_ASKED:
        return Comparison(given.key, Verdict.UNKNOWN, "too long to be compared with the gold answer " + shown(gold))
    if BARE_LOG.search(wanted.bare) and _BASED_LOG.search(given.bare):
        why = f"the logarithm of the gold answer {shown(gold)} has no base, so it may or may not be this one"
        return Comparison(given.key, Verdict.UNKNOWN, why)
    try:
        found = believed(wanted, given)
    except Foreign as foreign:
        if foreign.unknown:
            why = f"not compared with the gold answer {shown(gold)}: {foreign.unknown} is not known here"
            return Comparison(given.key, Verdict.UNKNOWN, why)
        return Comparison(given.key, Verdict.WRONG, f"{differs}; it is not written as mathematics of that kind")
    except TooLarge:
        why = "too deep to be compared with the gold answer " + shown(gold)
        return Comparison(given.key, Verdict.UNKNOWN, why)
    match found:
        case Found.EQUAL:
            return Comparison(wanted.key, Verdict.RIGHT, f"equals the gold answer {shown(gold)} by math-verify")
        case Found.DIFFERENT:
            return Comparison(given.key, Verdict.WRONG, f"{differs} by math-verify")
        case Found.ANSWER_UNREADABLE:
            return Comparison(given.key, Verdict.WRONG, f"{differs}; it cannot be read as mathematics")
        case Found.GOLD_UNREADABLE:
            why = f"differs in wording from the gold answer {shown(gold)}, which cannot be read as mathematics"
            return Comparison(given.key, Verdict.UNKNOWN, why)
        case Found.LATE:
            why = f"not compared with the gold answer {shown(gold)} within {WORKERS.limit_s:g} s"
            return Comparison(given.key, Verdict.UNKNOWN, why)
        case _:
            return Comparison(given.key, Verdict.UNKNOWN, "math-verify failed or could not be started")


_BASED_LOG = re.compile(r"\\ln(?![a-zA-Z])|\\log *_")


def shown(gold: str) -> str:
    """A gold answer for a sentence: one line of at most 60 characters, quoted."""
    line = " ".join(gold.split())
    return repr(line if len(line) <= 60 else line[:59] + "…")


def _huge(answer: str, wanted: Reading) -> bool:
    """A plain number of more digits than are read, where gold is a number of fewer."""
    digits = answer.strip().lstrip("+-").replace(",", "")
    return wanted.kind is Kind.EXACT and digits.isdecimal() and len(digits.lstrip("0")) > len(wanted.key)
