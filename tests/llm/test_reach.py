"""How calls go out and with which key: whoever asks, whatever was chosen, wherever it came from."""

from __future__ import annotations

from typing import Any

import pytest
from raw_server import piece, raw_server, streamed

from rsa_viz.core.access import Access, app_access
from rsa_viz.core.errors import InvalidEndpoint, InvalidInput, ReadOnly
from rsa_viz.core.run import ModelChoice
from rsa_viz.llm.endpoints import BUILT_IN, Endpoint
from rsa_viz.llm.reach import reach

OPERATOR = Access()
VISITOR = Access(visitors=True, addresses=False)
TRUSTED_VISITOR = Access(visitors=True, addresses=True)
LAB = "http://gpu.lab:8000/v1"
ENDPOINTS = (
    *BUILT_IN,
    Endpoint("lab", "openai/qwen", "Lab", LAB, "LAB_KEY"),
    Endpoint("pool", "openai/qwen", "Pool", ("http://a.lab/v1", "http://b.lab/v1")),
    Endpoint("hosted", "openai/gpt", "Hosted"),
    Endpoint("keyless", "openai/gpt", "Keyless", api_key_env="none"),
)


def test_an_endpoint_is_used_as_the_operators_file_says_now_whatever_the_run_says() -> None:
    forged = ModelChoice("openai/qwen", "http://attacker/v1", "OPENAI_API_KEY", "lab")
    for access in (OPERATOR, VISITOR, TRUSTED_VISITOR):
        way = reach(forged, ENDPOINTS, access)
        assert way.choices == (ModelChoice("openai/qwen", LAB, "LAB_KEY", "lab"),)
        assert way.from_environment


def test_a_pools_servers_have_names_that_tell_no_address() -> None:
    way = reach(ModelChoice("openai/qwen", None, None, "pool"), ENDPOINTS, VISITOR)
    assert [choice.api_base for choice in way.choices] == ["http://a.lab/v1", "http://b.lab/v1"]
    assert [way.server_name(one) for one in range(2)] == ["pool#1", "pool#2"]


def test_only_an_endpoint_without_an_explicit_none_lets_litellm_look_for_a_key() -> None:
    assert reach(ENDPOINTS[-2].choice, ENDPOINTS, VISITOR).from_environment
    assert not reach(ENDPOINTS[-1].choice, ENDPOINTS, VISITOR).from_environment


def test_an_endpoint_that_serves_another_model_now_is_refused() -> None:
    with pytest.raises(InvalidEndpoint, match=r"serves 'openai/qwen' now.*'openai/llama'"):
        reach(ModelChoice("openai/llama", LAB, None, "lab"), ENDPOINTS, OPERATOR)


@pytest.mark.parametrize(
    ("choice", "why"),
    [
        (ModelChoice("openai/gpt"), "none of the operator's endpoints"),
        (ModelChoice("openai/gpt", api_key_env="OPENAI_API_KEY"), "none of the operator's endpoints"),
        (ModelChoice("openai/qwen", "http://attacker/v1"), "RSA_VIZ_VISITOR_ADDRESS"),
        (ModelChoice("openai/qwen", LAB, None, "gone"), "none called 'gone'"),
        (ModelChoice("openai/other", LAB), "none of the operator's endpoints"),
    ],
)
def test_by_default_a_visitor_reaches_the_operators_endpoints_only(choice: ModelChoice, why: str) -> None:
    with pytest.raises(InvalidEndpoint, match=why):
        reach(choice, ENDPOINTS, VISITOR)


def test_a_run_of_the_command_line_at_an_endpoints_address_is_that_endpoint_for_visitors() -> None:
    way = reach(ModelChoice("openai/qwen", LAB, "ANOTHER_KEY"), ENDPOINTS, VISITOR)
    assert way.endpoint is not None
    assert way.choices[0].api_key_env == "LAB_KEY"


def test_simulations_are_everybodys_and_meet_no_key() -> None:
    way = reach(ModelChoice("synthetic/slip=0.5", api_key_env=None), ENDPOINTS, VISITOR)
    assert not way.from_environment


@pytest.mark.parametrize("model", ["openai/gpt", "gpt-4o", "bedrock/claude", "vertex_ai/gemini"])
def test_where_a_visitor_may_type_he_must_type_an_address(model: str) -> None:
    with pytest.raises(InvalidEndpoint, match="address"):
        reach(ModelChoice(model), ENDPOINTS, TRUSTED_VISITOR)
    if not model.startswith("openai"):
        with pytest.raises(InvalidEndpoint, match="takes no address"):
            reach(ModelChoice(model, "http://h/v1"), ENDPOINTS, TRUSTED_VISITOR)


@pytest.mark.parametrize("model", ["openai/m", "hosted_vllm/m", "lm_studio/m"])
async def test_what_a_visitor_types_gets_what_he_types_and_no_key_of_the_environment(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "HOSTED_VLLM_API_KEY", "LM_STUDIO_API_KEY", "CHOSEN_KEY"):
        monkeypatch.setenv(name, f"sk-secret-{name}")
    sent: list[Any] = []
    for typed in (None, "typed-by-visitor"):
        async with raw_server(streamed(piece("yes", "stop"), "[DONE]")) as raw:
            choice = ModelChoice(model, raw.address, "CHOSEN_KEY")
            gateway = reach(choice, ENDPOINTS, TRUSTED_VISITOR).open(api_key=typed, timeout_s=5)
            await gateway.complete(
                ({"role": "user", "content": "x"},), temperature=1, max_tokens=5, seed=1, on_text=lambda *_: None
            )
            await gateway.aclose()
            sent += raw.headers
    assert [headers["authorization"] for headers in sent] == ["Bearer no-key", "Bearer typed-by-visitor"]
    assert "secret" not in str(sent)


async def test_a_visitors_key_does_not_go_to_an_operators_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_KEY", "of-the-lab")
    async with raw_server(streamed(piece("yes", "stop"), "[DONE]")) as raw:
        lab = Endpoint("lab", "openai/m", "Lab", raw.address, "LAB_KEY")
        gateway = reach(lab.choice, (lab,), TRUSTED_VISITOR).open(api_key="typed", timeout_s=5)
        await gateway.complete(
            ({"role": "user", "content": "x"},), temperature=1, max_tokens=5, seed=1, on_text=lambda *_: None
        )
        await gateway.aclose()
        assert raw.headers[0]["authorization"] == "Bearer of-the-lab"


def test_the_apps_flags_are_read_from_the_environment_and_read_only_beats_the_others() -> None:
    assert app_access({}) == Access(visitors=True, addresses=False)
    everything = {"RSA_VIZ_VISITOR_ADDRESS": "1", "RSA_VIZ_EDIT_ENDPOINTS": "yes"}
    assert app_access(everything) == Access(visitors=True, addresses=True, editing=True)
    shown = app_access({**everything, "RSA_VIZ_READ_ONLY": "1"})
    assert shown == Access(visitors=True, addresses=False, read_only=True)
    with pytest.raises(ReadOnly, match="RSA_VIZ_READ_ONLY"):
        shown.check_change()
    with pytest.raises(InvalidInput, match="RSA_VIZ_READ_ONLY is 'perhaps'"):
        app_access({"RSA_VIZ_READ_ONLY": "perhaps"})
