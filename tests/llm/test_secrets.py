"""Keys in what servers say; overflows in the words of the servers that people run."""

from __future__ import annotations

import random

import pytest
from raw_server import piece, raw_server, streamed, whole

from rsa_viz.core.errors import ContextOverflow, ModelError, RequestRefused
from rsa_viz.core.run import ModelChoice
from rsa_viz.llm.gateway import Gateway
from rsa_viz.llm.secrets import Strike, environment_secrets, struck
from tests.servers.openai_server import OpenAIServer, Reply

KEY = "plain-Secret_0123456789"
ASKED = ({"role": "user", "content": "x"},)


def test_a_secret_is_struck_whole_and_where_the_text_was_cut_within_it() -> None:
    assert struck(f"a {KEY} b {KEY}", [KEY]) == "a *** b ***"
    assert struck(KEY[-8:] + " and " + KEY[:9], [KEY]) == "*** and ***"
    assert struck("Authorization: Bearer abcdef", []) == "Authorization: ***"
    assert struck("a word", ["word"]) == "a word", "too short for a key"


def test_a_secret_is_struck_from_pieces_however_they_are_cut() -> None:
    rng = random.Random(3)
    text = f"before {KEY}{KEY[:5]} between {KEY[:11]}x{KEY} after {KEY[:3]}"
    for _ in range(200):
        cuts = sorted(rng.sample(range(1, len(text)), rng.randint(0, 30)))
        strike = Strike(KEY)
        out = [strike.piece(text[a:b]) for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        out.append(strike.rest())
        assert "".join(out) == text.replace(KEY, "***")
    assert Strike(None).piece(KEY) == KEY


def test_the_environments_secrets_are_known_by_their_variables_names() -> None:
    environment = {
        "A_KEY": "key-value-1",
        "KEYBOARD": "us-layout",
        "HF_TOKEN": "token-value",
        "X_API_KEY_FILE": "/a/file",
    }
    assert environment_secrets(environment) == ("key-value-1", "token-value", "/a/file")


@pytest.mark.parametrize("status", ["200 OK", "401 Unauthorized", "500 Internal Server Error"])
async def test_a_page_that_echoes_the_request_shows_no_key_however_long_it_is(status: str) -> None:
    for padding in range(0, 130, 13):
        page = f"<html>{'x' * padding} Authorization: Bearer {KEY} {'y' * 3000}{KEY}</html>".encode()
        async with raw_server(whole(page, "text/html", status)) as raw:
            gateway = Gateway(ModelChoice("openai/m", raw.address), api_key=KEY, timeout_s=5)
            with pytest.raises(ModelError) as caught:
                await gateway.complete(ASKED, temperature=1, max_tokens=5, seed=1, on_text=lambda *_: None)
            await gateway.aclose()
        assert not any(KEY[n : n + 6] in str(caught.value) for n in range(len(KEY) - 6))


async def test_an_answer_that_echoes_the_key_is_recorded_and_streamed_without_it() -> None:
    heard: list[str] = []
    events = [piece(f"a {KEY[:7]}"), piece(f"{KEY[7:]} b", reasoning_content=KEY), piece(None, "stop"), "[DONE]"]
    async with raw_server(streamed(*events)) as raw:
        gateway = Gateway(ModelChoice("openai/m", raw.address), api_key=KEY, timeout_s=5)
        done = await gateway.complete(
            ASKED, temperature=1, max_tokens=5, seed=1, on_text=lambda text, thought: heard.extend((text, thought))
        )
        await gateway.aclose()
    assert (done.text, done.reasoning) == ("a *** b", "***")
    assert "".join(heard) == "a *** b***"


OVERFLOWS = [
    "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens",
    "'max_tokens' or 'max_completion_tokens' is too large: 8192. This model's maximum context length is 4096 tokens",
    "The decoder prompt (length 21535) is longer than the maximum model length of 16384. Make sure that it is.",
    "The prompt (total length 25938) is too long to fit into the model (context length 4096).",
    "The input (85050 tokens) is longer than the model's context length (32768 tokens).",
    "Input length (11 tokens) exceeds the maximum allowed length (10 tokens). Use a shorter input",
    "Requested token count exceeds the model's maximum context length of 4096 tokens.",
    "request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it",
    "Requested tokens (5000) exceed context window of 4096",
    "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 `inputs` tokens and 10 `max_new_tokens`",
    "prompt is too long: 210000 tokens > 200000 maximum",
]
REFUSALS = [
    "max_tokens is too large: 100000. This model supports at most 16384 completion tokens",
    "Invalid value for 'temperature'.",
]


@pytest.mark.parametrize("status", [400, 422, 500])
@pytest.mark.parametrize("said", OVERFLOWS, ids=range(len(OVERFLOWS)))
async def test_an_overflow_is_known_by_the_words_of_vllm_sglang_llama_cpp_and_others(said: str, status: int) -> None:
    await _refused(said, status, ContextOverflow)


@pytest.mark.parametrize("said", REFUSALS, ids=range(len(REFUSALS)))
async def test_another_refusal_is_no_overflow(said: str) -> None:
    await _refused(said, 400, RequestRefused)


async def _refused(said: str, status: int, error: type[ModelError]) -> None:
    with OpenAIServer(script=lambda messages: Reply(status=status, error=said)) as server:
        gateway = Gateway(ModelChoice("openai/m", server.address), timeout_s=5)
        with pytest.raises(ModelError) as caught:
            await gateway.complete(ASKED, temperature=1, max_tokens=5, seed=1, on_text=lambda *_: None)
        await gateway.aclose()
    assert type(caught.value) is error
