"""Experiments: planned, foreseen, started, paused, stopped and watched. One a service; safe to use from any thread.

What is known of an experiment stands in the store, whoever drives its runs. Knows no page and no terminal.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import wait
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..core.errors import RsaVizError
from ..core.experiment import Experiment
from ..core.run import RunStatus
from ..core.spec import ExperimentSpec
from ..store.experiment_store import ExperimentStore
from .crew import CrewAtWork
from .experiment_planning import Foreseen, Place, Planned, Preparing, foresee, known_runs, places, plan
from .experiment_progress import ExperimentProgress, Watch
from .layout import Layout, lay_out
from .unanswered import unanswered

if TYPE_CHECKING:
    from .service import Service

log = logging.getLogger("rsa_viz")

SEEN_AT_ONCE = 8  # experiments whose numbers are kept in memory


class Experiments:
    """The experiments of a service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.store = ExperimentStore(service.store.database)
        self._crews: dict[str, list[CrewAtWork]] = {}
        self._watches: dict[str, Watch] = {}
        self._preparing: dict[str, Preparing] = {}
        self._lock = threading.Lock()

    # before it begins

    def lay_out(self, spec: ExperimentSpec, *, where: str = "the experiment", folder: Path | None = None) -> Layout:
        """As ``layout.lay_out``; every model must be one that these users may reach. Raises InvalidInput."""
        service = self._service
        layout = lay_out(spec, service.store, service.endpoints, access=service.access, where=where, folder=folder)
        for choice in {choice for point in layout.servers for choice in point.config.models}:
            service.models.check(choice)
        return layout

    def foresee(self, layout: Layout, *, fresh: bool = False) -> tuple[Foreseen, ...]:
        """What each point that is run still costs; ``fresh`` as in ``plan``."""
        return foresee(self._service, layout, known_runs(self.store, layout, fresh=fresh))

    def unanswered(self, layout: Layout) -> tuple[str, ...]:
        """What its models will give no answer to, in sentences; empty where nothing is known to go wrong."""
        return unanswered(self._service.models, layout)

    def plan(
        self, layout: Layout, *, fresh: bool = False, on_progress: Callable[[int], None] = lambda _: None
    ) -> Planned:
        """Store the experiment under its name with the runs that it lacks; nothing is called.

        A recorded run with the same problem, settings and prompts is used again, wherever it comes from, done or to be
        gone on with; ``fresh`` leaves those aside that are not this experiment's own. Runs that an earlier
        specification had and this one has not stay in the database and are no longer part of it. Killed half-way and
        called again, it ends the same; so it does when several processes plan the same experiment at once.
        ``on_progress`` gets the number of runs that are there. Raises InvalidInput, ReadOnly, StoreError.
        """
        self._service.access.check_change()
        return plan(self._service, self.store, layout, fresh, on_progress)

    def prepare(self, layout: Layout, *, fresh: bool = False, start: bool = True) -> Preparing:
        """Plan in the background, then ``start``; returns at once. What is being prepared under this name goes on."""
        self._service.access.check_change()
        with self._lock:
            known = self._preparing.get(layout.spec.name)
            if known is not None and not known.over:
                return known
            preparing = self._preparing[layout.spec.name] = Preparing(layout.spec.name, layout.size)
        work = threading.Thread(
            target=self._prepare, args=(preparing, layout, fresh, start), name="rsa_viz planning", daemon=True
        )
        work.start()
        return preparing

    def preparing(self, name: str) -> Preparing | None:
        """What is being prepared under a name, or was last."""
        return self._preparing.get(name)

    def _prepare(self, preparing: Preparing, layout: Layout, fresh: bool, start: bool) -> None:
        try:
            preparing.planned = self.plan(layout, fresh=fresh, on_progress=preparing.advance)
            if start:
                self.start(preparing.planned.experiment.id)
        except RsaVizError as error:
            preparing.error = str(error)
        except Exception as error:
            log.exception("planning the experiment %s failed", preparing.name)
            preparing.error = f"{type(error).__name__}: {error}"
        finally:
            preparing.end()

    # driving

    def start(self, experiment_id: str, *, concurrency: int | None = None) -> None:
        """Start or resume every run that is not done, in the background; see ``Service.start_all``. Runs that this
        process drives already go on as they are."""
        left = [one.run_id for one in self.store.members(experiment_id) if one.status is not RunStatus.DONE]
        crew = self._service.start_all(left, concurrency=concurrency)
        with self._lock:
            self._crews[experiment_id] = [*self._at_work(experiment_id), crew]

    def pause(self, experiment_id: str) -> None:
        """Let the calls in flight finish and start no other, whichever process drives the runs."""
        self._end(experiment_id, "pause")

    def stop(self, experiment_id: str) -> None:
        """Cancel the calls in flight; their slots stay planned, whichever process drives the runs."""
        self._end(experiment_id, "stop")

    def leave(self, experiment_id: str) -> None:
        """As ``stop``, but of the runs that this process drives: other processes go on with theirs."""
        for crew in self._at_work(experiment_id):
            crew.end("stop")

    def _end(self, experiment_id: str, wanted: Literal["pause", "stop"]) -> None:
        self._service.access.check_change()
        for crew in self._at_work(experiment_id):
            crew.end(wanted)
        for member in self.store.members(experiment_id):
            if member.status is RunStatus.RUNNING:
                self._service.store.ask(member.run_id, wanted)

    def wait(self, experiment_id: str, timeout: float | None = None) -> bool:
        """Wait until this process drives none of its runs any more, or ``timeout`` seconds; whether that is so."""
        return not wait([crew.going for crew in self._at_work(experiment_id)], timeout).not_done

    def elsewhere(self, experiment_id: str) -> Literal["nothing", "driven", "abandoned"]:
        """What other processes have of the runs that this one passed over, once this one is through: some are being
        driven, or some were by a process that has died, and ``start`` takes them up. Nothing when this one was paused
        or stopped, or could not go on."""
        if any(crew.crew.ended_early for crew in self._crews.get(experiment_id, ())):
            return "nothing"
        members = self.store.members(experiment_id)
        if any(one.status is RunStatus.INTERRUPTED and not self._service.trouble(one.run_id) for one in members):
            return "abandoned"
        return "driven" if any(one.status is RunStatus.RUNNING for one in members) else "nothing"

    def at_work(self, experiment_id: str) -> bool:
        """Whether this process still drives it."""
        return bool(self._at_work(experiment_id))

    def _at_work(self, experiment_id: str) -> list[CrewAtWork]:
        return [crew for crew in self._crews.get(experiment_id, ()) if not crew.going.done()]

    # watching

    def progress(self, experiment_id: str) -> ExperimentProgress:
        """How far it is, whichever process drives it. Zeros for one that is not there."""
        with self._lock:
            watch = self._watches.pop(experiment_id, None) or Watch(self.store, self._service.models)
            self._watches[experiment_id] = watch
            while len(self._watches) > SEEN_AT_ONCE:
                del self._watches[next(iter(self._watches))]
        seen = watch.look(experiment_id, at_work=self.at_work(experiment_id))
        troubles = dict.fromkeys(filter(None, (self._service.trouble(one.run_id) for one in seen.members)))
        return replace(seen, errors=(*troubles, *seen.errors)) if troubles else seen

    def places(self, experiment: Experiment) -> tuple[Place, ...]:
        """Where each of its runs stands among its points, problems and seeds, in the order of its runs. Runs that are
        gone are left out."""
        return places(self._service, experiment)

    def delete(self, experiment_id: str, *, runs: bool = False) -> int:
        """Forget an experiment, with ``runs`` also those that are in no other one; how many runs were deleted.

        Raises NotFound, ReadOnly, and RunHeld while somebody drives one of them.
        """
        self._service.access.check_change()
        alone = self.store.alone(experiment_id) if runs else ()
        self.store.delete(experiment_id)
        for run_id in alone:
            self._service.store.delete_run(run_id)
        return len(alone)
