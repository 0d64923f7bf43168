"""A database that fails for a while under a run, for the tests of the service and of the pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from rsa_viz.core.run import ModelChoice, Run, RunConfig, RunStatus
from rsa_viz.service import Service
from rsa_viz.store import Store
from rsa_viz.tasks import find_task
from tests.servers.openai_server import OpenAIServer


class Trouble:
    """What a store's connections are told before each transaction; SQLite itself fails for it then."""

    def __init__(self, store: Store) -> None:
        self._pragma = ""
        event.listen(store.database._engine.pool, "checkout", self._tell)  # type: ignore[attr-defined]

    @contextmanager
    def of(self, pragma: str, relief: str) -> Iterator[None]:
        """Trouble for the length of a block."""
        self._pragma = pragma
        try:
            yield
        finally:
            self._pragma = relief

    def _tell(self, raw: sqlite3.Connection, *_: object) -> None:
        if self._pragma:
            raw.execute(self._pragma)


FULL = ("PRAGMA max_page_count=1", "PRAGMA max_page_count=1073741823")
READ_ONLY = ("PRAGMA query_only=ON", "PRAGMA query_only=OFF")


def under_way(service: Service, server: OpenAIServer) -> Run:
    """A run on the test server, started; its last chain has just been recorded or is about to be."""
    choice = ModelChoice("openai/test-model", api_base=server.address)
    config = RunConfig(choice, n=6, k=2, t=6, seed=2, concurrency=4, max_tokens=300)
    run = service.create(find_task("program").problems()[0], config)
    service.start(run.id)
    while service.store.run(run.id).done < 6:
        assert service.store.run(run.id).status is RunStatus.RUNNING
    return run


def answered(server: OpenAIServer) -> int:
    return sum(entry["outcome"] == "answered" for entry in server.log)
