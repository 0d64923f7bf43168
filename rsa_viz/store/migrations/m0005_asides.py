"""Calls about a chain that is done: its verification or its summary."""

from __future__ import annotations

STATEMENTS = (
    """
    CREATE TABLE aside (
        chain_id INTEGER NOT NULL,
        run_id TEXT NOT NULL,
        kind VARCHAR NOT NULL,
        seed INTEGER NOT NULL,
        status VARCHAR NOT NULL,
        accepted BOOLEAN,
        prompt_sha256 TEXT,
        finish_reason TEXT,
        tokens_in INTEGER,
        tokens_out INTEGER,
        first_token_s FLOAT,
        latency_s FLOAT,
        started_at FLOAT,
        ended_at FLOAT,
        attempts INTEGER NOT NULL,
        error TEXT,
        endpoint TEXT,
        text TEXT,
        reasoning TEXT,
        PRIMARY KEY (chain_id),
        FOREIGN KEY (chain_id) REFERENCES chain (id) ON DELETE CASCADE,
        FOREIGN KEY (run_id) REFERENCES run (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_aside_run_id ON aside (run_id)",
)
