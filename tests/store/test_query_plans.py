"""SQLite is asked how it answers what a page asks: by an index, and without sorting a whole run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event
from stored_runs import UNKNOWN, done, drawn_run

from rsa_viz.core.chain import Answer, InFlight, Slot, Verdict
from rsa_viz.core.run import Run, RunStatus
from rsa_viz.store import Store, owner_name

pytestmark = pytest.mark.usefixtures("unflushed")

QUESTIONS: dict[str, Callable[[Store, Run], object]] = {
    "runs": lambda store, run: store.runs(),
    "count_runs": lambda store, run: store.count_runs(),
    "run": lambda store, run: store.run(run.id),
    "forks": lambda store, run: store.forks(run.id),
    "revision": lambda store, run: store.revision(run.id),
    "plan": lambda store, run: store.plan(run.id),
    "chains": lambda store, run: store.chains(run.id),
    "chains with text": lambda store, run: store.chains(run.id, text=True),
    "chains of a generation": lambda store, run: store.chains(run.id, text=True, t=2),
    "chain": lambda store, run: store.chain(run.id, Slot(2, 1)),
    "texts": lambda store, run: store.texts(run.id, [Slot(1, 1), Slot(1, 2), Slot(2, 1)]),
    "children": lambda store, run: store.children(run.id, Slot(1, 1)),
    "in_flight": lambda store, run: store.in_flight(run.id),
    "typical_tokens_out": lambda store, run: store.typical_tokens_out("openai/small", "text"),
    "record": lambda store, run: store.record(run.id, done(1, 2), None, UNKNOWN, "lab"),
    "exchange": lambda store, run: store.exchange(
        owner_name(), {run.id: [InFlight(Slot(1, 3), 1, 1.0, 2.0, 0, 0, "")]}
    ),
    "asides": lambda store, run: store.asides(run.id, text=True),
    "aside": lambda store, run: store.aside(run.id, Slot(2, 1)),
    "summaries": lambda store, run: store.summaries(run.id, [Slot(1, 1), Slot(1, 2), Slot(2, 1)]),
    "rulings": lambda store, run: store.rulings(run.id),
    "rule_verdict": lambda store, run: store.rule_verdict(run.id, Slot(1, 1), Verdict.RIGHT),
    "merge_answers": lambda store, run: store.merge_answers(run.id, "1", "2"),
    "undo_ruling": lambda store, run: store.undo_ruling(run.id, store.rulings(run.id)[0].id),
    "ask": lambda store, run: store.ask(run.id, "pause"),
    "release": lambda store, run: store.release(run.id, owner_name(), RunStatus.PAUSED),
    "delete_run": lambda store, run: store.delete_run(drawn_run(store, 2, 1, 1).id),
}
MAY_SORT = {"children", "forks", "in_flight"}  # a handful of rows


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_page_is_answered_by_an_index(store: Store, question: str) -> None:
    run = drawn_run(store, 4, 2, 3)
    for _ in range(3):
        drawn_run(store, 4, 2, 3)
    store.claim(run.id, owner_name())
    store.record(run.id, done(1, 1), Answer("1", "1", 0, 1), UNKNOWN, "lab")
    store.record(run.id, done(1, 4), Answer("2", "2", 0, 1), UNKNOWN, "lab")
    store.rule_verdict(run.id, Slot(1, 4), Verdict.WRONG)
    asked: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            asked.append((statement, parameters[0] if many else parameters))

    engine = store.database._engine
    event.listen(engine, "before_cursor_execute", note)
    QUESTIONS[question](store, run)
    event.remove(engine, "before_cursor_execute", note)
    assert asked
    for statement, parameters in asked:
        with store.database.read() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        for *_, step in plan:
            assert not step.startswith("SCAN") or "USING" in step, (step, statement)
            assert "TEMP B-TREE" not in step or question in MAY_SORT, (step, statement)
