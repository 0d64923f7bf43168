"""A trial: one run reduced to what a comparison needs. Texts, answers and the genealogy stay behind.

One run serves every T below its own: after generation t it is what a run of t generations would have been, because
nothing that comes later reaches back. ``Trial.prefix`` says where this does not hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from ..core.aside import Aside
from ..core.chain import Chain, ChainOrigin, ChainStatus, Slot, Verdict
from ..core.run import Run, RunConfig, RunStatus
from ..core.strategies import FinalAnswer, find_strategy, serves_shorter, unread_settings
from .answers import AnswerClass, answer_classes
from .links import rows

_OWN_PLACE = (
    "model",
    "aggregator",
    "strategy",
    "n",
    "k",
    "t",
    "seed",
)  # fields of a configuration that a trial names itself
_NO_MATTER = ("concurrency", "retries", "timeout_s")  # they change how long it takes, not what comes out


@dataclass(frozen=True, slots=True)
class Settings:
    """What makes two runs of one problem different, seeds aside.

    ``others`` are the further settings that the run reads as (name, value) in words; ``prompts`` is the prompt set's
    label, ``endpoint`` the server, ``fork`` what was changed in a forked run, empty for any other. ``aggregator`` is
    the model that writes the children and ``aggregator_endpoint`` its server, both empty where the model does.
    """

    strategy: str
    model: str
    endpoint: str
    prompts: str
    n: int
    k: int
    t: int
    fork: str
    others: tuple[tuple[str, str], ...]
    aggregator: str = ""
    aggregator_endpoint: str = ""


@dataclass(frozen=True, slots=True)
class SampleClass:
    """An answer class among the samples of generation 1: its key, its votes and its verdict."""

    key: str
    votes: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Samples:
    """The done chains of generation 1, which are independent samples whatever the strategy.

    ``classes`` are in the order of their keys, by which a tied vote is decided. ``abstained`` gave no answer, of them
    ``doubtful`` without a verdict. ``right`` of the ``known`` (judged) chains are right. ``tokens`` (in and out) and
    ``seconds`` (of calls) are sums, None where a server told nothing of one of them.
    """

    classes: tuple[SampleClass, ...]
    abstained: int
    doubtful: int
    right: int
    known: int
    tokens: int | None
    seconds: float | None

    @property
    def size(self) -> int:
        """How many samples there are."""
        return sum(one.votes for one in self.classes) + self.abstained


@dataclass(frozen=True, slots=True)
class Outlay:
    """What calls have cost together: their number, tokens in and out (None where a server told nothing), seconds."""

    calls: int
    tokens: int | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class TrialGeneration:
    """A generation all of whose chains have ended.

    ``right`` of the ``known`` chains are right; ``mean`` is right / known, pass@1 of a uniform draw. ``pass_at_n``: is
    any chain right (None if one without a verdict might be)? ``majority``: is the largest answer class right? A vote in
    which nobody answers gives no answer, which is wrong where abstentions are. ``answered`` is the chance in 0..1 that
    the strategy's own rule, applied here, gives the right answer: the mean for a draw, 0 or 1 for a vote, the mean of
    the accepted chains (of all, if none is accepted) for a draw among the verified. None is unknown, never wrong, or a
    strategy that does not answer.

    Sums from generation 1 to this one, asides (verifications, summaries) included: ``calls`` that ended, ``tokens_in``
    and ``tokens_out`` (None where a server told nothing), ``seconds`` of calls, and ``clock``: the seconds in which at
    least one of these calls was under way, so that a pause does not count. What a fork took over was spent by its
    original and is not in them. ``whole`` is with it: what it takes to come here from the start, as an equal budget
    has to pay it.
    """

    t: int
    right: int
    known: int
    mean: float | None
    pass_at_n: bool | None
    majority: bool | None
    answered: float | None
    calls: int
    tokens_in: int | None
    tokens_out: int | None
    seconds: float | None
    clock: float | None
    whole: Outlay

    @property
    def tokens(self) -> int | None:
        """Tokens in and out together."""
        return None if self.tokens_in is None or self.tokens_out is None else self.tokens_in + self.tokens_out


@dataclass(frozen=True, slots=True)
class Trial:
    """One run in numbers. ``generations`` are those that ended whole, from the first on without a gap; ``finished``
    says that these are all. ``prefix`` says that the first t generations are what a run of t generations would have
    been (not under a temperature schedule, which is stretched over T). ``problem`` is the problem's key, ``label`` its
    title."""

    run_id: str
    problem: str
    label: str
    task: str
    seed: int
    settings: Settings
    final: FinalAnswer
    simulated: bool
    finished: bool
    prefix: bool
    generations: tuple[TrialGeneration, ...]
    samples: Samples

    @property
    def end(self) -> TrialGeneration | None:
        """The last generation of a finished trial, else None."""
        return self.generations[-1] if self.finished and self.generations else None


def settings_of(run: Run) -> Settings:
    """What is set in a run, seed and problem aside."""
    config, model, aggregator = run.config, run.config.model, run.config.aggregator
    others = tuple(
        (field.name.replace("_", " "), _in_words(getattr(config, field.name)))
        for field in fields(RunConfig)
        if field.name not in (*_OWN_PLACE, *_NO_MATTER, *unread_settings(config))
    )
    return Settings(
        strategy=config.strategy,
        model=model.model,
        endpoint=model.endpoint or model.api_base or "",
        prompts=run.prompts.label,
        n=config.n,
        k=config.k,
        t=config.t,
        fork=run.origin.change if run.origin is not None else "",
        others=others,
        aggregator="" if aggregator is None else aggregator.model,
        aggregator_endpoint="" if aggregator is None else aggregator.endpoint or aggregator.api_base or "",
    )


def _in_words(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else "none" if value is None else str(value)


def trial(run: Run, chains: Iterable[Chain], asides: Iterable[Aside] = ()) -> Trial:
    """The trial of a run with all its ``chains`` (planned ones included, texts not needed) and its ``asides``.

    A generation counts when all its chains and their asides have ended. Without any such there are no generations.
    Chains that a person planted in a fork count nowhere: they are not the model's. What a fork took over counts like
    any other, but was not spent by it (see TrialGeneration).
    """
    ordered = rows(_of_model(chains))
    beside = {one.slot: one for one in asides}
    classes = {one.key: one for one in answer_classes(chain for row in ordered.values() for chain in row)}
    final = find_strategy(run.config.strategy).final
    found: list[TrialGeneration] = []
    spent, whole = _Spent(), _Spent()
    for t, row in ordered.items():
        own = [chain for chain in row if chain.origin is ChainOrigin.MADE]
        calls, made = ([*some, *(beside[chain.slot] for chain in some if chain.slot in beside)] for some in (row, own))
        if t != len(found) + 1 or not all(one.ended for one in calls):
            break
        whole.add(calls)
        spent.add(made)
        found.append(_generation(t, row, beside, classes, final, spent, whole))
    return Trial(
        run_id=run.id,
        problem=run.problem.key,
        label=run.problem.label,
        task=run.problem.task,
        seed=run.config.seed,
        settings=settings_of(run),
        final=final,
        simulated=run.config.simulated,
        finished=run.status is RunStatus.DONE and len(found) == len(ordered) > 0,
        prefix=serves_shorter(find_strategy(run.config.strategy), run.config),
        generations=tuple(found),
        samples=_samples(ordered.get(1, ()), classes),
    )


def samples_of(chains: Iterable[Chain]) -> Samples:
    """The samples of generation 1 of a run with all its ``chains``."""
    known = _of_model(chains)
    classes = {one.key: one for one in answer_classes(known)}
    return _samples([chain for chain in known if chain.slot.t == 1], classes)


def _of_model(chains: Iterable[Chain]) -> list[Chain]:
    return [chain for chain in chains if chain.origin is not ChainOrigin.PLANTED]


class _Spent:
    """What has been spent so far."""

    def __init__(self) -> None:
        self.calls = 0
        self.tokens_in: int | None = 0
        self.tokens_out: int | None = 0
        self.seconds: float | None = 0.0
        self.times: list[tuple[float, float]] | None = []

    def add(self, calls: Sequence[Chain | Aside]) -> None:
        for one in calls:
            self.calls += 1
            if one.status is not ChainStatus.DONE:
                continue  # a call that failed for good: what its tries have cost, no server told
            self.tokens_in = _plus(self.tokens_in, one.tokens_in)
            self.tokens_out = _plus(self.tokens_out, one.tokens_out)
            known = None if self.seconds is None or one.latency_s is None else self.seconds + one.latency_s
            self.seconds = known
            if self.times is None or one.started_at is None or one.ended_at is None:
                self.times = None
            else:
                self.times.append((one.started_at, one.ended_at))

    @property
    def tokens(self) -> int | None:
        """In and out together."""
        return None if self.tokens_in is None or self.tokens_out is None else self.tokens_in + self.tokens_out

    @property
    def clock(self) -> float | None:
        """The length of the union of the calls' times."""
        if self.times is None:
            return None
        covered, until = 0.0, float("-inf")
        for start, end in sorted(self.times):
            covered += max(0.0, end - max(start, until))
            until = max(until, end)
        return covered


def _plus(total: int | None, more: int | None) -> int | None:
    return None if total is None or more is None else total + more


def _generation(
    t: int,
    row: Sequence[Chain],
    beside: Mapping[Slot, Aside],
    classes: Mapping[str, AnswerClass],
    final: FinalAnswer,
    spent: _Spent,
    whole: _Spent,
) -> TrialGeneration:
    done = [chain for chain in row if chain.status is ChainStatus.DONE]
    right, known = _judged(done)
    mean = right / known if known else None
    majority = _majority(done, classes)
    match final:
        case FinalAnswer.VOTE:
            answered = None if majority is None else float(majority)
        case FinalAnswer.DRAW:
            answered = mean
        case FinalAnswer.NONE:
            answered = None
        case FinalAnswer.ACCEPTED:
            accepted = [chain for chain in done if (one := beside.get(chain.slot)) is not None and one.accepted]
            ok, of = _judged(accepted or done)
            answered = ok / of if of else None
    return TrialGeneration(
        t=t,
        right=right,
        known=known,
        mean=mean,
        pass_at_n=True if right else False if known == len(row) else None,
        majority=majority,
        answered=answered,
        calls=spent.calls,
        tokens_in=spent.tokens_in,
        tokens_out=spent.tokens_out,
        seconds=spent.seconds,
        clock=spent.clock,
        whole=Outlay(whole.calls, whole.tokens, whole.seconds),
    )


def _judged(chains: Sequence[Chain]) -> tuple[int, int]:
    """How many are right, and how many have a verdict."""
    right = sum(chain.verdict is Verdict.RIGHT for chain in chains)
    return right, right + sum(chain.verdict is Verdict.WRONG for chain in chains)


def _majority(done: Sequence[Chain], classes: Mapping[str, AnswerClass]) -> bool | None:
    votes = Counter(chain.answer_key for chain in done if chain.answer_key is not None)
    if not votes:
        return False if done and all(chain.verdict is Verdict.WRONG for chain in done) else None
    winner = min(votes, key=lambda key: (-votes[key], key))
    verdict = classes[winner].verdict
    return None if verdict is Verdict.UNKNOWN else verdict is Verdict.RIGHT


def _samples(row: Sequence[Chain], classes: Mapping[str, AnswerClass]) -> Samples:
    done = [chain for chain in row if chain.status is ChainStatus.DONE]
    votes = Counter(chain.answer_key for chain in done if chain.answer_key is not None)
    silent = [chain for chain in done if chain.answer_key is None]
    right, known = _judged(done)
    spent = _Spent()
    spent.add(done)
    return Samples(
        classes=tuple(SampleClass(key, votes[key], classes[key].verdict) for key in sorted(votes)),
        abstained=len(silent),
        doubtful=sum(chain.verdict is Verdict.UNKNOWN for chain in silent),
        right=right,
        known=known,
        tokens=spent.tokens,
        seconds=spent.seconds,
    )
