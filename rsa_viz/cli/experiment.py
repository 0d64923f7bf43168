"""The commands experiment and experiments: a named set of runs from a TOML file with a progress line, and the list."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..analysis.telling import counted
from ..core.errors import InvalidInput
from ..core.run import RunStatus
from .opening import open_service
from .saying import progress_line, redraws, remark, say, say_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..core.experiment import Experiment
    from ..service import Service
    from ..service.experiment_planning import Foreseen
    from ..service.experiment_progress import ExperimentProgress
    from ..service.layout import Layout

LOOK_EVERY_S = 0.5
SAY_EVERY_S = 10.0  # where the line cannot be drawn over


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add both commands to the command line."""
    one = commands.add_parser(
        "experiment", parents=[shared], help="problems × settings × seeds from a TOML file: run what is missing of it"
    )
    one.add_argument("file", metavar="FILE.toml", help="as docs/experiments.md describes it; '-' for standard input")
    one.add_argument(
        "--dry-run", action="store_true", help="say what it would take and what it would cost; store nothing"
    )
    one.add_argument("--plan-only", action="store_true", help="store the runs and call nothing")
    one.add_argument("--fresh", action="store_true", help="do not use recorded runs that are not this experiment's own")
    one.add_argument(
        "--concurrency", type=int, default=None, help="calls in flight on each endpoint (default: the endpoint's own)"
    )
    one.add_argument(
        "--ray",
        nargs="?",
        const="",
        default=None,
        metavar="ADDRESS",
        help="spread its runs over a Ray cluster: that one, else this machine's, else a new one of this machine alone",
    )
    one.set_defaults(command=experiment)
    every = commands.add_parser("experiments", parents=[shared], help="list the experiments")
    every.add_argument("--json", action="store_true")
    every.set_defaults(command=experiments)


def experiment(options: argparse.Namespace) -> int:
    """Plan what is missing of an experiment, drive it to its end, and print it as one line of JSON.

    The exit code is 0 when every run is done, 130 after Ctrl-C (the same command goes on), else 1.
    """
    from ..service.layout import read_toml

    if options.concurrency is not None and not 1 <= options.concurrency <= 4096:
        raise InvalidInput(f"--concurrency must be from 1 to 4096, not {options.concurrency}")
    text, folder = _read(options.file)
    service = open_service(options)
    layout = service.experiments.lay_out(read_toml(text, options.file), where=options.file, folder=folder)
    for words in layout.left_out:
        remark(f"rsa_viz: {words}")
    for words in service.experiments.unanswered(layout):
        remark(f"rsa_viz: {words}")
    if options.dry_run:
        return _foresee(service, layout, options.fresh)
    began = time.monotonic()
    planned = service.experiments.plan(layout, fresh=options.fresh, on_progress=_Counter("planning", layout.size))
    dropped = f", {planned.dropped} of an earlier version set aside" if planned.dropped else ""
    remark(
        f"experiment {planned.experiment.name} ({planned.experiment.id}): {planned.added} new runs, "
        f"{planned.reused} recorded ones{dropped}; planned in {time.monotonic() - began:.1f} s"
    )
    if options.plan_only:
        say_json(summary(service, planned.experiment))
        return 0
    if options.ray is not None:
        return _spread(service, planned.experiment, options)
    return _drive(service, planned.experiment, options)


def _read(name: str) -> tuple[str, Path]:
    try:
        if name == "-":
            return sys.stdin.read(), Path.cwd()
        return Path(name).read_text(encoding="utf-8"), Path(name).resolve().parent
    except (OSError, UnicodeDecodeError) as failure:
        raise InvalidInput(f"{name} cannot be read: {failure}; name a TOML file") from None


def _drive(service: Service, experiment: Experiment, options: argparse.Namespace) -> int:
    stopped = False
    service.experiments.start(experiment.id, concurrency=options.concurrency)
    try:
        while not _watch(service, experiment.id):
            service.experiments.start(experiment.id, concurrency=options.concurrency)
    except KeyboardInterrupt:
        stopped = True
        service.experiments.leave(experiment.id)
        service.experiments.wait(experiment.id, timeout=10)
        remark(f"\nrsa_viz: stopped; the same command goes on with it: python -m rsa_viz experiment {options.file}")
    return _told_end(service, experiment, stopped)


def _told_end(service: Service, experiment: Experiment, stopped: bool) -> int:
    found = summary(service, experiment)
    say_json(found)
    for error in service.experiments.progress(experiment.id).errors:
        remark(f"rsa_viz: {error}")
    service.close()
    if stopped:
        return 130
    return 0 if found["runs_done"] == found["runs"] else 1


def _spread(service: Service, experiment: Experiment, options: argparse.Namespace) -> int:
    """Drive the experiment on a Ray cluster."""
    from ..service.spread import Spread

    stopped = False
    spread = Spread(service, experiment.id, options.db, options.ray or None)
    remark(f"rsa_viz: {counted(spread.machines, 'machine')} in the Ray cluster")
    try:
        spread.start(concurrency=options.concurrency)
        _show(service, experiment.id, lambda: spread.wait(LOOK_EVERY_S))
    except KeyboardInterrupt:
        stopped = True
        spread.cancel()
        service.experiments.stop(experiment.id)
        spread.wait(timeout=10)
        remark(f"\nrsa_viz: stopped; the same command goes on with it: python -m rsa_viz experiment {options.file}")
    for error in dict.fromkeys(spread.errors):
        remark(f"rsa_viz: {error}")
    spread.close()
    return _told_end(service, experiment, stopped)


def _watch(service: Service, experiment_id: str) -> bool:
    """Show how far it is until nobody works on it, here or in another process. False when another process has died over
    runs of it."""
    abandoned = False

    def over() -> bool:
        nonlocal abandoned
        if not service.experiments.wait(experiment_id, timeout=LOOK_EVERY_S):
            return False
        elsewhere = service.experiments.elsewhere(experiment_id)
        abandoned = elsewhere == "abandoned"
        if elsewhere == "driven":
            time.sleep(LOOK_EVERY_S)
        return elsewhere != "driven"

    _show(service, experiment_id, over)
    return not abandoned


def _show(service: Service, experiment_id: str, over: Callable[[], bool]) -> None:
    """Draw a progress line until ``over`` says so, which waits a little: one that redraws on a terminal, else one every
    10 s."""
    redraw, last, ended = redraws(), 0.0, False
    while not ended:
        ended, now = over(), time.monotonic()
        if redraw or ended or now - last >= SAY_EVERY_S:
            last = now
            progress_line(told(service.experiments.progress(experiment_id)), over=ended, width=118)


def told(seen: ExperimentProgress) -> str:
    """The progress in one line."""
    ended = seen.done + seen.failed
    filled = 20 * ended // max(seen.calls, 1)
    words = [
        f"[{'█' * filled}{'·' * (20 - filled)}] {ended:,}/{seen.calls:,} calls",
        f"{seen.runs_done:,}/{len(seen.members):,} runs, {seen.running:,} open",
    ]
    if seen.failed:
        words.append(f"{seen.failed:,} failed")
    if seen.left and seen.calls_per_minute:
        words.append(f"{seen.calls_per_minute:,.0f} calls/min")
    if seen.seconds_left is not None:
        words.append(f"{_duration(seen.seconds_left)} left")
    words += [f"{amount:.2f} {currency}" for currency, amount in seen.cost.items()]
    return ", ".join(words)


def _duration(seconds: float) -> str:
    whole = round(seconds)
    return (
        f"{whole} s"
        if whole < 120
        else f"{whole // 60} min"
        if whole < 7200
        else f"{whole // 3600} h {whole % 3600 // 60} min"
    )


def summary(service: Service, experiment: Experiment) -> dict[str, object]:
    """The experiment in numbers, as JSON values; what is not known is None."""
    seen = service.experiments.progress(experiment.id)
    right = [seen.right.get(one.run_id) for one in seen.members if one.status is RunStatus.DONE]
    return {
        "experiment_id": experiment.id,
        "name": experiment.name,
        "runs": len(seen.members),
        "runs_done": seen.runs_done,
        "calls": seen.calls,
        "done": seen.done,
        "failed": seen.failed,
        "left": seen.left,
        "judged_runs": sum(one is not None and sum(one) > 0 for one in right),
        "tokens_in": seen.tokens_in,
        "tokens_out": seen.tokens_out,
        "calls_without_token_count": seen.uncounted,
        "cost": dict(seen.cost) or None,
        "cost_complete": not seen.unpriced and not seen.uncounted,
        "run_ids": [one.run_id for one in seen.members],
    }


class _Counter:
    """Says how far planning is, on a terminal."""

    def __init__(self, what: str, total: int) -> None:
        self._what = what
        self._total = total

    def __call__(self, done: int) -> None:
        over = done == self._total
        if redraws() and (done % 20 == 0 or over):
            progress_line(f"{self._what} {done:,} of {self._total:,} runs", over=over, width=0)


def _foresee(service: Service, layout: Layout, fresh: bool) -> int:
    """Print what an experiment would take."""
    found = service.experiments.foresee(layout, fresh=fresh)
    spec = layout.spec
    say(f"{spec.name}: {len(layout.problems):,} problems × {len(spec.seeds):,} seeds, {len(layout.points):,} settings")
    say(
        f"{'settings':<40} {'runs':>7} {'recorded':>9} {'calls':>10} {'tokens in':>14} {'tokens out':>13} {'price':>14}"
    )
    for one in found:
        say(_row(one.name, [one]))
        for name in one.serves:
            if len(one.serves) > 1:
                say(f"  serves {name}")
    say(_row("all", found))
    if any(one.calls and not one.measured for one in found):
        say("Tokens and price are at most: not every model's answers to such problems are recorded yet.")
    return 0


def _row(name: str, rows: Sequence[Foreseen]) -> str:
    runs, reused, calls, tokens_in, tokens_out = (
        sum(getattr(one, what) for one in rows) for what in ("runs", "reused", "calls", "tokens_in", "tokens_out")
    )
    cost: dict[str, float] = {}
    for one in rows:
        for currency, amount in one.bill.by_currency.items():
            cost[currency] = cost.get(currency, 0.0) + amount
    price = " + ".join(f"{amount:,.2f} {currency}" for currency, amount in cost.items()) or "unknown"
    if cost and any(one.bill.unpriced for one in rows):
        price += " + ?"
    return f"{name:<40} {runs:>7,} {reused:>9,} {calls:>10,} {tokens_in:>14,} {tokens_out:>13,} {price:>14}"


def experiments(options: argparse.Namespace) -> int:
    """List the experiments, the newest first, one a line or as JSON."""
    from ..store.experiment_store import ExperimentStore
    from .opening import open_store

    found = ExperimentStore(open_store(options).database).all()
    if options.json:
        say_json(
            [
                {
                    "experiment_id": one.id, "name": one.name, "note": one.note, "created_at": one.created_at,
                    "runs": tally.runs, "runs_done": tally.done, "calls": tally.calls, "ended": tally.ended,
                }
                for one, tally in found
            ],
            indent=2,
        )  # fmt: skip
        return 0
    for one, tally in found:
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(one.created_at))
        runs, calls = f"{tally.done:,}/{tally.runs:,} runs", f"{tally.ended:,}/{tally.calls:,} calls"
        say(f"{one.id}  {when}  {runs:<18} {calls:<24} {one.name}")
    return 0
