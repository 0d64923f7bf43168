"""Runs as parquet tables with typed columns: ``runs``, ``chains``, ``links`` and ``asides``, joined by ``run_id``.

What is unknown is null. Chains are named ``t.i`` as everywhere; links have position 1..K. Verdicts and answer keys read
as persons ruled, ``judged_verdict`` is what was recorded. Server addresses, endpoint names and keys are left out. Times
are UTC, to the microsecond. Knows no store.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from ..core.addresses import without_addresses
from ..core.aside import Aside
from ..core.chain import Chain
from ..core.run import Run
from .sheet import Sheet, arrow

TABLES = ("runs", "chains", "links", "asides")
"""The tables; each is the file of that name with the ending .parquet."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run answers: ``answer`` by draw or vote (``answer_by``), the ``chain`` drawn, the vote of its last
    generation with its ``votes`` of ``votes_of`` chains; None while the run is not complete."""

    answer: str | None
    answer_by: str
    chain: str | None
    vote: str | None
    votes: int
    votes_of: int
    vote_tied: bool


class Tables:
    """The tables, written into a folder that is there; whole after the ``with`` block."""

    def __init__(self, folder: Path) -> None:
        with ExitStack() as opened:

            def sheet(name: str, columns: Mapping[str, Any]) -> Sheet:
                out = opened.enter_context((folder / f"{name}.parquet").open("wb"))
                return opened.enter_context(Sheet(out, columns))

            self.runs = sheet("runs", _run_columns())
            self.chains = sheet("chains", _chain_columns())
            self.links = sheet("links", _link_columns())
            self.asides = sheet("asides", _aside_columns())
            self._files = opened.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: Any) -> None:
        self._files.__exit__(*raised)

    def add_run(self, run: Run, outcome: Outcome, rulings: int) -> None:
        """Write a run's row; ``rulings`` are the active ones."""
        self.runs.add(_run_row(run, outcome, rulings))

    def add_chains(self, run: Run, chains: Sequence[Chain], judged: Iterable[Chain]) -> None:
        """Write the rows of chains, read with their texts, and of their links; ``judged`` are the same chains without
        what persons ruled."""
        for chain, before in zip(chains, judged, strict=True):
            self.chains.add(_chain_row(run, chain, before))
            for position, parent in enumerate(chain.parents, start=1):
                self.links.add(
                    {
                        "run_id": run.id,
                        "child": str(chain.slot),
                        "child_t": chain.slot.t,
                        "child_i": chain.slot.i,
                        "parent": str(parent),
                        "parent_t": parent.t,
                        "parent_i": parent.i,
                        "position": position,
                        "available": parent in chain.available if chain.ended else None,
                    }
                )

    def add_asides(self, run: Run, asides: Iterable[Aside]) -> None:
        """Write the rows of asides, read with their texts."""
        for aside in asides:
            self.asides.add(_aside_row(run, aside))


def _run_columns() -> Mapping[str, Any]:
    pa = arrow()
    text, whole, number, yes, when = pa.string(), pa.int64(), pa.float64(), pa.bool_(), pa.timestamp("us", tz="UTC")
    return {
        "run_id": text, "status": text,
        "problem_key": text, "task": text, "title": text, "question": text, "gold": text, "metadata": text,
        "model": text, "aggregator": text, "simulated": yes, "strategy": text,
        "n": pa.int32(), "k": pa.int32(), "generations": pa.int32(), "aggregations": pa.int32(),
        "temperature": number, "temperature_end": number, "fresh_rate": number, "candidates": text,
        "max_tokens": whole, "seed": whole, "concurrency": pa.int32(), "retries": pa.int32(), "timeout_s": number,
        "prompts": text, "prompts_version": pa.int32(),
        "calls": whole, "done": whole, "failed": whole,
        "answer": text, "answer_by": text, "answer_chain": text,
        "vote": text, "votes": pa.int32(), "votes_of": pa.int32(), "vote_tied": yes, "rulings": pa.int32(),
        "forked_from": text, "forked_t": pa.int32(), "fork_change": text,
        "created_at": when, "started_at": when, "ended_at": when,
        "error": text, "note": text, "code_version": text,
    }  # fmt: skip


def _run_row(run: Run, outcome: Outcome, rulings: int) -> Mapping[str, object]:
    problem, config, origin = run.problem, run.config, run.origin
    addresses = config.addresses
    return {
        "run_id": run.id,
        "status": run.status.value,
        "problem_key": problem.key,
        "task": problem.task,
        "title": problem.title,
        "question": problem.question,
        "gold": problem.gold,
        "metadata": json.dumps(dict(problem.metadata), ensure_ascii=False),
        "model": config.model.model,
        "aggregator": None if config.aggregator is None else config.aggregator.model,
        "simulated": config.simulated,
        "strategy": config.strategy,
        "n": config.n,
        "k": config.k,
        "generations": config.t,
        "aggregations": config.t - 1,
        "temperature": config.temperature,
        "temperature_end": config.temperature_end,
        "fresh_rate": config.fresh_rate,
        "candidates": config.candidates.value,
        "max_tokens": config.max_tokens,
        "seed": config.seed,
        "concurrency": config.concurrency,
        "retries": config.retries,
        "timeout_s": config.timeout_s,
        "prompts": run.prompts.name,
        "prompts_version": run.prompts.version,
        "calls": run.calls,
        "done": run.done,
        "failed": run.failed,
        "answer": outcome.answer,
        "answer_by": outcome.answer_by,
        "answer_chain": outcome.chain,
        "vote": outcome.vote,
        "votes": outcome.votes,
        "votes_of": outcome.votes_of,
        "vote_tied": outcome.vote_tied,
        "rulings": rulings,
        "forked_from": None if origin is None else origin.run_id,
        "forked_t": None if origin is None else origin.t,
        "fork_change": None if origin is None else origin.change,
        "created_at": _when(run.created_at),
        "started_at": _when(run.started_at),
        "ended_at": _when(run.ended_at),
        "error": without_addresses(addresses, run.error),
        "note": without_addresses(addresses, run.note),
        "code_version": run.code_version,
    }


def _chain_columns() -> Mapping[str, Any]:
    pa = arrow()
    text, whole, number, yes, when = pa.string(), pa.int64(), pa.float64(), pa.bool_(), pa.timestamp("us", tz="UTC")
    return {
        "run_id": text, "chain": text, "t": pa.int32(), "i": pa.int32(), "kind": text,
        "origin": text, "copied_from": text,
        "parents": pa.list_(text), "available": pa.list_(text), "fresh": yes, "status": text,
        "answer": text, "answer_key": text, "answer_start": whole, "answer_end": whole,
        "verdict": text, "verdict_source": text, "verdict_why": text, "score": number,
        "ruled": yes, "judged_verdict": text,
        "temperature": number, "seed": whole, "finish_reason": text, "truncated": yes,
        "tokens_in": whole, "tokens_out": whole, "first_token_s": number, "latency_s": number,
        "started_at": when, "ended_at": when, "attempts": pa.int32(), "prompt_sha256": text,
        "characters": whole, "error": text, "text": text, "reasoning": text,
    }  # fmt: skip


def _chain_row(run: Run, chain: Chain, judged: Chain) -> Mapping[str, object]:
    same = (
        "fresh", "answer", "answer_key", "answer_start", "answer_end", "verdict_why", "score", "ruled",
        "seed", "finish_reason", "truncated", "tokens_in", "tokens_out", "first_token_s", "latency_s", "attempts",
        "prompt_sha256", "characters", "text", "reasoning",
    )  # fmt: skip
    return {
        **{name: getattr(chain, name) for name in same},
        "run_id": run.id,
        "chain": str(chain.slot),
        "t": chain.slot.t,
        "i": chain.slot.i,
        "kind": chain.kind.value,
        "origin": chain.origin.value,
        "copied_from": None if chain.copied_from is None else str(chain.copied_from),
        "parents": [str(slot) for slot in chain.parents],
        "available": [str(slot) for slot in chain.available] if chain.ended else None,
        "status": chain.status.value,
        "verdict": chain.verdict.value,
        "verdict_source": chain.verdict_source.value,
        "judged_verdict": judged.verdict.value,
        "temperature": run.config.temperature if chain.temperature is None else chain.temperature,
        "started_at": _when(chain.started_at),
        "ended_at": _when(chain.ended_at),
        "error": without_addresses(run.config.addresses, chain.error),
    }


def _link_columns() -> Mapping[str, Any]:
    pa = arrow()
    text, small = pa.string(), pa.int32()
    return {
        "run_id": text, "child": text, "child_t": small, "child_i": small,
        "parent": text, "parent_t": small, "parent_i": small, "position": small, "available": pa.bool_(),
    }  # fmt: skip


def _aside_columns() -> Mapping[str, Any]:
    pa = arrow()
    text, whole, number, when = pa.string(), pa.int64(), pa.float64(), pa.timestamp("us", tz="UTC")
    return {
        "run_id": text, "chain": text, "kind": text, "status": text, "accepted": pa.bool_(), "seed": whole,
        "finish_reason": text, "tokens_in": whole, "tokens_out": whole, "first_token_s": number, "latency_s": number,
        "started_at": when, "ended_at": when, "attempts": pa.int32(), "prompt_sha256": text, "error": text,
        "text": text, "reasoning": text,
    }  # fmt: skip


def _aside_row(run: Run, aside: Aside) -> Mapping[str, object]:
    same = (
        "accepted", "text", "reasoning", "finish_reason", "tokens_in", "tokens_out", "first_token_s", "latency_s",
        "attempts", "seed", "prompt_sha256",
    )  # fmt: skip
    return {
        **{name: getattr(aside, name) for name in same},
        "run_id": run.id,
        "chain": str(aside.slot),
        "kind": aside.kind.value,
        "status": aside.status.value,
        "started_at": _when(aside.started_at),
        "ended_at": _when(aside.ended_at),
        "error": without_addresses(run.config.addresses, aside.error),
    }


def _when(moment: float | None) -> datetime | None:
    return None if moment is None else datetime.fromtimestamp(moment, UTC)
