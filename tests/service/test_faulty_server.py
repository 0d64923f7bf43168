"""A whole run, from the command line, on a separate HTTP server that fails as servers do."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rsa_viz.core.chain import ChainStatus
from rsa_viz.store import Store
from tests import processes
from tests.servers.openai_server import Faults, ServerProcess

SHARES = {**dict.fromkeys(vars(Faults()), 0.025), "floods": 0.02}
FAULTS = ("--seed", "7", "--retry-after", "0.2", *(f"--{name}={share}" for name, share in SHARES.items()))
ENDED = ("answered", "empties", "truncations", "nulls", "drips", "floods", "repeats")
"""What the server did that is an answer, if maybe a poor one; a refusal ends its slot, anything else is tried again."""


def test_a_run_of_16_by_10_on_a_server_with_every_fault_accounts_for_every_slot(tmp_path: Path) -> None:
    database = tmp_path / "runs.db"
    problem = tmp_path / "problem.json"
    problem.write_text(
        '{"task": "program", "question": "Work modulo 97.\\na = 66\\nb = 35\\nc = a * b\\nd = c - a\\n'
        'e = d * c\\nf = e + b\\ng = f * d\\nWhat is g?"}'
    )
    with ServerProcess(*FAULTS, "--latency", "lognormal:0.05:0.8") as server:
        ran = processes.run(
            *("run", "--db", database, "--problem", problem, "--model", "openai/test-model"),
            *("--api-base", server.address, "-N", "16", "-K", "4", "-T", "10", "--timeout", "3"),
            OPENAI_API_KEY="a-key-that-must-stay-here",
        )
        log = server.log()
    assert ran.returncode == 0, ran.stderr
    result = processes.last_json(ran)
    assert (result["status"], result["done"] + result["failed"]) == ("done", 160)

    store = Store(database)
    run = store.run(result["run_id"])
    chains = store.chains(run.id, text=True)
    chains_by_slot = {chain.slot: chain for chain in chains}
    by_status = Counter(chain.status for chain in chains)
    assert by_status[ChainStatus.DONE] + by_status[ChainStatus.FAILED] == 160
    assert [chain.parents for chain in chains] == [planned.parents for planned in store.plan(run.id)]
    for chain in chains:
        if chain.status is ChainStatus.DONE:
            assert chain.latency_s is not None
        else:
            assert "answered 400" in (chain.error or "")
        assert chain.available == tuple(slot for slot in chain.parents if chains_by_slot[slot].text)

    # Every try is on the server's books: nothing was called twice without need, and every fault did happen.
    outcomes = Counter(entry["outcome"] for entry in log["entries"])
    assert set(outcomes) == {"answered", *SHARES}
    assert log["requests"] == sum(chain.attempts for chain in chains)
    assert sum(outcomes[name] for name in ENDED) == by_status[ChainStatus.DONE]
    assert outcomes["refusals"] == by_status[ChainStatus.FAILED]
    assert sum(chain.truncated for chain in chains) == outcomes["truncations"]
    assert sum(chain.empty for chain in chains) == outcomes["empties"] + outcomes["nulls"]
    assert sum(chain.characters > 1_000_000 for chain in chains) == outcomes["floods"]
    assert log["most_in_flight"] <= 16
    assert all(entry["body"]["stream"] is True for entry in log["entries"])
    assert not [entry for entry in log["entries"] if "a-key-that-must-stay-here" in (entry["authorization"] or "")]
    assert "a-key-that-must-stay-here" not in ran.stdout + ran.stderr
    assert b"a-key-that-must-stay-here" not in database.read_bytes()
