"""Runs with a second model that aggregates. It stands in their configuration; the column is what is searched."""

from __future__ import annotations

STATEMENTS = ("ALTER TABLE run ADD COLUMN aggregator TEXT",)
