"""The app as its users start it, and a browser without a window: for browser tests and benchmarks."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class AppServer:
    """A running app: where it is, its database, and the file with what it printed."""

    url: str
    database: Path
    log: Path


@contextmanager
def running_app(folder: Path, script: Path = ROOT / "app.py", database: Path | None = None) -> Iterator[AppServer]:
    """Start a Streamlit script on a free port of this machine; ready when the block begins, gone when it ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = AppServer(f"http://127.0.0.1:{port}", database or folder / "rsa_viz.db", folder / "log.txt")
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += [f"--{name}={value}" for name, value in options.items()]
    with server.log.open("w") as log:
        process = subprocess.Popen(
            command,
            cwd=script.parent,
            env={**os.environ, "RSA_VIZ_DB": str(server.database)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_healthy(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_until_healthy(server: AppServer, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except urllib.error.URLError:
            time.sleep(0.05)  # the server's port gives no other sign
    raise RuntimeError(f"the app did not come up:\n{server.log.read_text()}")


@contextmanager
def headless_chromium() -> Iterator[Browser]:
    """The system's Chromium, else the one that Playwright installed. Raises Playwright's Error when there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()
