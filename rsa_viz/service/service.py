"""The service: start, pause, resume, stop, wait, rebuild, export and import runs.

Its engine lives in one background thread with one event loop; whoever calls may come and go, and what they see is
what the store holds. Knows no page and no terminal.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Coroutine, Iterable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from ..core.access import Access
from ..core.chain import Chain, Slot, Step
from ..core.errors import InvalidPlan, InvalidProblem, NotFound, RsaVizError, RunHeld
from ..core.foresight import Foresight
from ..core.fork import Change
from ..core.genealogy import Plan, Streams
from ..core.problem import Problem
from ..core.prompts import PLAIN, Messages, PromptSet, check_prompts, prompt_sha256
from ..core.run import Run, RunConfig, RunStatus
from ..core.strategies import check_options, draw_plan, find_strategy
from ..core.wish import pause_after
from ..engine.gate import Gate
from ..llm.endpoints import Endpoint
from ..llm.library import library
from ..store import ImportedRun, Store, owner_name
from ..tasks import find_task
from .asides import candidate_texts
from .batch import MOST, Batch, batch_note, new_name, read_batch
from .crew import Crew, CrewAtWork, Gates, hand
from .drive import Drive
from .exchange import read_run, write_run
from .experiments import Experiments
from .foreseeing import AnswerLengths, foresee_answers
from .fork import Prepared, prepare_fork, prepare_leave_one_out, store_prepared
from .models import Models
from .pulse import Pulse
from .step_judging import StepJudgings
from .ways import Keys, RunWays, Ways

log = logging.getLogger("rsa_viz")

CLOSING_S = 10.0  # the longest that ``close`` waits for calls to let go of their connections


@dataclass(frozen=True, slots=True)
class RebuiltPrompt:
    """A chain's prompt, made again from its problem, its parents' texts and the run's prompt set.

    ``matches`` says whether it is byte for byte what was sent (its SHA-256 was recorded); None if nothing was sent.
    """

    messages: Messages
    matches: bool | None


class Service:
    """Runs on models, recorded. One instance a process; its methods may be called from any thread."""

    def __init__(
        self, store: Store, endpoints: Iterable[Endpoint] | None = None, *, access: Access | None = None
    ) -> None:
        self.store = store
        self.access = access or Access()
        self.models = Models(endpoints, self.access, self._submit_locked)
        self.step_judgings = StepJudgings(store, self.models, self._submit_locked)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._drives: dict[str, tuple[Drive, Future[None]]] = {}
        self._crews: set[CrewAtWork] = set()
        self._troubles: dict[str, str] = {}  # by run, why it ended or did not begin, when that could not be written
        self._rank = 0
        self._gates = Gates()
        self._pulse = Pulse(store)
        self.experiments = Experiments(self)
        self._lock = threading.Lock()

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The models that can be chosen by name, as the operator's file says now."""
        return self.models.endpoints

    # before a run

    def plan(self, problem: Problem, config: RunConfig) -> Plan:
        """The drawn genealogy of a configuration. Raises InvalidPlan and UnknownName."""
        streams = Streams(config.seed, problem.key)
        return draw_plan(find_strategy(config.strategy), config, streams)

    def foresee(self, problem: Problem, config: RunConfig, prompts: PromptSet = PLAIN) -> Foresight:
        """What a run would cost. The length of an answer is the mean of what its model wrote for this task before, or
        the most that it can be when it never did. Raises InvalidInput."""
        return self.foresee_all([problem], config, prompts)[0]

    def foresee_all(
        self, problems: Sequence[Problem], config: RunConfig, prompts: PromptSet = PLAIN
    ) -> tuple[Foresight, ...]:
        """As ``foresee``, of each problem. All are counted on the plan of the first one: who has how many parents does
        not depend on the problem, and drawing a thousand plans takes seconds. Empty for no problem."""
        if not problems:
            return ()
        plan, lengths = self.plan(problems[0], config), AnswerLengths(self.store, config)
        return tuple(foresee_answers(plan, problem, prompts, config, lengths.of(problem)) for problem in problems)

    def create(self, problem: Problem, config: RunConfig, *, prompts: PromptSet = PLAIN, note: str = "") -> Run:
        """Check everything and store the run with its whole plan; nothing is called.

        The recorded N, K and T are those that the strategy really runs. Raises InvalidInput.
        """
        return self._create(problem, self._checked([problem], config, prompts), prompts, note)

    def create_all(
        self, problems: Sequence[Problem], config: RunConfig, *, prompts: PromptSet = PLAIN, note: str = ""
    ) -> Batch:
        """As ``create``, for several problems: everything is checked before the first run is stored."""
        if not 1 <= len(problems) <= MOST:
            raise InvalidPlan(f"a batch has 1 to {MOST:,} problems, not {len(problems):,}")
        config, name = self._checked(problems, config, prompts), new_name()
        made = [self._create(problem, config, prompts, batch_note(name, note)) for problem in problems]
        return Batch(name, tuple(made))

    def _checked(self, problems: Iterable[Problem], config: RunConfig, prompts: PromptSet) -> RunConfig:
        self.access.check_change()
        check_prompts(prompts)
        for problem in problems:
            try:
                find_task(problem.task).check(problem)
            except InvalidProblem as error:
                raise InvalidProblem(f"{problem.label}: {error}") from None
        for choice in config.models:
            self.models.check(choice)
        strategy = find_strategy(config.strategy)
        check_options(strategy, config)
        shape = strategy.shape(config.n, config.k, config.t)
        return replace(config, n=shape.n, k=shape.k, t=shape.t)

    def _create(self, problem: Problem, config: RunConfig, prompts: PromptSet, note: str) -> Run:
        return self.store.create_run(problem, config, prompts, self.plan(problem, config), note=note)

    def fork(self, run_id: str, t: int, change: Change, *, note: str = "") -> Run:
        """A new run that takes over generations 1 to ``t`` of a run as they ended and differs from there in one thing;
        the original is not touched and nothing is called. Raises NotFound and InvalidInput."""
        return self._made_of(prepare_fork(self, run_id, t, change), note)

    def leave_one_out(self, run_id: str, child: Slot, times: int, *, seed: int | None = None, note: str = "") -> Run:
        """A new run in which a child is written again, ``times`` times with all its parents and ``times`` times without
        each of them; nothing is called. Raises NotFound and InvalidInput."""
        return self._made_of(prepare_leave_one_out(self, run_id, child, times, seed), note)

    def _made_of(self, prepared: Prepared, note: str) -> Run:
        self._checked([prepared.original.problem], prepared.config, prepared.prompts)
        return store_prepared(self, prepared, note)

    # driving

    def warm(self) -> None:
        """Load the model library in the background, so that the first call does not wait seconds for it."""
        threading.Thread(target=library, name="rsa_viz model library", daemon=True).start()

    def start(self, run_id: str, *, api_key: str | None = None, aggregator_key: str | None = None) -> None:
        """Start or resume a run in the background and return at once; a run that is done stays as it is.

        ``api_key`` is kept in memory only, for this start, and goes to the run's model, ``aggregator_key`` to its
        aggregator. Raises NotFound, InvalidInput, RunHeld and StoreError.
        """
        run = self.store.run(run_id)
        if run.status is RunStatus.DONE:
            return
        self.access.check_change()
        config, keys = run.config, Keys(api_key, aggregator_key)
        for choice in config.models:
            self.models.check(choice)

        self._drive(self._claimed(run, Gate(config.concurrency), Ways(self.models, keys).of(config)))

    def _claimed(self, run: Run, gate: Gate, ways: RunWays, *, lent: bool = False) -> Drive:
        """A drive of the run, which is this process's from here on: somebody must drive it. Raises RunHeld for one that
        this process drives already: its sign of life may be stale where the database cannot be written."""
        with self._lock:
            known = self._drives.get(run.id)
        if known is not None and known[0].status is None:
            why = f"; it is held up: {known[0].refused}" if known[0].refused else ""
            raise RunHeld(f"run {run.id} is driven by this process; pause or stop it first{why}")
        drive = Drive(
            store=self.store,
            run=run,
            plan=self.store.plan(run.id),
            task=find_task(run.problem.task),
            ways=ways,
            gate=gate,
            owner=owner_name(),
            pulse=self._pulse,
            lent=lent,
        )
        self.store.claim(run.id, drive.owner)
        self._troubles.pop(run.id, None)
        return drive

    def _drive(self, drive: Drive) -> Future[None]:
        with self._lock:
            going = self._submit(self._go(drive))
            self._drives[drive.run.id] = (drive, going)
        return going

    async def _go(self, drive: Drive) -> None:
        try:
            await drive.go()
        finally:
            with self._lock:
                del self._drives[drive.run.id]
                if drive.unwritten is not None:
                    self._troubles[drive.run.id] = drive.unwritten

    def start_all(
        self,
        run_ids: Sequence[str],
        *,
        api_key: str | None = None,
        aggregator_key: str | None = None,
        concurrency: int | None = None,
    ) -> CrewAtWork:
        """Start or resume runs in the background, as ``crew.Crew`` does, and return at once.

        They go in their order, several at a time where a single one leaves places idle; ``concurrency`` overrules how
        many calls may be in flight on an endpoint, which is else the most that one of its runs allows. A run that is
        done, deleted, driven by somebody else or waiting in another crew is passed over. When somebody pauses or stops
        one, the others do the same; when one cannot go on, those on its endpoint stop. What was not begun stays as it
        is: resume it by another call. The same when this process ends. Raises as ``start`` for what can be known now.
        """
        self.access.check_change()
        waiting = self.waiting
        runs = [self.store.run(run_id) for run_id in dict.fromkeys(run_ids) if run_id not in waiting]
        for choice in {choice for run in runs for choice in run.config.models}:
            self.models.check(choice)
        ways = Ways(self.models, Keys(api_key, aggregator_key))

        def opened(run_id: str, gate: Gate) -> Drive | None:
            run = self.store.run(run_id)
            if run.status is RunStatus.DONE:
                return None
            try:
                return self._claimed(run, gate, ways.of(run.config), lent=True)
            except RsaVizError as error:
                if not isinstance(error, RunHeld):
                    self._troubles[run_id] = str(error)
                raise

        async def driven(drive: Drive) -> None:
            await asyncio.wrap_future(self._drive(drive))

        with self._lock:
            self._rank += 1
            crew = Crew(
                [hand(run, place, concurrency) for place, run in enumerate(runs) if run.status is not RunStatus.DONE],
                rank=self._rank,
                gates=self._gates,
                open=lambda run_id, gate: asyncio.to_thread(opened, run_id, gate),
                go=driven,
            )
            going = self._submit(_work(crew, ways))
            assert self._loop is not None
            at_work = CrewAtWork(crew, going, self._loop)
            self._crews.add(at_work)
        going.add_done_callback(lambda _: self._crews.discard(at_work))
        return at_work

    @property
    def waiting(self) -> frozenset[str]:
        """The runs that a crew of this process has still to start."""
        return frozenset().union(*(one.crew.pending for one in list(self._crews)))

    def batch(self, name: str) -> Batch:
        """The batch of that name, as it stands; without runs when there is none."""
        return read_batch(self.store, name)

    def pause(self, run_id: str) -> None:
        """Let calls in flight finish and start no other, whichever process drives the run."""
        self.access.check_change()
        self.store.ask(run_id, "pause")
        with self._lock:
            driven = self._drives.get(run_id)
        if driven:
            driven[0].control.pause()

    def pause_after(self, run_id: str, t: int) -> None:
        """Let everything up to generation ``t`` end, then pause: the rest stays planned and can be resumed. Whichever
        process drives the run. Raises InvalidInput for a generation below 1."""
        self.access.check_change()
        self.store.ask(run_id, pause_after(t))
        with self._lock:
            driven = self._drives.get(run_id)
        if driven:
            driven[0].control.pause_after(t)

    def stop(self, run_id: str) -> None:
        """Cancel the calls in flight; their slots stay planned, whichever process drives the run."""
        self.access.check_change()
        self.store.ask(run_id, "stop")
        with self._lock:
            driven = self._drives.get(run_id)
        if driven:
            driven[0].control.stop()

    def trouble(self, run_id: str) -> str | None:
        """What keeps this process from driving a run on, when the database has no room for the reason: it refuses to
        be written now, or refused when the run ended. None when there is nothing of that kind."""
        with self._lock:
            driven = self._drives.get(run_id)
        return self._troubles.get(run_id) if driven is None else driven[0].refused

    def held_up(self, run_id: str) -> bool:
        """Whether this process drives the run and waits for its database to take what has ended."""
        with self._lock:
            driven = self._drives.get(run_id)
        return driven is not None and driven[0].refused is not None

    def wait(self, run_id: str, timeout: float | None = None) -> Run:
        """Wait until nobody drives the run, or ``timeout`` seconds, and return it as it stands. One whose end could not
        be written is returned as it is: interrupted, with the reason."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            with self._lock:
                driven = self._drives.get(run_id)
            if driven is not None:
                left = None if deadline is None else deadline - time.monotonic()
                wait((driven[1],), timeout=left)
            run = self.store.run(run_id)
            with self._lock:
                ours = self._drives.get(run_id)
            if ours is not None and ours[0].status is None:  # also where the database takes no sign of life for a while
                if deadline is not None and time.monotonic() >= deadline:
                    return replace(run, status=RunStatus.RUNNING)
                continue
            if driven is None and run.owner == owner_name() and (why := self._troubles.get(run_id)) is not None:
                return replace(run, status=RunStatus.INTERRUPTED, error=why)
            if run.status is not RunStatus.RUNNING or (deadline is not None and time.monotonic() >= deadline):
                return run
            time.sleep(0.2)  # another process drives it

    def close(self) -> None:
        """Let go of every run and end the background thread; runs under way show as interrupted and can be resumed."""
        with self._lock:
            loop, self._loop = self._loop, None
            thread, self._thread = self._thread, None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(CLOSING_S)

    # reading

    def prompt(self, run_id: str, slot: Slot) -> RebuiltPrompt:
        """A chain's exact prompt. Raises NotFound."""
        run, chain = self.store.run(run_id), self.store.chain(run_id, slot)
        candidates = candidate_texts(self.store, run, chain.available)
        parts = find_task(run.problem.task).parts(run.problem)
        messages = run.prompts.compose(chain.kind, parts, run.problem, candidates)
        sent = chain.prompt_sha256
        matches = None if sent is None else sent == prompt_sha256(messages)
        if matches is False and chain.copied_from is not None and run.origin is not None:
            try:
                return self.prompt(run.origin.run_id, chain.copied_from)  # it was asked there, maybe with other prompts
            except NotFound:
                pass
        return RebuiltPrompt(messages, matches)

    def aside_prompt(self, run_id: str, slot: Slot) -> RebuiltPrompt | None:
        """The exact prompt of the call about a chain; None for a chain without such a call, or without a text. Raises
        NotFound."""
        run, chain, aside = self.store.run(run_id), self.store.chain(run_id, slot), self.store.aside(run_id, slot)
        if aside is None or not (chain.text or "").strip():
            return None
        parts = find_task(run.problem.task).parts(run.problem)
        messages = run.prompts.compose_aside(aside.kind, parts, run.problem, chain.text or "")
        sent = aside.prompt_sha256
        return RebuiltPrompt(messages, None if sent is None else sent == prompt_sha256(messages))

    def steps(self, run: Run, chain: Chain) -> tuple[Step, ...]:
        """The steps of a chain that was read with its text; empty without one."""
        return find_task(run.problem.task).steps(chain.text or "", run.problem)

    def export(self, run_id: str, format: str, out: BinaryIO) -> None:
        """Write a run in one of FORMATS. Raises UnknownName and NotFound."""
        write_run(self.store, run_id, format, out)

    def import_run(self, data: bytes) -> ImportedRun:
        """Import a JSONL bundle whole, or nothing of it; twice is once. Raises InvalidBundle."""
        self.access.check_change()
        return read_run(self.store, data)

    # the background thread

    def _submit_locked(self, work: Coroutine[Any, Any, None]) -> Future[None]:
        with self._lock:
            return self._submit(work)

    def _submit(self, work: Coroutine[Any, Any, None]) -> Future[None]:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=_serve, args=(self._loop,), name="rsa_viz engine", daemon=True)
            self._thread.start()
        return asyncio.run_coroutine_threadsafe(work, self._loop)


async def _work(crew: Crew, ways: Ways) -> None:
    try:
        await crew.work()
    finally:
        await ways.aclose()


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    """Run a loop until it is stopped, then let everything on it end as when it is cancelled."""
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
