"""The command lesson: makes the runs of the lesson beforehand, so that nobody in class waits for one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..core.run import RunStatus
from .given import chosen_model
from .opening import open_service
from .saying import remark, say_json


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add ``lesson`` to the command line."""
    lesson = commands.add_parser("lesson", parents=[shared], help="make the runs of the Learn page beforehand")
    lesson.add_argument(
        "--model", default=None, help="an endpoint's name or LiteLLM's (default: the simulation that each run names)"
    )
    lesson.add_argument(
        "--recordings", default=None, metavar="FOLDER", help="also write each run there as a recording of the lesson"
    )
    lesson.set_defaults(command=make)


def make(options: argparse.Namespace) -> int:
    """Make every run that is not there, and print one line of JSON a run. Exit code 1 if one did not get done."""
    from ..lessons import RECORDED
    from ..service.lessons import make_all, write_recording

    service = open_service(options)
    model = None
    if options.model is not None:
        model = chosen_model(service, options.model)
    folder = None if options.recordings is None else Path(options.recordings)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    done = True
    wanted = [one.by(model) for one in RECORDED]
    for one, run in zip(wanted, make_all(service, wanted), strict=True):
        say_json({"lesson": one.name, "run": run.id, "status": run.status.value})
        done = done and run.status is RunStatus.DONE
        if run.error:
            remark(f"rsa_viz: {one.name}: {run.error}")
        if folder is not None and run.status is RunStatus.DONE:
            write_recording(service.store, run.id, folder / one.recording.name)
    return 0 if done else 1
