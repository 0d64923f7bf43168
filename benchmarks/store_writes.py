"""What the store costs: durable chain writes against bare sqlite3, and the queries that pages make.

``python benchmarks/store_writes.py`` prints one table and takes about half a minute. The bare writer holds one open
connection with the store's own pragmas and runs, as fixed SQL text, the statements that make one chain durable: the
chain's row, its four parent links, the run's counters, in one transaction. Both write the same values into the same
tables, in turns of 25, so that a disk that is busy for a while is busy for both. No time of the store's is left out.
What the store adds is processor time and much the same everywhere; how the ratio comes out is up to what a flush costs
on the disk under the temporary folder (TMPDIR names another).
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from rsa_viz.core.chain import Answer, Completion, Judgement, Outcome, Slot, Verdict, VerdictSource
from rsa_viz.core.genealogy import Plan, Streams
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.run import ModelChoice, Run, RunConfig
from rsa_viz.core.strategies import find_strategy
from rsa_viz.store import Store
from rsa_viz.store.sqlite_file import PRAGMAS

PROBLEM = Problem("text", "What is 6 times 7?", "42")
ANSWER = Answer("42", "42", 8, 10)
JUDGEMENT = Judgement(Verdict.RIGHT, VerdictSource.REFERENCE, 1.0, "equals the gold answer")
SHA = "ab" * 32
TURN = 25

BARE_CHAIN = """
    UPDATE chain SET status = 'done', characters = ?, text = ?, reasoning = '', finish_reason = 'stop', tokens_in = 20,
    tokens_out = 30, first_token_s = 0.25, latency_s = 1.5, answer = '42', answer_key = '42', answer_start = 8,
    answer_end = 10, verdict = 'right', verdict_source = 'reference', verdict_why = 'equals the gold answer',
    score = 1.0, prompt_sha256 = ?, started_at = 1000.0, ended_at = 1001.5, attempts = 1, endpoint = 'lab'
    WHERE run_id = ? AND t = ? AND i = ? RETURNING id
"""
BARE_LINKS = "UPDATE parent_link SET available = 1 WHERE child_id = ?"
BARE_COUNT = "UPDATE run SET done = done + 1, revision = revision + 1 WHERE id = ?"


def drawn_run(store: Store, n: int, k: int, t: int) -> tuple[Run, Plan]:
    """A planned RSA run."""
    config = RunConfig(ModelChoice("openai/small"), n=n, k=k, t=t)
    plan = find_strategy("rsa").plan(n, k, t, Streams(0, PROBLEM.key))
    return store.create_run(PROBLEM, config, PLAIN, plan), plan


def outcome(slot: Slot, parents: tuple[Slot, ...], text: str) -> Outcome:
    """A chain that is done."""
    return Outcome(slot, Completion(text, "", "stop", 20, 30, 0.25, 1.5), None, 1, SHA, parents, False, 1000.0, 1001.5)


def bare_connection(path: Path) -> sqlite3.Connection:
    """sqlite3 alone, opened as the store opens it."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    return connection


def bare_record(connection: sqlite3.Connection, run_id: str, slot: Slot, text: str) -> None:
    """The least that makes a chain durable."""
    connection.execute("BEGIN IMMEDIATE")
    values = (len(text), text, SHA, run_id, slot.t, slot.i)
    ((chain_id,),) = connection.execute(BARE_CHAIN, values).fetchall()
    connection.execute(BARE_LINKS, (chain_id,))
    connection.execute(BARE_COUNT, (run_id,))
    connection.execute("COMMIT")


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def writes(folder: Path, characters: int) -> None:
    """Store and bare sqlite3 in turns, on two files."""
    text = "6 * 7 = 42\n" * (characters // 11)
    store, beside = Store(folder / f"store{characters}.db"), Store(folder / f"bare{characters}.db")
    (run, plan), (bare_run, _) = drawn_run(store, 16, 4, 40), drawn_run(beside, 16, 4, 40)
    beside.close()
    connection = bare_connection(beside.path)
    slots = [chain.slot for chain in plan if chain.parents]
    turns = [slots[start : start + TURN] for start in range(0, len(slots) - TURN + 1, TURN)]
    ours, theirs = [], []
    for turn in turns:
        ours.append(
            timed(
                lambda turn=turn: [
                    store.record(run.id, outcome(slot, plan[slot].parents, text), ANSWER, JUDGEMENT, "lab")
                    for slot in turn
                ]
            )
        )
        theirs.append(timed(lambda turn=turn: [bare_record(connection, bare_run.id, slot, text) for slot in turn]))
    connection.close()
    store.close()
    rows = []
    for name, times in (("store", ours), ("sqlite3", theirs)):
        wall, processor = (statistics.median(column) / TURN for column in zip(*times, strict=True))
        rows.append((wall, processor))
        print(
            f"  {name:8} {1 / wall:8.0f} writes/s   {wall * 1e3:6.2f} ms wall, {processor * 1e3:5.2f} ms processor each"
        )
    print(
        f"  ratio    {rows[0][0] / rows[1][0]:8.2f} times the wall time of sqlite3 (aim: at most about 2); "
        f"the store adds {(rows[0][1] - rows[1][1]) * 1e3:.2f} ms of processor a chain"
    )


def query(name: str, work: Callable[[], object], times: int = 7) -> None:
    """The median of some calls."""
    work()
    print(f"  {name:62} {statistics.median(timed(work)[0] for _ in range(times)) * 1e3:8.1f} ms")


def queries(folder: Path) -> None:
    """What pages ask, on a database with 1,000 runs and one of 10,240 chains, half of them done with 2 kB each."""
    path = folder / "pages.db"
    store = Store(path)
    for _ in range(999):
        drawn_run(store, 4, 2, 2)
    began = time.perf_counter()
    run, plan = drawn_run(store, 512, 8, 20)
    print(f"  {'create_run, 10,240 chains and 77,824 links':62} {(time.perf_counter() - began) * 1e3:8.1f} ms")
    text = "6 * 7 = 42\n" * 186
    connection = bare_connection(path)
    connection.execute("PRAGMA synchronous=OFF")
    for chain in plan.chains[:5120]:
        bare_record(connection, run.id, chain.slot, text)
    connection.close()
    store.close()

    def opened() -> None:
        Store(path).close()

    query("open and close, 1,000 runs", opened)
    query("open and close, a fresh file", lambda: Store(folder / f"{time.perf_counter_ns()}.db").close(), 5)
    with Store(path) as store:
        query("runs, the newest 50 of 1,000", lambda: store.runs())
        query("runs, all 1,000", lambda: store.runs(limit=1000))
        query("runs, searched, 50 of 1,000", lambda: store.runs(search="small 7"))
        query("count_runs, searched", lambda: store.count_runs("small 7"))
        query("run", lambda: store.run(run.id))
        query("revision", lambda: store.revision(run.id))
        query("chains without text, 10,240 chains and 77,824 links", lambda: store.chains(run.id))
        query("chains with text, one generation of 512", lambda: store.chains(run.id, text=True, t=3))
        query("chain, whole", lambda: store.chain(run.id, Slot(5, 7)))
        query("children", lambda: store.children(run.id, Slot(5, 7)))
        query("texts of 8 parents", lambda: store.texts(run.id, plan[Slot(5, 7)].parents))
        query("plan, 10,240 chains", lambda: store.plan(run.id))
    with sqlite3.connect(path) as bare:
        links = "SELECT l.* FROM chain c JOIN parent_link l ON l.child_id = c.id WHERE c.run_id = ?"

        def read_bare() -> None:
            bare.execute("SELECT * FROM chain WHERE run_id = ? ORDER BY t, i", (run.id,)).fetchall()
            bare.execute(links, (run.id,)).fetchall()

        query("  bare sqlite3: the same rows as tuples, with text", read_bare)
    bare.close()


def main() -> None:
    """Run it all."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for characters in (2_000, 20_000):
            print(f"durable chain writes, {characters:,} characters of text, {', '.join(PRAGMAS[:2])}")
            writes(folder, characters)
        print("pages, median wall time")
        queries(folder)


if __name__ == "__main__":
    main()
