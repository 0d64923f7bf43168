"""Prompt sets that users wrote: every version that was saved."""

from __future__ import annotations

STATEMENTS = (
    """
    CREATE TABLE prompt_set (
        name TEXT NOT NULL,
        version INTEGER NOT NULL,
        prompts_json TEXT NOT NULL,
        created_at FLOAT NOT NULL,
        PRIMARY KEY (name, version)
    )
    """,
)
