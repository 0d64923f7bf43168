"""The test server itself, spoken to with the openai client: its protocol, its faults, its log."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import statistics
import urllib.request
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import openai
import pytest

from rsa_viz.core.chain import Verdict
from rsa_viz.core.problem import Problem
from rsa_viz.core.program import draw_program
from rsa_viz.tasks import find_task
from tests.servers.openai_server import Faults, OpenAIServer, Reply, ServerProcess
from tests.servers.replies import answer, latency_of, tokens

USER = [{"role": "user", "content": "say it"}]


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer(script=lambda messages: Reply("one two three", reasoning="let me think")) as server:
        yield server


async def ask(server: OpenAIServer | ServerProcess, **more: Any) -> Any:
    """One request, not streamed."""
    async with openai.AsyncOpenAI(base_url=server.address, api_key="sk-test", max_retries=0) as client:
        return await client.chat.completions.create(**{"model": "m", "messages": USER, **more})  # type: ignore[call-overload]


async def streamed(server: OpenAIServer, **more: Any) -> list[Any]:
    """The chunks of one streamed request."""
    async with openai.AsyncOpenAI(base_url=server.address, api_key="sk-test", max_retries=0) as client:
        known = {"model": "m", "messages": USER, "stream": True, "stream_options": {"include_usage": True}}
        stream = await client.chat.completions.create(**{**known, **more})  # type: ignore[call-overload]
        return [chunk async for chunk in stream]


async def test_an_answer_comes_whole_with_its_usage(server: OpenAIServer) -> None:
    completion = await ask(server)
    choice = completion.choices[0]
    assert (choice.message.content, choice.finish_reason) == ("one two three", "stop")
    assert choice.message.reasoning_content == "let me think"
    assert (completion.usage.prompt_tokens, completion.usage.completion_tokens) == (2, 6)


async def test_an_answer_streams_in_pieces_and_tells_its_usage_last(server: OpenAIServer) -> None:
    chunks = await streamed(server)
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert [delta.content for delta in deltas if delta.content] == ["one", " two", " three"]
    thought = "".join(getattr(delta, "reasoning_content", None) or "" for delta in deltas)
    assert thought == "let me think"
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert chunks[-1].choices == []
    assert chunks[-1].usage.completion_tokens == 6


async def test_usage_is_told_in_a_stream_only_when_asked_for(server: OpenAIServer) -> None:
    assert all(chunk.usage is None for chunk in await streamed(server, stream_options=None))


@pytest.mark.parametrize("stream", [False, True])
async def test_an_answer_longer_than_its_limit_is_cut_and_says_so(server: OpenAIServer, stream: bool) -> None:
    if stream:
        chunks = await streamed(server, max_tokens=2)
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
        reason = [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1]
    else:
        choice = (await ask(server, max_tokens=2)).choices[0]
        text, reason = choice.message.content, choice.finish_reason
    assert (text, reason) == ("one two", "length")


async def test_the_log_holds_bodies_and_keys(server: OpenAIServer) -> None:
    await ask(server, seed=5)
    with urllib.request.urlopen(server.address.removesuffix("/v1") + "/log") as response:
        log = json.load(response)
    assert log["requests"] == server.requests == 1
    entry = log["entries"][0]
    assert (entry["authorization"], entry["outcome"], entry["body"]["seed"]) == ("Bearer sk-test", "answered", 5)
    assert server.log[0]["body"]["messages"] == USER


async def test_models_are_listed(server: OpenAIServer) -> None:
    async with openai.AsyncOpenAI(base_url=server.address, api_key="x") as client:
        assert [model.id async for model in client.models.list()] == ["test-model"]


async def test_a_real_servers_refusals_are_there() -> None:
    with OpenAIServer(key="sk-test", models=("m",), context=100) as server:
        with pytest.raises(openai.BadRequestError, match="maximum context length is 100 tokens"):
            await ask(server, max_tokens=99)
        with pytest.raises(openai.NotFoundError, match="does not exist"):
            await ask(server, model="other")
        with pytest.raises(openai.BadRequestError, match="'messages' is empty"):
            await ask(server, messages=[])
    with OpenAIServer(key="another") as server, pytest.raises(openai.AuthenticationError, match="Incorrect API key"):
        await ask(server)


async def test_a_rate_limit_says_when_to_come_back_as_seconds_or_as_a_date() -> None:
    forms = set()
    with OpenAIServer(faults=Faults(limits=1.0), retry_after_s=7) as server:
        for seed in range(20):
            with pytest.raises(openai.RateLimitError) as caught:
                await ask(server, seed=seed)
            header = caught.value.response.headers["retry-after"]
            forms.add("seconds" if header.isdigit() else "date")
            if not header.isdigit():
                told = parsedate_to_datetime(header).timestamp() - server.log[-1]["at"]
                assert 7 <= told <= 9
            else:
                assert header == "7"
    assert forms == {"seconds", "date"}


async def test_a_server_error_is_one() -> None:
    with OpenAIServer(faults=Faults(errors=1.0)) as server, pytest.raises(openai.InternalServerError):
        await ask(server)


@pytest.mark.parametrize("stream", [False, True])
async def test_a_cut_connection_is_cut(stream: bool) -> None:
    with OpenAIServer(script=lambda messages: Reply("a b c d", cut_after=2)) as server:
        with pytest.raises((openai.APIConnectionError, httpx.RemoteProtocolError, httpx.ReadError)):
            await (streamed(server) if stream else ask(server))
        assert server.requests == 1


@pytest.mark.parametrize("hang_after", [0, 2])
async def test_a_hang_lasts_until_the_client_leaves_and_its_leaving_is_seen(hang_after: int) -> None:
    with OpenAIServer(script=lambda messages: Reply("a b c d", hang_after=hang_after)) as server:
        asking = asyncio.create_task(streamed(server))
        while not server.requests:
            await asyncio.sleep(0.005)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        while not server.log[0]["disconnected"]:
            await asyncio.sleep(0.005)


async def test_an_empty_and_a_truncated_answer_come_as_answers() -> None:
    question = [{"role": "user", "content": draw_program(random.Random(1)).question()}]
    with OpenAIServer(faults=Faults(empties=1.0)) as server:
        assert (await ask(server, messages=question)).choices[0].message.content == ""
    with OpenAIServer(faults=Faults(truncations=1.0)) as server:
        choice = (await ask(server, messages=question)).choices[0]
        assert choice.finish_reason == "length"
        assert "Answer" not in choice.message.content


async def test_faults_come_at_their_rates_the_same_in_every_order_and_anew_at_every_try() -> None:
    async def outcomes(seeds: list[int]) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        with OpenAIServer(seed=3, faults=Faults(errors=0.3)) as server:
            async with openai.AsyncOpenAI(base_url=server.address, api_key="x", max_retries=0) as client:
                for seed in seeds:
                    for _ in range(2):
                        with contextlib.suppress(openai.InternalServerError):
                            await client.chat.completions.create(model="m", messages=USER, seed=seed)  # type: ignore[arg-type]
                    found[seed] = [entry["outcome"] for entry in server.log[-2:]]
        return found

    forward = await outcomes(list(range(60)))
    assert await outcomes(list(range(59, -1, -1))) == forward
    failed = sum(one.count("errors") for one in forward.values())
    assert 20 <= failed <= 52  # 120 draws at 0.3: 36, standard deviation 5
    assert any(one == ["errors", "answered"] for one in forward.values())


def test_a_program_is_answered_by_its_grammar_and_an_agreed_line_is_kept() -> None:
    program = draw_program(random.Random(7))
    value = program.values()[program.asked]
    right = answer([{"role": "user", "content": program.question()}], random.Random(1), slip=0.0)
    assert right.endswith(f"Answer: \\boxed{{{value}}}")
    assert len(right.splitlines()) == len(program.lines) + 1
    # one that slips on every line is led back by what its candidates agree on
    prompt = "\n\n".join([program.question(), "---- Solution 1 ----", right, "---- Solution 2 ----", right])
    led = answer([{"role": "user", "content": prompt}], random.Random(1), slip=1.0)
    assert led.splitlines()[-1] == right.splitlines()[-1]
    alone = answer([{"role": "user", "content": program.question()}], random.Random(1), slip=1.0)
    assert alone != right


def test_the_program_task_reads_every_answer_and_step() -> None:
    program = draw_program(random.Random(8))
    problem = Problem("program", program.question())
    for slip, verdict in [(0.0, Verdict.RIGHT), (1.0, Verdict.WRONG)]:
        text = answer([{"role": "user", "content": program.question()}], random.Random(2), slip)
        task = find_task("program")
        assert task.judge(task.extract(text, problem), problem).verdict is verdict
        fragments = [step.fragment for step in task.steps(text, problem)]
        assert sum(fragment is not None for fragment in fragments) >= len(program.lines)


def test_a_lognormal_latency_has_its_mean_and_sigma_and_belongs_to_the_request() -> None:
    drawn = [latency_of("lognormal:0.5:0.8", 1, seed) for seed in range(20_000)]
    assert statistics.fmean(drawn) == pytest.approx(0.5, rel=0.03)
    ordered = sorted(drawn)
    # from the median to the 84.1 % quantile is a factor of exp(sigma)
    assert ordered[int(20_000 * 0.8413)] / ordered[10_000] == pytest.approx(2.2255, rel=0.03)
    assert latency_of("lognormal:0.5:0.8", 1, 7) == drawn[7]
    assert latency_of("fixed:2", 1, 7) == 2.0
    with pytest.raises(ValueError, match="no latency"):
        latency_of("normal:1", 1, 7)


def test_the_pieces_of_a_text_join_to_it_again() -> None:
    for text in ["", " ", "a", " a\n\nb  c \n", "x=1\n"]:
        assert "".join(tokens(text)) == text


def test_the_server_runs_as_a_process_and_tells_its_address() -> None:
    with ServerProcess("--seed", "1", "--latency", "fixed:0.01", "--key", "sk-test") as server:
        assert asyncio.run(ask(server)).choices[0].message.content == "I read programs only.\nI give no answer."
        log = server.log()
    assert (log["requests"], log["in_flight"], log["most_in_flight"]) == (1, 0, 1)


def test_a_process_that_cannot_start_says_so() -> None:
    with pytest.raises(RuntimeError, match="did not start"):
        ServerProcess("--latency", "nonsense").__enter__()
