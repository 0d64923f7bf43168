"""Thirty viewers who follow a presenter, on one server.

    python -m benchmarks.audience [--quick] [--viewers 30]

Each viewer is a websocket client that speaks Streamlit's own protocol, opens the audience's address and asks for its
fragment again as often as the server tells it to, as a browser does; nothing is drawn. The presenter turns to another
generation every few seconds, then plays a recording. Told are the seconds from the presenter's turn until a viewer has
the new picture, and the processor time that the server took in all (200 % are two cores).
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from rsa_viz.analysis.replay import Playhead
from rsa_viz.service import LedView, Service, lead, led_view_place, open_example
from rsa_viz.store import Store
from tests.servers.app_server import running_app

TURN_S = 4.0
HEAD = "Generation {t} of 10"


class Viewer:
    """One client. ``seen`` holds, by words, when they first came."""

    def __init__(self, url: str) -> None:
        self.url = url.replace("http", "ws", 1) + "/_stcore/stream"
        self.wanted = ""
        self.came: float | None = None
        self.messages = 0

    async def watch(self) -> None:
        async with websockets.connect(self.url, subprotocols=["streamlit"], max_size=None) as socket:  # type: ignore[list-item]
            timers: dict[str, asyncio.Task[None]] = {}
            await socket.send(self._rerun())
            try:
                async for raw in socket:
                    message = ForwardMsg.FromString(raw if isinstance(raw, bytes) else raw.encode())
                    self.messages += 1
                    kind = message.WhichOneof("type")
                    if kind == "auto_rerun" and message.auto_rerun.fragment_id not in timers:
                        again = message.auto_rerun
                        timers[again.fragment_id] = asyncio.create_task(
                            self._again(socket, again.fragment_id, again.interval)
                        )
                    elif kind == "delta" and self.came is None and self.wanted and self.wanted.encode() in raw:
                        self.came = time.time()
            finally:
                for timer in timers.values():
                    timer.cancel()

    async def _again(self, socket: websockets.ClientConnection, fragment: str, interval: float) -> None:
        while True:
            await asyncio.sleep(interval)
            await socket.send(self._rerun(fragment))

    def _rerun(self, fragment: str = "") -> bytes:
        asked = BackMsg()
        asked.rerun_script.query_string = "audience=follow"
        asked.rerun_script.is_auto_rerun = bool(fragment)
        asked.rerun_script.fragment_id = fragment
        asked.rerun_script.context_info.url = self.url
        return asked.SerializeToString()


async def measure(url: str, place: Path, run: str, viewers: int, turns: int) -> tuple[list[float], int, int]:
    """Seconds of each viewer and turn, how many never came, and messages."""
    crowd = [Viewer(url) for _ in range(viewers)]
    tasks = [asyncio.create_task(one.watch()) for one in crowd]
    await asyncio.sleep(6 + viewers / 4)  # all have come and loaded what the server imports at its first visitor
    waits: list[float] = []
    late = 0
    for turn in range(turns):
        t = turn % 9 + 1
        for one in crowd:
            one.wanted, one.came = HEAD.format(t=t), None
        begun = time.time()
        lead(place, LedView(run, "board", t, None, begun))
        await asyncio.sleep(TURN_S)
        waits += [one.came - begun for one in crowd if one.came is not None]
        late += sum(one.came is None for one in crowd)
    lead(place, LedView(run, "board", None, Playhead(0.0, 1.0, time.time()), time.time()))
    before = sum(one.messages for one in crowd)
    await asyncio.sleep(2 * TURN_S)
    played = sum(one.messages for one in crowd) - before
    for task in tasks:
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    for failure in (one for one in ended if isinstance(one, Exception)):
        raise failure
    return waits, late, played


def told(waits: Sequence[float], late: int) -> str:
    ordered = sorted(waits)
    if not ordered:
        return f"no viewer came within {TURN_S:g} s ({late} missing)"
    high = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return (
        f"median {statistics.median(ordered):.2f} s, 95 % {high:.2f} s, worst {ordered[-1]:.2f} s, not in time {late}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two turns")
    parser.add_argument("--viewers", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = led_view_place(f"{folder}/rsa_viz.db")
        with Store(f"{folder}/rsa_viz.db") as store:
            run = open_example(Service(store)).run_id
        lead(place, LedView(run, "board", 10, None, time.time()))
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.time()
        with running_app(Path(folder)) as server:
            waits, late, played = asyncio.run(
                measure(server.url, place, run, options.viewers, 2 if options.quick else 8)
            )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"{options.viewers} viewers, from the presenter's turn to the new picture: {told(waits, late)}")
        print(f"while a recording plays: {played / options.viewers / 2 / TURN_S:.1f} messages a second and viewer")
        print(f"processor time of the server, from its start: {100 * used / (time.time() - begun):.0f} % of one core")


if __name__ == "__main__":
    main()
