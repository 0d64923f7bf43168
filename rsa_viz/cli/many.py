"""The commands that write files made of many runs: tables, training-data."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.errors import InvalidInput
from ..core.run import Run
from .opening import open_store
from .saying import remark, say_json
from .whole_file import whole_file

if TYPE_CHECKING:
    from ..store import Store

RULES = {"all-right": "drop_all_right", "all-wrong": "drop_all_wrong"}


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add both to ``commands``, which ``add_subparsers`` made; ``shared`` has the options of every command on runs."""
    tables = commands.add_parser("tables", parents=[shared], help="write runs as parquet tables")
    _add_choice(tables)
    tables.add_argument("--out", required=True, metavar="FOLDER", help="for the tables, each NAME.parquet")
    tables.set_defaults(command=write)

    training = commands.add_parser(
        "training-data",
        parents=[shared],
        help="write prompts to train on: aggregation of recorded chains, and standard ones, in verl's schema",
    )
    _add_choice(training)
    training.add_argument("--out", required=True, metavar="FILE.parquet")
    training.add_argument("-K", type=int, default=4, dest="k", help="candidates a prompt (default: %(default)s)")
    training.add_argument(
        "--generation", type=int, default=1, metavar="T", help="from which candidates come (default: %(default)s)"
    )
    training.add_argument(
        "--prompts", type=int, default=4, help="aggregation prompts a problem, at most (default: %(default)s)"
    )
    training.add_argument(
        "--standard", type=float, default=0.5, metavar="SHARE", help="of standard prompts in all (default: %(default)s)"
    )
    training.add_argument(
        "--drop", action="append", default=[], choices=RULES, help="groups of candidates that are not used; repeatable"
    )
    training.add_argument("--seed", type=int, default=0)
    training.add_argument("--split", default="train", help="what extra_info calls it (default: %(default)s)")
    training.add_argument(
        "--data-source", default=None, metavar="NAME", help="what your reward function knows (default: rsa_viz/TASK)"
    )
    training.set_defaults(command=write_training_data)


def _add_choice(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("runs", nargs="*", metavar="RUN")
    parser.add_argument("--search", default=None, help="the runs that 'runs --search' finds; '' finds all")


def _chosen(options: argparse.Namespace) -> tuple[Store, tuple[Run, ...]]:
    from ..service import chosen_runs

    if not options.runs and options.search is None:
        raise InvalidInput("no run is named; give ids, or --search WORDS (--search '' takes all)")
    store = open_store(options)
    return store, chosen_runs(store, options.runs, options.search)


def write(options: argparse.Namespace) -> int:
    """Write the tables and say how many runs they hold."""
    from ..service import write_tables

    store, runs = _chosen(options)
    write_tables(store, runs, Path(options.out))
    say_json({"folder": options.out, "runs": len(runs)})
    return 0


def write_training_data(options: argparse.Namespace) -> int:
    """Write the training data and say what they hold; what was left out goes to standard error."""
    from ..service import Recipe, write_training

    recipe = Recipe(
        k=options.k,
        t=options.generation,
        prompts=options.prompts,
        standard=options.standard,
        seed=options.seed,
        split=options.split,
        data_source=options.data_source,
        **{RULES[name]: True for name in options.drop},
    )
    store, runs = _chosen(options)
    with whole_file(options.out) as out:
        written = write_training(store, runs, recipe, out)
    for run_id, why in written.left_out:
        remark(f"left out: run {run_id}: {why}")
    for label, number in written.short:
        remark(f"only {number} of {recipe.prompts} aggregation prompts, for want of other groups: {label}")
    if written.simulated:
        remark("simulation: some candidates are of the synthetic reasoner, which is no language model")
    say_json(
        {
            "file": os.fspath(options.out),
            "aggregation": written.aggregation,
            "standard": written.standard,
            "problems": written.problems,
            "simulated": written.simulated,
            "left_out": dict(written.left_out),
        }
    )
    return 0
