"""Where the database stands when nobody names one. Knows no database."""

from __future__ import annotations

import os

DATABASE = "data/rsa_viz.db"


def database_place() -> str:
    """What ``RSA_VIZ_DB`` names (a file, a PostgreSQL address), else DATABASE; app and command line agree."""
    return os.environ.get("RSA_VIZ_DB") or DATABASE
