"""The command line: the same core without a browser. JSON on standard output, progress and errors on standard error.

Exit codes: 0 done, 1 the run did not get done (failed, paused) or none of its calls succeeded, 2 bad input or a
database that refused, 130 interrupted by Ctrl-C (the run can be resumed).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from .. import __version__
from ..core.errors import InvalidInput, RsaVizError
from ..core.place import DATABASE, database_place
from ..core.strategies import STRATEGIES
from . import (
    analyse,
    batch,
    comparing,
    drive,
    experiment,
    judging,
    lesson,
    listing,
    many,
    models,
    records,
    segment,
    step_verdicts,
    what_if,
)
from .run_options import add_run_options
from .saying import remark


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        raise InvalidInput(f"{message} (see '{self.prog} --help')")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; never raises for what a user can do."""
    try:
        options = _parser().parse_args(arguments)
        return int(options.command(options))
    except RsaVizError as error:
        remark(f"rsa_viz: {' '.join(str(error).split())}")
        return 2
    except BrokenPipeError:
        # The reader of our output went away (``| head``): nothing is wrong; keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    shared = _Parser(add_help=False)
    shared.add_argument(
        "--db",
        default=database_place(),
        help=f"the SQLite file, or a PostgreSQL server's address (default: RSA_VIZ_DB, or {DATABASE})",
    )
    parser = _Parser(prog="rsa_viz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", action="version", version=f"rsa_viz {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    run = commands.add_parser("run", parents=[shared], help="run a problem and record it")
    problem = run.add_mutually_exclusive_group()
    problem.add_argument("--question", help="the question as text")
    problem.add_argument(
        "--problem", metavar="FILE.json", help="{task, question, gold, title, metadata}; '-' for stdin"
    )
    problem.add_argument(
        "--problems",
        metavar="FILE",
        help="a batch, run one after the other: JSONL, JSON, CSV, TSV, parquet, or hf:owner/name[:subset[:split]]",
    )
    run.add_argument("--limit", type=int, default=None, help="only the first so many problems of a batch")
    run.add_argument(
        "--column", action="append", default=[], metavar="WHAT=NAME", help="of a batch, for example gold=result"
    )
    run.add_argument(
        "--task", default=None, help="how the answer is read and judged (default: text; of a batch, guessed by row)"
    )
    run.add_argument("--answer", default=None, help="the gold answer, if it is known")
    run.add_argument(
        "--model",
        default=None,
        help="an endpoint's name or LiteLLM's (default: the embedded model that knows the problem's task)",
    )
    run.add_argument("--api-base", default=None, help="the address of an OpenAI-compatible server")
    run.add_argument("--api-key-env", default=None, metavar="NAME", help="the environment variable that holds the key")
    run.add_argument("--strategy", default="rsa", help=f"one of {', '.join(STRATEGIES)} (default: %(default)s)")
    run.add_argument("-N", type=int, default=16, dest="n", help="population size (default: %(default)s)")
    run.add_argument("-K", type=int, default=4, dest="k", help="parents a child sees (default: %(default)s)")
    run.add_argument(
        "-T", type=int, default=10, dest="t", help="generations; aggregations are one less (default: %(default)s)"
    )
    run.add_argument("--temperature", type=float, default=1.0)
    add_run_options(run)
    run.add_argument("--max-tokens", type=int, default=8192)
    run.add_argument("--seed", type=int, default=0)
    run.add_argument("--concurrency", type=int, default=16, help="calls in flight at most (default: %(default)s)")
    run.add_argument("--retries", type=int, default=5, help="further tries of a failed call (default: %(default)s)")
    run.add_argument("--timeout", type=float, default=120.0, help="seconds without a token (default: %(default)s)")
    run.add_argument(
        "--prompts",
        default="plain",
        metavar="NAME|FILE.json",
        help="the prompt set: NAME or NAME@VERSION of a saved one, or a file (default: %(default)s)",
    )
    run.add_argument("--note", default="", help="your own words about this run")
    run.set_defaults(command=batch.run)

    resume = commands.add_parser("resume", parents=[shared], help="go on with a run")
    resume.add_argument("run", metavar="RUN")
    resume.set_defaults(command=drive.resume)

    what_if.add_commands(commands, shared)

    judge = commands.add_parser("judge", help="read and judge the answer of a text, without a run")
    judge.add_argument("--text", required=True, metavar="FILE", help="the text; '-' for stdin")
    judge.add_argument("--task", default=None)
    judge.add_argument("--gold", default=None, help="the gold answer, if it is known")
    judge.add_argument("--options", default=None, metavar="JSON", help="of a multiple-choice question: a list of texts")
    judge.add_argument("--question", default=None, help="the question as text; not every task needs it to judge")
    judge.add_argument("--problem", default=None, metavar="FILE.json", help="instead of these, as 'run' takes it")
    judge.set_defaults(command=judging.judge)

    cut = commands.add_parser("segment", help="the steps of a text and the fragments that they state, as JSON")
    cut.add_argument("--text", required=True, metavar="FILE", help="the text; '-' for stdin")
    cut.add_argument("--task", default="text", help="how steps are cut and checked (default: %(default)s)")
    cut.add_argument("--question", default=None, help="the question as text; the program task needs it")
    cut.add_argument(
        "--solution", default=None, metavar="FILE", help="a worked solution: verdicts by what stands there"
    )
    cut.set_defaults(command=segment.segment)

    problems = commands.add_parser("problems", help="list the bundled problems, or generate some")
    problems.add_argument("--task", default=None, help="of this task only")
    problems.add_argument("--json", action="store_true", help="as a JSON list, which 'run --problems' reads")
    problems.add_argument("--generate", default=None, metavar="NAME", help="a generator or group of Reasoning Gym")
    problems.add_argument("--count", type=int, default=10, help="problems to generate (default: %(default)s)")
    problems.add_argument("--seed", type=int, default=0)
    problems.set_defaults(command=listing.problems)

    known = commands.add_parser("models", parents=[shared], help="the endpoints that can be chosen, and how they stand")
    known.add_argument("name", nargs="?", default=None, metavar="ENDPOINT", help="only this one")
    known.add_argument("--ask", action="store_true", help="ask their servers for their models; generates nothing")
    known.add_argument("--json", action="store_true")
    known.set_defaults(command=models.models)

    runs = commands.add_parser("runs", parents=[shared], help="list the recorded runs")
    runs.add_argument("--search", default="")
    runs.add_argument("--limit", type=int, default=50)
    runs.add_argument("--json", action="store_true")
    runs.set_defaults(command=records.runs)

    show = commands.add_parser("show", parents=[shared], help="a run's numbers, or all of it as JSON")
    show.add_argument("run", metavar="RUN")
    show.add_argument("--json", action="store_true", help="everything, chains and texts included")
    show.set_defaults(command=records.show)

    look = commands.add_parser("analyse", parents=[shared], help="one analysis of a run as JSON")
    look.add_argument("run", metavar="RUN")
    look.add_argument("--what", required=True, metavar="WHAT", help=f"one of {', '.join(analyse.ANALYSES)}")
    look.add_argument("-N", type=int, default=None, dest="n", help="of a prediction: what if N had been this")
    look.add_argument("-K", type=int, default=None, dest="k", help="of a prediction: what if K had been this")
    look.add_argument("-T", type=int, default=None, dest="t", help="of a prediction: what if T had been this")
    look.add_argument(
        "--seen", type=int, default=None, metavar="T", help="of a prediction: know the run up to this generation only"
    )
    step_verdicts.add_verdicts(look)
    look.set_defaults(command=analyse.analyse)

    step_verdicts.add_commands(commands, shared)

    comparing.add_commands(commands, shared)
    experiment.add_commands(commands, shared)
    lesson.add_commands(commands, shared)

    export = commands.add_parser("export", parents=[shared], help="write a run to a file")
    export.add_argument("run", metavar="RUN")
    export.add_argument(
        "--format", default="jsonl", help="jsonl, graphml, gexf, csv, html or parquet (default: %(default)s)"
    )
    export.add_argument("--out", default="-", help="the file (default: standard output)")
    export.set_defaults(command=records.export)

    many.add_commands(commands, shared)

    import_ = commands.add_parser("import", parents=[shared], help="read a run from a .jsonl that export wrote")
    import_.add_argument("file", metavar="FILE")
    import_.set_defaults(command=records.import_run)
    return parser
