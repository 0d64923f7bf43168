"""Viewers of the app without a browser: Streamlit's websocket protocol, which a browser speaks too, and nothing drawn.

A page's first run is asked for, and what refreshes itself is asked for again in its rhythm, as a browser does. So the
app's own time is measured, and not that of browsers which would share its cores here and in a class do not.
"""

from __future__ import annotations

import asyncio
import time
from urllib.parse import urlsplit

import aiohttp
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


class Viewer:
    """One browser session on a page's address. ``opened`` is how long its first script run took, ``looks`` how long
    each refresh after it did, in seconds from the wish to its end."""

    def __init__(self, address: str) -> None:
        self._parts = urlsplit(address)
        self.opened: float | None = None
        self.looks: list[float] = []
        self._asked: float | None = None
        self._timers: dict[str, asyncio.Task[None]] = {}

    async def stay(self, session: aiohttp.ClientSession, until: asyncio.Event | None = None) -> None:
        """Open the page; with ``until`` look on until it is set."""
        url = f"{self._parts.scheme}://{self._parts.netloc}/_stcore/stream"
        async with session.ws_connect(url, protocols=("streamlit",), max_msg_size=0) as socket:
            await self._ask(socket, "")
            try:
                async for message in socket:
                    await self._hear(socket, ForwardMsg.FromString(message.data))
                    if self.opened is not None and (until is None or until.is_set()):
                        return
            finally:
                for timer in self._timers.values():
                    timer.cancel()

    async def _ask(self, socket: aiohttp.ClientWebSocketResponse, fragment: str) -> None:
        message = BackMsg()
        wish = message.rerun_script
        wish.query_string = self._parts.query
        wish.page_name = self._parts.path.strip("/")
        wish.fragment_id = fragment
        wish.is_auto_rerun = bool(fragment)
        wish.context_info.timezone = "UTC"
        wish.context_info.locale = "en"
        self._asked = self._asked or time.perf_counter()
        await socket.send_bytes(message.SerializeToString())

    async def _hear(self, socket: aiohttp.ClientWebSocketResponse, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            passed = time.perf_counter() - (self._asked or time.perf_counter())
            self._asked = None
            if self.opened is None:
                self.opened = passed
            else:
                self.looks.append(passed)
        elif kind == "auto_rerun":
            fragment = message.auto_rerun.fragment_id
            if fragment in self._timers:
                self._timers[fragment].cancel()
            self._timers[fragment] = asyncio.create_task(self._again(socket, fragment, message.auto_rerun.interval))
        elif kind == "stop_auto_rerun":
            while self._timers:
                self._timers.popitem()[1].cancel()

    async def _again(self, socket: aiohttp.ClientWebSocketResponse, fragment: str, interval: float) -> None:
        while True:
            await asyncio.sleep(interval)
            if self._asked is None:  # Streamlit joins wishes that pile up
                await self._ask(socket, fragment)


def opened(addresses: list[str]) -> list[float]:
    """Seconds to each page, one after the other."""

    async def each() -> list[float]:
        async with aiohttp.ClientSession() as session:
            times = []
            for address in addresses:
                viewer = Viewer(address)
                await viewer.stay(session)
                times.append(viewer.opened or 0.0)
            return times

    return asyncio.run(each())


def opened_beside(addresses: list[str], watched: str, viewers: int) -> tuple[list[float], list[float]]:
    """As ``opened``, while so many viewers look on elsewhere; also how long each refresh of theirs took."""

    async def each() -> tuple[list[float], list[float]]:
        enough = asyncio.Event()
        looking = [Viewer(watched) for _ in range(viewers)]
        async with aiohttp.ClientSession() as session:
            staying = [asyncio.create_task(one.stay(session, enough)) for one in looking]
            while not all(one.looks for one in looking):
                await asyncio.sleep(0.1)
            times = []
            for address in addresses:
                viewer = Viewer(address)
                await viewer.stay(session)
                times.append(viewer.opened or 0.0)
            enough.set()
            for task in staying:
                task.cancel()
            await asyncio.gather(*staying, return_exceptions=True)
        return times, [look for one in looking for look in one.looks]

    return asyncio.run(each())
