"""The turning points of the right answer in one run: when it was found, died, came back, won or lost the vote.

And which children made the difference.

Read from verdicts, votes and parent links. A right parent in a prompt is no proof that the child took the answer from
it, and a child that lost it may have been misled by any other parent; these are the ways that were open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from ..core.chain import Chain, ChainOrigin, ChainStatus, Slot, Verdict
from .answers import answer_classes, shares_by_generation
from .events import Change, change
from .generations import by_generation
from .links import in_prompt, rows


class TurnKind(StrEnum):
    """What can turn, in the order in which it is told within a generation."""

    FOUND = "found"  # right for the first time, after a generation without
    DIED = "died"  # nobody is right any more
    RETURNED = "came back"  # right again, after a generation without
    RENEWED = "lost and found anew"  # no right chain has a right parent, although there were right ones before
    VOTE_WON = "vote won"
    VOTE_LOST = "vote lost"


@dataclass(frozen=True, slots=True)
class Standing:
    """How the right answer stands in generation ``t``.

    ``whole`` is true when all its chains have ended. ``right`` of ``judged`` chains are right. ``held`` is true when
    any chain is (a planted one too), false when the generation is whole and each chain is known not to be, else None.
    ``vote`` is whether the majority is right, None while the generation is not whole or where nobody can say. ``votes``
    are those of the largest right answer class, ``against`` those of the largest other one, which answers ``rival``
    (None when there is none). Planted chains do not vote, and are in no number.
    """

    t: int
    whole: bool
    right: int
    judged: int
    held: bool | None
    vote: bool | None
    votes: int
    against: int
    rival: str | None

    @property
    def tied(self) -> bool:
        """The vote is tied between the right answer and another; a fixed order decides."""
        return self.votes == self.against > 0


@dataclass(frozen=True, slots=True)
class Reply:
    """A child at a turning point: what it answered, and that ``right`` of its ``of`` parents in the prompt were right.

    ``parents`` are these, the right ones first; ``change`` is what became of it; ``planted`` says that a person wrote
    it.
    """

    slot: Slot
    status: ChainStatus
    answer: str | None
    verdict: Verdict
    right: int
    of: int
    parents: tuple[Slot, ...]
    change: Change
    planted: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """One turning point, between the generations ``before`` and ``now``, the nearest of which is known how they stood.

    ``carriers`` are the right chains of ``before``. ``losers`` are children that had the right answer in their prompt
    and did not keep it: DIED and RENEWED, those of carriers; VOTE_LOST, all of ``now`` that have any right parent and
    are wrong or failed. Those with the largest share of right parents come first. ``winners`` are right chains of
    ``now``: FOUND, RETURNED and RENEWED, all of them; VOTE_WON, those not all of whose parents are right. Those with
    the smallest share of right parents come first.

    Of votes only: ``rival_before`` is how many votes the rival of ``now`` had before; ``enough``, of a VOTE_LOST, the
    least number of losers that would have to answer right for the vote to be right without a tie; None when not even
    all of them would do.
    """

    kind: TurnKind
    before: Standing
    now: Standing
    carriers: tuple[Slot, ...]
    losers: tuple[Reply, ...]
    winners: tuple[Reply, ...]
    rival_before: int | None
    enough: int | None

    @property
    def t(self) -> int:
        """The generation in which it turned."""
        return self.now.t


def standings(chains: Iterable[Chain]) -> tuple[Standing, ...]:
    """How the right answer stands in each generation, in order; empty without chains."""
    return tuple(Story(chains).standings.values())


def turning_points(chains: Iterable[Chain]) -> tuple[Turn, ...]:
    """All turning points of a run, in order; empty when there is none, or nobody can say.

    Definition: among the generations of which is known whether they hold the right answer, each with its neighbour:
    not held → held is FOUND the first time and RETURNED later; held → not held is DIED; held → held is RENEWED when
    they follow each other, the later one has ended and been judged whole, and each of its right chains has no right
    parent in its prompt, for certain. Among the
    generations whose vote is known, each with its neighbour: VOTE_WON and VOTE_LOST. Where no chain is right and none
    unknown, the vote is known not to be right, also when nobody answered. An equivalent expression: compare each
    two generations that are known and have only unknown ones between them. Source: the project's own definitions,
    docs/method.md.
    """
    return Story(chains).turns()


class Story:
    """A run's chains, looked up: how the right answer stands in each generation, and what became of each child."""

    def __init__(self, chains: Iterable[Chain]) -> None:
        self.rows = rows(chains)
        self.known: dict[Slot, Chain] = {chain.slot: chain for row in self.rows.values() for chain in row}
        self.verdicts = {slot: chain.verdict for slot, chain in self.known.items()}
        own = [chain for chain in self.known.values() if chain.origin is not ChainOrigin.PLANTED]
        self.classes = {one.key: one for one in answer_classes(self.known.values())}
        self.votes: Mapping[int, Mapping[str, int]] = {one.t: one.counts for one in shares_by_generation(own)}
        majorities = {one.t: one.majority for one in by_generation(self.known.values())}
        self.standings = {t: self._standing(t, majorities[t]) for t in self.rows}

    def is_right(self, key: str) -> bool:
        """The answer class is right."""
        return self.classes[key].verdict is Verdict.RIGHT

    def right(self, t: int) -> tuple[Slot, ...]:
        """The right chains of a generation, whoever wrote them."""
        return tuple(chain.slot for chain in self.rows[t] if chain.verdict is Verdict.RIGHT)

    def rival(self, t: int) -> str | None:
        """The key of the largest answer class that is not known to be right; of equals the one that a vote takes."""
        others = ((-count, key) for key, count in self.votes.get(t, {}).items() if not self.is_right(key))
        return min(others, default=(0, None))[1]

    def is_known_whole(self, t: int) -> bool:
        """All chains of a generation have ended, and none lacks a verdict."""
        return all(
            chain.ended and not (chain.status is ChainStatus.DONE and chain.verdict is Verdict.UNKNOWN)
            for chain in self.rows[t]
        )

    def _standing(self, t: int, majority: bool | None) -> Standing:
        row, votes = self.rows[t], self.votes.get(t, {})
        own = [chain.verdict for chain in row if chain.origin is not ChainOrigin.PLANTED]
        whole = all(chain.ended for chain in row)
        held = True if self.right(t) else False if self.is_known_whole(t) else None
        rival = self.rival(t)
        return Standing(
            t,
            whole,
            right=own.count(Verdict.RIGHT),
            judged=own.count(Verdict.RIGHT) + own.count(Verdict.WRONG),
            held=held,
            vote=None if not whole else False if majority is None and held is False else majority,
            votes=max((count for key, count in votes.items() if self.is_right(key)), default=0),
            against=0 if rival is None else votes[rival],
            rival=None if rival is None else self.classes[rival].text,
        )

    def reply(self, slot: Slot) -> Reply:
        """What a chain made of the parents in its prompt."""
        chain = self.known[slot]
        parents = in_prompt(chain)
        right = [parent for parent in parents if self.verdicts.get(parent) is Verdict.RIGHT]
        others = [parent for parent in parents if parent not in right]
        return Reply(
            slot,
            chain.status,
            chain.answer,
            chain.verdict,
            len(right),
            len(parents),
            (*right, *others),
            change(chain, self.verdicts),
            chain.origin is ChainOrigin.PLANTED,
        )

    def turns(self) -> tuple[Turn, ...]:
        """See ``turning_points``."""
        order = {kind: place for place, kind in enumerate(TurnKind)}
        return tuple(sorted((*_holding(self), *_voting(self)), key=lambda turn: (turn.t, order[turn.kind])))

    def children(self, carriers: Iterable[Slot], until: int) -> tuple[Reply, ...]:
        """The ended children that had any of ``carriers`` in their prompts, up to a generation."""
        wanted = set(carriers)
        return losing(
            self.reply(chain.slot)
            for t, row in self.rows.items()
            if t <= until
            for chain in row
            if chain.ended and not wanted.isdisjoint(in_prompt(chain))
        )


def _holding(run: Story) -> Iterator[Turn]:
    known = [one for one in run.standings.values() if one.held is not None]
    before = False
    for earlier, now in pairwise(known):
        before = before or bool(earlier.held)
        carriers = run.right(earlier.t)
        winners = tuple(_winning(run.reply(slot) for slot in run.right(now.t)))
        if not earlier.held and now.held:
            kind = TurnKind.RETURNED if before else TurnKind.FOUND
            yield Turn(kind, earlier, now, (), (), winners, None, None)
        elif earlier.held and not now.held:
            yield Turn(TurnKind.DIED, earlier, now, carriers, run.children(carriers, now.t), (), None, None)
        elif (
            earlier.held
            and run.is_known_whole(now.t)
            and earlier.t == now.t - 1
            and all(one.change in (Change.RESCUE, Change.FRESH) for one in winners)
        ):
            losers = run.children(carriers, now.t)
            yield Turn(TurnKind.RENEWED, earlier, now, carriers, losers, winners, None, None)


def _voting(run: Story) -> Iterator[Turn]:
    known = [one for one in run.standings.values() if one.vote is not None]
    for earlier, now in pairwise(known):
        if earlier.vote == now.vote:
            continue
        carriers = run.right(earlier.t)
        rival = run.rival(now.t)
        had = 0 if rival is None else run.votes.get(earlier.t, {}).get(rival, 0)
        replies = [run.reply(chain.slot) for chain in run.rows[now.t] if chain.origin is not ChainOrigin.PLANTED]
        if now.vote:
            winners = [one for one in replies if one.verdict is Verdict.RIGHT and (one.right < one.of or not one.of)]
            yield Turn(TurnKind.VOTE_WON, earlier, now, carriers, (), tuple(_winning(winners)), had, None)
        else:
            lost = losing(one for one in replies if one.right and _has_lost(one))
            keys = [run.known[one.slot].answer_key for one in lost]
            others = {key: count for key, count in run.votes.get(now.t, {}).items() if not run.is_right(key)}
            enough = _enough(now.votes, others, keys)
            yield Turn(TurnKind.VOTE_LOST, earlier, now, carriers, lost, (), had, enough)


def _has_lost(one: Reply) -> bool:
    return one.verdict is Verdict.WRONG or one.status is ChainStatus.FAILED


def losing(replies: Iterable[Reply]) -> tuple[Reply, ...]:
    """Those with the largest share of right parents first, then by slot."""
    return tuple(sorted(replies, key=lambda one: (-one.right / max(1, one.of), one.slot)))


def _winning(replies: Iterable[Reply]) -> Iterable[Reply]:
    return sorted(replies, key=lambda one: (one.right / max(1, one.of), one.slot))


def _enough(votes: int, others: Mapping[str, int], losers: Sequence[str | None]) -> int | None:
    """How many of ``losers``, each with its answer class, have to change to the right one until its ``votes`` are more
    than those of any of ``others``; None when all of them are too few."""
    free = Counter(losers)
    for changed in range(1, len(losers) + 1):
        needed = {key: max(0, count - (votes + changed) + 1) for key, count in others.items()}
        if sum(needed.values()) <= changed and all(count <= free[key] for key, count in needed.items()):
            return changed
    return None
