"""Asking a model for verdicts on the steps of a run's chains: one call a chain, in the service's background thread.

What has been said is recorded chain by chain, so stopping and asking again goes on with what is missing. Knows no page
and no terminal.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from typing import Any

from ..core.chain import Chain, ChainStatus, Outcome, PromptKind, Slot, Step
from ..core.errors import InvalidInput, RsaVizError
from ..core.foresight import CHARACTERS_PER_TOKEN
from ..core.genealogy import Plan, PlannedChain, Streams
from ..core.judge_prompts import JUDGE_STEPS, MOST_STEPS, JudgePrompt, read_verdicts
from ..core.prompts import Messages
from ..core.run import ModelChoice, Run
from ..core.step_judging import StepJudging, StepVerdict, newest_judgings
from ..engine.control import Control
from ..engine.events import CallFailed, ChainEnded, ChainStarted, Event
from ..engine.gate import Gate
from ..engine.scheduler import Ending, Limits, execute
from ..store import Store
from ..tasks import find_task
from .models import Models
from .ways import calls_on

log = logging.getLogger("rsa_viz")

TEMPERATURE = 0.0  # a judge is to say the same twice
TOKENS_A_LINE = 16.0  # of a reply: a number, a word, a few words of reason
CHARACTERS_A_STEP = 6.0  # a number in brackets
AT_ONCE = 64  # texts that are read from the database together

Submit = Callable[[Coroutine[Any, Any, None]], Future[None]]


@dataclass(frozen=True, slots=True)
class JudgingForesight:
    """What a judging would cost. ``calls`` chains are to be asked about and ``judged`` of those meant are already;
    tokens are estimates, without what a reasoning model thinks."""

    calls: int
    judged: int
    steps: int
    tokens_in: int
    tokens_out: int
    longest_prompt: int


@dataclass(slots=True)
class JudgingProgress:
    """How a judging stands: of ``calls``, those ``done`` and ``failed`` for good, and those ``in_flight``.

    ``ending`` is None while it goes on. ``error`` says why it could not go on, or the last failed call's reason.
    """

    run_id: str
    model: str
    calls: int
    done: int = 0
    failed: int = 0
    in_flight: int = 0
    started_at: float = field(default_factory=time.time)
    ending: Ending | None = None
    error: str | None = None

    @property
    def going(self) -> bool:
        """Whether calls are still to be made."""
        return self.ending is None

    @property
    def told(self) -> str:
        """How it ended, in a clause; empty while it goes on."""
        return {
            None: "",
            Ending.DONE: "all of them were asked about",
            Ending.STOPPED: "it was stopped; what was said is kept, and asking again goes on with the others",
        }.get(self.ending, "it could not go on; what was said is kept")


def judgeable(chains: Iterable[Chain], t: int | None = None, slots: Collection[Slot] | None = None) -> list[Slot]:
    """The chains that a judge can be asked about: done and not empty, of generation ``t`` or among ``slots`` only."""
    return [
        chain.slot
        for chain in chains
        if chain.status is ChainStatus.DONE
        and not chain.empty
        and (t is None or chain.slot.t == t)
        and (slots is None or chain.slot in slots)
    ]


def foresee_judging(
    run: Run,
    chains: Iterable[Chain],
    steps: Mapping[Slot, Sequence[Step]],
    meant: Collection[Slot],
    judged: Collection[Slot],
    prompt: JudgePrompt = JUDGE_STEPS,
) -> JudgingForesight:
    """Count the calls about the ``meant`` chains that are not ``judged`` and have steps, and estimate their tokens."""
    (frame,) = prompt.compose(find_task(run.problem.task).parts(run.problem), run.problem, ())
    open_ = [chain for chain in chains if chain.slot in meant and chain.slot not in judged and steps.get(chain.slot)]
    counts = [min(len(steps[chain.slot]), MOST_STEPS) for chain in open_]
    prompts = [
        (len(frame["content"]) + chain.characters + CHARACTERS_A_STEP * count) / CHARACTERS_PER_TOKEN
        for chain, count in zip(open_, counts, strict=True)
    ]
    return JudgingForesight(
        calls=len(open_),
        judged=sum(slot in judged for slot in meant),
        steps=sum(counts),
        tokens_in=round(sum(prompts)),
        tokens_out=round(TOKENS_A_LINE * sum(counts)),
        longest_prompt=round(max(prompts, default=0.0)),
    )


class StepJudgings:
    """The judgings of a service: at most one a run at a time. Safe to use from any thread.

    Judgings that other processes make are seen by what they record, not here.
    """

    def __init__(self, store: Store, models: Models, submit: Submit) -> None:
        self._store = store
        self._models = models
        self._submit = submit
        self._lock = threading.Lock()
        self._going: dict[str, tuple[_Judging, Future[None]]] = {}

    def judged(self, run_id: str, model: str) -> set[Slot]:
        """The chains on which the model has given its verdicts. Raises NotFound."""
        newest = newest_judgings(self._store.step_judgings(run_id), model)
        return {slot for slot, one in newest.items() if one.text is not None}

    def start(
        self,
        run_id: str,
        choice: ModelChoice,
        *,
        slots: Collection[Slot] | None = None,
        api_key: str | None = None,
        concurrency: int = 16,
    ) -> None:
        """Ask about every chain (or those in ``slots``) that is done and on which this model has said nothing; at once
        return.

        A call that failed before is made again. Retries, max tokens and time-out are the run's own. ``api_key`` is kept
        in memory only. Raises NotFound, InvalidInput (a model that cannot be called, a run that is being judged),
        ReadOnly.
        """
        self._models.access.check_change()
        self._models.check(choice)
        run = self._store.run(run_id)
        meant = judgeable(self._store.chains(run_id), slots=slots)
        judged = self.judged(run_id, choice.model)
        asked = [slot for slot in meant if slot not in judged]
        with self._lock:
            going = self._going.get(run_id)
            if going is not None and going[0].progress.going:
                raise InvalidInput(
                    f"run {run_id} is being judged by {going[0].progress.model}; wait for it, or stop it first"
                )
            judging = _Judging(self._store, self._models, run, choice, asked, api_key, Gate(concurrency))
            self._going[run_id] = judging, self._submit(judging.go())

    def progress(self, run_id: str) -> JudgingProgress | None:
        """How the run's last judging in this process stands, or None."""
        with self._lock:
            going = self._going.get(run_id)
        return going[0].progress if going is not None else None

    def stop(self, run_id: str) -> None:
        """Cancel the calls in flight; what was said is kept. Nothing happens when nothing goes on."""
        with self._lock:
            going = self._going.get(run_id)
        if going is not None:
            going[0].control.stop()

    def wait(self, run_id: str, timeout: float | None = None) -> JudgingProgress | None:
        """Wait until the run's judging has ended, or ``timeout`` seconds, and return how it stands."""
        with self._lock:
            going = self._going.get(run_id)
        if going is not None:
            wait((going[1],), timeout=timeout)
        return self.progress(run_id)


class _Judging:
    """One judging: a flat plan for the engine, with one slot for each chain that is asked about."""

    def __init__(
        self,
        store: Store,
        models: Models,
        run: Run,
        choice: ModelChoice,
        slots: Sequence[Slot],
        api_key: str | None,
        gate: Gate,
        prompt: JudgePrompt = JUDGE_STEPS,
    ) -> None:
        self.control = Control()
        self.progress = JudgingProgress(run.id, choice.model, len(slots))
        self._store = store
        self._run = run
        self._task = find_task(run.problem.task)
        self._slots = slots
        self._gate = gate
        self._prompt = prompt
        self._gateway = models.open(choice, api_key=api_key, timeout_s=run.config.timeout_s)
        self._asked: list[tuple[Slot, str, tuple[Step, ...]]] = []

    async def go(self) -> None:
        """Ask until all have answered, somebody stops it or it cannot go on; never raises for what it can meet."""
        ending, error = Ending.UNUSABLE, None
        try:
            await self._gateway.prepare()
            await asyncio.to_thread(self._read)
            ending = Ending.DONE
            if self._asked:
                ended = await execute(
                    self._plan(),
                    {},
                    compose=self._compose,
                    complete=calls_on(self._gateway),
                    record=self._record,
                    watch=self._watch,
                    gate=self._gate,
                    control=self.control,
                    limits=Limits(
                        temperature=TEMPERATURE,
                        max_tokens=self._run.config.max_tokens,
                        retries=self._run.config.retries,
                        timeout_s=self._run.config.timeout_s,
                    ),
                )
                ending, error = ended.ending, ended.error
        except RsaVizError as failure:
            ending, error = Ending.UNUSABLE, str(failure)
        except Exception as failure:
            log.exception("judging the steps of run %s ended by an error that nothing expected", self._run.id)
            ending, error = Ending.UNUSABLE, f"{type(failure).__name__}: {failure}"
        finally:
            await self._gateway.aclose()
            self.progress.in_flight = 0
            self.progress.error = error or self.progress.error
            self.progress.ending = ending

    def _read(self) -> None:
        """The texts and steps of the chains; one without a step is not asked about."""
        for begin in range(0, len(self._slots), AT_ONCE):
            for slot, text in self._store.texts(self._run.id, self._slots[begin : begin + AT_ONCE]).items():
                if text and (steps := self._task.steps(text, self._run.problem)):
                    self._asked.append((slot, text, steps[:MOST_STEPS]))
        self.progress.calls = len(self._asked)

    def _plan(self) -> Plan:
        streams = Streams(self._run.config.seed, self._run.problem.key)
        return Plan(
            tuple(
                PlannedChain(
                    Slot(1, number),
                    PromptKind.SAMPLE,
                    (),
                    int(streams.at(slot, f"judge {self.progress.model}").random() * 2**31),
                )
                for number, (slot, _, _) in enumerate(self._asked, start=1)
            )
        )

    def _compose(self, planned: PlannedChain, candidates: tuple[str, ...]) -> Messages:  # noqa: ARG002
        text, steps = self._asked[planned.slot.i - 1][1:]
        problem = self._run.problem
        return self._prompt.compose(self._task.parts(problem), problem, [text[one.start : one.end] for one in steps])

    async def _record(self, outcome: Outcome) -> None:
        slot, _, steps = self._asked[outcome.slot.i - 1]
        made = outcome.completion
        said = () if made is None else read_verdicts(made.text, len(steps))
        judging = StepJudging(
            id=0,
            slot=slot,
            model=self.progress.model,
            prompt=self._prompt.label,
            at=outcome.ended_at,
            prompt_sha256=outcome.prompt_sha256,
            verdicts=tuple(
                StepVerdict(step.start, step.end, one.verdict, one.why) for step, one in zip(steps, said, strict=False)
            ),
            text=None if made is None else made.text,
            finish_reason=None if made is None else made.finish_reason,
            tokens_in=None if made is None else made.tokens_in,
            tokens_out=None if made is None else made.tokens_out,
            latency_s=None if made is None else made.latency_s,
            attempts=outcome.attempts,
            error=outcome.error,
        )
        await asyncio.to_thread(self._store.record_step_judging, self._run.id, judging)

    def _watch(self, event: Event) -> None:
        match event:
            case ChainStarted():
                self.progress.in_flight += 1
            case CallFailed(error=error):
                self.progress.in_flight -= 1
                self.progress.error = error
            case ChainEnded(outcome=outcome):
                if outcome.completion is None:
                    self.progress.failed += 1
                else:
                    self.progress.in_flight -= 1
                    self.progress.done += 1
