"""Named sets of runs that are meant to be compared."""

from __future__ import annotations

STATEMENTS = (
    """
    CREATE TABLE experiment (
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        created_at FLOAT NOT NULL,
        note TEXT NOT NULL,
        spec_json TEXT NOT NULL,
        PRIMARY KEY (id),
        UNIQUE (name)
    )
    """,
    """
    CREATE TABLE experiment_run (
        experiment_id TEXT NOT NULL,
        run_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        PRIMARY KEY (experiment_id, run_id),
        FOREIGN KEY (experiment_id) REFERENCES experiment (id) ON DELETE CASCADE,
        FOREIGN KEY (run_id) REFERENCES run (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_experiment_run_run_id ON experiment_run (run_id)",
)
