"""Options that any plan may carry: the article's two remedies against collapse, what a child sees of a parent, and
which model writes it.

Remedies: a temperature that changes over the generations, and fresh chains at a rate. An option that would do nothing
is refused, so that no run says that it has one. Knows no strategy by name.
"""

from __future__ import annotations

from dataclasses import replace

from ..aside import AsideKind, PlannedAside
from ..chain import PromptKind
from ..errors import InvalidPlan
from ..genealogy import Plan, PlannedChain, Streams
from ..run import Candidates, RunConfig
from .strategy import Strategy

DECIMALS = 6  # of a scheduled temperature


def draw_plan(strategy: Strategy, config: RunConfig, streams: Streams) -> Plan:
    """The drawn genealogy of a configuration, its options included. Raises InvalidPlan."""
    check_options(strategy, config)
    plan = strategy.plan(config.n, config.k, config.t, streams)
    plan = Plan(tuple(_fresh(chain, config, streams) for chain in plan))
    return Plan(
        tuple(_with_aside(_heated(chain, len(plan.generations), config), plan, config, streams) for chain in plan)
    )


def check_options(strategy: Strategy, config: RunConfig) -> None:
    """Raise InvalidPlan for an option that a run cannot use: all of them need a second generation, an aggregator must
    be another model and have children to write, and whoever writes chains must be able to summarise them where
    children see summaries. Also as ``Strategy.shape``."""
    mute = [one.model for one in config.models if not one.summarises]
    if config.candidates is Candidates.SUMMARY and mute:
        raise InvalidPlan(
            f"{mute[0]} cannot write summaries, so no child could see one; set the candidates to "
            f"{Candidates.WHOLE.value!r}, or take another model"
        )
    if strategy.shape(config.n, config.k, config.t).t > 1:
        _check_aggregator(config)
        return
    single = "has no effect in a run of one generation"
    if config.temperature_end is not None:
        raise InvalidPlan(
            f"a temperature of the last generation {single}; set the temperature, or take more generations"
        )
    if config.fresh_rate:
        raise InvalidPlan(
            f"a rate of fresh chains ({config.fresh_rate:g}) {single}, where every chain is fresh; "
            "set it to 0, or take more generations"
        )
    if config.candidates is not Candidates.WHOLE:
        raise InvalidPlan(
            f"candidates {config.candidates.value!r} {single}, where no chain sees another; "
            f"set them to {Candidates.WHOLE.value!r}, or take more generations"
        )
    if config.aggregator is not None:
        raise InvalidPlan(
            f"the aggregator {config.aggregator.name!r} {single}, where nothing is aggregated; "
            "leave it out, or take more generations"
        )


def _check_aggregator(config: RunConfig) -> None:
    if config.aggregator is None:
        return
    if config.aggregator.served == config.model.served:
        raise InvalidPlan(
            f"the aggregator {config.aggregator.name!r} is the model that writes the samples, which aggregates anyway; "
            "leave it out, or name another model"
        )
    if config.fresh_rate >= 1:
        raise InvalidPlan(
            f"the aggregator {config.aggregator.name!r} has no effect where every chain is fresh; "
            "leave it out, or set the rate of fresh chains below 1"
        )


def serves_shorter(strategy: Strategy, config: RunConfig) -> bool:
    """Whether the first t generations of a run are a run of t generations, for every t below its own.

    A temperature schedule ends with the run, so it is another for every length. Summaries of the last generation that
    counts would not be made in a shorter run; nothing reads them.
    """
    return strategy.prefix and config.temperature_end is None


def unread_settings(config: RunConfig) -> tuple[str, ...]:
    """The settings of a configuration (its T as the strategy runs it) that nothing of its run reads: what is about
    later generations when there are none, an aggregator that is the model itself, and the tail's length where
    candidates are no tails."""
    unread: list[str] = []
    if config.t == 1:
        unread += ["temperature_end", "fresh_rate", "candidates", "aggregator"]
    elif config.aggregator is not None and config.aggregator.served == config.model.served:
        unread.append("aggregator")
    if config.t == 1 or config.candidates is not Candidates.TAIL:
        unread.append("tail_characters")
    return tuple(unread)


def _fresh(chain: PlannedChain, config: RunConfig, streams: Streams) -> PlannedChain:
    """With the rate's chance, from a stream of the slot's own: a sample without parents in the child's place."""
    if chain.slot.t == 1 or streams.at(chain.slot, "fresh").random() >= config.fresh_rate:
        return chain
    return replace(chain, kind=PromptKind.SAMPLE, parents=())


def _heated(chain: PlannedChain, generations: int, config: RunConfig) -> PlannedChain:
    if config.temperature_end is None:
        return chain
    way = (chain.slot.t - 1) / (generations - 1)
    temperature = config.temperature + way * (config.temperature_end - config.temperature)
    return replace(chain, temperature=round(temperature, DECIMALS))


def _with_aside(chain: PlannedChain, plan: Plan, config: RunConfig, streams: Streams) -> PlannedChain:
    if config.candidates is not Candidates.SUMMARY or not plan.children[chain.slot]:
        return chain
    return replace(chain, aside=PlannedAside(AsideKind.SUMMARISE, streams.call_seed(chain.slot, "aside")))


def options_in_words(config: RunConfig) -> tuple[str, ...]:
    """The options that a run carries, each in a few words; none for a plain run."""
    found = []
    if config.temperature_end is not None:
        found.append(f"temperature from {config.temperature:g} to {config.temperature_end:g}")
    if config.fresh_rate:
        found.append(f"{100 * config.fresh_rate:g} % fresh chains")
    if config.candidates is Candidates.SUMMARY:
        found.append("children see summaries")
    if config.candidates is Candidates.TAIL:
        found.append(f"children see the last {config.tail_characters:,} characters")
    if config.aggregator is not None:
        found.append(f"{config.aggregator.model} aggregates")
    return tuple(found)
