"""What persons decided about verdicts and answer classes; undone decisions are kept."""

from __future__ import annotations

STATEMENTS = (
    """
    CREATE TABLE ruling (
        id INTEGER NOT NULL,
        run_id TEXT NOT NULL,
        chain_id INTEGER,
        kind VARCHAR NOT NULL,
        answer_key TEXT,
        into_key TEXT,
        verdict VARCHAR NOT NULL,
        why TEXT NOT NULL,
        at FLOAT NOT NULL,
        undone_at FLOAT,
        PRIMARY KEY (id),
        FOREIGN KEY (run_id) REFERENCES run (id) ON DELETE CASCADE,
        FOREIGN KEY (chain_id) REFERENCES chain (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_ruling_run_id ON ruling (run_id)",
    "CREATE INDEX ix_ruling_chain_id ON ruling (chain_id)",
)
