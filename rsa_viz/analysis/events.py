"""What happened at each step of the evolution: rescues, corruptions, losses, new answers, extinctions.

An event is read from verdicts and answers alone; where a verdict is missing, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ..core.chain import Chain, ChainStatus, Slot, Verdict
from .links import in_prompt, rows


class Change(StrEnum):
    """How a child stands to the parents in its prompt, of which j of K are right."""

    RESCUE = "rescue"  # j = 0, child right
    KEPT = "kept"  # j >= 1, child right
    LOST = "lost"  # 1 <= j < K, child wrong: right parents overlooked
    CORRUPTION = "corruption"  # j = K, child wrong
    STAYED_WRONG = "stayed wrong"  # j = 0, child wrong
    UNKNOWN = "unknown"  # the child failed, or its verdict or that of a parent in its prompt is unknown
    FRESH = "fresh"  # no parent stood in its prompt


@dataclass(frozen=True, slots=True)
class Transitions:
    """The children of generation ``t`` that have ended, by what became of them; each is in exactly one tuple."""

    t: int
    rescues: tuple[Slot, ...]
    kept: tuple[Slot, ...]
    lost: tuple[Slot, ...]
    corruptions: tuple[Slot, ...]
    stayed_wrong: tuple[Slot, ...]
    unknown: tuple[Slot, ...]
    fresh: tuple[Slot, ...]


def right_parents(chain: Chain, verdicts: dict[Slot, Verdict]) -> int | None:
    """j, the number of right parents in the chain's prompt; None if the verdict of any of them is unknown."""
    found = [verdicts.get(parent, Verdict.UNKNOWN) for parent in in_prompt(chain)]
    return None if Verdict.UNKNOWN in found else found.count(Verdict.RIGHT)


def change(chain: Chain, verdicts: dict[Slot, Verdict]) -> Change:
    """What became of one ended child, by its own verdict and those of the parents in its prompt."""
    parents = in_prompt(chain)
    if not parents:
        return Change.FRESH
    right = right_parents(chain, verdicts)
    if right is None or chain.verdict is Verdict.UNKNOWN:
        return Change.UNKNOWN
    if chain.verdict is Verdict.RIGHT:
        return Change.KEPT if right else Change.RESCUE
    if right == 0:
        return Change.STAYED_WRONG
    return Change.CORRUPTION if right == len(parents) else Change.LOST


def transitions(chains: Iterable[Chain]) -> tuple[Transitions, ...]:
    """The changes in every generation from the second on, in order; a generation that has not begun has none."""
    ordered = rows(chains)
    verdicts = {chain.slot: chain.verdict for row in ordered.values() for chain in row}
    found = []
    for t, row in ordered.items():
        if t == 1:
            continue
        slots: dict[Change, list[Slot]] = {one: [] for one in Change}
        for chain in row:
            if chain.ended:
                slots[change(chain, verdicts)].append(chain.slot)
        found.append(
            Transitions(
                t,
                rescues=tuple(slots[Change.RESCUE]),
                kept=tuple(slots[Change.KEPT]),
                lost=tuple(slots[Change.LOST]),
                corruptions=tuple(slots[Change.CORRUPTION]),
                stayed_wrong=tuple(slots[Change.STAYED_WRONG]),
                unknown=tuple(slots[Change.UNKNOWN]),
                fresh=tuple(slots[Change.FRESH]),
            )
        )
    return tuple(found)


def de_novo(chains: Iterable[Chain]) -> tuple[Slot, ...]:
    """The children whose answer stands in no parent of their prompt, in slot order.

    A chain without an answer, or without a parent in its prompt, is none of them.
    """
    known = {chain.slot: chain for chain in chains}
    return tuple(
        slot
        for slot, chain in sorted(known.items())
        if chain.status is ChainStatus.DONE
        and chain.answer_key is not None
        and (parents := in_prompt(chain))
        and all(known[parent].answer_key != chain.answer_key for parent in parents)
    )


@dataclass(frozen=True, slots=True)
class LastRight:
    """The last generation with a right chain: its right ``chains``, and the ``children`` whose prompts they entered."""

    t: int
    chains: tuple[Slot, ...]
    children: tuple[Slot, ...]


def last_right(chains: Iterable[Chain]) -> LastRight | None:
    """The last generation that holds a right chain; None when no chain is known to be right."""
    ordered = rows(chains)
    for t in sorted(ordered, reverse=True):
        right = {chain.slot for chain in ordered[t] if chain.verdict is Verdict.RIGHT}
        if right:
            children = (
                chain.slot
                for row in ordered.values()
                for chain in row
                if chain.ended and not right.isdisjoint(in_prompt(chain))
            )
            return LastRight(t, tuple(sorted(right)), tuple(children))
    return None


@dataclass(frozen=True, slots=True)
class Lifetime:
    """When an answer class was there: from generation ``first`` to generation ``last``, both included.

    ``extinct_at`` is the generation after ``last`` if that has ended whole and something in it is done: nobody there
    gives the answer. ``fixed_at`` is the first generation from which on every chain that answered gave this answer, up
    to the last generation with answers; None if its last answers differ.
    """

    key: str
    first: int
    last: int
    extinct_at: int | None
    fixed_at: int | None


def lifetimes(chains: Iterable[Chain]) -> tuple[Lifetime, ...]:
    """The lifetime of every answer class, in order of first appearance; empty when nobody answered."""
    ordered = rows(chains)
    answers = {
        t: [chain.answer_key for chain in row if chain.status is ChainStatus.DONE and chain.answer_key is not None]
        for t, row in ordered.items()
    }
    whole = {
        t
        for t, row in ordered.items()
        if all(chain.ended for chain in row) and any(chain.status is ChainStatus.DONE for chain in row)
    }
    fixed = _fixed(answers)
    seen: dict[str, list[int]] = {}
    for t, keys in answers.items():
        for key in keys:
            seen.setdefault(key, []).append(t)
    return tuple(
        Lifetime(
            key,
            first=times[0],
            last=times[-1],
            extinct_at=times[-1] + 1 if times[-1] + 1 in whole else None,
            fixed_at=fixed[1] if fixed is not None and fixed[0] == key else None,
        )
        for key, times in seen.items()
    )


def _fixed(answers: dict[int, list[str]]) -> tuple[str, int] | None:
    """The class that the last generations agree on, and the first of these generations."""
    found: tuple[str, int] | None = None
    for t in sorted((t for t, keys in answers.items() if keys), reverse=True):
        kinds = set(answers[t])
        if len(kinds) > 1 or (found is not None and found[0] not in kinds):
            break
        found = (kinds.pop(), t)
    return found
