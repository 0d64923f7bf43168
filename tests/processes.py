"""The command line as a real process: started, waited for, killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def environment(**more: str) -> Mapping[str, str]:
    """The environment without keys, proxies or settings of whoever runs the tests."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **more}


def start(*arguments: str | Path, **environ: str) -> subprocess.Popen[str]:
    """Start ``python -m rsa_viz`` with these arguments."""
    return subprocess.Popen(
        [sys.executable, "-m", "rsa_viz", *map(str, arguments)],
        cwd=ROOT,
        env=environment(**environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(*arguments: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m rsa_viz`` to its end (at most 100 s)."""
    process = start(*arguments, **environ)
    try:
        out, err = process.communicate(timeout=100)
    finally:
        process.kill()
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def last_json(process: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The JSON object on the last line of standard output."""
    assert process.stdout.strip(), process.stderr
    value = json.loads(process.stdout.strip().splitlines()[-1])
    assert isinstance(value, dict)
    return value
