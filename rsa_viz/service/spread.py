"""An experiment spread over a Ray cluster: one task a run, results into the shared database.

Every machine of the cluster needs the optional extra ``ray``, this rsa_viz, the operator's endpoints file and the keys.
Who is killed loses nothing: Ray gives its run to another worker, which goes on from what the database holds. Knows no
page and no terminal.
"""

from __future__ import annotations

import os
import socket
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from .. import __version__
from ..core.errors import InvalidInput, RsaVizError
from ..core.experiment import Member
from ..core.run import RunStatus
from ..store import Store
from .service import Service

RETRIES = 5
"""How often a run is given to another worker when one dies over it."""

_ENDED_EARLY = (RunStatus.PAUSED.value, RunStatus.STOPPED.value)


def drive_run(place: str, run_id: str, concurrency: int | None, version: str) -> tuple[str, str | None]:
    """What a task does: drive one run to its end, on whatever machine it is; its status then, and an error.

    A run that another living process drives is waited for, and taken up should that die.
    """
    if version != __version__:
        here = socket.gethostname()
        return RunStatus.FAILED.value, f"{here} has rsa_viz {__version__}, not {version}; install the same everywhere"
    try:
        service = _service(place)
        while True:
            service.start_all([run_id], concurrency=concurrency).going.result()
            run = service.wait(run_id)
            trouble = service.trouble(run_id)
            if run.status is not RunStatus.INTERRUPTED or trouble is not None:
                return (RunStatus.FAILED if trouble else run.status).value, trouble or run.error
    except RsaVizError as error:
        return RunStatus.FAILED.value, f"{socket.gethostname()}: {error}"


@lru_cache(maxsize=1)
def _service(place: str) -> Service:
    """The service of a worker's process: Ray gives a process many tasks, one after the other."""
    return Service(Store(place))


class Spread:
    """The tasks of an experiment on a cluster: the one at ``address``; without one, that which this machine belongs to,
    else a new one on this machine alone. ``place`` is the database, with its password. Raises InvalidInput when there
    is no Ray or no such cluster, and for a file as database that other machines of the cluster cannot reach."""

    def __init__(self, service: Service, experiment_id: str, place: str, address: str | None = None) -> None:
        if find_spec("ray") is None:
            raise InvalidInput("Ray is not installed; install the extra: pip install 'rsa_viz[ray]'")
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
        import ray

        self._ray = ray
        self._service = service
        self._experiment_id = experiment_id
        self._place = place if "://" in place else str(service.store.path)
        self._tasks: dict[Any, Member] = {}
        self.errors: list[str] = []
        try:
            ray.init(address=address, log_to_driver=False, include_dashboard=False, logging_level="ERROR")
        except (ConnectionError, ValueError, RuntimeError) as error:
            raise InvalidInput(f"there is no Ray cluster at {address or 'this machine'}: {error}") from None
        self._check_reach()

    @property
    def machines(self) -> int:
        """How many machines the cluster has now."""
        return len({node["NodeManagerAddress"] for node in self._ray.nodes() if node["Alive"]})

    def _check_reach(self) -> None:
        here = self._ray.util.get_node_ip_address()
        others = {node["NodeManagerAddress"] for node in self._ray.nodes() if node["Alive"]} - {here, "127.0.0.1"}
        if others and "://" not in self._place:
            self.close()
            raise InvalidInput(
                f"the database is a file of this machine, and the cluster has others ({', '.join(sorted(others))}); "
                "name a PostgreSQL server's address as the database"
            )

    def start(self, *, concurrency: int | None = None) -> None:
        """Give every run that is not done to the cluster, in their order; returns at once."""
        self._service.access.check_change()
        task = self._ray.remote(num_cpus=1, max_retries=RETRIES)(drive_run)
        for one in self._service.experiments.store.members(self._experiment_id):
            if one.status is not RunStatus.DONE:
                self._tasks[task.remote(self._place, one.run_id, concurrency, __version__)] = one

    def wait(self, timeout: float) -> bool:
        """Take in what has ended within ``timeout`` seconds; whether all has. A run that cannot go on ends those on its
        endpoint that have not begun, one that somebody pauses or stops ends all."""
        if not self._tasks:
            return True
        ended, _ = self._ray.wait(list(self._tasks), num_returns=len(self._tasks), timeout=timeout)
        for task in ended:
            member = self._tasks.pop(task, None)
            if member is not None:
                self._take_in(task, member)
        return not self._tasks

    def _take_in(self, task: Any, member: Member) -> None:
        try:
            status, error = self._ray.get(task)
        except self._ray.exceptions.TaskCancelledError:
            return
        except self._ray.exceptions.RayError as failure:
            status, error = RunStatus.FAILED.value, f"its task failed: {str(failure).strip().splitlines()[-1]}"
        if status in _ENDED_EARLY:
            self.cancel()
        elif status == RunStatus.FAILED.value:
            self.errors.append(f"run {member.run_id}: {error}")
            self.cancel(member.served_by)

    def cancel(self, endpoint: str | None = None) -> None:
        """Take back the tasks, or those on an endpoint, that have not begun. Those that go on do so."""
        members = self._service.experiments.store.members(self._experiment_id)
        driven = {one.run_id for one in members if one.status is RunStatus.RUNNING}
        for task, member in self._tasks.items():
            if endpoint in (None, member.served_by) and member.run_id not in driven:
                self._ray.cancel(task)

    def close(self) -> None:
        """Leave the cluster; one that was started here ends."""
        self._ray.shutdown()
