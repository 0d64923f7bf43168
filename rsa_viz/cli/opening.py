"""Opens what a command works on. Imports late: ``--help`` and a mistyped option answer at once."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..service import Service
    from ..store import Store


def open_store(options: argparse.Namespace) -> Store:
    """The database that ``--db`` names, made if it is not there. Raises StoreError."""
    from ..store import Store

    return Store(options.db)


def open_service(options: argparse.Namespace) -> Service:
    """The service on that database, with the operator's endpoints. Raises StoreError and InvalidEndpoint."""
    from ..service import Service

    return Service(open_store(options))
