"""What if: the plan of a run that is another one up to a generation and differs from there in one thing.

Pure planning. Chains up to that generation are taken over as they ended, and what follows is planned: with the links
and call seeds of the original where the change allows it, so that nothing but the change differs, else drawn anew. The
original is never touched. Knows no text that a model wrote, no store and no model.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from .chain import PromptKind, Slot
from .errors import InvalidPlan
from .genealogy import Plan, PlannedChain
from .prompts import PromptSet
from .run import ModelChoice, RunConfig

LONGEST_TEXT = 1_000_000
"""Characters of a text that a person writes in a chain's place."""


@dataclass(frozen=True, slots=True)
class OtherTemperature:
    """Every later chain is sampled at this temperature, whatever schedule the original had."""

    temperature: float


@dataclass(frozen=True, slots=True)
class OtherK:
    """Every later child sees this many parents, drawn anew from the run's seed."""

    k: int


@dataclass(frozen=True, slots=True)
class OtherPrompts:
    """Later chains are asked with another prompt set."""

    prompts: PromptSet


@dataclass(frozen=True, slots=True)
class OtherModel:
    """Later chains are written by another model, fresh ones and children alike."""

    model: ModelChoice


@dataclass(frozen=True, slots=True)
class OtherSeed:
    """A plain re-roll: later parents and call seeds are drawn from another seed."""

    seed: int


@dataclass(frozen=True, slots=True)
class Written:
    """A person's text stands in the chain's place: planted (new) or, ``edited``, the chain's own text changed.

    Either has no parents, since nobody was prompted: no event and no rate counts it as a child. The chain is of the
    last generation that is taken over, since its children are those that follow."""

    slot: Slot
    text: str
    edited: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A parent does not stand in the prompt of ``child``, or of any later child when that is None."""

    parent: Slot
    child: Slot | None = None


Change: TypeAlias = OtherTemperature | OtherK | OtherPrompts | OtherModel | OtherSeed | Written | LeftOut
"""The one thing in which a fork differs."""


def slot_of(change: Change) -> Slot | None:
    """The chain that the change is about, None when it is a setting."""
    match change:
        case Written(slot=slot):
            return slot
        case LeftOut(parent=parent):
            return parent
        case _:
            return None


def draws_anew(change: Change) -> bool:
    """Whether the links after the fork are drawn anew: for another K and for another seed."""
    return isinstance(change, OtherK | OtherSeed)


def forked_config(config: RunConfig, prompts: PromptSet, change: Change) -> tuple[RunConfig, PromptSet]:
    """Configuration and prompt set of the fork. Raises InvalidPlan for a number out of range, and for a change that
    changes nothing."""
    forked, asked = config, prompts
    match change:
        case OtherTemperature(temperature=temperature):
            forked = replace(config, temperature=temperature, temperature_end=None)
        case OtherK(k=k):
            forked = replace(config, k=k)
        case OtherModel(model=model):
            forked = replace(config, model=model, aggregator=None)
        case OtherSeed(seed=seed):
            forked = replace(config, seed=seed)
        case OtherPrompts(prompts=asked):
            pass
        case Written() | LeftOut():
            return config, prompts
    if (forked, asked) == (config, prompts):
        raise InvalidPlan(f"the fork would not differ from its original ({change_in_words(change, config, prompts)})")
    return forked, asked


def fork_plan(plan: Plan, t: int, change: Change, config: RunConfig, drawn: Plan | None = None) -> Plan:
    """The fork's plan: generations 1..``t`` of ``plan`` and what follows under the change.

    ``config`` is the original's, whose temperature is written into the chains taken over. ``drawn`` is the plan that
    the changed configuration draws; it is there exactly if ``draws_anew``. Raises InvalidPlan when nothing follows
    ``t``, and for a change about a chain that is not there or is not where it takes effect.
    """
    last = len(plan.generations)
    if not 1 <= t < last:
        raise InvalidPlan(
            f"a run of {last} generations can be forked at generation 1 to {last - 1}, not at {t}: what follows is run"
            if last > 1
            else "a run of one generation cannot be forked: nothing follows it"
        )
    before = [chain for chain in plan if chain.slot.t <= t]
    after = [chain for chain in (plan if drawn is None else drawn) if chain.slot.t > t]
    match change:
        case OtherTemperature():
            # The run's temperature will be the new one: what was sampled at the old one says so itself.
            before = [
                replace(chain, temperature=config.temperature if chain.temperature is None else chain.temperature)
                for chain in before
            ]
            after = [replace(chain, temperature=None) for chain in after]
        case Written(slot=slot, text=text):
            _check_text(text)
            if slot not in plan.by_slot or slot.t != t:
                raise InvalidPlan(
                    f"a text can be put in the place of a chain of generation {t}, the one forked at; there is no "
                    f"chain {slot} in it"
                )
            before = [_planted(chain) if chain.slot == slot else chain for chain in before]
        case LeftOut(parent=parent, child=child):
            children = _children_without(plan, t, parent, child)
            after = [without(chain, parent) if chain.slot in children else chain for chain in after]
        case _:
            pass
    if drawn is not None:  # a chain taken over may have children now where it had none: they are to see its summary
        before = [replace(chain, aside=chain.aside or drawn[chain.slot].aside) for chain in before]
    return Plan((*before, *after))


def _check_text(text: str) -> None:
    if not text.strip():
        raise InvalidPlan("the text in the chain's place is empty; a chain without a text reaches no child")
    if len(text) > LONGEST_TEXT:
        raise InvalidPlan(f"the text has {len(text):,} characters; a chain's place takes up to {LONGEST_TEXT:,}")


def _planted(chain: PlannedChain) -> PlannedChain:
    return replace(chain, kind=PromptKind.SAMPLE, parents=(), temperature=None)


def _children_without(plan: Plan, t: int, parent: Slot, child: Slot | None) -> set[Slot]:
    if parent not in plan.by_slot or parent.t > t:
        raise InvalidPlan(f"the parent left out must be a chain of generation {t} or before; {parent} is none")
    children = {one for one in plan.children[parent] if one.t > t}
    if not children:
        raise InvalidPlan(f"chain {parent} is in no prompt after generation {t}; there is nothing to leave it out of")
    if child is None:
        return children
    if child not in children:
        named = ", ".join(str(one) for one in sorted(children))
        raise InvalidPlan(f"chain {parent} is no parent of chain {child} after generation {t}; it is one of: {named}")
    return {child}


def without(chain: PlannedChain, parent: Slot) -> PlannedChain:
    """A planned child without one of its parents; the others keep their order, and it is asked by their number."""
    parents = tuple(one for one in chain.parents if one != parent)
    return replace(chain, parents=parents, kind=PromptKind.of(len(parents)))


def change_in_words(change: Change, config: RunConfig, prompts: PromptSet) -> str:
    """The change as words that follow "forked with"; ``config`` and ``prompts`` are the original's."""
    match change:
        case OtherTemperature(temperature=temperature):
            end = config.temperature_end
            was = f"{config.temperature:g}" + ("" if end is None else f" to {end:g}")
            return f"temperature {temperature:g} in place of {was}"
        case OtherK(k=k):
            return f"K {k} in place of {config.k}, later parents drawn anew"
        case OtherPrompts(prompts=other):
            return f"prompts {other.label} in place of {prompts.label}"
        case OtherModel(model=model):
            if config.aggregator is not None:
                return (
                    f"model {model.model} in place of {config.model.model}, which sampled, "
                    f"and {config.aggregator.model}, which aggregated"
                )
            return f"model {model.model} in place of {config.model.model}"
        case OtherSeed(seed=seed):
            return f"seed {seed} in place of {config.seed}, a re-roll: later parents and samples drawn anew"
        case Written(slot=slot, edited=edited):
            return f"the text of chain {slot} edited by a person" if edited else f"chain {slot} planted by a person"
        case LeftOut(parent=parent, child=child):
            return f"chain {parent} left out of the prompt of {'every child' if child is None else f'chain {child}'}"
