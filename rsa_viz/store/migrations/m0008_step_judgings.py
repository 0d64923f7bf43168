"""Calls that asked a model for verdicts on the steps of a chain, and what it said of each step."""

from __future__ import annotations

STATEMENTS = (
    """
    CREATE TABLE step_judging (
        id INTEGER NOT NULL,
        run_id TEXT NOT NULL,
        chain_id INTEGER NOT NULL,
        model TEXT NOT NULL,
        prompt TEXT NOT NULL,
        at FLOAT NOT NULL,
        prompt_sha256 TEXT NOT NULL,
        finish_reason TEXT,
        tokens_in INTEGER,
        tokens_out INTEGER,
        latency_s FLOAT,
        attempts INTEGER NOT NULL,
        error TEXT,
        text TEXT,
        PRIMARY KEY (id),
        FOREIGN KEY (run_id) REFERENCES run (id) ON DELETE CASCADE,
        FOREIGN KEY (chain_id) REFERENCES chain (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_step_judging_run_id ON step_judging (run_id)",
    "CREATE INDEX ix_step_judging_chain_id ON step_judging (chain_id)",
    """
    CREATE TABLE step_verdict (
        judging_id INTEGER NOT NULL,
        start INTEGER NOT NULL,
        stop INTEGER NOT NULL,
        verdict VARCHAR NOT NULL,
        why TEXT NOT NULL,
        PRIMARY KEY (judging_id, start),
        FOREIGN KEY (judging_id) REFERENCES step_judging (id) ON DELETE CASCADE
    )
    """,
)
