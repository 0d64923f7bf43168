"""Commands called in this process, on the database of the module's tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rsa_viz.cli import main


@pytest.fixture
def call(database: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Calls a command on the module's ``database``: its exit code, and what it printed on either output."""

    def call(command: str, *arguments: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = main([command, "--db", str(database), *arguments])
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return call
