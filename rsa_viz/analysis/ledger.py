"""The event ledger: everything that happened to a run's answers, one entry an event, in slot order.

Built on ``events``, which holds the definitions. Events that need verdicts are claimed only where all the verdicts that
they rest on are known; the others are read from answers, texts and calls alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ..core.chain import Chain, ChainStatus, Slot, Verdict
from .answers import AnswerClass, answer_classes
from .events import Change, change, de_novo, last_right, lifetimes
from .links import in_prompt, rows
from .telling import brief, chains_named, counted


class EventKind(StrEnum):
    """What can happen. j is the number of right parents among the K in the child's prompt."""

    RESCUE = "rescue"  # j = 0, child right
    GAIN = "gain"  # 1 <= j < K, child right
    LOSS = "loss"  # 1 <= j < K, child wrong: right parents overlooked
    CORRUPTION = "corruption"  # j = K, child wrong
    NEW_ANSWER = "new answer"  # the child's answer stands in no parent of its prompt
    TRUNCATION = "truncation"  # cut at the token limit
    UNREADABLE = "unreadable answer"  # done, and no answer could be read
    FAILED = "failed call"  # failed for good, after all tries
    FRESH = "fresh child"  # sampled from the question alone, as planned or because none of its parents had a text
    EXTINCTION = "extinction"  # of an answer class: the first whole generation in which nobody gives it any more
    FIXATION = "fixation"  # of an answer class: from here on everyone who answers gives it
    LAST_RIGHT = "last right"  # the last generation with a right chain, when a later one has ended whole without any


OF_GENERATIONS = (EventKind.LAST_RIGHT, EventKind.EXTINCTION, EventKind.FIXATION)
"""The kinds that happen to a whole generation: they have no slot, and close their generation in the ledger."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in generation ``t`` to the chain at ``slot`` (None: to the generation as a whole).

    ``parents`` are the chains that it is about: of a rescue, a corruption and a new answer all parents in the prompt,
    of a gain and a loss the right ones among them, of a fresh child those that had no text, of an extinction the last
    chains with the answer, of a fixation the chains of ``t`` that give it, of the last right generation its right
    chains; else none. ``sentence`` says it in plain words, with parts of model text, unescaped.
    """

    kind: EventKind
    t: int
    slot: Slot | None
    parents: tuple[Slot, ...]
    sentence: str


def ledger(chains: Iterable[Chain]) -> tuple[Event, ...]:
    """All events of a run, by generation and slot; the events of a whole generation follow those of its chains.

    An equivalent expression: for every ended chain the kinds whose definition (see ``EventKind``) it meets, in their
    order there. Of the kinds RESCUE, GAIN, LOSS and CORRUPTION a chain has at most one, and none while its own
    verdict or that of a parent in its prompt is unknown. LAST_RIGHT and FIXATION come once at most; both wait until
    the generation that they rest on has ended whole. Empty when nothing has ended. Source: the project's own
    definitions, docs/method.md.
    """
    ordered = rows(chains)
    everyone = [chain for row in ordered.values() for chain in row]
    found = [*_of_chains(everyone), *_of_answers(everyone, ordered), *_last_right(everyone, ordered)]
    order = {kind: place for place, kind in enumerate(EventKind)}
    return tuple(sorted(found, key=lambda one: (one.t, one.slot is None, one.slot or Slot(one.t, 1), order[one.kind])))


def _of_chains(chains: list[Chain]) -> Iterator[Event]:
    verdicts = {chain.slot: chain.verdict for chain in chains}
    new = set(de_novo(chains))
    for chain in chains:
        if not chain.ended:
            continue
        yield from _turn(chain, verdicts)
        if chain.slot in new:
            yield _event(
                EventKind.NEW_ANSWER, chain, in_prompt(chain),
                f"Chain {chain.slot} answers {_answer(chain)}, which stands in none of its parents.",
            )  # fmt: skip
        if chain.truncated:
            yield _event(EventKind.TRUNCATION, chain, (), f"Chain {chain.slot} was cut at the token limit.")
        if chain.status is ChainStatus.DONE and chain.answer_key is None:
            why = "brought no text" if chain.empty else "gave no answer that could be read"
            yield _event(EventKind.UNREADABLE, chain, (), f"Chain {chain.slot} {why}.")
        if chain.status is ChainStatus.FAILED:
            why = f": {brief(chain.error, 120)}" if chain.error else ""
            tries = f" after {counted(chain.attempts, 'try', 'tries')}" if chain.attempts else ""
            yield _event(EventKind.FAILED, chain, (), f"Chain {chain.slot} failed{tries}{why}.")
        if chain.fresh:
            yield _event(
                EventKind.FRESH, chain, chain.parents,
                f"Chain {chain.slot} was sampled afresh: there was no text of {chains_named(chain.parents)}."
                if chain.parents
                else f"Chain {chain.slot} was sampled afresh, as planned.",
            )  # fmt: skip


def _turn(chain: Chain, verdicts: dict[Slot, Verdict]) -> Iterator[Event]:
    """The chain's rescue, gain, loss or corruption, if it is one."""
    parents = in_prompt(chain)
    right = tuple(parent for parent in parents if verdicts.get(parent) is Verdict.RIGHT)
    name, answers = f"Chain {chain.slot}", _answer(chain)
    match change(chain, verdicts):
        case Change.RESCUE:
            sentence = f"{name} answers {answers}, right, and none of {chains_named(parents)} is."
            yield _event(EventKind.RESCUE, chain, parents, sentence)
        case Change.KEPT if len(right) < len(parents):
            sentence = f"{name} answers {answers}, right, like {len(right)} of its {len(parents)} parents"
            yield _event(EventKind.GAIN, chain, right, f"{sentence}: {chains_named(right)}.")
        case Change.LOST:
            sentence = f"{name} answers {answers}, wrong, and overlooked {chains_named(right)}, right"
            yield _event(EventKind.LOSS, chain, right, f"{sentence} ({len(right)} of {len(parents)} parents).")
        case Change.CORRUPTION:
            whole = chains_named(parents) + (", its only parent, is" if len(parents) == 1 else " are all")
            sentence = f"{name} answers {answers}, wrong, although {whole} right."
            yield _event(EventKind.CORRUPTION, chain, parents, sentence)


def _event(kind: EventKind, chain: Chain, parents: tuple[Slot, ...], sentence: str) -> Event:
    return Event(kind, chain.slot.t, chain.slot, parents, sentence)


def _answer(chain: Chain) -> str:
    return "nothing" if chain.answer is None else brief(chain.answer)


def _of_answers(chains: list[Chain], ordered: Mapping[int, tuple[Chain, ...]]) -> Iterator[Event]:
    classes = {one.key: one for one in answer_classes(chains)}
    carriers: dict[tuple[str, int], list[Slot]] = {}
    for chain in chains:
        if chain.status is ChainStatus.DONE and chain.answer_key is not None:
            carriers.setdefault((chain.answer_key, chain.slot.t), []).append(chain.slot)
    for life in lifetimes(chains):
        one = classes[life.key]
        if life.extinct_at is not None:
            last = tuple(carriers[life.key, life.last])
            yield Event(
                EventKind.EXTINCTION, life.extinct_at, None, last,
                f"Generation {life.extinct_at}: nobody answers {_class(one)} any more; last did {chains_named(last)}.",
            )  # fmt: skip
        if life.fixed_at is not None and all(chain.ended for chain in ordered[life.fixed_at]):
            agreed = tuple(carriers[life.key, life.fixed_at])
            yield Event(
                EventKind.FIXATION, life.fixed_at, None, agreed,
                f"Generation {life.fixed_at}: from here on all that answer, answer {_class(one)}; "
                f"here {len(agreed)} of {counted(len(ordered[life.fixed_at]), 'chain')}.",
            )  # fmt: skip


def _class(one: AnswerClass) -> str:
    return brief(one.text) + ("" if one.verdict is Verdict.UNKNOWN else f" ({one.verdict.value})")


def _last_right(chains: list[Chain], ordered: Mapping[int, tuple[Chain, ...]]) -> Iterator[Event]:
    last = last_right(chains)
    if last is None:
        return
    later = [row for t, row in ordered.items() if t > last.t]
    if not any(all(chain.ended for chain in row) for row in later):
        return
    one = len(last.chains) == 1
    entered = f"entered the prompts of {chains_named(last.children)}" if last.children else "no child drew"
    passed = f"{'it' if one else 'they'} {entered}" if last.children else f"{entered} {'it' if one else 'them'}"
    doubt = sum(chain.verdict is Verdict.UNKNOWN and chain.status is ChainStatus.DONE for row in later for chain in row)
    unsure = f" Later there are {counted(doubt, 'chain')} without a verdict." if doubt else ""
    yield Event(
        EventKind.LAST_RIGHT, last.t, None, last.chains,
        f"Generation {last.t} holds the last chain{'' if one else 's'} known to be right, {chains_named(last.chains)}; "
        f"{passed}.{unsure}",
    )  # fmt: skip
