"""A database with something true to show on every page, as a class finds it on the second day."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path

from rsa_viz.lessons.runs import LessonRun, at_knobs, evolution, lost_minority
from rsa_viz.service import Service, open_example
from rsa_viz.service.layout import read_toml
from rsa_viz.store import Store

EXPERIMENT = """
name = "K of 1 and of 2"
[[problems]]
programs = 1
lines = 3
[defaults]
model = "synthetic/fast"
n = 4
[[arms]]
name = "RSA"
k = [1, 2]
t = 3
"""


@dataclass(frozen=True)
class Stock:
    """The ids of what is recorded."""

    evolving: str
    lost: str
    k1: str
    k4: str
    experiment: str


def stock(database: Path) -> Stock:
    """Record it: the recorded example, three recordings of the lesson under other notes, and a small experiment."""
    service = Service(Store(database))
    planned = service.experiments.plan(service.experiments.lay_out(read_toml(EXPERIMENT, "stock"))).experiment
    service.experiments.start(planned.id)
    found = Stock(
        evolving=open_example(service).run_id,
        lost=_recording(service, lost_minority(), "a lost minority"),
        k1=_recording(service, at_knobs(16, 1), "one parent"),
        k4=_recording(service, evolution(), "four parents"),
        experiment=planned.id,
    )
    assert service.experiments.wait(planned.id, timeout=60)
    service.close()
    return found


def _recording(service: Service, wanted: LessonRun, note: str) -> str:
    run_id = service.import_run(gzip.decompress(wanted.recording.read_bytes())).run_id
    service.store.set_note(run_id, note)
    return run_id
