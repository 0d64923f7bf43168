"""The gateway against servers that speak OpenAI's protocol well, badly, and not at all."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from raw_server import Respond, piece, raw_server, streamed, whole

from rsa_viz.core.chain import Completion
from rsa_viz.core.errors import (
    ConnectionLost,
    ContextOverflow,
    EndpointUnusable,
    InvalidEndpoint,
    ModelError,
    RateLimited,
    RequestRefused,
    ServerFailed,
    TimedOut,
)
from rsa_viz.core.run import ModelChoice
from rsa_viz.llm.gateway import Gateway, check_choice
from tests.servers.openai_server import OpenAIServer, Reply

ASKED = ({"role": "user", "content": "say it"},)
Say = Callable[[str, str], None]


async def ask(
    address: str | None,
    model: str = "openai/m",
    *,
    on_text: Say = lambda text, thought: None,
    timeout_s: float = 5.0,
    **choice: Any,
) -> Completion:
    """One call through a gateway of its own."""
    api_key = choice.pop("api_key", None)
    gateway = Gateway(ModelChoice(model, address, **choice), api_key=api_key, timeout_s=timeout_s)
    try:
        return await gateway.complete(ASKED, temperature=0.7, max_tokens=50, seed=11, on_text=on_text)
    finally:
        await gateway.aclose()


async def ask_raw(respond: Respond, **more: Any) -> Completion:
    async with raw_server(respond) as raw:
        return await ask(raw.address, **more)


async def test_an_answer_streams_with_its_reasoning_apart_and_its_tokens_counted() -> None:
    pieces: list[tuple[str, str]] = []
    with OpenAIServer(script=lambda messages: Reply("one two three", reasoning="let me think")) as server:
        completion = await ask(server.address, on_text=lambda text, thought: pieces.append((text, thought)))
    assert (completion.text, completion.reasoning, completion.finish_reason) == (
        "one two three",
        "let me think",
        "stop",
    )
    assert (completion.tokens_in, completion.tokens_out) == (2, 6)
    assert pieces == [("", "let"), ("", " me"), ("", " think"), ("one", ""), (" two", ""), (" three", "")]
    assert completion.first_token_s is not None
    assert 0 < completion.first_token_s <= completion.latency_s


async def test_a_request_carries_what_was_asked_for_and_no_key_but_a_placeholder() -> None:
    with OpenAIServer(script=lambda messages: "yes") as server:
        await ask(server.address)
        (entry,) = server.log
    body = entry["body"]
    assert body["messages"] == [dict(message) for message in ASKED]
    assert (body["model"], body["temperature"], body["max_tokens"], body["seed"]) == ("m", 0.7, 50, 11)
    assert body["stream"] is True
    assert entry["authorization"] == "Bearer no-key"


@pytest.mark.parametrize("model", ["openai/m", "hosted_vllm/m", "lm_studio/m", "llamafile/m"])
async def test_an_address_gets_no_key_account_or_header_of_the_environment(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "HOSTED_VLLM_API_KEY", "LM_STUDIO_API_KEY", "GROQ_API_KEY"):
        monkeypatch.setenv(name, f"sk-secret-{name}")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-secret")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: custom-secret")
    async with raw_server(streamed(piece("yes", "stop"), "[DONE]")) as raw:
        completion = await ask(raw.address, model)
        (headers,) = raw.headers
    assert completion.text == "yes"
    assert headers["authorization"] == "Bearer no-key"
    assert "secret" not in json.dumps(headers)


@pytest.mark.filterwarnings("ignore:.*ReadOnly:UserWarning")  # pydantic of LiteLLM's schemas for Ollama
@pytest.mark.parametrize("model", ["ollama_chat/m", "ollama/m", "anthropic/m"])
async def test_an_address_of_another_protocol_gets_no_key_of_the_environment_either(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "OLLAMA_API_KEY"):
        monkeypatch.setenv(name, f"sk-secret-{name}")
    async with raw_server(whole(b'{"error": "no"}', status="400 Bad Request")) as raw:
        with pytest.raises(ModelError):
            await ask(raw.address, model)
        headers = list(raw.headers)
    assert headers
    assert "secret" not in json.dumps(headers)


async def test_the_key_that_was_chosen_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-another")
    monkeypatch.setenv("MY_KEY", "sk-chosen")
    with OpenAIServer(script=lambda messages: "yes") as server:
        await ask(server.address, api_key_env="MY_KEY")
        await ask(server.address, api_key_env="MY_KEY", api_key="sk-given")
        sent = [entry["authorization"] for entry in server.log]
    assert sent == ["Bearer sk-chosen", "Bearer sk-given"]


async def test_a_key_stands_in_no_error_message() -> None:
    echo = Reply(status=401, error="Incorrect API key provided: my-plain-secret and sk-other12345.")
    with OpenAIServer(script=lambda messages: echo) as server, pytest.raises(EndpointUnusable) as caught:
        await ask(server.address, api_key="my-plain-secret")
    assert "secret" not in str(caught.value)
    assert "other12345" not in str(caught.value)
    assert caught.value.__cause__ is None


FAILURES = [
    (Reply(status=429, error="Slow down.", headers={"Retry-After": "7"}), RateLimited),
    (Reply(status=429, error="You exceeded your quota.", code="insufficient_quota"), EndpointUnusable),
    (Reply(status=500, error="The server had an error."), ServerFailed),
    (Reply(status=503, error="Overloaded."), ServerFailed),
    (Reply(status=408, error="Too slow."), TimedOut),
    (Reply(status=401, error="Incorrect API key provided."), EndpointUnusable),
    (Reply(status=403, error="Not for you."), EndpointUnusable),
    (Reply(status=404, error="The model `m` does not exist."), EndpointUnusable),
    (Reply(status=400, error="Invalid model name: model m not found"), EndpointUnusable),
    (Reply(status=400, error="This model's maximum context length is 10 tokens."), ContextOverflow),
    (Reply(status=400, error="the request exceeds the available context size, try increasing it"), ContextOverflow),
    (Reply(status=413, error="Payload too large."), ContextOverflow),
    (Reply(status=400, error="Invalid value for 'temperature'."), RequestRefused),
    (Reply(status=422, error="Unprocessable."), RequestRefused),
    (Reply("one two three four", cut_after=0), ConnectionLost),
    (Reply("one two three four", cut_after=2), ConnectionLost),
    (Reply("one two three four", hang_after=0), TimedOut),
    (Reply("one two three four", hang_after=2), TimedOut),
]


@pytest.mark.parametrize(("reply", "error"), FAILURES, ids=lambda one: getattr(one, "__name__", None))
async def test_a_failed_call_says_what_failed_in_one_line(reply: Reply, error: type[ModelError]) -> None:
    with OpenAIServer(script=lambda messages: reply) as server:
        with pytest.raises(error) as caught:
            await ask(server.address, timeout_s=0.3)
        assert type(caught.value) is error
        assert server.requests == 1, "retries are the engine's"
        assert server.address in str(caught.value)
    message = str(caught.value)
    assert "\n" not in message
    assert reply.error.rstrip(".") in message or reply.status == 408


@pytest.mark.parametrize(
    ("told", "low", "high"),
    [
        ("7", 7, 7),
        ("0.5", 0.5, 0.5),
        ("Wed, 21 Oct 2099 07:28:00 GMT", 1e6, 1e10),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 0),
    ],
)
async def test_the_wait_that_a_server_asks_for_is_read_in_both_forms(told: str, low: float, high: float) -> None:
    for status, error in ((429, RateLimited), (503, ServerFailed)):
        limit = Reply(status=status, error="Slow down.", headers={"Retry-After": told})
        with OpenAIServer(script=lambda messages, limit=limit: limit) as server, pytest.raises(error) as caught:
            await ask(server.address)
        assert caught.value.retry_after_s is not None
        assert low <= caught.value.retry_after_s <= high


async def test_a_refused_connection_is_lost_and_an_unreadable_wait_is_none() -> None:
    with pytest.raises(ConnectionLost, match=r"127\.0\.0\.1:9"):
        await ask("http://user:password@127.0.0.1:9/v1")
    with pytest.raises(ConnectionLost) as caught:
        await ask("http://user:password@127.0.0.1:9/v1")
    assert "password" not in str(caught.value)
    limit = Reply(status=429, error="Slow down.", headers={"Retry-After": "soon"})
    with OpenAIServer(script=lambda messages: limit) as server, pytest.raises(RateLimited) as late:
        await ask(server.address)
    assert late.value.retry_after_s is None


async def test_a_server_that_does_not_stream_is_read_all_the_same() -> None:
    message = {"role": "assistant", "content": "all at once", "reasoning_content": "hm"}
    choice = {"index": 0, "message": message, "finish_reason": "length"}
    usage = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}
    answer = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}
    completion = await ask_raw(whole(json.dumps(answer).encode()))
    assert (completion.text, completion.reasoning, completion.finish_reason) == ("all at once", "hm", "length")
    assert (completion.tokens_in, completion.tokens_out) == (3, 4)


async def test_tokens_that_the_server_does_not_tell_are_unknown() -> None:
    completion = await ask_raw(streamed(piece("yes"), piece(None, "stop"), "[DONE]"))
    assert (completion.text, completion.tokens_in, completion.tokens_out) == ("yes", None, None)


async def test_reasoning_is_read_under_its_other_name() -> None:
    completion = await ask_raw(streamed(piece(reasoning="hm"), piece("yes", "stop"), "[DONE]"))
    assert (completion.text, completion.reasoning) == ("yes", "hm")


async def test_a_stream_ends_with_either_sign_of_its_end() -> None:
    done_only = await ask_raw(streamed(piece("yes"), "[DONE]"))
    assert (done_only.text, done_only.finish_reason) == ("yes", None)
    reason_only = await ask_raw(streamed(piece("yes", "stop")))
    assert (reason_only.text, reason_only.finish_reason) == ("yes", "stop")


async def test_a_stream_that_stops_without_an_end_is_a_lost_connection() -> None:
    heard: list[str] = []
    with pytest.raises(ConnectionLost):
        await ask_raw(streamed(piece("half an")), on_text=lambda text, thought: heard.append(text))
    assert heard == ["half an"]


@pytest.mark.parametrize(
    "respond",
    [
        whole(b"<html>a proxy's page</html>", "text/html"),
        whole(b"<html>a proxy's page</html>", "application/json"),
        whole(b'{"choices": "none"}'),
        whole(b'{"choices": []}'),
        streamed("[DONE]"),
        whole(b"[1, 2]"),
        whole(b""),
        streamed("{broken"),
        streamed({"error": {"message": "something broke", "code": 500}}),
        streamed(piece("half"), piece(None, "error"), "[DONE]"),
    ],
)
async def test_an_answer_that_is_no_completion_is_the_servers_failure(respond: Respond) -> None:
    with pytest.raises(ServerFailed):
        await ask_raw(respond)


async def test_a_character_that_the_server_cut_in_two_is_one_again() -> None:
    cut = '{"choices": [{"index": 0, "delta": {"content": "%s"}, "finish_reason": %s}]}'
    answer = await ask_raw(streamed(cut % ("a \\ud83d", "null"), cut % ("\\ude00, \\ud800 b", '"stop"'), "[DONE]"))
    assert answer.text == "a \U0001f600, \ufffd b"


async def test_an_overflow_that_is_told_in_mid_stream_is_an_overflow() -> None:
    with pytest.raises(ContextOverflow):
        await ask_raw(streamed({"error": {"message": "the request exceeds the available context size", "code": 400}}))


async def test_a_redirect_is_not_followed() -> None:
    async with raw_server(streamed(piece("caught", "stop"), "[DONE]")) as elsewhere:
        moved = whole(b"", status="307 Temporary Redirect", more=f"Location: {elsewhere.address}\r\n")
        with pytest.raises(RequestRefused, match="307"):
            await ask_raw(moved)
        assert elsewhere.headers == []


async def test_cancelling_a_call_closes_its_connection() -> None:
    async with raw_server(streamed(piece("half"), hold=True)) as raw:
        heard = asyncio.Event()
        call = asyncio.ensure_future(ask(raw.address, on_text=lambda text, thought: heard.set(), timeout_s=60))
        await heard.wait()
        assert not raw.closed.is_set()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await asyncio.wait_for(raw.closed.wait(), 5)


async def test_cancelling_a_call_before_its_first_byte_closes_its_connection() -> None:
    asked = asyncio.Event()

    async def silence(writer: asyncio.StreamWriter) -> None:
        asked.set()

    async with raw_server(silence) as raw:
        call = asyncio.ensure_future(ask(raw.address, timeout_s=60))
        await asked.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await asyncio.wait_for(raw.closed.wait(), 5)


async def test_what_the_listener_raises_reaches_the_caller_and_closes_the_connection() -> None:
    def fail(text: str, thought: str) -> None:
        raise ZeroDivisionError

    async with raw_server(streamed(piece("half"), hold=True)) as raw:
        with pytest.raises(ZeroDivisionError):
            await ask(raw.address, on_text=fail, timeout_s=60)
        await asyncio.wait_for(raw.closed.wait(), 5)


async def test_the_synthetic_reasoner_answers_through_the_same_path() -> None:
    question = "Work modulo 97.\na = 12\nb = 45\nc = a * b\nd = c - a\nWhat is d?"
    gateway = Gateway(ModelChoice("synthetic/slip=0,blind=0,speed=0"), timeout_s=5)
    asked = ({"role": "user", "content": question},)

    async def call(max_tokens: int) -> Completion:
        return await gateway.complete(asked, temperature=1, max_tokens=max_tokens, seed=1, on_text=lambda *_: None)

    completion = await call(500)
    assert completion.text.splitlines()[1:] == [
        "c = a * b = 12 * 45 = 540 ≡ 55 (mod 97)",
        "d = c - a = 55 - 12 = 43",
        "\\boxed{43}",
    ]
    assert (completion.finish_reason, completion.tokens_in) == ("stop", 24)
    short = await call(10)
    assert (short.finish_reason, short.tokens_out) == ("length", 10)
    assert completion.text.startswith(short.text)
    await gateway.aclose()


async def test_the_synthetic_reasoner_hears_of_the_seed_and_the_temperature() -> None:
    question = "Work modulo 97.\na = 12\nb = 45\nc = a * b\nd = c - a\nWhat is d?"
    gateway = Gateway(ModelChoice("synthetic/slip=0.5,speed=0"), timeout_s=5)
    asked = ({"role": "user", "content": question},)
    texts = {
        temperature: {
            (
                await gateway.complete(
                    asked, temperature=temperature, max_tokens=500, seed=seed, on_text=lambda *_: None
                )
            ).text
            for seed in range(20)
        }
        for temperature in (0.0, 1.0)
    }
    assert len(texts[0.0]) == 1
    assert len(texts[1.0]) > 5


async def test_the_synthetic_reasoner_never_leaves_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """LiteLLM has a hosted provider of the same name."""
    monkeypatch.setenv("SYNTHETIC_API_KEY", "sk-secret")
    with OpenAIServer(script=lambda messages: "from outside") as server:
        monkeypatch.setenv("SYNTHETIC_API_BASE", server.address)
        monkeypatch.setenv("OPENAI_BASE_URL", server.address)
        completion = await ask(None, "synthetic/fast")
        assert server.requests == 0
    assert "simulation" in completion.text


async def test_the_synthetic_reasoner_writes_at_its_speed_and_leaves_others_the_loop() -> None:
    question = "Work modulo 97.\na = 12\nb = 45\nc = a * b\nWhat is c?"
    gateway = Gateway(ModelChoice("synthetic/speed=200,jitter=0"), timeout_s=5)
    pieces: list[str] = []
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.005)

    other = asyncio.ensure_future(tick())
    asked = ({"role": "user", "content": question},)
    completion = await gateway.complete(
        asked, temperature=1, max_tokens=100, seed=1, on_text=lambda text, thought: pieces.append(text)
    )
    other.cancel()
    assert completion.tokens_out is not None
    assert completion.latency_s >= completion.tokens_out / 200
    assert len(pieces) == -(-completion.tokens_out // 20)
    assert ticks > len(pieces)


GOOD = [
    ModelChoice("openai/m", "http://127.0.0.1:1/v1"),
    ModelChoice("hosted_vllm/org/m", "https://host/v1"),
    ModelChoice("ollama_chat/m", "http://127.0.0.1:1"),
    ModelChoice("anthropic/m"),
    ModelChoice("gpt-4o"),
    ModelChoice("synthetic/reasoner"),
    ModelChoice("synthetic/careful,speed=0"),
]
BAD = [
    (ModelChoice("nobody/m"), "openai/nobody/m"),
    (ModelChoice("qwen3", "http://127.0.0.1:1/v1"), "openai/qwen3"),
    (ModelChoice("openai/"), "PROVIDER/MODEL"),
    (ModelChoice("openai/m", "127.0.0.1:1"), "http://"),
    (ModelChoice("openai/m", "file:///etc/passwd"), "http://"),
    (ModelChoice("vertex_ai/m", "http://127.0.0.1:1/v1"), "openai/m"),
    (ModelChoice("openai/m", api_key_env="NO_SUCH_KEY"), "NO_SUCH_KEY"),
    (ModelChoice("synthetic/reasoner", "http://127.0.0.1:1/v1"), "takes no address"),
    (ModelChoice("synthetic/slip=2"), "from 0 to 1"),
    (ModelChoice("synthetic/slp=0.1"), "the knobs are slip"),
]


@pytest.mark.parametrize("choice", GOOD, ids=lambda choice: choice.model)
def test_a_choice_that_can_be_called_passes(choice: ModelChoice) -> None:
    check_choice(choice)


@pytest.mark.parametrize(("choice", "advice"), BAD, ids=lambda one: getattr(one, "model", None))
def test_a_choice_that_cannot_be_called_is_refused_with_advice(choice: ModelChoice, advice: str) -> None:
    with pytest.raises(InvalidEndpoint, match=advice):
        check_choice(choice)


def test_a_gateway_without_its_key_is_refused() -> None:
    with pytest.raises(InvalidEndpoint, match="NO_SUCH_KEY"):
        Gateway(ModelChoice("openai/m", api_key_env="NO_SUCH_KEY"), timeout_s=1)


def test_a_key_that_no_header_can_carry_is_refused_without_being_shown() -> None:
    for key in ("sk-äöü", "sk-a\nb"):
        with pytest.raises(InvalidEndpoint, match="copy it again") as caught:
            Gateway(ModelChoice("openai/m"), api_key=key, timeout_s=1)
        assert "sk-" not in str(caught.value)


async def test_a_hosted_model_without_any_key_is_unusable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(EndpointUnusable, match="key"):
        await ask(None)


def test_importing_the_gateway_imports_no_model_library_and_writes_nothing() -> None:
    program = "import sys, rsa_viz.llm.gateway; print([m for m in ('litellm', 'openai', 'httpx') if m in sys.modules])"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")
