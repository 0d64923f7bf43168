"""A server that speaks OpenAI's chat-completions protocol, with seeded latencies and faults, for tests and benchmarks.

In a thread of its own (``with OpenAIServer(...) as server: server.address``), or as a process of its own::

    python -m tests.servers.openai_server --port 0 --seed 1 --latency lognormal:0.05:0.8 --errors 0.05 --limits 0.05 \
        --hangs 0.02

which prints its address. It answers program questions by their grammar with a seeded slip; a script answers what a
test wants. ``GET /log`` tells what came in. Nothing that it says comes from a language model.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from aiohttp import web

from tests.servers.chat import Served, Settings
from tests.servers.replies import Faults, Reply, latency_of

__all__ = ["Faults", "OpenAIServer", "Reply", "ServerProcess", "Settings"]

ROOT = Path(__file__).resolve().parents[2]


async def serve(settings: Settings, port: int, started: Callable[[Served, str], None], until: asyncio.Event) -> None:
    """Serve on the loopback interface until the event is set."""
    served = Served(settings)
    runner = web.AppRunner(served.application(), handler_cancellation=True, shutdown_timeout=0.5, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port, backlog=1024)
        await site.start()
        host, bound = runner.addresses[0][:2]
        started(served, f"http://{host}:{bound}/v1")
        await until.wait()
    finally:
        served.closing.set()
        await runner.cleanup()


class OpenAIServer:
    """The server in a thread of its own, for the length of a ``with`` block. Takes what Settings takes."""

    def __init__(self, **settings: Any) -> None:
        self._settings = Settings(**settings)
        self._thread = threading.Thread(target=self._run, name="openai server", daemon=True)
        self._started = threading.Event()
        self._error: BaseException | None = None
        self.address = ""

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait()
        if self._error is not None:
            raise self._error
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._until.set)
        self._thread.join()

    @property
    def log(self) -> list[dict[str, Any]]:
        """Every request so far, in order of arrival."""
        return list(self._served.entries)

    @property
    def requests(self) -> int:
        """How many requests came."""
        return len(self._served.entries)

    @property
    def most_in_flight(self) -> int:
        """The most requests that were answered at one time."""
        return self._served.most_in_flight

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._error = error
            raise
        finally:
            self._started.set()

    async def _serve(self) -> None:
        self._loop, self._until = asyncio.get_running_loop(), asyncio.Event()
        await serve(self._settings, 0, self._note, self._until)

    def _note(self, served: Served, address: str) -> None:
        self._served, self.address = served, address
        self._started.set()


class ServerProcess:
    """The server in a process of its own, for the length of a ``with`` block. Takes command-line arguments."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments
        self.address = ""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.servers.openai_server", "--port", "0", *self._arguments]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()
        if not self.address:
            self._process.stdout.close()
            raise RuntimeError(f"the server did not start: exit code {self._process.wait()}")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def log(self) -> dict[str, Any]:
        """What ``GET /log`` tells."""
        with urllib.request.urlopen(self.address.removesuffix("/v1") + "/log") as response:
            told: dict[str, Any] = json.load(response)
        return told


def announce(_: Served, address: str) -> None:
    """Say where the server listens, on one line of standard output."""
    sys.stdout.write(address + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description="A server for tests that speaks OpenAI's chat-completions protocol.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--latency", default="fixed:0", help="fixed:SECONDS or lognormal:MEAN:SIGMA")
    for name in vars(Faults()):
        parser.add_argument(f"--{name}", type=float, default=0.0, metavar="SHARE")
    parser.add_argument("--retry-after", type=float, default=1.0, metavar="SECONDS")
    parser.add_argument("--slip", type=float, default=0.1, help="chance of a slip a line")
    parser.add_argument("--key", help="refuse requests without this key")
    parser.add_argument("--model", action="append", default=[], help="refuse other models; may be given again")
    parser.add_argument("--context", type=int, help="most tokens of prompt and answer")
    parser.add_argument("--pieces", type=int, default=20, help="most streamed pieces of an answer")
    parser.add_argument("--tokens", type=int, help="answer with so many tokens, each a piece of its own")
    options = parser.parse_args()
    settings = Settings(
        script=None if options.tokens is None else lambda _: "so " * options.tokens,
        seed=options.seed,
        latency=options.latency,
        faults=Faults(**{name: getattr(options, name) for name in vars(Faults())}),
        retry_after_s=options.retry_after,
        slip=options.slip,
        key=options.key,
        models=tuple(options.model),
        context=options.context,
        pieces=options.tokens or options.pieces,
    )
    try:
        latency_of(settings.latency, 0, 0)
    except ValueError as error:
        parser.error(str(error))
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(settings, options.port, announce, asyncio.Event()))


if __name__ == "__main__":
    main()
