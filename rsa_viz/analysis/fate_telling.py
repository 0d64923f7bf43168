"""The fate of the right answer in plain sentences: the answer first, then each turning point.

Chains are written ``chain 4.7`` and generations ``generation 4``. Parts of model text stand in it, unescaped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..core.chain import ChainStatus, Slot, Verdict
from .events import Change
from .fate import Fate, FateKind
from .telling import brief, chains_named, counted
from .turning_points import Reply, Standing, Turn, TurnKind

TOLD = 3  # children of a turning point of which is told what they wrote; the others are named
ANSWER = 40  # letters of an answer
HEADS = {
    TurnKind.FOUND: "the right answer was found",
    TurnKind.DIED: "the right answer died",
    TurnKind.RETURNED: "the right answer came back",
    TurnKind.RENEWED: "the right answer was lost and found anew",
    TurnKind.VOTE_WON: "the right answer won the vote",
    TurnKind.VOTE_LOST: "the right answer lost the vote",
}
ALSO = {
    TurnKind.FOUND: "It won the vote at once.",
    TurnKind.DIED: "With it went the vote.",
    TurnKind.RETURNED: "It won the vote at once.",
}
"""What is said of the vote that turned in the same generation."""


def fate_in_words(fate: Fate) -> tuple[str, ...]:
    """The answer to "when did the right answer win or die?" in the first sentence; one paragraph each."""
    doubt = [f"{counted(fate.unjudged, 'chain')} without a verdict left out."] if fate.unjudged else []
    match fate.kind:
        case FateKind.NOT_YET:
            return ("No chain is done yet.",)
        case FateKind.UNKNOWN:
            return ("Unknown: no chain has a verdict. Unknown is not wrong.",)
        case FateKind.NEVER:
            never = f"No chain was ever right{' so far' if fate.going else ''}, so there was nothing to pass on."
            return (" ".join([never, *doubt]),)
        case FateKind.WON:
            answer = [*_won(fate), *_deaths(fate)]
        case FateKind.HELD:
            answer = [*_held(fate), *_deaths(fate)]
        case FateKind.LOST:
            answer = [*_lost(fate), *_vote_before(fate)]
    answer += [*_by_persons(fate), *doubt]
    return tuple(filter(None, (" ".join(answer), _founding(fate))))


def _won(fate: Fate) -> Iterator[str]:
    so_far = " so far" if fate.going else ""
    counts = f"{len(fate.right) - len(fate.planted)} of {counted(fate.judged, 'chain')}"
    yield f"It won{so_far}: the vote of generation {fate.last} is right, with {counts}."
    if fate.standing is not None and fate.standing.tied:
        yield _tie(fate.standing)
    if fate.since == 1:
        yield "Its votes were right from generation 1 on."
    else:
        turned = f", turned by {chains_named(fate.turned, TOLD)}" if fate.turned else ""
        yield f"Its votes are right from generation {fate.since} on{turned}."


def _held(fate: Fate) -> Iterator[str]:
    here, so_far = fate.standing, " so far" if fate.going else ""
    lost = [turn.t for turn in fate.turns if turn.kind is TurnKind.VOTE_LOST]
    if here is not None and here.vote is None and here.whole:
        yield "The right answer is there, and nobody can say whether it wins the vote."
    elif lost and lost[-1] == fate.t:
        yield f"The right answer lost the vote in generation {lost[-1]}."
    elif lost:
        yield f"The right answer lost the vote in generation {lost[-1]} and has not won it back{so_far}."
    else:
        yield f"The right answer never won the vote{so_far}."
    counts = f"{len(fate.right) - len(fate.planted)} of {counted(fate.judged, 'chain')}"
    yield f"In generation {fate.t} it is held by {counts} ({chains_named(fate.right)})."
    if here is not None and here.tied:
        yield _tie(here)
    elif here is not None and here.rival is not None:
        yield f"The most common other answer, {brief(here.rival, ANSWER)}, has {counted(here.against, 'vote')}."


def _lost(fate: Fate) -> Iterator[str]:
    deaths = [turn.t for turn in fate.turns if turn.kind is TurnKind.DIED]
    dead = bool(deaths) and deaths[-1] > (fate.t or 0)
    if dead:
        yield f"The right answer died in generation {deaths[-1]}."
        yield from _deaths(fate, deaths[:-1])
    yield f"{'It' if dead else 'The right answer'} was last held in generation {fate.t} by {chains_named(fate.right)}."
    number, its = len(fate.replies), "its" if len(fate.right) == 1 else "their"
    if not number:
        yield f"No child has drawn {'it' if its == 'its' else 'any of them'} as a parent."
    elif number == 1:
        yield f"{its.capitalize()} only child {'did not keep it' if dead else 'is not known to have kept it'}."
    else:
        yield f"None of {its} {number:,} children {'kept it' if dead else 'is known to have kept it'}."
    if not dead:
        yield f"No later chain is known to be right{' so far' if fate.going else ''}."


def _vote_before(fate: Fate) -> Iterator[str]:
    """Where a vote that is lost was lost, if not when the answer died."""
    lost = [turn.t for turn in fate.turns if turn.kind is TurnKind.VOTE_LOST]
    died = [turn.t for turn in fate.turns if turn.kind is TurnKind.DIED]
    if not lost:
        if fate.unjudged == 0:
            yield "It never won the vote."
    elif lost[-1] not in died:
        yield f"It had lost the vote in generation {lost[-1]}."


def _deaths(fate: Fate, deaths: Sequence[int] | None = None) -> Iterator[str]:
    """That it had died before, and came back."""
    found = [turn.t for turn in fate.turns if turn.kind is TurnKind.DIED] if deaths is None else deaths
    back = [turn.t for turn in fate.turns if turn.kind is TurnKind.RETURNED]
    if len(found) == 1:
        yield f"It had died before, in generation {found[0]}, and come back in generation {back[0]}."
    elif found:
        yield f"It had died {len(found)} times before, and come back each time."


def _tie(here: Standing) -> str:
    won = "for it" if here.vote else "against it"
    rival = brief(here.rival or "", ANSWER)
    return f"It is a tie with {rival}, {here.votes:,} to {here.against:,}, which a fixed order decides {won}."


def _by_persons(fate: Fate) -> Iterator[str]:
    if fate.planted:
        yield f"A person planted {chains_named(fate.planted)}."
    if fate.taken == 1:
        yield "Generation 1 was taken over from another run."
    elif fate.taken:
        yield f"Generation 1 to generation {fate.taken} were taken over from another run."


def _founding(fate: Fate) -> str:
    """Which right chains without a right parent the last right ones go back to; empty where that is themselves."""
    if not fate.founders or {one.slot for one in fate.founders} <= set(fate.right):
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


@dataclass(frozen=True, slots=True)
class ToldTurn:
    """A turning point in words: ``head`` says what turned and when, ``words`` how, and because of which children."""

    turn: Turn
    head: str
    words: str

    @property
    def whole(self) -> str:
        """Both, as one paragraph."""
        return f"{self.head} {self.words}"


def turns_in_words(turns: Iterable[Turn]) -> tuple[ToldTurn, ...]:
    """The turning points in order. The vote that goes with a death, or comes with a return, is told with it."""
    found: list[ToldTurn] = []
    for turn in turns:
        last = found[-1] if found else None
        if last is not None and last.turn.t == turn.t and last.turn.kind in ALSO:
            found[-1] = replace(last, words=f"{last.words} {ALSO[last.turn.kind]}")
        else:
            head = f"Generation {turn.t}: {HEADS[turn.kind]}."
            found.append(ToldTurn(turn, head, " ".join(_turned(turn))))
    return tuple(found)


def _turned(turn: Turn) -> Iterator[str]:
    match turn.kind:
        case TurnKind.DIED:
            yield _passed(turn)
            yield from _children(turn.losers, _loser)
        case TurnKind.FOUND | TurnKind.RETURNED:
            yield from _children(turn.winners, _winner)
        case TurnKind.RENEWED:
            yield _passed(turn)
            yield from _children(turn.losers, _loser)
            yield from _children(turn.winners, _winner)
        case TurnKind.VOTE_WON:
            yield from _votes(turn)
            number = len(turn.winners)
            if number == 1:
                yield "1 child is right although not all of its parents are."
            elif number:
                yield f"{number:,} children are right although not all of their parents are."
            yield from _children(turn.winners, _winner)
        case TurnKind.VOTE_LOST:
            yield from _votes(turn)
            number = len(turn.losers)
            if not number:
                yield "No child that had a right parent lost it."
                return
            yield f"{counted(number, 'child', 'children')} had a right parent and did not keep it."
            if turn.enough is None:
                yield "Even with all of them kept the vote would not be right."
            else:
                yield f"For a right vote at least {turn.enough:,} of them would have had to keep it."
            yield from _children(turn.losers, _loser)


def _passed(turn: Turn) -> str:
    """Whose prompts the last right chains entered."""
    chains = f"Its last {'chain' if len(turn.carriers) == 1 else 'chains'}, {chains_named(turn.carriers)},"
    unsure = any(one.status is ChainStatus.DONE and one.verdict is Verdict.UNKNOWN for one in turn.losers)
    match len(turn.losers):
        case 0:
            return f"{chains} stood in nobody's prompt."
        case 1:
            kept = "which is not known to have kept it" if unsure else "which did not keep it"
            return f"{chains} stood in the prompt of 1 child, {kept}."
        case number:
            kept = "none is known to have kept it" if unsure else "none kept it"
            return f"{chains} stood in the prompts of {number:,} children, and {kept}."


def _votes(turn: Turn) -> Iterator[str]:
    now, then = turn.now, turn.before.t
    against = ""
    if now.rival is not None:
        rival = brief(now.rival, ANSWER)
        against = f"; for {rival}: {now.against:,} ({turn.rival_before or 0:,} in generation {then})"
    yield f"Votes for it: {now.votes:,} ({turn.before.votes:,} in generation {then}){against}."
    if now.tied:
        yield f"It is a tie, which a fixed order decides {'for it' if now.vote else 'against it'}."


def _children(replies: Sequence[Reply], say: Callable[[Reply], str]) -> Iterator[str]:
    """The first of them with what they made of their parents, the others by name."""
    told = TOLD if len(replies) > TOLD + 1 else TOLD + 1
    yield from (say(one) for one in replies[:told])
    if len(replies) > told:
        yield f"The others: {chains_named(one.slot for one in replies[told:])}."


def _loser(one: Reply) -> str:
    wrote = "failed" if one.status is ChainStatus.FAILED else "wrote no answer"
    if one.status is not ChainStatus.FAILED and one.answer is not None:
        wrote = f"wrote {brief(one.answer, ANSWER)}"
    return f"Chain {one.slot} had {counted(one.right, 'right parent')} of {one.of} and {wrote}."


def _winner(one: Reply) -> str:
    name = f"Chain {one.slot} is right"
    if one.planted:
        return f"{name}; a person planted it."
    if one.right:
        parents = chains_named(one.parents[: one.right])
        return f"{name}, like {one.right} of its {counted(one.of, 'parent')}: {parents}."
    if one.change is Change.FRESH:
        return f"{name}, sampled afresh."
    if one.change is Change.RESCUE and one.of == 1:
        return f"{name}, although its only parent, {chains_named(one.parents)}, is not."
    if one.change is Change.RESCUE:
        return f"{name}, although none of its {one.of} parents is: {chains_named(one.parents)}."
    return f"{name}; not all of its parents have a verdict."


def named_in(turn: Turn) -> tuple[Slot, ...]:
    """The children that a turning point is about."""
    return tuple(one.slot for one in (*turn.losers, *turn.winners))
