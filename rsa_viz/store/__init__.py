"""The store: SQLite through SQLModel. Rows never leave this package; the frozen types of ``core`` do."""

from __future__ import annotations

from .bundle import ImportedRun, export_bundle, import_bundle
from .chains_csv import export_csv
from .forking import PlantedText
from .json_columns import prompts_from
from .ownership import owner_name
from .store import Store

__all__ = [
    "ImportedRun",
    "PlantedText",
    "Store",
    "export_bundle",
    "export_csv",
    "import_bundle",
    "owner_name",
    "prompts_from",
]
