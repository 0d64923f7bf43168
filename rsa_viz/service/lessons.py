"""The lesson's runs: found in the database by their note, made there on demand, or read from the app's recordings.

Recordings go into a database of their own in a temporary folder, so that looking at the lesson leaves nothing in the
operator's database and needs no right to write there. Knows no page.
"""

from __future__ import annotations

import gzip
import io
import tempfile
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..core.access import Access
from ..core.run import Run, RunStatus
from ..lessons import LessonRun
from ..store import Store, export_bundle, import_bundle
from .service import Service

_LOOKED_AT = 20  # runs with the note that are looked at; older ones are not found


@dataclass(frozen=True, slots=True)
class Lesson:
    """One of the lesson's runs as it stands. ``recorded``: it is a recording that came with the app, and ``service``
    is that of the recordings; else it stands in the database and may still be going on."""

    service: Service
    run: Run
    recorded: bool


class Lessons:
    """The lesson's runs for one service. Its methods may be called from any thread."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._lock = threading.Lock()
        self._recordings: Service | None = None
        self._known: dict[str, str] = {}  # a recording's name, and its run there

    def find(self, wanted: LessonRun) -> Lesson | None:
        """The run as it is there: from the database, done or on its way, else the recording; None without either."""
        for run in self.service.store.runs(search=wanted.note, limit=_LOOKED_AT):
            if run.note == wanted.note and run.config == wanted.config and run.problem.key == wanted.problem.key:
                return Lesson(self.service, run, recorded=False)
        return self.recording(wanted)

    def make(self, wanted: LessonRun) -> Lesson:
        """The run in the database, made or resumed there where it is not done; returns at once. Raises ReadOnly and
        InvalidInput, as ``Service.create`` and ``Service.start`` do."""
        found = self.find(wanted)
        if found is None or found.recorded:
            run = self.service.create(wanted.problem, wanted.config, note=wanted.note)
        else:
            run = found.run
        if run.status not in (RunStatus.DONE, RunStatus.RUNNING):
            self.service.start(run.id)
        return Lesson(self.service, self.service.store.run(run.id), recorded=False)

    def recording(self, wanted: LessonRun) -> Lesson | None:
        """The recording of this very run; None where the app brings none, or only one by another model."""
        if not wanted.recording.exists():
            return None
        with self._lock:
            if self._recordings is None:
                place = Path(tempfile.mkdtemp(prefix="rsa_viz-lesson-")) / "recordings.db"
                self._recordings = Service(Store(place), (), access=Access(read_only=True))
            store = self._recordings.store
            if wanted.name not in self._known:
                self._known[wanted.name] = import_bundle(store, _lines(wanted.recording)).run_id
            run = store.run(self._known[wanted.name])
        return Lesson(self._recordings, run, recorded=True) if run.config == wanted.config else None


def make_all(service: Service, wanted: Iterable[LessonRun]) -> Iterator[Run]:
    """Make the runs one after the other, each to its end; those that are done are not made again."""
    lessons = Lessons(service)
    for one in wanted:
        yield service.wait(lessons.make(one).run.id)


def write_recording(store: Store, run_id: str, path: Path) -> None:
    """Write a run as a recording of the lesson: its bundle, compressed; the same run gives the same bytes."""
    text = io.StringIO()
    export_bundle(store, run_id, text)
    with path.open("wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
        packed.write(text.getvalue().encode("ascii"))


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="ascii") as lines:
        yield from lines
