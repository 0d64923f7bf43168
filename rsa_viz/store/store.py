"""The store: every recorded run, chain and parent link, in one SQLite file or on a PostgreSQL server.

Each method is one transaction. Safe to call from any thread and from several processes on one database. Knows no
engine, task or page: it is handed outcomes, answers and verdicts, and hands out the types of ``core``.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection

import rsa_viz

from ..core.aside import Aside, AsideOutcome
from ..core.chain import Answer, Chain, InFlight, Judgement, Outcome, Slot, Verdict
from ..core.genealogy import Plan
from ..core.problem import Problem
from ..core.prompts import PromptSet
from ..core.ruling import Ruling, RulingCount, merges_as_they_read
from ..core.run import Run, RunConfig, RunOrigin, RunStatus
from ..core.step_judging import StepJudging
from . import asides, driving, forking, prompt_sets, reading, ruling, step_judgings, writing
from .database import Database
from .forking import PlantedText
from .json_columns import prompts_to_json
from .postgres_server import SCHEMES, PostgresServer
from .rows import config_values
from .sqlite_file import SqliteFile


def open_database(place: str | Path, *, read_only: bool = False) -> Database:
    """The SQLite file of that name, or the database on a PostgreSQL server that an address names."""
    if str(place).startswith(SCHEMES):
        return PostgresServer(str(place), read_only=read_only)
    return SqliteFile(place, read_only=read_only)


class Store:
    """An open database, a file or a server's (see ``open_database``): made if it is not there, upgraded if older.

    ``read_only`` opens an existing, current file and changes nothing. Raises StoreUnavailable and SchemaFromFuture.
    Every method may raise StoreUnavailable (locked for too long, disk full, closed); one that is given a run or
    slot raises NotFound when there is no such. What a method has written is durable when it returns, as ``sqlite_file``
    promises; when it raises, nothing was written. Text may hold any character, NUL and lone surrogates included.
    """

    def __init__(self, path: str | Path, *, read_only: bool = False) -> None:
        self.database = open_database(path, read_only=read_only)
        self.path = self.database.place

    def close(self) -> None:
        """Close the file. May be called twice; any other call after it raises StoreUnavailable."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Runs

    def create_run(self, problem: Problem, config: RunConfig, prompts: PromptSet, plan: Plan, *, note: str = "") -> Run:
        """Store a new run with its whole plan; nothing is called. Raises InvalidProblem for metadata that are no
        JSON."""
        now = time.time()
        with self.database.write() as connection:
            run_id = _insert_planned(connection, problem, config, prompts, plan, note, now)
            return reading.find_run(connection, run_id, now)

    def create_fork(
        self,
        origin: RunOrigin,
        config: RunConfig,
        prompts: PromptSet,
        plan: Plan,
        *,
        copied: Mapping[Slot, Slot],
        planted: Mapping[Slot, PlantedText] | None = None,
        note: str = "",
    ) -> Run:
        """Store a new run of the problem of another one, of which it takes over chains as they ended: ``copied`` names
        for each slot of ``plan`` the slot there. ``planted`` are chains that a person wrote. Nothing is called, and
        ``calls`` counts what is left to call. Raises InvalidInput when a chain to be taken over has not ended."""
        now = time.time()
        with self.database.write() as connection:
            problem = reading.find_run(connection, origin.run_id, now).problem
            run_id = _insert_planned(connection, problem, config, prompts, plan, note, now)
            forking.take_over(connection, run_id, origin, copied, planted or {}, now)
            return reading.find_run(connection, run_id, now)

    def forks(self, run_id: str) -> list[Run]:
        """The runs that were made from a run, the oldest first; the run itself may have been deleted."""
        with self.database.read() as connection:
            return reading.list_forks(connection, run_id, time.time())

    def run(self, run_id: str) -> Run:
        """One run; interrupted when it says running and its owner is dead."""
        with self.database.read() as connection:
            return reading.find_run(connection, run_id, time.time())

    def runs(self, *, search: str = "", limit: int = 50, offset: int = 0) -> list[Run]:
        """Runs, newest first, in which every word of ``search`` stands somewhere in question, title, model, strategy,
        note or id. Upper and lower case are the same in ASCII letters."""
        with self.database.read() as connection:
            return reading.list_runs(connection, search, limit, offset, time.time())

    def count_runs(self, search: str = "") -> int:
        """How many runs ``runs`` would find without a limit."""
        with self.database.read() as connection:
            return reading.count_runs(connection, search)

    def revision(self, run_id: str) -> int:
        """A number that grows with every recorded change of the run or its chains. Chains in flight and heartbeats
        do not count, nor does the death of an owner: nobody is there to record it."""
        with self.database.read() as connection:
            return reading.find_revision(connection, run_id)

    def set_note(self, run_id: str, note: str) -> None:
        """Replace the user's own words on a run."""
        with self.database.write() as connection:
            writing.write_note(connection, run_id, note)

    def delete_run(self, run_id: str) -> None:
        """Delete a run with its chains and links. Raises RunHeld while a living owner drives it."""
        with self.database.write() as connection:
            driving.check_free(connection, run_id, time.time())
            writing.remove_run(connection, run_id)

    def problems(self, *, limit: int = 1000) -> list[Problem]:
        """The problems that recorded runs have, those that were recorded last first."""
        with self.database.read() as connection:
            return reading.list_problems(connection, limit)

    # Prompt sets

    def prompt_sets(self) -> list[PromptSet]:
        """Every version that ``save_prompt_set`` kept, by name and the newest version first."""
        with self.database.read() as connection:
            return prompt_sets.list_prompt_sets(connection)

    def save_prompt_set(self, prompts: PromptSet) -> PromptSet:
        """Keep a prompt set under its name as the next version (``prompts.version`` is not read), and return it so; old
        versions stay. Its newest version is returned when that has the same templates. Raises InvalidInput as
        ``core.prompts.check_prompts``, and for the name of a set that comes with the app."""
        with self.database.write() as connection:
            return prompt_sets.save_prompt_set(connection, prompts, time.time())

    # Chains

    def plan(self, run_id: str) -> Plan:
        """The plan as it was drawn."""
        with self.database.read() as connection:
            return reading.find_plan(connection, run_id)

    def chains(self, run_id: str, *, text: bool = False, t: int | None = None, judged: bool = False) -> list[Chain]:
        """The run's chains, or those of generation ``t``, in slot order, planned ones included; without ``text``
        their texts stay None. Empty for a generation that the run does not have. They read as the active rulings say
        (see ``core.ruling``); ``judged`` gives what was recorded when they ended."""
        with self.database.read() as connection:
            return reading.list_chains(connection, run_id, text=text, t=t, judged=judged)

    def chain(self, run_id: str, slot: Slot, *, judged: bool = False) -> Chain:
        """One chain, whole; ``judged`` as in ``chains``."""
        with self.database.read() as connection:
            return reading.find_chain(connection, run_id, slot, judged=judged)

    def texts(self, run_id: str, slots: Iterable[Slot]) -> dict[Slot, str | None]:
        """The texts of some chains; None for a chain that failed or is still planned."""
        with self.database.read() as connection:
            return reading.find_texts(connection, run_id, slots)

    def children(self, run_id: str, slot: Slot) -> tuple[Slot, ...]:
        """The chains that have ``slot`` as a parent, in slot order."""
        with self.database.read() as connection:
            return reading.find_children(connection, run_id, slot)

    def record(
        self,
        run_id: str,
        outcome: Outcome,
        answer: Answer | None,
        judgement: Judgement,
        endpoint: str,
        *,
        owner: str | None = None,
    ) -> None:
        """Record how a chain ended. Raises AlreadyRecorded when it has ended before, InvalidInput when the outcome does
        not fit the chain, and RunHeld when not ``owner`` drives the run (None: whoever does)."""
        with self.database.write() as connection:
            if owner is not None:
                driving.check_driver(connection, run_id, owner)
            writing.record(connection, run_id, outcome, answer, judgement, endpoint)

    # Asides

    def asides(self, run_id: str, *, text: bool = False) -> list[Aside]:
        """The calls about the run's chains, in slot order, planned ones included; without ``text`` their texts stay
        None. Empty for a run that makes none."""
        with self.database.read() as connection:
            return asides.list_asides(connection, run_id, text=text)

    def aside(self, run_id: str, slot: Slot) -> Aside | None:
        """The call about one chain, whole; None when it has none."""
        with self.database.read() as connection:
            return asides.find_aside(connection, run_id, slot)

    def summaries(self, run_id: str, slots: Iterable[Slot]) -> dict[Slot, str | None]:
        """The summaries of those of ``slots`` that have one planned; None where it failed or is still to come."""
        with self.database.read() as connection:
            return asides.find_summaries(connection, run_id, slots)

    def record_aside(
        self, run_id: str, outcome: AsideOutcome, accepted: bool | None, endpoint: str, *, owner: str | None = None
    ) -> None:
        """Record how the call about a chain ended, after its chain; ``accepted`` is what a verification said, ``owner``
        as in ``record``. Raises AlreadyRecorded when it has ended before, StoreError when its chain has not,
        InvalidInput when it does not fit the chain."""
        with self.database.write() as connection:
            if owner is not None:
                driving.check_driver(connection, run_id, owner)
            asides.record_aside(connection, run_id, outcome, accepted, endpoint)

    def typical_tokens_out(self, model: str, task: str) -> tuple[float | None, int]:
        """How long this model's chains for this task were of late: their mean tokens, or None if none told them, and
        the number of chains that this rests on (those of the last three runs)."""
        with self.database.read() as connection:
            return reading.typical_tokens_out(connection, model, task)

    # Rulings

    def rulings(self, run_id: str) -> list[Ruling]:
        """What persons decided about the run, undone decisions included, in the order in which they were made; the
        ``verdict`` of an active merge is the one that its chains read now."""
        with self.database.read() as connection:
            reading.find_revision(connection, run_id)
            made = reading.list_rulings(connection, run_id)
            return merges_as_they_read(made, reading.taking(connection, run_id, made))

    def ruling_counts(self, run_ids: Iterable[str]) -> dict[str, RulingCount]:
        """How many verdicts and merges by persons count now in each of the runs that have any; one query, whatever the
        number of runs."""
        with self.database.read() as connection:
            return reading.count_rulings(connection, sorted(run_ids))

    def rule_verdict(self, run_id: str, slot: Slot, verdict: Verdict, why: str = "") -> Ruling:
        """A person overrules the verdict of a chain. Raises InvalidInput for a chain that is not done."""
        with self.database.write() as connection:
            return ruling.rule_verdict(connection, run_id, slot, verdict, why, time.time())

    def merge_answers(self, run_id: str, answer_key: str, into_key: str, why: str = "") -> Ruling:
        """A person moves the answer class ``answer_key`` into the class ``into_key``, whose verdict of now its chains
        take, those that are still to come as well. Raises InvalidInput as ``core.ruling.check_merge``."""
        with self.database.write() as connection:
            return ruling.merge_answers(connection, run_id, answer_key, into_key, why, time.time())

    def undo_ruling(self, run_id: str, ruling_id: int) -> Ruling:
        """Undo one ruling; it stays in the list. Raises InvalidInput when it was undone before."""
        with self.database.write() as connection:
            return ruling.undo(connection, run_id, ruling_id, time.time())

    # Verdicts on steps

    def record_step_judging(self, run_id: str, judging: StepJudging) -> None:
        """Keep what a model said of a chain's steps, or that its call failed; ``judging.id`` is not read, and nothing
        that was said before is replaced. Raises InvalidInput when it does not fit the chain."""
        with self.database.write() as connection:
            step_judgings.record_step_judging(connection, run_id, judging)

    def step_judgings(self, run_id: str) -> list[StepJudging]:
        """What models said of the steps of the run's chains, in the order of recording."""
        with self.database.read() as connection:
            return step_judgings.list_step_judgings(connection, run_id)

    # Driving

    def claim(self, run_id: str, owner: str) -> Run:
        """Drive a run as ``owner`` (see ``owner_name``): running, with nothing asked, no error, none in flight.
        Raises RunHeld when a living owner has it, even the same."""
        now = time.time()
        with self.database.write() as connection:
            driving.claim(connection, run_id, owner, now)
            return reading.find_run(connection, run_id, now)

    def exchange(self, owner: str, in_flight: Mapping[str, Sequence[InFlight] | None]) -> dict[str, str]:
        """The signs of life of many runs at once, at least every few seconds: ``owner`` drives them, and of those that
        are given with chains, these are being written now, in place of those told before; ended ones are left out. What
        is asked of each run that is still the owner's ("run" or a wish); the others are left out."""
        with self.database.write() as connection:
            wanted = driving.heartbeats(connection, in_flight, owner, time.time())
            for run_id, chains in in_flight.items():
                if chains is not None and run_id in wanted:
                    writing.replace_in_flight(connection, run_id, chains)
            return wanted

    def release(self, run_id: str, owner: str, status: RunStatus, error: str | None = None) -> None:
        """Stop driving: done, paused, stopped or failed. Raises RunHeld when another has taken the run over,
        StoreError when it was let go, InvalidInput for another status, and for done while calls are still planned."""
        with self.database.write() as connection:
            driving.release(connection, run_id, owner, status, error, time.time())

    def ask(self, run_id: str, wanted: str) -> None:
        """Ask whoever drives the run for what ``core.wish`` says: "pause", "pause after 5" or "stop". Its next
        heartbeat hears it, the next claim forgets it. Raises NotFound and InvalidInput."""
        with self.database.write() as connection:
            driving.ask(connection, run_id, wanted)

    def in_flight(self, run_id: str) -> list[InFlight]:
        """The chains that are being written now, in slot order; none when the run was interrupted."""
        with self.database.read() as connection:
            return reading.list_in_flight(connection, run_id, time.time())


def _insert_planned(
    connection: Connection, problem: Problem, config: RunConfig, prompts: PromptSet, plan: Plan, note: str, now: float
) -> str:
    """A new run with its whole plan; its id."""
    run_id = secrets.token_hex(6)
    writing.insert_run(
        connection,
        problem,
        {
            "id": run_id,
            "status": RunStatus.PLANNED.value,
            "created_at": now,
            "note": note,
            "code_version": rsa_viz.__version__,
            "revision": 1,
            **config_values(config),
            "prompts_json": prompts_to_json(prompts),
            "calls": plan.calls,
            "done": 0,
            "failed": 0,
        },
    )
    writing.insert_plan(connection, run_id, plan)
    return run_id
