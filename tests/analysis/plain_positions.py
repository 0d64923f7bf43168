"""Position bias written from its definition: the twin of ``rsa_viz.analysis.positions`` in the tests."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rsa_viz.analysis.inheritance import Inheritance
from rsa_viz.analysis.links import in_prompt
from rsa_viz.core.chain import Chain, ChainStatus, Slot


@dataclass(frozen=True, slots=True)
class PositionShare:
    """How much is taken from prompt position ``position`` of ``k``; without bias 1/k of everything.

    ``text`` is the mean, over the ``children`` that inherited steps, of the position's part of the inherited share.
    ``answer`` is the mean, over the ``adopters`` (children whose answer stands in a parent), of the position's part in
    that answer, split equally among the parents that gave it. Both 0..1, None when nobody is counted.
    """

    k: int
    position: int
    text: float | None
    children: int
    answer: float | None
    adopters: int


def position_bias(chains: Iterable[Chain], inherited: Mapping[Slot, Inheritance]) -> tuple[PositionShare, ...]:
    """The share of text and answers by prompt position, for every K >= 2 that occurs, ordered by K, then position.

    Over each K and measure the positions sum to 1. ``inherited`` is what ``inheritances`` gives. Compare with 1/K; both
    are similarity, not proof of cause. Positions are those in the prompt: an unavailable parent holds none.
    """
    known = {chain.slot: chain for chain in chains}
    texts: dict[int, list[list[float]]] = {}
    answers: dict[int, list[list[float]]] = {}
    for slot, chain in sorted(known.items()):
        parents = in_prompt(chain)
        if chain.status is not ChainStatus.DONE or len(parents) < 2:
            continue
        texts.setdefault(len(parents), [])
        answers.setdefault(len(parents), [])
        shares = [inherited[slot].shares[parent] for parent in parents] if slot in inherited else []
        if math.fsum(shares) > 0:
            texts[len(parents)].append([share / math.fsum(shares) for share in shares])
        given = [chain.answer_key is not None and known[parent].answer_key == chain.answer_key for parent in parents]
        if any(given):
            answers[len(parents)].append([one / sum(given) for one in given])
    return tuple(
        PositionShare(
            k,
            position + 1,
            _mean(row[position] for row in texts[k]),
            len(texts[k]),
            _mean(row[position] for row in answers[k]),
            len(answers[k]),
        )
        for k in sorted(texts)
        for position in range(k)
    )


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return math.fsum(found) / len(found) if found else None
