"""The fate of the right answer in one run: whether it won or was lost, when, and because of which children.

Read from verdicts, votes and parent links. A right parent in a prompt is no proof that the child took the answer from
it; these are the ways that were open to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ..core.chain import Chain, ChainStatus, Slot, Verdict
from .events import last_right
from .generations import Generation, by_generation
from .ledger import EventKind, ledger
from .links import in_prompt, rows
from .telling import NAMED, brief, chains_named, counted, joined


class FateKind(StrEnum):
    """How the right answer stands in the last generation in which a verdict is known."""

    NOT_YET = "not yet"  # no chain is done
    UNKNOWN = "unknown"  # no chain has a verdict
    NEVER = "never right"  # there are verdicts, and no chain was ever right
    WON = "won"  # the vote of the last generation is right
    HELD = "held"  # somebody is right there, and the vote is not known to be
    LOST = "lost"  # right chains stand in an earlier generation only


@dataclass(frozen=True, slots=True)
class Reply:
    """A child whose prompt held a last right chain: what it answered, and that ``right`` of its ``of`` parents were
    right."""

    slot: Slot
    status: ChainStatus
    answer: str | None
    verdict: Verdict
    right: int
    of: int


@dataclass(frozen=True, slots=True)
class Founder:
    """A right chain without a right parent (a right sample, or a rescue), and the share in 0..1 of the last right
    chains that goes back to it (see ``founders``)."""

    slot: Slot
    share: float


@dataclass(frozen=True, slots=True)
class Fate:
    """The fate of the right answer.

    ``t`` is the last generation with a right chain (None without any), ``right`` its right chains of ``judged``,
    ``replies`` the ended children whose prompts they entered. ``last`` is the last generation with a verdict.
    ``peak`` is the generation with the largest share of right chains, as (generation, right, judged), the first of
    equals. ``since`` is the first generation from which on every vote is right, for a fate WON, and ``turned`` the
    rescues and gains of that generation, if it is not the first. ``founders`` are those of ``right``. ``unjudged``
    counts the done chains without a verdict; ``going`` is true while planned chains may change everything.
    """

    kind: FateKind
    t: int | None
    last: int | None
    right: tuple[Slot, ...]
    judged: int
    replies: tuple[Reply, ...]
    peak: tuple[int, int, int] | None
    since: int | None
    turned: tuple[Slot, ...]
    founders: tuple[Founder, ...]
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
    return Fate(
        kind=kind,
        t=None if found is None else found.t,
        last=last,
        right=() if found is None else found.chains,
        judged=0 if here is None else here.right + here.wrong,
        replies=() if found is None else _replies(everyone, found.children),
        peak=None if best is None or not best.right else (best.t, best.right, best.right + best.wrong),
        since=since,
        turned=turned,
        founders=founders(everyone, found.t) if found is not None else (),
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


def _replies(chains: Iterable[Chain], children: Iterable[Slot]) -> tuple[Reply, ...]:
    known = {chain.slot: chain for chain in chains}
    return tuple(
        Reply(
            slot,
            known[slot].status,
            known[slot].answer,
            known[slot].verdict,
            sum(known[parent].verdict is Verdict.RIGHT for parent in in_prompt(known[slot])),
            len(in_prompt(known[slot])),
        )
        for slot in children
    )


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


def fate_in_words(fate: Fate) -> tuple[str, ...]:
    """The fate as plain sentences, the answer to "where was the right answer lost?" first; one paragraph each.

    Chains are written ``chain 4.7`` and generations ``generation 4``. Parts of model text stand in it, unescaped.
    """
    so_far = " so far" if fate.going else ""
    doubt = f" {counted(fate.unjudged, 'chain')} without a verdict left out." if fate.unjudged else ""
    match fate.kind:
        case FateKind.NOT_YET:
            return ("No chain is done yet.",)
        case FateKind.UNKNOWN:
            return ("Unknown: no chain has a verdict. Unknown is not wrong.",)
        case FateKind.NEVER:
            return (f"No chain was ever right{so_far}, so there was nothing to pass on.{doubt}",)
        case FateKind.WON:
            won = f"It won{so_far}: the vote of generation {fate.last} is right"
            first = f"{won}, with {len(fate.right)} of {fate.judged} chains."
            return (f"{first} {_turning(fate)}{doubt}", _founding(fate))
        case FateKind.HELD:
            held = f"It is held{so_far} by {len(fate.right)} of {fate.judged} chains of generation {fate.last}"
            named = f"{held} ({chains_named(fate.right)}), and does not win the vote."
            return (f"{named} {_best(fate)}{doubt}", _founding(fate))
        case FateKind.LOST:
            known = f" No later chain is known to be right{so_far}." if fate.going or fate.unjudged else ""
            held = f"The right answer was last held in generation {fate.t} by {chains_named(fate.right)}."
            return (f"{held} {_passing(fate)} {_best(fate)}{known}{doubt}", _founding(fate))


def _turning(fate: Fate) -> str:
    if fate.since == 1:
        return "Its votes were right from generation 1 on."
    turned = f", turned by {chains_named(fate.turned)}" if fate.turned else ""
    return f"Its votes are right from generation {fate.since} on{turned}."


def _best(fate: Fate) -> str:
    if fate.peak is None:
        return ""
    return f"At its best it stood in {fate.peak[1]} of {fate.peak[2]} chains, in generation {fate.peak[0]}."


def _passing(fate: Fate) -> str:
    """Whose prompts the last right chains entered, and what was written there."""
    one = len(fate.right) == 1
    if not fate.replies:
        return f"No child has drawn {'it' if one else 'any of them'} as a parent."
    pronoun = "It" if one else "They"
    told = fate.replies[:NAMED]
    wrote = [brief(reply.answer, 40) if reply.answer is not None else _silence(reply) for reply in told]
    more = len(fate.replies) - len(told)
    others = f", and of {more:,} more" if more else ""
    names = chains_named(reply.slot for reply in told)
    prompts = "prompts" if len(fate.replies) > 1 else "prompt"
    return f"{pronoun} entered the {prompts} of {names}, which wrote {joined(wrote)}{others}."


def _silence(reply: Reply) -> str:
    return "nothing (it failed)" if reply.status is ChainStatus.FAILED else "no answer"


def _founding(fate: Fate) -> str:
    """Which right chains without a right parent the last right ones go back to."""
    if not fate.founders:
        return ""
    first, others = fate.founders[0], len(fate.founders) - 1
    born = "a right sample" if first.slot.t == 1 else "right without a right parent"
    if not others:
        return f"All of it goes back to chain {first.slot}, {born}."
    share = f"{min(99, max(1, round(100 * first.share)))} %"  # neither all nor nothing of it, whatever the rounding
    return (
        f"Through right parents, {share} of it goes back to chain {first.slot}, {born}; "
        f"the rest to {chains_named(founder.slot for founder in fate.founders[1:])}."
    )
