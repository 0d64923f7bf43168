"""What a person decided about verdicts, beside what the judge said: rulings, and how chains read under them.

A ruling never replaces what was recorded. It lies over it, can be undone, and is kept when it is. Knows no table and
no page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
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
    when the merge was made, which counts only in a run that has no chain of that class. ``why`` is the person's own
    words and may be empty. ``at`` and ``undone_at`` in seconds since the Unix epoch; ``undone_at`` is None while the
    ruling is active.
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


@dataclass(frozen=True, slots=True)
class Taking:
    """An answer class that takes merged ones: its own ``verdict``, and the ``text`` in which its first chain writes its
    answer."""

    verdict: Verdict
    text: str


def class_verdict(chains: Collection[Chain]) -> Verdict:
    """The verdict of an answer class, from all of its chains.

    It is that of the chains that no person overruled, where those of them of which something is known agree: what a
    person says of one chain is said of that chain and not of the others with its answer. Where nothing is known of the
    others, or there are none, it is that of the overruled ones where they agree. Else, and without chains, unknown.
    """
    for among in ([chain for chain in chains if not chain.overruled], chains):
        known = {chain.verdict for chain in among} - {Verdict.UNKNOWN}
        if known:
            return known.pop() if len(known) == 1 else Verdict.UNKNOWN
    return Verdict.UNKNOWN


def taking_classes(judged: Iterable[Chain], rulings: Sequence[Ruling]) -> dict[str, Taking]:
    """Of each key at which an active merge ends and that chains of the run have by themselves, its class.

    ``judged`` are chains as they were judged, in slot order: all of the run, or all that have such a key.
    """
    ends = {last.into_key for last in merged_keys(rulings).values()}
    own = _own(rulings)
    members: dict[str, list[Chain]] = {}
    for chain in judged:
        if chain.status is ChainStatus.DONE and chain.answer_key is not None and chain.answer_key in ends:
            members.setdefault(chain.answer_key, []).append(_by_person(chain, own.get(chain.slot)))
    return {key: Taking(class_verdict(row), row[0].answer or key) for key, row in members.items()}


def merges_as_they_read(rulings: Iterable[Ruling], taking: Mapping[str, Taking]) -> list[Ruling]:
    """The rulings, of which each active merge has the verdict that its chains read now; ``taking`` as in
    ``apply_rulings``."""
    given = list(rulings)
    ends = {key: last.into_key or "" for key, last in merged_keys(given).items()}

    def now(ruling: Ruling) -> Ruling:
        takes = taking.get(ends.get(ruling.answer_key or "", "")) if ruling.active else None
        return (
            ruling if takes is None or ruling.kind is not RulingKind.MERGE else replace(ruling, verdict=takes.verdict)
        )

    return [now(ruling) for ruling in given]


def apply_rulings(
    chains: Iterable[Chain], rulings: Sequence[Ruling], taking: Mapping[str, Taking] | None = None
) -> list[Chain]:
    """The chains as they read under the active rulings, in the order given; the others are the same objects.

    ``rulings`` in the order in which they were made. ``taking`` is ``taking_classes`` of the whole run; it may be left
    out where ``chains`` are the whole run. For a done chain c with the recorded answer key a and verdict v:

    - key(c) = the end of a -> into(a) -> into(into(a)) ..., where into(a) is the ``into_key`` of the last active merge
      with ``answer_key`` a; equal to a when there is none.
    - verdict(c) = that of the last active verdict ruling of c's slot; without one, where key(c) is not a, the verdict
      of the chains whose recorded key is key(c) (``class_verdict``), or that stored with the last merge on the way when
      there are none; else v. A person who looked at the chain itself is more than a merge.

    So a merged class follows the class that took it, whatever is ruled on that one or undone later. A chain with a
    ruling on it is marked ``ruled``; its verdict's source is then the person, the reason theirs, and the score 1, 0 or
    None. Text, answer and its place stay as they were read, and chains that are planned or failed stay whatever is
    ruled. Raises InvalidInput when merges go in a circle.
    """
    if not any(ruling.active for ruling in rulings):
        return list(chains)
    given = list(chains)
    own, merges = _own(rulings), merged_keys(rulings)
    if taking is None:
        taking = taking_classes(sorted(given, key=lambda chain: chain.slot), rulings) if merges else {}
    found = []
    for chain in given:
        if chain.status is ChainStatus.DONE:
            if chain.answer_key is not None and (last := merges.get(chain.answer_key)) is not None:
                into = last.into_key or ""
                takes = taking.get(into, Taking(last.verdict, into))
                moved = _ruled(chain, takes.verdict, _merge_words(chain.answer_key, last))
                chain = replace(moved, answer_key=into, merged_into=takes.text)
            chain = _by_person(chain, own.get(chain.slot))
        found.append(chain)
    return found


def _own(rulings: Iterable[Ruling]) -> dict[Slot | None, Ruling]:
    """The last active verdict ruling of each slot."""
    return {ruling.slot: ruling for ruling in rulings if ruling.active and ruling.kind is RulingKind.VERDICT}


def _by_person(chain: Chain, own: Ruling | None) -> Chain:
    if own is None:
        return chain
    ruled = _ruled(chain, own.verdict, own.why or "without a reason given")
    return replace(ruled, overruled=own.verdict is not chain.verdict)


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
    """The verdict that a merge made now has to store: that of the taking class (``class_verdict``).

    ``chains`` as they were judged. Raises InvalidInput for a class that no chain gives, one that was merged before, and
    a merge into itself, also by way of earlier merges.
    """
    classes: dict[str, list[Chain]] = {}
    for chain in apply_rulings(chains, rulings):
        if chain.status is ChainStatus.DONE and chain.answer_key is not None:
            classes.setdefault(chain.answer_key, []).append(chain)
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
    return class_verdict(classes[into_key])


@dataclass(frozen=True, slots=True)
class RulingCount:
    """How many chains of a run have a ``verdicts`` ruling that is active, and how many answer classes were merged
    (``merges``)."""

    verdicts: int = 0
    merges: int = 0

    def __add__(self, other: RulingCount) -> RulingCount:
        return RulingCount(self.verdicts + other.verdicts, self.merges + other.merges)

    def __bool__(self) -> bool:
        return bool(self.verdicts or self.merges)

    def __str__(self) -> str:
        """``2 verdicts set by a person, 1 merged answer class``; empty when there is nothing."""
        parts = []
        if self.verdicts:
            parts.append(f"{self.verdicts:,} verdict{'s' if self.verdicts > 1 else ''} set by a person")
        if self.merges:
            parts.append(f"{self.merges:,} merged answer class{'es' if self.merges > 1 else ''}")
        return ", ".join(parts)


def rulings_in_words(rulings: Iterable[Ruling]) -> str:
    """``2 verdicts set by a person, 1 merged answer class``: the active rulings of a run; empty without any.

    Verdicts are counted by chain, however often it was ruled on.
    """
    active = [ruling for ruling in rulings if ruling.active]
    verdicts = len({ruling.slot for ruling in active if ruling.kind is RulingKind.VERDICT})
    merges = len({ruling.answer_key for ruling in active if ruling.kind is RulingKind.MERGE})
    return str(RulingCount(verdicts, merges))


def rulings_of_runs_in_words(counts: Mapping[str, RulingCount], runs: int) -> str:
    """``2 verdicts set by a person, in 1 of 8 runs``: the active rulings of all ``runs`` together, from those that have
    any by id; empty when none has. Every figure of these runs counts them."""
    ruled = [count for count in counts.values() if count]
    if not ruled:
        return ""
    return f"{sum(ruled, RulingCount())}, in {len(ruled):,} of {runs:,} run{'' if runs == 1 else 's'}"
