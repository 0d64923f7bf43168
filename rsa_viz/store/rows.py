"""The border: rows become the frozen types of ``core`` here, and those become rows. Rows go no further.

Knows the tables' columns and no query.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from ..core.aside import Aside, AsideKind, AsideOutcome, PlannedAside
from ..core.chain import (
    Answer,
    Chain,
    ChainOrigin,
    ChainStatus,
    InFlight,
    Judgement,
    Outcome,
    PromptKind,
    Slot,
    Verdict,
    VerdictSource,
)
from ..core.errors import InvalidInput, SchemaFromFuture
from ..core.genealogy import PlannedChain
from ..core.problem import Problem
from ..core.ruling import Ruling, RulingKind
from ..core.run import Run, RunConfig, RunOrigin, RunStatus
from .json_columns import (
    config_from_json,
    config_to_json,
    metadata_from_json,
    metadata_to_json,
    prompts_from_json,
)
from .ownership import is_living
from .tables import ASIDE, CHAIN, CHAIN_ORIGIN, IN_FLIGHT, PROBLEM, RULING, RUN, RUN_ORIGIN

RUN_COLUMNS = (
    *(column for column in RUN.c if column.name != "problem_id"),
    *(PROBLEM.c[name] for name in ("task", "question", "gold", "title", "metadata_json")),
    RUN_ORIGIN.c.from_run_id,
    RUN_ORIGIN.c.t.label("from_t"),
    RUN_ORIGIN.c.change,
    RUN_ORIGIN.c.of_t,
    RUN_ORIGIN.c.of_i,
)
"""What ``run_of`` reads: a run joined with its problem and, if it has one, its origin."""

CHAIN_COLUMNS = (
    *(CHAIN.c[name] for name in CHAIN.c.keys() if name not in ("run_id", "text", "reasoning")),  # noqa: SIM118
    *(CHAIN_ORIGIN.c[name] for name in ("origin", "from_t", "from_i")),
)
"""What ``chain_of`` reads, without the long texts: a chain joined with its origin, if it has one."""

PLANNED_COLUMNS = CHAIN_COLUMNS[:6]
"""What ``planned_of`` reads: id, t, i, kind, seed, temperature."""

IN_FLIGHT_COLUMNS = (
    *(CHAIN.c.t, CHAIN.c.i, CHAIN.c.status, ASIDE.c.kind),
    *(column for column in IN_FLIGHT.c if not column.foreign_keys),
)
"""What ``in_flight_of`` reads: a row of ``in_flight`` joined with its chain, and with its aside if it has one."""

ASIDE_COLUMNS = (
    *(CHAIN.c.t, CHAIN.c.i),
    *(column for column in ASIDE.c if column.name not in ("chain_id", "run_id", "text", "reasoning")),
)
"""What ``aside_of`` reads, without the long texts: a row of ``aside`` joined with its chain."""

ASIDE_TEXT_COLUMNS = (ASIDE.c.text, ASIDE.c.reasoning)

RULING_COLUMNS = (
    *(RULING.c[name] for name in ("id", "kind", "verdict", "at", "why", "answer_key", "into_key", "undone_at")),
    *(CHAIN.c.t, CHAIN.c.i),
)
"""What ``ruling_of`` reads: a row of ``ruling`` joined with its chain, if it has one."""

TEXT_COLUMNS = (CHAIN.c.text, CHAIN.c.reasoning)

Links = tuple[tuple[Slot, ...], Collection[Slot]]
"""A child's parents in prompt order, and those of them that did not stand in its prompt."""

NO_LINKS: Links = ((), ())


def problem_values(problem: Problem) -> dict[str, Any]:
    """A row of ``problem``, with a digest over all of it. Raises InvalidProblem."""
    metadata = metadata_to_json(problem.metadata)
    words = repr((problem.task, problem.question, problem.gold, problem.title, metadata))
    return {
        "digest": hashlib.sha256(words.encode("utf-8", "backslashreplace")).hexdigest(),
        "task": problem.task,
        "question": problem.question,
        "gold": problem.gold,
        "title": problem.title,
        "metadata_json": metadata,
    }


def problem_of(row: Row[Any]) -> Problem:
    """The problem in a row that has its columns."""
    return Problem(row.task, row.question, row.gold, row.title, metadata_from_json(row.metadata_json))


def config_values(config: RunConfig) -> dict[str, Any]:
    """The columns of ``run`` that hold its configuration."""
    return {
        "model": config.model.model,
        "aggregator": None if config.aggregator is None else config.aggregator.model,
        "strategy": config.strategy,
        "n": config.n,
        "k": config.k,
        "t": config.t,
        "seed": config.seed,
        "config_json": config_to_json(config),
    }


def run_of(row: Row[Any], now: float) -> Run:
    """A run, read at ``now``: one that says running while nobody drives it is interrupted."""
    status = RunStatus(row.status)
    if status is RunStatus.RUNNING and not is_living(row.owner, row.heartbeat_at, now):
        status = RunStatus.INTERRUPTED
    try:
        config, prompts = config_from_json(row.config_json), prompts_from_json(row.prompts_json)
    except InvalidInput as error:
        raise SchemaFromFuture(f"cannot read run {row.id}: {error}") from error
    return Run(
        id=row.id,
        problem=problem_of(row),
        config=config,
        prompts=prompts,
        status=status,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        error=row.error,
        note=row.note,
        code_version=row.code_version,
        revision=row.revision,
        owner=row.owner,
        wanted=row.wanted if status is RunStatus.RUNNING else None,  # nobody else is there to do it
        calls=row.calls,
        done=row.done,
        failed=row.failed,
        origin=_run_origin_of(row),
    )


def _run_origin_of(row: Row[Any]) -> RunOrigin | None:
    if row.from_run_id is None:
        return None
    return RunOrigin(row.from_run_id, row.from_t, row.change, None if row.of_t is None else Slot(row.of_t, row.of_i))


def run_origin_values(run_id: str, origin: RunOrigin) -> dict[str, Any]:
    """A row of ``run_origin``."""
    of_t, of_i = origin.slot or (None, None)
    return {
        "run_id": run_id,
        "from_run_id": origin.run_id,
        "t": origin.t,
        "change": origin.change,
        "of_t": of_t,
        "of_i": of_i,
    }


def chain_origin_values(run_id: str, chain_id: int, origin: ChainOrigin, copied_from: Slot | None) -> dict[str, Any]:
    """A row of ``chain_origin``."""
    from_t, from_i = copied_from or (None, None)
    return {"run_id": run_id, "chain_id": chain_id, "origin": origin.value, "from_t": from_t, "from_i": from_i}


def planned_values(run_id: str, planned: PlannedChain) -> dict[str, Any]:
    """A row of ``chain`` for a chain that nobody has asked for yet."""
    return {
        "run_id": run_id,
        "t": planned.slot.t,
        "i": planned.slot.i,
        "kind": planned.kind.value,
        "seed": planned.seed,
        "temperature": planned.temperature,
        "status": ChainStatus.PLANNED.value,
        "fresh": False,
        "characters": 0,
        "verdict": Verdict.UNKNOWN.value,
        "verdict_source": VerdictSource.NONE.value,
        "verdict_why": "",
        "attempts": 0,
    }


def ended_values(outcome: Outcome, answer: Answer | None, judgement: Judgement, endpoint: str) -> dict[str, Any]:
    """The columns of ``chain`` that an outcome fills in."""
    return {
        **_call_values(outcome, endpoint),
        "fresh": outcome.fresh,
        "characters": 0 if outcome.completion is None else len(outcome.completion.text),
        "answer": answer and answer.text,
        "answer_key": answer and answer.key,
        "answer_start": answer and answer.start,
        "answer_end": answer and answer.end,
        "verdict": judgement.verdict.value,
        "verdict_source": judgement.source.value,
        "verdict_why": judgement.why,
        "score": judgement.score,
    }


def _call_values(outcome: Outcome | AsideOutcome, endpoint: str) -> dict[str, Any]:
    """What ``chain`` and ``aside`` both keep of a call that has ended."""
    completion = outcome.completion
    return {
        "status": (ChainStatus.FAILED if completion is None else ChainStatus.DONE).value,
        "text": completion and completion.text,
        "reasoning": completion and completion.reasoning,
        "finish_reason": completion and completion.finish_reason,
        "tokens_in": completion and completion.tokens_in,
        "tokens_out": completion and completion.tokens_out,
        "first_token_s": completion and completion.first_token_s,
        "latency_s": completion and completion.latency_s,
        "prompt_sha256": outcome.prompt_sha256,
        "started_at": outcome.started_at,
        "ended_at": outcome.ended_at,
        "attempts": outcome.attempts,
        "error": outcome.error,
        "endpoint": endpoint,
    }


def planned_aside_values(run_id: str, chain_id: int, planned: PlannedAside) -> dict[str, Any]:
    """A row of ``aside`` for a call that nobody has made yet."""
    return {
        "chain_id": chain_id,
        "run_id": run_id,
        "kind": planned.kind.value,
        "seed": planned.seed,
        "status": ChainStatus.PLANNED.value,
        "attempts": 0,
    }


def ended_aside_values(outcome: AsideOutcome, accepted: bool | None, endpoint: str) -> dict[str, Any]:
    """The columns of ``aside`` that an outcome fills in."""
    return {**_call_values(outcome, endpoint), "accepted": accepted}


def aside_of(row: Sequence[Any]) -> Aside:
    """An aside from ASIDE_COLUMNS, with or without ASIDE_TEXT_COLUMNS behind them."""
    (
        t, i, kind, seed, status, accepted, prompt_sha256, finish_reason, tokens_in, tokens_out,
        first_token_s, latency_s, started_at, ended_at, attempts, error, endpoint, *texts,
    ) = row  # fmt: skip
    text, reasoning = texts or (None, None)
    return Aside(
        slot=Slot(t, i),
        kind=AsideKind(kind),
        seed=seed,
        status=ChainStatus(status),
        text=text,
        reasoning=reasoning,
        accepted=accepted,
        prompt_sha256=prompt_sha256,
        finish_reason=finish_reason,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        first_token_s=first_token_s,
        latency_s=latency_s,
        started_at=started_at,
        ended_at=ended_at,
        attempts=attempts,
        error=error,
        endpoint=endpoint,
    )


def planned_of(row: Sequence[Any], parents: tuple[Slot, ...], aside: PlannedAside | None) -> PlannedChain:
    """A chain as it was planned, whatever has become of it, from PLANNED_COLUMNS."""
    _, t, i, kind, seed, temperature = row
    return PlannedChain(Slot(t, i), PromptKind(kind), parents, seed, temperature, aside)


def chain_of(row: Sequence[Any], parents: tuple[Slot, ...], lost: Collection[Slot]) -> Chain:
    """A chain from CHAIN_COLUMNS, with or without TEXT_COLUMNS behind them.

    The parents of a chain that has not ended all count as available: none is known not to be.
    """
    (
        chain_id, t, i, kind, seed, temperature, status, fresh, characters,
        answer, answer_key, answer_start, answer_end, verdict, verdict_source, verdict_why, score,
        prompt_sha256, finish_reason, tokens_in, tokens_out, first_token_s, latency_s, started_at, ended_at,
        attempts, error, endpoint, origin, from_t, from_i, *texts,
    ) = row  # fmt: skip
    text, reasoning = texts or (None, None)
    return Chain(
        id=chain_id,
        slot=Slot(t, i),
        kind=PromptKind(kind),
        parents=parents,
        available=tuple(parent for parent in parents if parent not in lost) if lost else parents,
        fresh=fresh,
        status=ChainStatus(status),
        text=text,
        reasoning=reasoning,
        characters=characters,
        answer=answer,
        answer_key=answer_key,
        answer_start=answer_start,
        answer_end=answer_end,
        verdict=Verdict(verdict),
        verdict_source=VerdictSource(verdict_source),
        verdict_why=verdict_why,
        score=score,
        temperature=temperature,
        seed=seed,
        prompt_sha256=prompt_sha256,
        finish_reason=finish_reason,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        first_token_s=first_token_s,
        latency_s=latency_s,
        started_at=started_at,
        ended_at=ended_at,
        attempts=attempts,
        error=error,
        endpoint=endpoint,
        origin=ChainOrigin.MADE if origin is None else ChainOrigin(origin),
        copied_from=None if from_t is None else Slot(from_t, from_i),
    )


def in_flight_values(run_id: str, chain_id: int, chain: InFlight) -> dict[str, Any]:
    """A row of ``in_flight``."""
    return {
        "chain_id": chain_id,
        "run_id": run_id,
        "attempt": chain.attempt,
        "started_at": chain.started_at,
        "updated_at": chain.updated_at,
        "characters": chain.characters,
        "tokens_out": chain.tokens_out,
        "tail": chain.tail,
        "waiting_until": chain.waiting_until,
        "error": chain.error,
    }


def in_flight_of(row: Sequence[Any]) -> InFlight:
    """A chain in flight, from IN_FLIGHT_COLUMNS."""
    t, i, status, kind, *rest = row
    about = None if status == ChainStatus.PLANNED.value or kind is None else AsideKind(kind)
    return replace(InFlight(Slot(t, i), *rest), aside=about)


def ruling_values(run_id: str, chain_id: int | None, ruling: Ruling) -> dict[str, Any]:
    """A row of ``ruling``, without its id."""
    return {
        "run_id": run_id,
        "chain_id": chain_id,
        "kind": ruling.kind.value,
        "answer_key": ruling.answer_key,
        "into_key": ruling.into_key,
        "verdict": ruling.verdict.value,
        "why": ruling.why,
        "at": ruling.at,
        "undone_at": ruling.undone_at,
    }


def ruling_of(row: Sequence[Any]) -> Ruling:
    """A ruling, from RULING_COLUMNS."""
    ruling_id, kind, verdict, at, why, answer_key, into_key, undone_at, t, i = row
    return Ruling(
        id=ruling_id,
        kind=RulingKind(kind),
        verdict=Verdict(verdict),
        at=at,
        why=why,
        slot=None if t is None else Slot(t, i),
        answer_key=answer_key,
        into_key=into_key,
        undone_at=undone_at,
    )
