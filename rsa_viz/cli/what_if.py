"""The commands of what-if for real: fork a run with one change, and write a child again without each of its parents."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.chain import Slot
from ..core.errors import InvalidInput
from ..core.fork import (
    LONGEST_TEXT,
    Change,
    LeftOut,
    OtherK,
    OtherModel,
    OtherPrompts,
    OtherSeed,
    OtherTemperature,
    Written,
    slot_of,
)
from .drive import drive
from .given import chosen_model, given_prompts
from .opening import open_service
from .saying import remark, say_json

if TYPE_CHECKING:
    from ..service import Prepared, Service

CHANGES = ("temperature", "k", "prompts", "model", "seed", "plant", "edit", "leave_out")


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add ``fork`` and ``leave-one-out`` to the command line's parser."""
    fork = commands.add_parser("fork", parents=[shared], help="go on from a generation of a run with one change")
    fork.add_argument("run", metavar="RUN")
    fork.add_argument("--at", type=int, default=None, metavar="T", help="the last generation that is taken over")
    fork.add_argument("--temperature", type=float, default=None)
    fork.add_argument("-K", type=int, default=None, dest="k", help="parents a child sees, drawn anew")
    fork.add_argument("--prompts", default=None, metavar="NAME|FILE.json")
    fork.add_argument("--model", default=None, help="an endpoint's name or LiteLLM's")
    fork.add_argument("--seed", type=int, default=None, help="a re-roll: parents and samples drawn anew")
    fork.add_argument("--plant", default=None, metavar="SLOT", help="a text of yours as a new chain (with --text)")
    fork.add_argument("--edit", default=None, metavar="SLOT", help="a text of yours as the changed chain (with --text)")
    fork.add_argument("--text", default=None, metavar="FILE", help="the text; '-' for stdin")
    fork.add_argument("--leave-out", default=None, metavar="SLOT", help="a parent that is in no later prompt")
    fork.add_argument("--of", default=None, metavar="CHILD", help="of --leave-out: in the prompt of this child only")
    _common(fork)
    fork.set_defaults(command=fork_run)
    left = commands.add_parser(
        "leave-one-out", parents=[shared], help="write a child again without each of its parents: which one mattered"
    )
    left.add_argument("run", metavar="RUN")
    left.add_argument("--child", required=True, metavar="SLOT", help="for example 3.12")
    left.add_argument("--times", type=int, default=8, help="repeats a condition (default: %(default)s)")
    left.add_argument("--seed", type=int, default=None, help="default: the run's own")
    _common(left)
    left.set_defaults(command=leave_one_out)


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cost", action="store_true", help="only say what it would cost, as JSON; nothing is made")
    parser.add_argument("--note", default="", help="your own words about the new run")


def fork_run(options: argparse.Namespace) -> int:
    """Fork a run, and drive the fork to its end."""
    from ..service import prepare_fork

    service = open_service(options)
    change = _change(service, options)
    slot = slot_of(change)
    at = options.at if options.at is not None else slot and slot.t
    if at is None:
        raise InvalidInput("say with --at after which generation the run is forked")
    if options.cost:
        return _say_cost(service, prepare_fork(service, options.run, at, change))
    _remark_cost(service, prepare_fork(service, options.run, at, change))
    return drive(service, service.fork(options.run, at, change, note=options.note))


def leave_one_out(options: argparse.Namespace) -> int:
    """Write a child again without each parent, and say which one mattered."""
    from ..analysis.leave_one_out import leave_one_out as read
    from ..analysis.leave_one_out import leave_one_out_in_words
    from ..service import prepare_leave_one_out

    service, child = open_service(options), Slot.parse(options.child)
    prepared = prepare_leave_one_out(service, options.run, child, options.times, options.seed)
    if options.cost:
        return _say_cost(service, prepared)
    _remark_cost(service, prepared)
    run = service.leave_one_out(options.run, child, options.times, seed=options.seed, note=options.note)
    code = drive(service, run)
    if found := read(service.store.chains(run.id)):
        remark(f"rsa_viz: {leave_one_out_in_words(found)}")
        remark(f"rsa_viz: all of it: python -m rsa_viz analyse {run.id} --what leave-one-out")
    return code


def _change(service: Service, options: argparse.Namespace) -> Change:
    """The one change that the options name. Raises InvalidInput for none, for several, and for parts left over."""
    given = [name for name in CHANGES if getattr(options, name) is not None]
    names = ", ".join("-K" if name == "k" else f"--{name.replace('_', '-')}" for name in CHANGES)
    if len(given) != 1:
        raise InvalidInput(f"a fork differs in one thing; give one of {names}, not {len(given) or 'none'}")
    (name,) = given
    if (options.text is None) is (name in ("plant", "edit")):
        raise InvalidInput("--text goes with --plant and --edit, which need it")
    if options.of is not None and name != "leave_out":
        raise InvalidInput("--of goes with --leave-out")
    value = getattr(options, name)
    match name:
        case "temperature":
            return OtherTemperature(value)
        case "k":
            return OtherK(value)
        case "prompts":
            return OtherPrompts(given_prompts(service, value))
        case "model":
            return OtherModel(chosen_model(service, value))
        case "seed":
            return OtherSeed(value)
        case "leave_out":
            return LeftOut(Slot.parse(value), None if options.of is None else Slot.parse(options.of))
    return Written(Slot.parse(value), _text(options.text), edited=name == "edit")


def _text(name: str) -> str:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as failure:
        raise InvalidInput(f"cannot read a text of up to {LONGEST_TEXT:,} characters from {name}: {failure}") from None
    return text.removesuffix("\n")


def _say_cost(service: Service, prepared: Prepared) -> int:
    from dataclasses import asdict

    from ..service import foresee_prepared

    say_json({"change": prepared.origin.change, **asdict(foresee_prepared(service, prepared))})
    return 0


def _remark_cost(service: Service, prepared: Prepared) -> None:
    from ..service import foresee_prepared

    cost = foresee_prepared(service, prepared)
    basis = f"from {cost.measured:,} recorded chains" if cost.measured else "at most"
    remark(
        f"rsa_viz: {prepared.origin.change}: {cost.calls:,} calls, about {cost.tokens_in:,} tokens in and "
        f"{cost.tokens_out:,} out ({basis})"
    )
