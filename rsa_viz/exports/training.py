"""Aggregation-aware training data: which candidates stand together in a prompt, and the rows in verl's schema.

The paper trains a model on standard prompts and on aggregation prompts with K reference candidates, so that it learns
to aggregate (arXiv 2509.26626). Here the candidates are recorded chains. Knows no store and no task.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..core.chain import Chain, ChainOrigin, ChainStatus, PromptKind, Slot, Verdict
from ..core.errors import InvalidInput
from ..core.genealogy import Streams, draw_distinct
from ..core.prompts import Messages
from ..core.run import Run
from .sheet import arrow

TRIES = 2_000  # draws that look for one more group before a run is taken to have no other


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the training data are made of.

    ``k`` candidates a prompt from generation ``t`` (1: samples of the question alone, as in the paper), ``prompts``
    aggregation prompts a problem, and standard prompts so that they are the share ``standard`` (0 to under 1) of all.
    Groups in which every candidate is right, or wrong, are dropped on request; another is drawn in their place.
    ``data_source`` None stands for ``rsa_viz/`` and the task. Raises InvalidInput.
    """

    k: int = 4
    t: int = 1
    prompts: int = 4
    standard: float = 0.5
    drop_all_right: bool = False
    drop_all_wrong: bool = False
    seed: int = 0
    split: str = "train"
    data_source: str | None = None

    def __post_init__(self) -> None:
        for what, value, low, high in (
            ("K (candidates a prompt)", self.k, 1, 4096),
            ("the generation", self.t, 1, 1000),
            ("aggregation prompts a problem", self.prompts, 1, 10_000),
            ("the seed", self.seed, 0, 2**53),
        ):
            if not low <= value <= high:
                raise InvalidInput(f"{what} must be a whole number from {low} to {high}, not {value!r}")
        if not 0 <= self.standard < 1:
            raise InvalidInput(
                f"the share of standard prompts must be from 0 to below 1, not {self.standard:g}; write 0.5 for half"
            )
        if not self.split.strip() or self.data_source == "":
            raise InvalidInput("split and data source must not be empty")


def usable(chains: Iterable[Chain]) -> tuple[Chain, ...]:
    """Those of a generation's chains, read with their texts, that can be candidates; they are returned without them.

    A candidate was made in this run (neither planted by a person nor taken over from the run that it was forked from)
    and is done, with a text that is not blank.
    """
    return tuple(
        replace(chain, text=None, reasoning=None)
        for chain in chains
        if chain.origin is ChainOrigin.MADE and chain.status is ChainStatus.DONE and (chain.text or "").strip()
    )


def draw_groups(
    pools: Mapping[str, Sequence[Chain]], recipe: Recipe, problem: str
) -> tuple[tuple[str, tuple[Chain, ...]], ...]:
    """The groups of one problem, each with its run's id; candidates in prompt order.

    ``pools`` are the usable chains of the problem's runs by id, K of them at least; groups are dealt over them in turn.
    Of all ordered groups of K distinct chains of a pool each is as likely; no two groups hold the same chains, and no
    dropped one is returned. Fewer than wanted when TRIES draws bring no other one. A run's own sequence of groups
    depends on seed, problem (its key), run and pool only. Unknown verdicts are neither right nor wrong.
    """
    streams = Streams(recipe.seed, problem)
    rngs = {run: streams.at(Slot(recipe.t, 1), f"training {run}") for run in pools}
    seen: dict[str, set[frozenset[Slot]]] = {run: set() for run in pools}
    found: list[tuple[str, tuple[Chain, ...]]] = []
    left = list(pools)
    while left:
        for run in tuple(left):
            if len(found) == recipe.prompts:
                return tuple(found)
            group = _next_group(pools[run], recipe, rngs[run], seen[run])
            if group is None:
                left.remove(run)
            else:
                found.append((run, group))
    return tuple(found)


def _next_group(
    pool: Sequence[Chain], recipe: Recipe, rng: random.Random, seen: set[frozenset[Slot]]
) -> tuple[Chain, ...] | None:
    for _ in range(TRIES):
        group = tuple(pool[one - 1] for one in draw_distinct(rng, len(pool), recipe.k))
        slots = frozenset(chain.slot for chain in group)
        if slots not in seen and not _dropped(group, recipe):
            seen.add(slots)
            return group
    return None


def _dropped(group: Sequence[Chain], recipe: Recipe) -> bool:
    verdicts = {chain.verdict for chain in group}
    return (recipe.drop_all_right and verdicts == {Verdict.RIGHT}) or (
        recipe.drop_all_wrong and verdicts == {Verdict.WRONG}
    )


def standard_counts(groups: Sequence[int], share: float) -> tuple[int, ...]:
    """How many standard prompts each problem gets, from its number of aggregation prompts, so that they are ``share``
    of all: to A aggregation prompts round(A share / (1 - share)), dealt in turn over the problems that have any."""
    total = round(sum(groups) * share / (1 - share))
    having = [place for place, number in enumerate(groups) if number]
    counts = [0] * len(groups)
    for turn, place in enumerate(having):
        counts[place] = total // len(having) + (turn < total % len(having))
    return tuple(counts)


def columns() -> Mapping[str, Any]:
    """verl's columns; ``extra_info`` says where a prompt comes from."""
    pa = arrow()
    text = pa.string()
    return {
        "data_source": text,
        "prompt": pa.list_(pa.struct([("role", text), ("content", text)])),
        "ability": text,
        "reward_model": pa.struct([("style", text), ("ground_truth", text)]),
        "extra_info": pa.struct(
            [
                ("split", text), ("index", pa.int64()), ("kind", text), ("problem", text), ("task", text),
                ("run_id", text), ("generation", pa.int32()), ("slots", pa.list_(text)), ("verdicts", pa.list_(text)),
                ("right", pa.int32()), ("prompts", text), ("model", text), ("simulated", pa.bool_()),
            ]
        ),
    }  # fmt: skip


def row(run: Run, recipe: Recipe, index: int, messages: Messages, group: Sequence[Chain]) -> Mapping[str, object]:
    """One prompt; a ``group`` of none is a standard prompt. ``right`` counts the candidates known to be right, and is
    null where a verdict is unknown."""
    problem = run.problem
    writers = dict.fromkeys(run.config.writer(chain.asked) for chain in group) or dict.fromkeys((run.config.model,))
    unknown = any(chain.verdict is Verdict.UNKNOWN for chain in group)
    right = sum(chain.verdict is Verdict.RIGHT for chain in group)
    return {
        "data_source": recipe.data_source or f"rsa_viz/{problem.task}",
        "prompt": [{"role": one["role"], "content": one["content"]} for one in messages],
        "ability": problem.task,
        "reward_model": {"style": "rule", "ground_truth": problem.gold},
        "extra_info": {
            "split": recipe.split,
            "index": index,
            "kind": kind_of(group).value if group else "standard",
            "problem": problem.key,
            "task": problem.task,
            "run_id": run.id,
            "generation": recipe.t if group else None,
            "slots": [str(chain.slot) for chain in group],
            "verdicts": [chain.verdict.value for chain in group],
            "right": None if unknown or not group else right,
            "prompts": run.prompts.label,
            "model": " + ".join(one.model for one in writers),
            "simulated": any(one.simulated for one in writers),
        },
    }


def kind_of(group: Sequence[Chain]) -> PromptKind:
    """What a prompt with these candidates asks for: one candidate is refined, several are aggregated."""
    return PromptKind.of(len(group))
