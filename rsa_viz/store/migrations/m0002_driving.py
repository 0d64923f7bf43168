"""Who drives a run, what is asked of the driver, and the chains that are being written now."""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE run ADD COLUMN owner TEXT",
    "ALTER TABLE run ADD COLUMN heartbeat_at FLOAT",
    "ALTER TABLE run ADD COLUMN wanted VARCHAR",
    """
    CREATE TABLE in_flight (
        chain_id INTEGER NOT NULL,
        run_id TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        started_at FLOAT NOT NULL,
        updated_at FLOAT NOT NULL,
        characters INTEGER NOT NULL,
        tokens_out INTEGER NOT NULL,
        tail TEXT NOT NULL,
        waiting_until FLOAT,
        error TEXT,
        PRIMARY KEY (chain_id),
        FOREIGN KEY (chain_id) REFERENCES chain (id) ON DELETE CASCADE,
        FOREIGN KEY (run_id) REFERENCES run (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_in_flight_run_id ON in_flight (run_id)",
)
