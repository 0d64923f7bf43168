"""Where the database stands when nobody names one. Knows no database."""

from __future__ import annotations

import os

DATABASE = "data/rsa_viz.db"


def database_place() -> str:
    """The file that ``RSA_VIZ_DB`` names, else DATABASE below the current folder; app and command line agree."""
    return os.environ.get("RSA_VIZ_DB") or DATABASE
