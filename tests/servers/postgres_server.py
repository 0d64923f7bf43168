"""A real PostgreSQL server on a socket in a folder of its own, for the length of a ``with`` block."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Self

WHY_NOT = "PostgreSQL's server or its driver is not installed: apt install postgresql, and make extras"
_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=60")
_OWNER = "postgres"  # PostgreSQL refuses to run as root


def server_program(name: str) -> str | None:
    """Where a program of the newest server is, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    return str(found[-1]) if found else shutil.which(name)


def is_installed() -> bool:
    """Whether there is a server and the driver for it."""
    return find_spec("psycopg") is not None and server_program("initdb") is not None


class PostgresCluster:
    """The server. ``new_database`` makes an empty database on it and gives its address."""

    def __enter__(self) -> Self:
        self._as_root = os.getuid() == 0
        self._folder = tempfile.TemporaryDirectory(prefix="rsa_viz-pg-")
        self._path = Path(self._folder.name)
        if self._as_root:
            shutil.chown(self._path, _OWNER)
        self._run("initdb", "-D", f"{self._path}/data", "-A", "trust", "-U", _OWNER, "-E", "UTF8", "--no-sync")
        options = f"-k {self._path} -h '' " + " ".join(f"-c {setting}" for setting in _QUICK)
        self._run("pg_ctl", "-D", f"{self._path}/data", "-o", options, "-l", f"{self._path}/log", "-w", "start")
        self._made = 0
        return self

    def new_database(self) -> str:
        import psycopg

        self._made += 1
        name = f"runs_{self._made}"
        with psycopg.connect(f"host={self._path} user={_OWNER} dbname=postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql://{_OWNER}:no-secret@/{name}?host={self._path}"

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "-D", f"{self._path}/data", "-m", "immediate", "stop")
        self._folder.cleanup()

    def _run(self, program: str, *arguments: str) -> None:
        path = server_program(program)
        assert path is not None
        command = [path, *arguments]
        ran = subprocess.run(
            command,
            user=_OWNER if self._as_root else None,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        if ran.returncode:
            raise RuntimeError(f"{program} failed: {ran.stderr}")
