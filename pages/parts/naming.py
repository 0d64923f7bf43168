"""Lists and reasons in the language of the view. Each chain is named as captions name it, so that it becomes a link."""

from __future__ import annotations

from collections.abc import Sequence

from pages.parts.spoken import said, told
from rsa_viz.core.chain import Slot, Verdict, VerdictSource
from rsa_viz.figures.style import MARKS

_OF_A_RULING = ("without a reason given", "the answer class ")  # how the app itself begins the reason of a ruling


def listed(names: Sequence[str], last: str = "A, B") -> str:
    """The names with what this language puts between two of a list; ``last`` shows what stands before the last one."""
    head, end = said("A, B")[1:-1], said(last)[1:-1]
    return end.join(filter(None, (head.join(names[:-1]), names[-1]))) if names else ""


def sentences(parts: Sequence[str]) -> str:
    """One after the other, with what this language puts between two."""
    return said("A. B.")[2:-2].join(parts)


def both(names: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return listed(names, "A and B")


def chains_listed(slots: Sequence[Slot], most: int | None = None) -> str:
    """``chain 1.1, chain 1.2 and 3 more``: the first ``most`` by name, and how many more there are."""
    named = listed([said(f"chain {slot}") for slot in slots[:most]])
    more = 0 if most is None else len(slots) - most
    return said(f"{named} and {more:,} more") if more > 0 else named


def marked(verdict: Verdict) -> str:
    """``● right``."""
    words = f"{MARKS[verdict]} {verdict.value}"
    return said(words)


def reason(why: str, source: VerdictSource) -> str:
    """Why a verdict was given: what the app says in this language, a model's and a person's words as they were
    written."""
    theirs = source is VerdictSource.JUDGE or (source is VerdictSource.PERSON and not why.startswith(_OF_A_RULING))
    return why if theirs else told(why)
