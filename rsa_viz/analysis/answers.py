"""Answers of a population: classes, shares by generation, the vote and the final draw.

An answer class is all chains with the same answer key. A chain without an answer abstains; abstentions belong to no
class and can never win.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..core.chain import Chain, ChainStatus, Slot, Verdict
from ..core.ruling import class_verdict
from .links import rows


@dataclass(frozen=True, slots=True)
class AnswerClass:
    """Answers judged equal.

    ``key`` is the canonical form, ``first`` the slot of its first chain, ``text`` how that chain wrote it (how the
    class that it was merged into writes it, where a person merged its answer), ``chains`` how many chains give it.
    ``verdict`` is that of its chains where they agree, those set aside that a person overruled one by one; when judges
    contradict each other it is unknown (``core.ruling.class_verdict``). For a verdict that holds in the whole run, give
    ``answer_classes`` all chains of the run.
    """

    key: str
    text: str
    first: Slot
    verdict: Verdict
    chains: int


def answer_classes(chains: Iterable[Chain]) -> tuple[AnswerClass, ...]:
    """The answer classes of done chains, in order of first appearance (by slot); empty when nobody answered."""
    members: dict[str, list[Chain]] = {}
    for chain in sorted(_done(chains), key=lambda chain: chain.slot):
        if chain.answer_key is not None:
            members.setdefault(chain.answer_key, []).append(chain)
    found = []
    for key, row in members.items():
        first = row[0]
        text = first.answer if first.merged_into is None else first.merged_into
        found.append(AnswerClass(key, text or key, first.slot, class_verdict(row), len(row)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class AnswerShares:
    """The answers of one generation: ``done`` chains, of which ``abstained`` gave none and ``counts`` the others.

    The counts are by answer key, in order of first appearance in the run; together with the abstentions they make
    ``done``. Failed chains are in none of them.
    """

    t: int
    done: int
    abstained: int
    counts: Mapping[str, int]

    def share(self, key: str) -> float | None:
        """The share of the done chains that give this answer, 0..1; None when none is done."""
        return self.counts.get(key, 0) / self.done if self.done else None

    @property
    def abstained_share(self) -> float | None:
        """The share of the done chains without an answer, 0..1; None when none is done."""
        return self.abstained / self.done if self.done else None

    @property
    def entropy_bits(self) -> float | None:
        """The Shannon entropy of the answered chains over their classes; None when nobody answered.

        ``H = -sum p log2 p`` with p a class's share of the chains that answered (abstentions are left out): 0 when all
        agree, log2 n when n chains give n answers. Source: Shannon, Bell System Technical Journal 27 (1948).
        """
        return entropy_bits(self.counts.values())


def entropy_bits(counts: Iterable[int]) -> float | None:
    """The Shannon entropy of counts, in bits; None when they sum to nought."""
    sizes = [count for count in counts if count > 0]
    total = sum(sizes)
    if total == 0:
        return None
    # log2(total / size) rather than -log2(size / total): one class gives 0.0 and not -0.0.
    return math.fsum(size / total * math.log2(total / size) for size in sizes)


def shares_by_generation(chains: Iterable[Chain]) -> tuple[AnswerShares, ...]:
    """The answers of each generation, in order; a generation in which nothing is done has done = 0."""
    ordered = rows(chains)
    order = [one.key for one in answer_classes(chain for row in ordered.values() for chain in row)]
    found = []
    for t, row in ordered.items():
        done = _done(row)
        keys = Counter(chain.answer_key for chain in done if chain.answer_key is not None)
        counts = {key: keys[key] for key in order if key in keys}
        found.append(AnswerShares(t, len(done), len(done) - keys.total(), counts))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Vote:
    """What a majority vote says: the winning class, its ``votes`` ``of`` all chains that answered.

    ``tied`` is true when another class has as many votes. ``abstained`` chains were done and gave no answer.
    """

    key: str
    text: str
    votes: int
    of: int
    tied: bool
    abstained: int


def vote(chains: Iterable[Chain]) -> Vote | None:
    """The largest answer class among the done chains given; None when nobody answered.

    Give it the chains that may vote, usually one generation. Among equally large classes the smallest key (in code
    point order) wins: arbitrary, but the same whoever stands in which slot, and said by ``tied``.
    """
    done = _done(chains)
    classes = answer_classes(done)
    if not classes:
        return None
    winner = min(classes, key=lambda one: (-one.chains, one.key))
    answered = sum(one.chains for one in classes)
    tied = sum(one.chains == winner.chains for one in classes) > 1
    return Vote(winner.key, winner.text, winner.chains, answered, tied, len(done) - answered)


def final_draw(chains: Iterable[Chain], rng: random.Random) -> Chain | None:
    """One uniform draw from the last generation that has done chains; None when nothing is done.

    This is how the paper answers (arXiv 2509.26626, section 3). The drawn chain may abstain. One number is taken from
    ``rng``, a stream such as ``Streams(seed, problem).at(Slot(t + 1, 1), "final")``; the order of ``chains`` does not
    matter.
    """
    done = sorted(_done(chains), key=lambda chain: chain.slot)
    last = [chain for chain in done if chain.slot.t == done[-1].slot.t]
    return last[int(rng.random() * len(last))] if last else None


def _done(chains: Iterable[Chain]) -> list[Chain]:
    return [chain for chain in chains if chain.status is ChainStatus.DONE]
