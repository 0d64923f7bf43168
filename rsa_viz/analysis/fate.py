"""The fate of the right answer in one run: whether it won or was lost, when, and because of which children.

``fate_telling`` says it in words; ``turning_points`` has the definitions of what happened on the way.

Read from verdicts, votes and parent links. A right parent in a prompt is no proof that the child took the answer from
it; these are the ways that were open to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ..core.chain import Chain, ChainOrigin, Slot, Verdict
from .events import last_right
from .generations import Generation, by_generation
from .ledger import EventKind, ledger
from .links import in_prompt, rows
from .turning_points import Reply, Standing, Story, Turn


class FateKind(StrEnum):
    """How the right answer stands in the last generation in which a verdict is known."""

    NOT_YET = "not yet"  # no chain is done
    UNKNOWN = "unknown"  # no chain has a verdict
    NEVER = "never right"  # there are verdicts, and no chain was ever right
    WON = "won"  # the vote of the last generation is right
    HELD = "held"  # somebody is right there, and the vote is not known to be
    LOST = "lost"  # right chains stand in an earlier generation only


@dataclass(frozen=True, slots=True)
class Founder:
    """A right chain without a right parent (a right sample, or a rescue), and the share in 0..1 of the last right
    chains that goes back to it (see ``founders``)."""

    slot: Slot
    share: float


@dataclass(frozen=True, slots=True)
class Fate:
    """The fate of the right answer.

    ``t`` is the last generation with a right chain (None without any), ``right`` its right chains, of which ``planted``
    were written by a person; the others stand among ``judged`` ones. ``replies`` are the ended children whose prompts
    they entered. ``last`` is the last generation with a verdict, and ``standing`` how the right answer stands there (in
    ``t``, where only what a person planted has verdicts after it). ``peak`` is the generation with the largest share of
    right chains, as (generation, right, judged), the first of equals. ``since`` is the first generation from which on
    every vote is right, for a fate WON, and ``turned`` the rescues and gains of that generation, if it is not the
    first. ``founders`` are those of ``right``. ``turns`` are all turning points. ``taken`` is the last generation that
    a fork took over whole, 0 for none. ``unjudged`` counts the done chains without a verdict; ``going`` is true while
    planned chains may change everything.
    """

    kind: FateKind
    t: int | None
    last: int | None
    right: tuple[Slot, ...]
    planted: tuple[Slot, ...]
    judged: int
    standing: Standing | None
    replies: tuple[Reply, ...]
    peak: tuple[int, int, int] | None
    since: int | None
    turned: tuple[Slot, ...]
    founders: tuple[Founder, ...]
    turns: tuple[Turn, ...]
    taken: int
    unjudged: int
    going: bool


def fate(chains: Iterable[Chain]) -> Fate:
    """The fate of the right answer among ``chains``; NOT_YET without a done one.

    A generation counts from its first verdict on. While ``going``, LOST only says that no later chain is known to be
    right so far.
    """
    ordered = rows(chains)
    everyone = [chain for row in ordered.values() for chain in row]
    generations = {one.t: one for one in by_generation(everyone)}
    known = [one for one in generations.values() if one.right + one.wrong]
    last = known[-1].t if known else None
    found = last_right(everyone)
    kind = _kind(generations, last, None if found is None else found.t)
    since = _since(generations) if kind is FateKind.WON else None
    turns = (EventKind.RESCUE, EventKind.GAIN)
    turned = (
        tuple(event.slot for event in ledger(everyone) if event.t == since and event.slot and event.kind in turns)
        if since is not None and since > 1
        else ()
    )
    best = max(known, key=lambda one: (one.mean or 0.0, -one.t), default=None)
    here = None if found is None else generations[found.t]
    planted = {chain.slot for chain in everyone if chain.origin is ChainOrigin.PLANTED}
    origins = {t: {chain.origin for chain in row} for t, row in ordered.items()}
    taken = [t for t, kinds in origins.items() if ChainOrigin.COPIED in kinds and ChainOrigin.MADE not in kinds]
    story = Story(everyone)
    return Fate(
        kind=kind,
        t=None if found is None else found.t,
        last=last,
        right=() if found is None else found.chains,
        planted=() if found is None else tuple(slot for slot in found.chains if slot in planted),
        judged=0 if here is None else here.right + here.wrong,
        standing=None if last is None else story.standings[max(last, 0 if found is None else found.t)],
        replies=() if found is None else tuple(story.reply(slot) for slot in found.children),
        peak=None if best is None or not best.right else (best.t, best.right, best.right + best.wrong),
        since=since,
        turned=turned,
        founders=founders(everyone, found.t) if found is not None else (),
        turns=story.turns(),
        taken=max(taken, default=0),
        unjudged=sum(one.unknown for one in generations.values()),
        going=any(not chain.ended for chain in everyone),
    )


def _kind(generations: Mapping[int, Generation], last: int | None, right: int | None) -> FateKind:
    if last is None:
        return FateKind.UNKNOWN if any(one.done for one in generations.values()) else FateKind.NOT_YET
    if right is None:
        return FateKind.NEVER
    if right < last:
        return FateKind.LOST
    return FateKind.WON if generations[last].majority else FateKind.HELD


def _since(generations: Mapping[int, Generation]) -> int | None:
    """The first generation from which on every vote is right; generations without a verdict are passed over."""
    since: int | None = None
    for one in reversed(list(generations.values())):
        if one.right + one.wrong == 0:
            continue
        if not one.majority:
            break
        since = one.t
    return since


def founders(chains: Iterable[Chain], t: int) -> tuple[Founder, ...]:
    """Where the right chains of generation ``t`` come from, the largest share first; empty when there are none.

    Definition: each right chain of ``t`` has the weight 1 / (number of right chains). A right chain with right parents
    in its prompt hands its weight on to them in equal parts; one without any keeps it, and is a founder. Equivalently,
    a founder's share is the chance that a walk from a uniformly drawn right chain of ``t``, always to a uniformly
    drawn right parent, ends at it. The shares sum to 1. A right chain that has parents without a verdict and none
    known to be right counts as a founder too.
    """
    ordered = rows(chains)
    verdicts = {chain.slot: chain.verdict for row in ordered.values() for chain in row}
    right = [chain.slot for chain in ordered.get(t, ()) if chain.verdict is Verdict.RIGHT]
    weights = dict.fromkeys(right, 1.0 / len(right)) if right else {}
    kept: dict[Slot, float] = {}
    for generation in sorted((one for one in ordered if one <= t), reverse=True):
        for chain in ordered[generation]:
            weight = weights.get(chain.slot)
            if weight is None:
                continue
            parents = [parent for parent in in_prompt(chain) if verdicts.get(parent) is Verdict.RIGHT]
            for parent in parents:
                weights[parent] = weights.get(parent, 0.0) + weight / len(parents)
            if not parents:
                kept[chain.slot] = weight
    return tuple(Founder(slot, share) for slot, share in sorted(kept.items(), key=lambda one: (-one[1], one[0])))
