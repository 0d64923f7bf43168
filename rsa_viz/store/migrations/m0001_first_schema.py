"""Problems, runs, chains and parent links."""

from __future__ import annotations

STATEMENTS = (
    """
    CREATE TABLE problem (
        id INTEGER NOT NULL,
        digest VARCHAR NOT NULL,
        task TEXT NOT NULL,
        question TEXT NOT NULL,
        gold TEXT,
        title TEXT NOT NULL,
        metadata_json TEXT NOT NULL,
        PRIMARY KEY (id),
        UNIQUE (digest)
    )
    """,
    """
    CREATE TABLE run (
        id TEXT NOT NULL,
        problem_id INTEGER NOT NULL,
        status VARCHAR NOT NULL,
        created_at FLOAT NOT NULL,
        started_at FLOAT,
        ended_at FLOAT,
        error TEXT,
        note TEXT NOT NULL,
        code_version TEXT NOT NULL,
        revision INTEGER NOT NULL,
        model TEXT NOT NULL,
        strategy TEXT NOT NULL,
        n INTEGER NOT NULL,
        k INTEGER NOT NULL,
        t INTEGER NOT NULL,
        seed BIGINT NOT NULL,
        config_json TEXT NOT NULL,
        prompts_json TEXT NOT NULL,
        calls INTEGER NOT NULL,
        done INTEGER NOT NULL,
        failed INTEGER NOT NULL,
        PRIMARY KEY (id),
        FOREIGN KEY (problem_id) REFERENCES problem (id)
    )
    """,
    "CREATE INDEX ix_run_created_at_id ON run (created_at, id)",
    "CREATE INDEX ix_run_problem_id ON run (problem_id)",
    """
    CREATE TABLE chain (
        id INTEGER NOT NULL,
        run_id TEXT NOT NULL,
        t INTEGER NOT NULL,
        i INTEGER NOT NULL,
        kind VARCHAR NOT NULL,
        seed INTEGER NOT NULL,
        temperature FLOAT,
        status VARCHAR NOT NULL,
        fresh BOOLEAN NOT NULL,
        characters INTEGER NOT NULL,
        answer TEXT,
        answer_key TEXT,
        answer_start INTEGER,
        answer_end INTEGER,
        verdict VARCHAR NOT NULL,
        verdict_source VARCHAR NOT NULL,
        verdict_why TEXT NOT NULL,
        score FLOAT,
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
        PRIMARY KEY (id),
        CONSTRAINT uq_chain_slot UNIQUE (run_id, t, i),
        FOREIGN KEY (run_id) REFERENCES run (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE parent_link (
        child_id INTEGER NOT NULL,
        position INTEGER NOT NULL,
        parent_id INTEGER NOT NULL,
        available BOOLEAN,
        PRIMARY KEY (child_id, position),
        FOREIGN KEY (child_id) REFERENCES chain (id) ON DELETE CASCADE,
        FOREIGN KEY (parent_id) REFERENCES chain (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_parent_link_parent_id ON parent_link (parent_id)",
)
