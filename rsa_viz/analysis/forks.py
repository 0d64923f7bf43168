"""A run and its forks: the right share by generation of each from where they part, and what differs.

Chains that were taken over are the same in all: they are one curve. From there on each run is one draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..core.chain import Chain, ChainOrigin, Slot
from .generations import Generation, by_generation
from .intervals import newcombe
from .telling import counted


@dataclass(frozen=True, slots=True)
class Branch:
    """One run beside others: its id, what it is called, the last generation that it took over (0 for the original), its
    figures by generation, each chain's parents, the number of planted chains, and the seeds of the model's calls."""

    run_id: str
    name: str
    t: int
    generations: tuple[Generation, ...]
    links: tuple[tuple[Slot, tuple[Slot, ...]], ...]
    planted: int
    seeds: tuple[tuple[Slot, int], ...]

    def at(self, t: int) -> Generation | None:
        """The figures of generation ``t``, None when nobody judged a chain of it yet."""
        found = next((one for one in self.generations if one.t == t), None)
        return found if found is not None and found.mean is not None else None


def branch(run_id: str, name: str, t: int, chains: Sequence[Chain]) -> Branch:
    """A run as a branch, from its chains in slot order."""
    return Branch(
        run_id,
        name,
        t,
        by_generation(chains),
        tuple((chain.slot, chain.parents) for chain in chains),
        sum(chain.origin is ChainOrigin.PLANTED for chain in chains),
        tuple((chain.slot, chain.seed) for chain in chains if chain.origin is not ChainOrigin.PLANTED),
    )


@dataclass(frozen=True, slots=True)
class Parting:
    """A fork against its original in generation ``t``: right of judged in both, and the difference of the shares (fork
    minus original, -1..1) with Newcombe's 95 % interval.

    In the first generation after the fork the children of both were written from the same population, each a draw of
    its own: the interval means what it says. Later ones share ancestors within a run: the interval is too narrow.
    """

    t: int
    right: int
    of: int
    right_original: int
    of_original: int
    difference: float
    low: float
    high: float

    @property
    def beyond_noise(self) -> bool:
        """Whether the interval leaves out nought."""
        return not self.low <= 0.0 <= self.high


def parting(original: Branch, fork: Branch, t: int) -> Parting | None:
    """The two in generation ``t``; None while it is not known in both, or was taken over."""
    one, other = fork.at(t), original.at(t)
    if t <= fork.t or one is None or other is None:
        return None
    of, of_original = one.right + one.wrong, other.right + other.wrong
    low, high = newcombe(one.right, of, other.right, of_original)
    difference = one.right / of - other.right / of_original
    return Parting(t, one.right, of, other.right, of_original, difference, low, high)


def same_links(original: Branch, fork: Branch) -> bool:
    """Whether the two have the same parents in the same prompt order after the fork."""
    one, other = ([row for row in run.links if row[0].t > fork.t] for run in (original, fork))
    return one == other


def left_out(original: Branch, fork: Branch) -> Slot | None:
    """The one parent that children of the fork lack, where that is all in which the links after the fork differ."""
    lacking: set[Slot] = set()
    theirs = dict(original.links)
    for slot, parents in fork.links:
        before = theirs.get(slot, ())
        if slot.t <= fork.t or parents == before:
            continue
        missing = [one for one in before if one not in parents]
        if len(missing) != 1 or parents != tuple(one for one in before if one != missing[0]):
            return None
        lacking.add(missing[0])
    return lacking.pop() if len(lacking) == 1 else None


def same_seeds(original: Branch, fork: Branch) -> bool:
    """Whether the calls after the fork carry the original's seeds: then a server that heeds them couples the draws."""
    own, theirs = [one for one in fork.seeds if one[0].t > fork.t], set(original.seeds)
    return bool(own) and all(one in theirs for one in own)


def partings_in_words(original: Branch, fork: Branch) -> str:
    """What a fork did against its original, and how far that can be trusted, in plain sentences."""
    last = min(len(original.generations), len(fork.generations))
    first, end = parting(original, fork, fork.t + 1), parting(original, fork, last)
    if first is None and end is None:
        return "Nothing to compare yet: no generation after the fork is judged in both."
    words = []
    if first is not None:
        words.append(
            f"In generation {first.t}, written from the same population, {_told(first)}: "
            + ("more than noise." if first.beyond_noise else "this could be noise.")
        )
    if end is not None and end.t > fork.t + 1:
        words.append(
            f"In generation {end.t}, {_told(end)}: "
            + (
                "beyond the interval, which is too narrow here, since chains of one run share ancestors."
                if end.beyond_noise
                else "within noise."
            )
        )
    without = left_out(original, fork)
    links = "other parents are drawn" if without is None else f"the same parents are drawn but for chain {without}"
    if same_links(original, fork):
        links = "the same parents are drawn in both"
    words.append(
        f"After the fork {links}. One run each is one draw: repeat the fork with other seeds before you conclude."
    )
    if same_seeds(original, fork):
        words.append(
            "The calls carry the original's seeds: a server that heeds them draws alike in both, and the intervals are "
            "wider than they need be."
        )
    if fork.planted:
        words.append(
            f"{counted(fork.planted, 'planted chain')} in the fork {'is' if fork.planted == 1 else 'are'} left out."
        )
    return " ".join(words)


def _told(one: Parting) -> str:
    return (
        f"right {one.right}/{one.of} in the fork against {one.right_original}/{one.of_original} "
        f"({100 * one.difference:+.0f} points, 95 % interval {100 * one.low:+.0f} to {100 * one.high:+.0f})"
    )
