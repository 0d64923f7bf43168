"""Endpoints: the built-in simulations and the operator's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from rsa_viz.core.errors import InvalidEndpoint
from rsa_viz.core.run import ModelChoice
from rsa_viz.llm.endpoints import BUILT_IN, load_endpoints
from rsa_viz.llm.knobs import PRESETS, Knobs, knobs_of

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "endpoints.example.toml"


def write(folder: Path, content: str) -> Path:
    path = folder / "endpoints.toml"
    path.write_text(content, encoding="utf-8")
    return path


def test_without_a_file_there_are_the_simulations_and_each_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RSA_VIZ_ENDPOINTS", raising=False)
    endpoints = load_endpoints()
    assert [endpoint.name for endpoint in endpoints] == [f"synthetic/{preset}" for preset in PRESETS]
    assert endpoints[0].choice == ModelChoice("synthetic/reasoner", endpoint="synthetic/reasoner")
    for endpoint in endpoints:
        assert endpoint.choice.simulated
        assert "simulation" in endpoint.title
        knobs_of(endpoint.model)


def test_the_operators_file_follows_the_simulations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(
        tmp_path,
        """
        [endpoints.vllm]
        title = "Qwen on vLLM"
        model = "openai/Qwen/Qwen3-4B"
        api_base = "http://127.0.0.1:8000/v1"
        api_key_env = "VLLM_KEY"
        concurrency = 64
        [endpoints.plain]
        model = "openai/gpt-4o"
        """,
    )
    monkeypatch.setenv("RSA_VIZ_ENDPOINTS", str(path))
    assert load_endpoints() == load_endpoints(path)
    vllm, plain = load_endpoints()[len(BUILT_IN) :]
    assert vllm.choice == ModelChoice("openai/Qwen/Qwen3-4B", "http://127.0.0.1:8000/v1", "VLLM_KEY", "vllm")
    assert (vllm.title, vllm.concurrency) == ("Qwen on vLLM", 64)
    assert (plain.title, plain.concurrency, plain.api_base) == ("plain", 16, None)


def test_the_example_file_can_be_loaded() -> None:
    assert len(load_endpoints(EXAMPLE)) > len(BUILT_IN)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("[endpoints.x]\nmodel = 1", r"\[endpoints\.x\].*model must be of type str"),
        ("[endpoints.x]\ntitle = 'x'", r"\[endpoints\.x\].*model is missing"),
        ("[endpoints.x]\nmodel = 'openai/m'\nurl = 'http://h'", r"\[endpoints\.x\].*no key 'url'"),
        ("[endpoints.x]\nmodel = 'openai/m'\napi_key = 'sk-1'", r"\[endpoints\.x\].*api_key_env"),
        ("[endpoints.x]\nmodel = 'openai/m'\napi_base = 'host:1'", r"\[endpoints\.x\].*'host:1' must start with http"),
        ("[endpoints.x]\nmodel = 'openai/m'\nconcurrency = 0", r"\[endpoints\.x\].*concurrency must be from 1"),
        ("[endpoints.x]\nmodel = 'openai/m'\nconcurrency = true", r"\[endpoints\.x\].*concurrency must be of type int"),
        ("[endpoints.x]\nmodel = 'qwen'\napi_base = 'http://h'", r"\[endpoints\.x\].*openai/qwen"),
        ("[endpoints.'synthetic/fast']\nmodel = 'openai/m'", "taken by a built-in"),
        ("[endpoints.x]\nmodel = 'synthetic/slip=5'", "from 0 to 1"),
        ("[[endpoints]]\nmodel = 'openai/m'", r"tables \[endpoints\.NAME\]"),
        ("model = 'openai/m'", r"tables \[endpoints\.NAME\]"),
        ("endpoints = {x = 1}", r"\[endpoints\.x\] must be a table"),
        ("[endpoints", "cannot be read"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_place(tmp_path: Path, content: str, named: str) -> None:
    with pytest.raises(InvalidEndpoint, match=named) as caught:
        load_endpoints(write(tmp_path, content))
    assert "endpoints.toml" in str(caught.value) or "synthetic" in content
    assert "sk-1" not in str(caught.value)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidEndpoint, match="cannot be read"):
        load_endpoints(tmp_path / "none.toml")


def test_knobs_are_read_from_a_name() -> None:
    assert knobs_of("synthetic/reasoner") == knobs_of("reasoner") == Knobs()
    assert knobs_of("synthetic/slip=0.5, speed=0") == Knobs(slip=0.5, speed=0.0)
    assert knobs_of("synthetic/careful,slip=0.5").slip == 0.5
    assert knobs_of("synthetic/careful,slip=0.5").oversight == PRESETS["careful"].oversight


@pytest.mark.parametrize("name", ["", "slip", "slip=", "slip=nan", "slip=-1", "oversight=2", "jitter=3", "fast,sloppy"])
def test_knobs_that_cannot_be_read_are_refused(name: str) -> None:
    with pytest.raises(InvalidEndpoint, match="synthetic"):
        knobs_of(f"synthetic/{name}")
