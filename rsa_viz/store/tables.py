"""The tables, as SQLModel classes: what the migrations lead to.

They are the schema and nothing else: ``table=True`` classes skip validation, so none is ever filled in; rows are read
and written with Core statements on the tables below and become the frozen types of ``core`` in ``rows``.

::

    problem 1 ── * run 1 ── * chain 1 ── * parent_link * ── 1 chain (the parent)
                    │           │
                    ├── * in_flight * ── 1
                    ├── * aside * ── 1
                    ├── * ruling * ── 0..1 chain (none for a merge of answer classes)
                    ├── * step_judging * ── 1 chain, and of each 1 ── * step_verdict
                    ├── * chain_origin * ── 1 chain, and 0..1 run_origin (a fork)
                    └── * experiment_run * ── 1 experiment

A slot is (run, t, i) and unique. A chain's row is there, as planned, from the moment its run is. Prompts are not
stored a chain: the run holds its whole prompt set, and a chain the SHA-256 that the rebuilt prompt must have.
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import BigInteger, Index, MetaData, Table, UniqueConstraint
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from .stored_text import StoredText


class _Row(SQLModel, registry=registry(metadata=MetaData())):
    """Base of the tables. Its own registry, so that the module can be loaded twice (a hot reload does)."""


class ProblemRow(_Row, table=True):
    """A problem, once for any number of runs. ``digest`` is the SHA-256 of all that it holds."""

    __tablename__: ClassVar[str] = "problem"

    id: int | None = Field(default=None, primary_key=True)
    digest: str = Field(unique=True)
    task: str = Field(sa_type=StoredText)
    question: str = Field(sa_type=StoredText)
    gold: str | None = Field(sa_type=StoredText)
    title: str = Field(sa_type=StoredText)
    metadata_json: str = Field(sa_type=StoredText)


class RunRow(_Row, table=True):
    """A run. ``config_json`` is the configuration; model to seed, and aggregator, repeat from it what is searched and
    looked at.

    ``calls``, ``done`` and ``failed`` are counted as chains and asides end, so that a list of runs reads neither.
    """

    __tablename__: ClassVar[str] = "run"
    __table_args__ = (Index("ix_run_created_at_id", "created_at", "id"), Index("ix_run_problem_id", "problem_id"))

    id: str = Field(primary_key=True, sa_type=StoredText)
    problem_id: int = Field(foreign_key="problem.id")
    status: str
    created_at: float
    started_at: float | None
    ended_at: float | None
    error: str | None = Field(sa_type=StoredText)
    note: str = Field(sa_type=StoredText)
    code_version: str = Field(sa_type=StoredText)
    revision: int
    model: str = Field(sa_type=StoredText)
    strategy: str = Field(sa_type=StoredText)
    n: int
    k: int
    t: int
    seed: int = Field(sa_type=BigInteger)
    config_json: str = Field(sa_type=StoredText)
    prompts_json: str = Field(sa_type=StoredText)
    calls: int
    done: int
    failed: int
    owner: str | None = Field(sa_type=StoredText)
    heartbeat_at: float | None
    wanted: str | None
    aggregator: str | None = Field(sa_type=StoredText)


class ChainRow(_Row, table=True):
    """A chain, planned or ended. The long texts stand last: rows read without them stay cheap."""

    __tablename__: ClassVar[str] = "chain"
    __table_args__ = (UniqueConstraint("run_id", "t", "i", name="uq_chain_slot"),)

    id: int | None = Field(default=None, primary_key=True)
    run_id: str = Field(foreign_key="run.id", ondelete="CASCADE", sa_type=StoredText)
    t: int
    i: int
    kind: str
    seed: int
    temperature: float | None
    status: str
    fresh: bool
    characters: int
    answer: str | None = Field(sa_type=StoredText)
    answer_key: str | None = Field(sa_type=StoredText)
    answer_start: int | None
    answer_end: int | None
    verdict: str
    verdict_source: str
    verdict_why: str = Field(sa_type=StoredText)
    score: float | None
    prompt_sha256: str | None = Field(sa_type=StoredText)
    finish_reason: str | None = Field(sa_type=StoredText)
    tokens_in: int | None
    tokens_out: int | None
    first_token_s: float | None
    latency_s: float | None
    started_at: float | None
    ended_at: float | None
    attempts: int
    error: str | None = Field(sa_type=StoredText)
    endpoint: str | None = Field(sa_type=StoredText)
    text: str | None = Field(sa_type=StoredText)
    reasoning: str | None = Field(sa_type=StoredText)


class ParentLinkRow(_Row, table=True):
    """A parent link. ``available`` is null until the child ends, then whether the parent stood in its prompt."""

    __tablename__: ClassVar[str] = "parent_link"
    __table_args__ = (Index("ix_parent_link_parent_id", "parent_id"),)

    child_id: int = Field(primary_key=True, foreign_key="chain.id", ondelete="CASCADE")
    position: int = Field(primary_key=True)
    parent_id: int = Field(foreign_key="chain.id", ondelete="CASCADE")
    available: bool | None


class InFlightRow(_Row, table=True):
    """A chain that is being written now, as its owner last told."""

    __tablename__: ClassVar[str] = "in_flight"
    __table_args__ = (Index("ix_in_flight_run_id", "run_id"),)

    chain_id: int = Field(primary_key=True, foreign_key="chain.id", ondelete="CASCADE")
    run_id: str = Field(foreign_key="run.id", ondelete="CASCADE", sa_type=StoredText)
    attempt: int
    started_at: float
    updated_at: float
    characters: int
    tokens_out: int
    tail: str = Field(sa_type=StoredText)
    waiting_until: float | None
    error: str | None = Field(sa_type=StoredText)


class RulingRow(_Row, table=True):
    """What a person decided: the verdict of one chain, or that two answer classes are one. Never deleted while its run
    is there: undoing it sets ``undone_at``. Ids grow with the order of the decisions."""

    __tablename__: ClassVar[str] = "ruling"
    __table_args__ = (Index("ix_ruling_run_id", "run_id"), Index("ix_ruling_chain_id", "chain_id"))

    id: int | None = Field(default=None, primary_key=True)
    run_id: str = Field(foreign_key="run.id", ondelete="CASCADE", sa_type=StoredText)
    chain_id: int | None = Field(foreign_key="chain.id", ondelete="CASCADE")
    kind: str
    answer_key: str | None = Field(sa_type=StoredText)
    into_key: str | None = Field(sa_type=StoredText)
    verdict: str
    why: str = Field(sa_type=StoredText)
    at: float
    undone_at: float | None


class PromptSetRow(_Row, table=True):
    """A saved version of a prompt set, whole; never changed. Runs hold their own copy and do not refer to it."""

    __tablename__: ClassVar[str] = "prompt_set"

    name: str = Field(primary_key=True, sa_type=StoredText)
    version: int = Field(primary_key=True)
    prompts_json: str = Field(sa_type=StoredText)
    created_at: float


class AsideRow(_Row, table=True):
    """A call about a chain, planned or ended; at most one a chain."""

    __tablename__: ClassVar[str] = "aside"
    __table_args__ = (Index("ix_aside_run_id", "run_id"),)

    chain_id: int = Field(primary_key=True, foreign_key="chain.id", ondelete="CASCADE")
    run_id: str = Field(foreign_key="run.id", ondelete="CASCADE", sa_type=StoredText)
    kind: str
    seed: int
    status: str
    accepted: bool | None
    prompt_sha256: str | None = Field(sa_type=StoredText)
    finish_reason: str | None = Field(sa_type=StoredText)
    tokens_in: int | None
    tokens_out: int | None
    first_token_s: float | None
    latency_s: float | None
    started_at: float | None
    ended_at: float | None
    attempts: int
    error: str | None = Field(sa_type=StoredText)
    endpoint: str | None = Field(sa_type=StoredText)
    text: str | None = Field(sa_type=StoredText)
    reasoning: str | None = Field(sa_type=StoredText)


class RunOriginRow(_Row, table=True):
    """Of a fork: the run that it comes from (which need not be there), the last generation taken over, the change, and
    the chain of that run that the change is about, if it is about one."""

    __tablename__: ClassVar[str] = "run_origin"
    __table_args__ = (Index("ix_run_origin_from_run_id", "from_run_id"),)

    run_id: str = Field(primary_key=True, foreign_key="run.id", ondelete="CASCADE", sa_type=StoredText)
    from_run_id: str = Field(sa_type=StoredText)
    t: int
    change: str = Field(sa_type=StoredText)
    of_t: int | None
    of_i: int | None


class ChainOriginRow(_Row, table=True):
    """A chain of a fork that was taken over or planted. A chain without such a row was made in its run."""

    __tablename__: ClassVar[str] = "chain_origin"
    __table_args__ = (Index("ix_chain_origin_run_id", "run_id"),)

    chain_id: int = Field(primary_key=True, foreign_key="chain.id", ondelete="CASCADE")
    run_id: str = Field(foreign_key="run.id", ondelete="CASCADE", sa_type=StoredText)
    origin: str
    from_t: int | None
    from_i: int | None


class ExperimentRow(_Row, table=True):
    """An experiment; ``spec_json`` is what it was planned from."""

    __tablename__: ClassVar[str] = "experiment"

    id: str = Field(primary_key=True, sa_type=StoredText)
    name: str = Field(unique=True, sa_type=StoredText)
    created_at: float
    note: str = Field(sa_type=StoredText)
    spec_json: str = Field(sa_type=StoredText)


class ExperimentRunRow(_Row, table=True):
    """A run's place in an experiment; runs go in the order of their positions."""

    __tablename__: ClassVar[str] = "experiment_run"
    __table_args__ = (Index("ix_experiment_run_run_id", "run_id"),)

    experiment_id: str = Field(primary_key=True, foreign_key="experiment.id", ondelete="CASCADE", sa_type=StoredText)
    run_id: str = Field(primary_key=True, foreign_key="run.id", ondelete="CASCADE", sa_type=StoredText)
    position: int


class StepJudgingRow(_Row, table=True):
    """A call that asked a model for verdicts on the steps of a chain; ``text`` is null when it failed."""

    __tablename__: ClassVar[str] = "step_judging"
    __table_args__ = (Index("ix_step_judging_run_id", "run_id"), Index("ix_step_judging_chain_id", "chain_id"))

    id: int | None = Field(default=None, primary_key=True)
    run_id: str = Field(foreign_key="run.id", ondelete="CASCADE", sa_type=StoredText)
    chain_id: int = Field(foreign_key="chain.id", ondelete="CASCADE")
    model: str = Field(sa_type=StoredText)
    prompt: str = Field(sa_type=StoredText)
    at: float
    prompt_sha256: str = Field(sa_type=StoredText)
    finish_reason: str | None = Field(sa_type=StoredText)
    tokens_in: int | None
    tokens_out: int | None
    latency_s: float | None
    attempts: int
    error: str | None = Field(sa_type=StoredText)
    text: str | None = Field(sa_type=StoredText)


class StepVerdictRow(_Row, table=True):
    """What a judging said of one step, named by its half-open character offsets."""

    __tablename__: ClassVar[str] = "step_verdict"

    judging_id: int = Field(primary_key=True, foreign_key="step_judging.id", ondelete="CASCADE")
    start: int = Field(primary_key=True)
    stop: int
    verdict: str
    why: str = Field(sa_type=StoredText)


METADATA: MetaData = _Row.metadata
PROBLEM: Table = METADATA.tables["problem"]
RUN: Table = METADATA.tables["run"]
CHAIN: Table = METADATA.tables["chain"]
PARENT_LINK: Table = METADATA.tables["parent_link"]
IN_FLIGHT: Table = METADATA.tables["in_flight"]
RULING: Table = METADATA.tables["ruling"]
PROMPT_SET: Table = METADATA.tables["prompt_set"]
ASIDE: Table = METADATA.tables["aside"]
RUN_ORIGIN: Table = METADATA.tables["run_origin"]
CHAIN_ORIGIN: Table = METADATA.tables["chain_origin"]
EXPERIMENT: Table = METADATA.tables["experiment"]
EXPERIMENT_RUN: Table = METADATA.tables["experiment_run"]
STEP_JUDGING: Table = METADATA.tables["step_judging"]
STEP_VERDICT: Table = METADATA.tables["step_verdict"]
