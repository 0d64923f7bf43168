"""How endpoints stand, from servers that answer, refuse, are not there, or say nonsense."""

from __future__ import annotations

import json
from typing import Any

import pytest
from raw_server import raw_server, whole

from rsa_viz.core.access import Access
from rsa_viz.llm.endpoints import BUILT_IN, Endpoint
from rsa_viz.llm.health import Health, ServerState, State
from rsa_viz.llm.reach import Reach, reach
from tests.servers.openai_server import OpenAIServer, Reply


def way_to(*addresses: str, model: str = "openai/m", key: str | None = None) -> Reach:
    endpoint = Endpoint("x", model, "X", addresses if len(addresses) > 1 else addresses[0], key)
    return reach(endpoint.choice, (endpoint,), Access())


async def asked(way: Reach) -> tuple[ServerState, ...]:
    health = Health()
    assert {one.state for one in health.states(way)} == {State.UNKNOWN}
    health.begin_asking(way)
    assert {one.state for one in health.states(way)} == {State.ASKING}
    await health.ask(way)
    return health.states(way)


def listing(*rows: dict[str, Any]) -> Any:
    return whole(json.dumps({"object": "list", "data": list(rows)}).encode())


@pytest.mark.parametrize(
    "told", [{"max_model_len": 4096}, {"context_length": 4096}, {"context_window": 4096}, {"meta": {"n_ctx": 4096}}]
)
async def test_a_server_that_answers_lists_its_models_and_may_tell_its_context(told: dict[str, Any]) -> None:
    async with raw_server(listing({"id": "other"}, {"id": "m", **told})) as raw:
        (state,) = await asked(way_to(raw.address))
    assert (state.state, state.models, state.context, state.error) == (State.ANSWERING, ("other", "m"), 4096, "")
    assert state.at is not None


async def test_a_server_is_asked_with_its_key_and_generates_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_KEY", "secret-of-the-lab")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-another")
    async with raw_server(listing({"id": "m"})) as raw:
        await asked(way_to(raw.address, key="THE_KEY"))
        assert raw.headers[0]["authorization"] == "Bearer secret-of-the-lab"
    async with raw_server(listing({"id": "m"})) as raw:
        await asked(way_to(raw.address))
        assert raw.headers[0]["authorization"] == "Bearer no-key"
    with OpenAIServer(models=("m",)) as server:
        await asked(way_to(server.address))
        assert server.requests == 0, "no completion was asked for"


async def test_a_model_that_the_server_does_not_list_is_a_failure_with_its_reason() -> None:
    async with raw_server(listing({"id": "a"}, {"id": "b"})) as raw:
        (state,) = await asked(way_to(raw.address))
    assert state.state is State.FAILING
    assert "does not list 'm'" in state.error
    assert state.models == ("a", "b")
    async with raw_server(listing({"id": "some/file.gguf"})) as raw:
        assert (await asked(way_to(raw.address)))[0].state is State.ANSWERING, "llama.cpp answers to any name"


@pytest.mark.parametrize(
    ("body", "status", "what_to_do"),
    [
        (b'{"error": {"message": "bad key"}}', "401 Unauthorized", "THE_KEY"),
        (b"<html>not here</html>", "404 Not Found", "ends in /v1"),
        (b"oops", "500 Internal Server Error", "look at its log"),
        (b"<html>a proxy's page</html>", "200 OK", "look at its log"),
        (b'{"data": 7}', "200 OK", "look at its log"),
    ],
)
async def test_a_server_that_fails_says_why_and_what_to_do(
    body: bytes, status: str, what_to_do: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THE_KEY", "secret-of-the-lab")
    async with raw_server(whole(body, status=status)) as raw:
        (state,) = await asked(way_to(raw.address, key="THE_KEY"))
    assert state.state is State.FAILING
    assert state.error
    assert what_to_do in state.what_to_do


async def test_of_two_servers_one_may_be_down() -> None:
    async with raw_server(listing({"id": "m", "max_model_len": 99})) as raw:
        up, down = await asked(way_to(raw.address, "http://127.0.0.1:9/v1"))
    assert (up.name, up.state, down.name, down.state) == ("x#1", State.ANSWERING, "x#2", State.FAILING)
    assert "127.0.0.1:9" not in down.error, "a pool tells no address"
    assert "Nothing answers there" in down.what_to_do


async def test_a_trial_streams_and_is_timed_and_a_failed_one_says_why() -> None:
    health = Health()
    replies = iter([Reply("one two three four five", latency_s=0.05), Reply(status=401, error="bad key")])
    with OpenAIServer(script=lambda messages: next(replies)) as server:
        way = way_to(server.address)
        health.begin_trial(way, 0)
        await health.try_prompt(way, 0, "say it")
        trial = health.trial(way)
        assert trial is not None
        assert (trial.ended, trial.text, trial.tokens_out, trial.error) == (True, "one two three four five", 5, "")
        assert trial.first_token_s is not None
        assert trial.total_s is not None
        assert trial.tokens_per_second == pytest.approx(4 / (trial.total_s - trial.first_token_s))
        assert health.states(way)[0].state is State.ANSWERING
        health.begin_trial(way, 0)
        await health.try_prompt(way, 0, "say it")
        assert server.log[0]["body"]["max_tokens"] == 256
    failed, state = health.trial(way), health.states(way)[0]
    assert failed is not None
    assert (failed.ended, failed.tokens_per_second) == (True, None)
    assert "bad key" in failed.error
    assert state.state is State.FAILING
    assert "wants a key" in state.what_to_do


async def test_the_simulation_answers_and_costs_nothing_to_ask() -> None:
    (state,) = await asked(reach(BUILT_IN[0].choice, BUILT_IN, Access()))
    assert state.state is State.ANSWERING


async def test_a_provider_without_an_address_cannot_be_asked_without_a_call() -> None:
    endpoint = Endpoint("hosted", "anthropic/claude", "Hosted", api_key_env="none")
    (state,) = await asked(reach(endpoint.choice, (endpoint,), Access()))
    assert state.state is State.UNKNOWN
    assert "test prompt" in state.what_to_do
