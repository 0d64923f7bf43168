"""A whole run, from the command line, on a separate HTTP server that fails as servers do."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rsa_viz.core.chain import ChainStatus
from rsa_viz.store import Store
from tests import processes
from tests.servers.openai_server import ServerProcess

FAULTS = ("--seed", "3", "--errors", "0.05", "--limits", "0.05", "--hangs", "0.02", "--retry-after", "0.2")


def test_a_run_of_16_by_10_on_a_server_with_errors_limits_and_hangs_accounts_for_every_slot(tmp_path: Path) -> None:
    database = tmp_path / "runs.db"
    problem = tmp_path / "problem.json"
    problem.write_text(
        '{"task": "program", "question": "Work modulo 97.\\na = 66\\nb = 35\\nc = a * b\\nd = c - a\\n'
        'e = d * c\\nf = e + b\\ng = f * d\\nWhat is g?"}'
    )
    with ServerProcess(*FAULTS, "--latency", "lognormal:0.1:0.8") as server:
        ran = processes.run(
            *("run", "--db", database, "--problem", problem, "--model", "openai/test-model"),
            *("--api-base", server.address, "-N", "16", "-K", "4", "-T", "10", "--timeout", "4"),
            OPENAI_API_KEY="a-key-that-must-stay-here",
        )
        log = server.log()
    assert ran.returncode == 0, ran.stderr
    result = processes.last_json(ran)
    assert (result["status"], result["done"] + result["failed"]) == ("done", 160)

    store = Store(database)
    run = store.run(result["run_id"])
    chains = store.chains(run.id, text=True)
    by_status = Counter(chain.status for chain in chains)
    assert by_status[ChainStatus.DONE] + by_status[ChainStatus.FAILED] == 160
    assert [chain.parents for chain in chains] == [planned.parents for planned in store.plan(run.id)]
    for chain in chains:
        if chain.status is ChainStatus.DONE:
            assert chain.text
            assert chain.finish_reason == "stop"
            assert chain.tokens_in
            assert chain.tokens_out
            assert chain.latency_s is not None
        else:
            assert chain.error

    # Every try is on the server's books: nothing was called twice without need, and the faults did happen.
    outcomes = Counter(entry["outcome"] for entry in log["entries"])
    assert log["requests"] == sum(chain.attempts for chain in chains)
    assert outcomes["answered"] == by_status[ChainStatus.DONE]
    assert min(outcomes["error"], outcomes["limit"], outcomes["hang"]) >= 1
    assert log["most_in_flight"] <= 16
    assert all(entry["body"]["stream"] is True for entry in log["entries"])
    assert not [entry for entry in log["entries"] if "a-key-that-must-stay-here" in (entry["authorization"] or "")]
    assert "a-key-that-must-stay-here" not in ran.stdout + ran.stderr
    assert b"a-key-that-must-stay-here" not in database.read_bytes()
