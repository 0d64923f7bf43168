"""Forked runs: which run they come from, and which of their chains were taken over or planted.

A chain without a row in ``chain_origin`` was made in its run. The original is named and not referred to: it may be
deleted, or never have been in this database.
"""

from __future__ import annotations

STATEMENTS = (
    """
    CREATE TABLE run_origin (
        run_id TEXT NOT NULL,
        from_run_id TEXT NOT NULL,
        t INTEGER NOT NULL,
        change TEXT NOT NULL,
        of_t INTEGER,
        of_i INTEGER,
        PRIMARY KEY (run_id),
        FOREIGN KEY (run_id) REFERENCES run (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_run_origin_from_run_id ON run_origin (from_run_id)",
    """
    CREATE TABLE chain_origin (
        chain_id INTEGER NOT NULL,
        run_id TEXT NOT NULL,
        origin VARCHAR NOT NULL,
        from_t INTEGER,
        from_i INTEGER,
        PRIMARY KEY (chain_id),
        FOREIGN KEY (chain_id) REFERENCES chain (id) ON DELETE CASCADE,
        FOREIGN KEY (run_id) REFERENCES run (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_chain_origin_run_id ON chain_origin (run_id)",
)
