"""Transmission: how often a child is right when j of its K parents are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ..core.chain import Chain, ChainStatus, Slot, Verdict
from .events import right_parents
from .intervals import wilson
from .links import in_prompt


@dataclass(frozen=True, slots=True)
class Transmission:
    """Of the ``children`` with ``k`` parents in their prompt of which ``j`` are right, ``right`` are right themselves.

    ``share`` is q_j = right / children (None without children), with its Wilson 95 % interval ``low``..``high``
    ((0, 1) without children).
    """

    k: int
    j: int
    children: int
    right: int
    share: float | None
    low: float
    high: float


class CountedChild(NamedTuple):
    """A child that q_j counts: ``j`` of the ``k`` parents in its prompt are right."""

    slot: Slot
    k: int
    j: int
    verdict: Verdict


def counted_children(chains: Iterable[Chain]) -> tuple[CountedChild, ...]:
    """The done children whose own verdict and whose parents' verdicts are all known, in the order of ``chains``."""
    known = list(chains)
    verdicts = {chain.slot: chain.verdict for chain in known}
    found = []
    for chain in known:
        k, j = len(in_prompt(chain)), right_parents(chain, verdicts)
        if chain.status is ChainStatus.DONE and k and j is not None and chain.verdict is not Verdict.UNKNOWN:
            found.append(CountedChild(chain.slot, k, j, chain.verdict))
    return tuple(found)


def transmission(chains: Iterable[Chain]) -> tuple[Transmission, ...]:
    """q_j for every K that occurs in prompts and every j in 0..K, ordered by K, then j.

    Counted are ``counted_children``; K counts the parents that stood in the prompt, so a child that lost a parent to a
    failure counts under the smaller K. Empty when there is no such child.
    """
    children: Counter[tuple[int, int]] = Counter()
    right: Counter[tuple[int, int]] = Counter()
    for child in counted_children(chains):
        children[child.k, child.j] += 1
        right[child.k, child.j] += child.verdict is Verdict.RIGHT
    found = []
    for k in sorted({k for k, _ in children}):
        for j in range(k + 1):
            tried, won = children[k, j], right[k, j]
            low, high = wilson(won, tried)
            found.append(Transmission(k, j, tried, won, won / tried if tried else None, low, high))
    return tuple(found)
