"""The command judge-steps, and the option --verdicts of those that print steps or fragments."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..core.chain import Chain, ChainStatus, Slot, Step
from ..core.errors import InvalidInput
from ..core.run import ModelChoice, Run
from .opening import open_service
from .saying import progress_line, redraws, remark, say_json

if TYPE_CHECKING:
    from ..analysis.verdicts_by import VerdictsBy
    from ..service import Service
    from ..service.step_judging import JudgingProgress


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add judge-steps to ``commands``, which ``add_subparsers`` made; ``shared`` has the options of every command on
    runs."""
    judge = commands.add_parser(
        "judge-steps",
        parents=[shared],
        help="ask a model for verdicts on a run's steps, one call a chain",
    )
    judge.add_argument("run", metavar="RUN")
    judge.add_argument("--model", required=True, help="the judge: an endpoint's name or LiteLLM's")
    judge.add_argument("--api-base", default=None, help="the address of an OpenAI-compatible server")
    judge.add_argument(
        "--api-key-env", default=None, metavar="NAME", help="the environment variable that holds the key"
    )
    which = judge.add_mutually_exclusive_group()
    which.add_argument("--generation", type=int, default=None, metavar="T", help="only the chains of this generation")
    which.add_argument("--chain", default=None, metavar="T.I", help="only this chain, for example 3.2")
    judge.add_argument("--concurrency", type=int, default=None, help="calls in flight at most")
    judge.add_argument("--dry-run", action="store_true", help="print what it would cost, and ask nobody")
    judge.set_defaults(command=judge_steps)


def add_verdicts(parser: argparse.ArgumentParser) -> None:
    """Add --verdicts to the parser of analyse."""
    parser.add_argument(
        "--verdicts",
        default=None,
        metavar="SOURCE",
        help="of fragments: whose verdicts on steps; known (default), proven (with the worked solution), reference, "
        "consensus, judge or judge:MODEL",
    )


def judge_steps(options: argparse.Namespace) -> int:
    """Judge the chains that this model has not judged; print what came of it as one line of JSON."""
    from ..analysis.agreement import agreement, agreement_in_words
    from ..analysis.judged_steps import by_judge
    from ..core.step_judging import newest_judgings
    from ..service.step_judging import foresee_judging, judgeable

    service = open_service(options)
    run = service.store.run(options.run)
    chains = service.store.chains(run.id)
    choice, concurrency = _judge(service, options)
    meant = judgeable(chains, options.generation, _slots(options, chains))
    if not meant:
        raise InvalidInput("no chain is done there; name a generation or a chain of this run that has ended")
    steps = known_steps(service, run, chains)
    told = {"run_id": run.id, "model": choice.model, "simulated": choice.simulated}
    cost = foresee_judging(run, chains, steps, meant, service.step_judgings.judged(run.id, choice.model))
    foreseen = {name: getattr(cost, name) for name in ("calls", "judged", "steps", "tokens_in", "tokens_out")}
    if options.dry_run:
        say_json({**told, "foreseen": foreseen})
        return 0
    remark(
        f"{cost.calls:,} calls about {cost.steps:,} steps; about {cost.tokens_in:,} tokens in, {cost.tokens_out:,} out"
    )
    service.step_judgings.start(run.id, choice, slots=set(meant), concurrency=concurrency)
    progress = _watch(service, run.id)
    newest = newest_judgings(service.store.step_judgings(run.id), choice.model)
    found = agreement(steps, by_judge(steps, newest))
    say_json(
        {
            **told,
            "asked": progress.calls,
            "judged": progress.done,
            "failed": progress.failed,
            "ending": None if progress.ending is None else progress.ending.value,
            "error": progress.error,
            "words": agreement_in_words(found, f"The judge {choice.model}"),
            "agreed": found.agreed,
            "both": found.both,
            "known": found.known,
            "kappa": found.kappa,
        }
    )
    if progress.ending is not None and progress.ending.value == "stopped":
        return 130
    return 0 if progress.done == progress.calls else 1


def _judge(service: Service, options: argparse.Namespace) -> tuple[ModelChoice, int]:
    endpoint = next((one for one in service.endpoints if one.name == options.model), None)
    if endpoint is None or options.api_base or options.api_key_env:
        return ModelChoice(options.model, options.api_base, options.api_key_env), options.concurrency or 16
    return endpoint.choice, options.concurrency or endpoint.concurrency


def _slots(options: argparse.Namespace, chains: Sequence[Chain]) -> set[Slot] | None:
    if options.chain is None:
        return None
    slot = Slot.parse(options.chain)
    if slot not in {chain.slot for chain in chains}:
        raise InvalidInput(f"this run has no chain {slot}; its slots go up to {chains[-1].slot}")
    return {slot}


def _watch(service: Service, run_id: str) -> JudgingProgress:
    """Tell how it goes until it has ended; Ctrl-C stops it."""
    while True:
        try:
            progress = service.step_judgings.wait(run_id, timeout=0.25)
        except KeyboardInterrupt:
            service.step_judgings.stop(run_id)
            progress = service.step_judgings.wait(run_id, timeout=10)
        if progress is None:
            raise InvalidInput(f"nothing is being judged in run {run_id}")
        if redraws():
            line = f"{run_id} {progress.done + progress.failed}/{progress.calls} chains judged"
            progress_line(line, over=not progress.going, width=60)
        if not progress.going:
            return progress


def known_steps(service: Service, run: Run, chains: Sequence[Chain]) -> dict[Slot, tuple[Step, ...]]:
    """The steps of every done chain, with what is known of them."""
    from ..tasks import find_task

    task = find_task(run.problem.task)
    done = [chain.slot for chain in chains if chain.status is ChainStatus.DONE]
    texts = service.store.texts(run.id, done)
    return {slot: task.steps(text or "", run.problem) for slot, text in texts.items()}


def chosen_steps(
    service: Service, run: Run, chains: Sequence[Chain], written: str | None
) -> tuple[VerdictsBy, Mapping[Slot, tuple[Step, ...]]]:
    """The source that --verdicts names and the steps of every done chain with its verdicts. Raises InvalidInput for a
    source that the run does not have."""
    from ..analysis.reference import Reference
    from ..analysis.verdicts_by import found_among, offered, steps_by
    from ..tasks import find_task
    from ..tasks.worked_solution import reference_steps

    reference = Reference(reference_steps(find_task(run.problem.task), run.problem))
    judgings = service.store.step_judgings(run.id)
    by = found_among(written or "known", offered(reference, judgings))
    steps = known_steps(service, run, chains)
    return by, steps_by(by, chains, steps, reference=reference, judgings=judgings)
