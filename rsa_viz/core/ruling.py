"""What a person decided about verdicts, beside what the judge said: rulings, and how chains read under them.

A ruling never replaces what was recorded. It lies over it, can be undone, and is kept when it is. Knows no table and
no page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from .chain import Chain, ChainStatus, Slot, Verdict, VerdictSource
from .errors import InvalidInput

SCORES = {Verdict.RIGHT: 1.0, Verdict.WRONG: 0.0, Verdict.UNKNOWN: None}
NAMED = 60  # letters of an answer's key in a reason


class RulingKind(StrEnum):
    """What a person decided."""

    VERDICT = "verdict"  # the verdict of one chain
    MERGE = "merge"  # two answer classes are one


@dataclass(frozen=True, slots=True)
class Ruling:
    """One decision of a person about a run; ``id`` grows with the order in which decisions were made.

    A verdict ruling has a ``slot``, and ``verdict`` is what the person says of its chain. A merge has ``answer_key``,
    the class that moves, and ``into_key``, the class that takes it; ``verdict`` is the one that the taking class had
    when the merge was made. ``why`` is the person's own words and may be empty. ``at`` and ``undone_at`` in seconds
    since the Unix epoch; ``undone_at`` is None while the ruling is active.
    """

    id: int
    kind: RulingKind
    verdict: Verdict
    at: float
    why: str = ""
    slot: Slot | None = None
    answer_key: str | None = None
    into_key: str | None = None
    undone_at: float | None = None

    @property
    def active(self) -> bool:
        """It has not been undone."""
        return self.undone_at is None


def apply_rulings(chains: Iterable[Chain], rulings: Sequence[Ruling]) -> list[Chain]:
    """The chains as they read under the active rulings, in the order given; the others are the same objects.

    ``rulings`` in the order in which they were made. For a done chain c with the recorded answer key a and verdict v:

    - key(c) = the end of a -> into(a) -> into(into(a)) ..., where into(a) is the ``into_key`` of the last active merge
      with ``answer_key`` a; equal to a when there is none.
    - verdict(c) = that of the last active verdict ruling of c's slot; without one, that stored with the last merge on
      the way to key(c); without one, v. A person who looked at the chain itself is more than a merge.

    A chain with a ruling on it is marked ``ruled``; its verdict's source is then the person, the reason theirs, and the
    score 1, 0 or None. Text, answer and its place stay as they were read, and chains that are planned or failed stay
    whatever is ruled. Raises InvalidInput when merges go in a circle.
    """
    active = [ruling for ruling in rulings if ruling.active]
    if not active:
        return list(chains)
    own = {ruling.slot: ruling for ruling in active if ruling.kind is RulingKind.VERDICT}
    moved = {key: (last.into_key, last.verdict, _merge_words(key, last)) for key, last in merged_keys(active).items()}
    found = []
    for chain in chains:
        if chain.status is ChainStatus.DONE:
            if chain.answer_key in moved:
                into, verdict, why = moved[chain.answer_key]
                chain = replace(_ruled(chain, verdict, why), answer_key=into)
            if (ruling := own.get(chain.slot)) is not None:
                chain = _ruled(chain, ruling.verdict, ruling.why or "without a reason given")
        found.append(chain)
    return found


def _ruled(chain: Chain, verdict: Verdict, why: str) -> Chain:
    return replace(
        chain,
        verdict=verdict,
        verdict_source=VerdictSource.PERSON,
        verdict_why=why,
        score=SCORES[verdict],
        ruled=True,
    )


def _merge_words(key: str, last: Ruling) -> str:
    words = f"the answer class {_short(key)} was merged into {_short(last.into_key or '')}"
    return f"{words}: {last.why}" if last.why else words


def _short(key: str) -> str:
    return key if len(key) <= NAMED else f"{key[:NAMED]}…"


def merged_keys(rulings: Sequence[Ruling]) -> dict[str, Ruling]:
    """Of each answer key that active merges move: the last merge on its way, whose ``into_key`` is where it ends.

    Empty without active merges. Raises InvalidInput when merges go in a circle.
    """
    merges = {
        ruling.answer_key: ruling
        for ruling in rulings
        if ruling.active and ruling.kind is RulingKind.MERGE and ruling.answer_key is not None
    }
    found: dict[str, Ruling] = {}
    for key in merges:
        way: dict[str, Ruling] = {}  # of this key to one whose end is known
        while key in merges and key not in found:
            if key in way:
                raise InvalidInput(f"merging answer class {_short(key)} goes in a circle; undo one of the merges")
            way[key] = merges[key]
            key = merges[key].into_key or ""
        for passed, last in reversed(way.items()):
            found[passed] = found.get(last.into_key or "", last)
    return found


def check_merge(answer_key: str, into_key: str, chains: Iterable[Chain], rulings: Sequence[Ruling]) -> Verdict:
    """The verdict that a merge made now has to store: that of the taking class, unknown when its chains contradict.

    ``chains`` as they were judged. Raises InvalidInput for a class that no chain gives, one that was merged before, and
    a merge into itself, also by way of earlier merges.
    """
    classes: dict[str, set[Verdict]] = {}
    for chain in apply_rulings(chains, rulings):
        if chain.status is ChainStatus.DONE and chain.answer_key is not None:
            classes.setdefault(chain.answer_key, set()).add(chain.verdict)
    moved = merged_keys(rulings)
    for key in (answer_key, into_key):
        if key in moved and moved[key].into_key in (answer_key, into_key):
            raise InvalidInput(f"answer classes {_short(answer_key)} and {_short(into_key)} are one already")
        if key in moved:
            raise InvalidInput(
                f"answer class {_short(key)} was merged into {_short(moved[key].into_key or '')}; "
                "undo that merge first, or name the class that it went into"
            )
        if key not in classes:
            raise InvalidInput(f"no chain of this run gives the answer {_short(key)}; name a class by its key")
    if answer_key == into_key:
        raise InvalidInput(f"answer class {_short(answer_key)} cannot be merged into itself; choose two classes")
    known = classes[into_key] - {Verdict.UNKNOWN}
    return known.pop() if len(known) == 1 else Verdict.UNKNOWN


def rulings_in_words(rulings: Iterable[Ruling]) -> str:
    """``2 verdicts set by a person, 1 merged answer class``: the active rulings counted; empty without any.

    Verdicts are counted by chain, however often it was ruled on.
    """
    active = [ruling for ruling in rulings if ruling.active]
    verdicts = len({ruling.slot for ruling in active if ruling.kind is RulingKind.VERDICT})
    merges = len({ruling.answer_key for ruling in active if ruling.kind is RulingKind.MERGE})
    parts = []
    if verdicts:
        parts.append(f"{verdicts:,} verdict{'s' if verdicts > 1 else ''} set by a person")
    if merges:
        parts.append(f"{merges:,} merged answer class{'es' if merges > 1 else ''}")
    return ", ".join(parts)
