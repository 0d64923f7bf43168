"""The engine over real connections: a server that fails, limits, hangs and cuts, through the openai client."""

from __future__ import annotations

import asyncio
import random

import httpx
import openai
import pytest

from rsa_viz.core.chain import Completion, Outcome, Slot
from rsa_viz.core.errors import ConnectionLost, RateLimited, ServerFailed
from rsa_viz.core.genealogy import PlannedChain, Streams
from rsa_viz.core.program import draw_program
from rsa_viz.core.prompts import Messages
from rsa_viz.core.strategies import find_strategy
from rsa_viz.engine.call import Call, OnText
from rsa_viz.engine.control import Control
from rsa_viz.engine.gate import Gate
from rsa_viz.engine.scheduler import Ended, Ending, Limits, execute
from tests.servers.openai_server import Faults, OpenAIServer

QUESTION = draw_program(random.Random(3)).question()


class Client:
    """The openai client as a complete() that raises the project's errors."""

    def __init__(self, client: openai.AsyncOpenAI) -> None:
        self._client = client

    async def complete(self, call: Call, on_text: OnText) -> Completion:
        try:
            return await self._stream(call, on_text)
        except openai.RateLimitError as error:
            raise RateLimited(str(error), 0.01) from error
        except openai.InternalServerError as error:
            raise ServerFailed(str(error)) from error
        except (openai.APIConnectionError, httpx.TransportError) as error:
            raise ConnectionLost(str(error)) from error

    async def _stream(self, call: Call, on_text: OnText) -> Completion:
        text, reason = "", None
        stream = await self._client.chat.completions.create(
            model="m",
            messages=[{"role": "user", "content": call.messages[0]["content"]}],
            seed=call.seed,
            stream=True,
        )
        async for chunk in stream:
            piece = chunk.choices[0].delta.content or ""
            reason = chunk.choices[0].finish_reason
            on_text(piece, "")
            text += piece
        if reason is None:
            raise ConnectionLost("the stream ended without saying why")
        return Completion(text, finish_reason=reason)


def compose(planned: PlannedChain, candidates: tuple[str, ...]) -> Messages:
    return ({"role": "user", "content": "\n\n".join([QUESTION, *candidates])},)


@pytest.mark.parametrize("stops", [0, 3])
async def test_every_slot_is_accounted_for_against_a_server_that_fails_in_every_way(stops: int) -> None:
    plan = find_strategy("rsa").plan(16, 4, 4, Streams(1, "p"))
    recorded: dict[Slot, Outcome] = {}
    control = Control()

    async def record(outcome: Outcome) -> None:
        assert outcome.slot not in recorded
        recorded[outcome.slot] = outcome
        if stops and len(recorded) % 15 == 0:
            control.stop()

    faults = Faults(errors=0.05, limits=0.05, hangs=0.05, cuts=0.05, truncations=0.05)
    with OpenAIServer(seed=2, latency="lognormal:0.02:0.8", faults=faults) as server:
        async with openai.AsyncOpenAI(base_url=server.address, api_key="x", max_retries=0) as client:
            endings: list[Ended] = []
            while not endings or endings[-1].ending is not Ending.DONE:
                control = Control()
                texts = {slot: one.completion.text if one.completion else None for slot, one in recorded.items()}
                endings.append(
                    await execute(
                        plan,
                        texts,
                        compose=compose,
                        complete=Client(client).complete,
                        record=record,
                        watch=lambda event: None,
                        gate=Gate(8),
                        control=control,
                        limits=Limits(1.0, 500, retries=8, timeout_s=0.4, backoff_s=0.01),
                    )
                )
        outcomes = {entry["outcome"] for entry in server.log}
    assert [one.ending for one in endings[:-1]] == [Ending.STOPPED] * (len(endings) - 1)
    assert len(endings) > stops
    assert set(recorded) == set(plan.by_slot)
    assert all(outcome.completion is not None for outcome in recorded.values())
    assert outcomes >= {"answered", "errors", "limits", "hangs", "cuts", "truncations"}
    truncated = [outcome for outcome in recorded.values() if outcome.completion.finish_reason == "length"]  # type: ignore[union-attr]
    assert truncated
    assert all(one.available == plan[one.slot].parents for one in recorded.values())  # a truncated text is available


async def test_a_stop_reaches_the_server() -> None:
    control = Control()
    with OpenAIServer(faults=Faults(hangs=1.0)) as server:
        async with openai.AsyncOpenAI(base_url=server.address, api_key="x", max_retries=0) as client:
            running = asyncio.create_task(
                execute(
                    find_strategy("reference").plan(4, 1, 1, Streams(1, "p")),
                    {},
                    compose=compose,
                    complete=Client(client).complete,
                    record=lambda outcome: asyncio.sleep(0),
                    watch=lambda event: None,
                    gate=Gate(8),
                    control=control,
                    limits=Limits(1.0, 500, retries=0, timeout_s=60.0),
                )
            )
            while server.requests < 4:
                await asyncio.sleep(0.005)
            control.stop()
            assert await running == Ended(Ending.STOPPED)
            while not all(entry["disconnected"] for entry in server.log):
                await asyncio.sleep(0.005)
