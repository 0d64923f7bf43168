"""The commands compare and advise: runs as arms with their differences, and what a budget is best spent on, as JSON.

What is not known is null, never nought.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..core.errors import InvalidInput
from ..core.ruling import rulings_of_runs_in_words
from .analyse import plain
from .opening import open_service
from .saying import say_json
from .whole_file import whole_file

if TYPE_CHECKING:
    from ..analysis.arms import Arm
    from ..core.run import Run
    from ..service import Service


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add both commands to the command line."""
    many = commands.add_parser("compare", parents=[shared], help="many runs as arms, with their differences, as JSON")
    many.add_argument("--runs", nargs="+", default=[], metavar="RUN", help="the ids of runs")
    many.add_argument("--batch", nargs="+", default=[], metavar="NAME", help="the names of batches (six hex digits)")
    many.add_argument("--experiment", default=None, metavar="NAME", help="the name or id of an experiment")
    many.add_argument("--search", default=None, metavar="WORDS", help="what the search of the Runs page finds")
    many.add_argument("--axis", default="calls", help="calls, tokens or seconds (default: %(default)s)")
    many.add_argument("--against", default=None, metavar="LABEL", help="the arm that the others are held against")
    many.add_argument("--equal", action="store_true", help="for equal budgets, instead of in the end")
    many.add_argument(
        "--budget", type=float, default=None, metavar="B",
        help="with --equal: so much of the axis a problem (default: the most that every arm can use up)",
    )  # fmt: skip
    many.add_argument("--html", default=None, metavar="FILE", help="also write it as one HTML file to hand out")
    many.set_defaults(command=compare)

    advice = commands.add_parser(
        "advise", parents=[shared], help="N, K and T for a budget a problem, predicted from runs"
    )
    advice.add_argument(
        "run", metavar="RUN", nargs="+", help="finished runs of one model; RSA runs are forecast from, all are measured"
    )
    advice.add_argument("--calls", type=float, default=None)
    advice.add_argument("--tokens", type=float, default=None, help="in and out together")
    advice.add_argument("--seconds", type=float, default=None, help="on the clock, at the runs' own concurrency")
    advice.add_argument("--money", type=float, default=None, help="by the price of the runs' endpoint")
    advice.set_defaults(command=advise)


def compare(options: argparse.Namespace) -> int:
    """Print the arms of the chosen runs, their curves, and their paired differences."""
    from ..analysis.arm_curves import by_generation, gap
    from ..analysis.arms import arms
    from ..analysis.budgets import Axis, budget_curve
    from ..analysis.held_against import held_against
    from ..analysis.paired import comparisons_in_words, difference_in_words
    from ..analysis.two_level import METHOD
    from ..service import arm_names, read_trial

    if options.axis not in list(Axis):
        raise InvalidInput(f"--axis takes one of {', '.join(Axis)}, not {options.axis!r}")
    if options.budget is not None and not (options.equal and 0 < options.budget < float("inf")):
        raise InvalidInput(f"--budget takes a number above 0 and goes with --equal, not {options.budget:g}")
    service = open_service(options)
    store = service.store
    runs = chosen(service, options)
    names = arm_names(service, options.experiment, runs) if options.experiment else {}
    found = arms((read_trial(store, run) for run in runs), names)
    axis = Axis(options.axis)
    against = _against(found, options.against)
    if options.html is not None:
        _write_html(service, runs, found, against, options)
    compared = held_against(found, against, axis if options.equal else None, options.budget)
    if options.equal and compared.budget is None:
        raise InvalidInput(f"of some arm the {axis.value} are unknown, so that no equal budget can be found")
    differences = compared.differences
    answer = {
        "runs": len(runs),
        "simulated": any(run.config.simulated for run in runs),
        "unfinished": sum(len(arm.trials) - len(arm.finished) for arm in found),
        "rulings": _rulings(service, runs),
        "arms": [
            {
                "label": arm.label,
                "settings": arm.settings,
                "problems": arm.problems,
                "seeds": arm.seeds,
                "run_ids": [one.run_id for one in arm.trials],
                "by_generation": by_generation(arm).points,
                "pass_at_n_minus_pass_at_1": by_generation(arm, gap).points,
                "by_budget": budget_curve(arm, axis),
            }
            for arm in found
        ],
        "axis": axis,
        "against": against.label,
        "compared": "for equal budgets" if options.equal else "in the end",
        "budget": compared.budget,
        "most_that_all_can_use": compared.most,
        "method": METHOD,
        "differences": [
            {"words": difference_in_words(one), "weight": one.weight, **_fields(one)} for one in differences
        ],
        "words": comparisons_in_words(differences),
    }
    say_json(plain(answer), indent=2)
    return 0


def _write_html(
    service: Service, runs: Sequence[Run], found: Sequence[Arm], against: Arm, options: argparse.Namespace
) -> None:
    from ..service import write_comparison

    title, note = "Runs compared", ""
    if options.experiment and not (options.runs or options.batch or options.search):
        of = service.experiments.store.find(options.experiment)
        title, note = of.name, of.note
    with whole_file(options.html) as out:
        ruled = rulings_of_runs_in_words(service.store.ruling_counts(run.id for run in runs), len(runs))
        write_comparison(runs, found, against, out, title=title, note=note, ruled=ruled)


def _rulings(service: Service, runs: Sequence[Run]) -> dict[str, object]:
    """What persons ruled on the runs and counts here: in words (empty without any), and how much on which run."""
    counts = service.store.ruling_counts(run.id for run in runs)
    return {"words": rulings_of_runs_in_words(counts, len(runs)), "by_run": {key: plain(counts[key]) for key in counts}}


def _fields(one: object) -> dict[str, object]:
    fields = plain(one)
    assert isinstance(fields, dict)
    return fields


def chosen(service: Service, options: argparse.Namespace) -> Sequence[Run]:
    """The runs that --runs, --batch, --experiment or --search name. Raises InvalidInput when that is none, NotFound for
    an id or experiment that is not there."""
    from ..service import MOST_COMPARED, chosen_runs, runs_of_batches, runs_of_experiment

    store = service.store
    if not (options.runs or options.batch or options.experiment or options.search is not None):
        raise InvalidInput("say which runs: --runs ID ..., --batch NAME ..., --experiment NAME, or --search WORDS")
    of_experiment = runs_of_experiment(service, options.experiment) if options.experiment else ()
    batched = runs_of_batches(store, options.batch)
    if options.batch and not batched:
        raise InvalidInput(f"no run is in batch {' or '.join(options.batch)}; the runs' notes name their batch")
    others = chosen_runs(store, options.runs, options.search) if options.runs or options.search is not None else ()
    runs = tuple({run.id: run for run in (*of_experiment, *batched, *others)}.values())
    if len(runs) > MOST_COMPARED:
        raise InvalidInput(f"{len(runs):,} runs are more than one comparison takes; choose at most {MOST_COMPARED:,}")
    return runs


def _against(found: Sequence[Arm], label: str | None) -> Arm:
    from ..analysis.held_against import usual_other

    if label is None:
        return usual_other(found)
    for arm in found:
        if arm.label == label:
            return arm
    labels = "; ".join(arm.label for arm in found)
    raise InvalidInput(f"--against {label!r} is none of the arms: {labels}")


def advise(options: argparse.Namespace) -> int:
    """Print the advice for a budget, from one run or several. The exit code is 1 when the data do not suffice."""
    from ..analysis.advice import MEASURED_ON, BudgetUnit
    from ..analysis.advice import advise as advised
    from ..analysis.arms import arms
    from ..analysis.best_buy import best_measured, measured_in_words
    from ..analysis.forecast import ASSUMES
    from ..service import read_evidence, read_trial

    given = [(unit, getattr(options, unit.value)) for unit in BudgetUnit if getattr(options, unit.value) is not None]
    if len(given) != 1:
        raise InvalidInput("give one budget: --calls, --tokens, --seconds or --money")
    unit, budget = given[0]
    if not 0 < budget < float("inf"):
        raise InvalidInput(f"--{unit.value} must be a number above 0, not {budget:g}")
    service = open_service(options)
    runs = [service.store.run(run_id) for run_id in options.run]
    if len({tuple(one.model for one in run.config.models) for run in runs}) > 1:
        raise InvalidInput("these runs are of several models; advice is drawn from runs of the same")
    seen = [one for run in runs if (one := read_evidence(service.store, run)) is not None]
    found = advised(seen, budget, unit, service.models.common_price(runs))
    measured = None
    if (axis := MEASURED_ON.get(unit)) is not None:
        made = arms(read_trial(service.store, run) for run in runs)
        measured = best_measured(made, axis, budget, {run.problem.key for run in runs})
    expected = None if found.best is None else found.best.expected
    answer = {
        "run_ids": [run.id for run in runs],
        "simulated": any(run.config.simulated for run in runs),
        "rulings": _rulings(service, runs),
        "assumes": ASSUMES,
        "best_measured": None
        if measured is None
        else {**_fields(measured), "words": measured_in_words(measured, expected)},
        **_fields(found),
    }
    for option in (answer["best"], answer["own"], *_list(answer["others"])):
        if isinstance(option, dict):
            option.pop("by_run")
    say_json(answer, indent=2)
    return 0 if found.best is not None else 1


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
