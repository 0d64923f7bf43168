"""Endpoints: the built-in simulations and the operator's file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rsa_viz.core.access import Access
from rsa_viz.core.errors import InvalidEndpoint
from rsa_viz.core.price import Price
from rsa_viz.core.run import ModelChoice
from rsa_viz.llm.endpoints import BUILT_IN, Endpoint, load_endpoints, read_endpoints
from rsa_viz.llm.endpoints_file import save_endpoint
from rsa_viz.llm.gateway import check_choice
from rsa_viz.llm.knobs import PRESETS as KNOB_PRESETS
from rsa_viz.llm.knobs import Knobs, knobs_of
from rsa_viz.llm.presets import PRESETS, Preset
from rsa_viz.llm.reach import reach

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "endpoints.example.toml"


def write(folder: Path, content: str) -> Path:
    path = folder / "endpoints.toml"
    path.write_text(content, encoding="utf-8")
    return path


def test_without_a_file_there_are_the_simulations_and_each_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RSA_VIZ_ENDPOINTS", raising=False)
    endpoints = load_endpoints()
    *endpoints, tiny, _, _ = endpoints
    assert [endpoint.name for endpoint in endpoints] == [f"synthetic/{preset}" for preset in KNOB_PRESETS]
    assert (tiny.name, tiny.choice.simulated, tiny.choice.embedded) == ("tiny/holes", False, True)
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
        ("[endpoints.x]\nmodel = 'openai/m'\n[endpoints.x]\nmodel = 'openai/n'", "cannot be read"),
        (
            "[endpoints.x]\nmodel = 'openai/m'\ntitle = 'T'\n[endpoints.y]\nmodel = 'openai/n'\ntitle = 'T'",
            "'T' is that of 'x' too",
        ),
        ("[endpoints.x]\nmodel = 'openai/m'\napi_base = ['http://a', 'http://a/']", "same address twice"),
        ("[endpoints.x]\nmodel = 'openai/m'\napi_base = []", "or a list of some"),
        (
            "[endpoints.x]\nmodel = 'openai/m'\napi_base = 'http://u:sk-1@h/v1'",
            "'http://h/v1' must hold no name, password",
        ),
        ("[endpoints.x]\nmodel = 'openai/m'\napi_base = 'http://h/v1?key=sk-1'", "'http://h/v1' must hold no name"),
        ("[endpoints.x]\nmodel = 'openai/m'\napi_key_env = 'sk-1'", "the name of an environment variable.*never a key"),
        ("[endpoints.x]\nmodel = 'openai/m'\ncontext = 0", "number of tokens from 1"),
        ("[endpoints.x]\nmodel = 'openai/m'\nprice = 3", "price must be like"),
        ("[endpoints.x]\nmodel = 'openai/m'\nprice = {in = 1, out = -1, currency = 'USD'}", "price must be like"),
        ("[endpoints.x]\nmodel = 'openai/m'\nprice = {in = 1, out = true, currency = 'USD'}", "price must be like"),
        ("[endpoints.x]\nmodel = 'synthetic/fast'\napi_base = 'http://h/v1'", "takes no api_base"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_place(tmp_path: Path, content: str, named: str) -> None:
    with pytest.raises(InvalidEndpoint, match=named) as caught:
        load_endpoints(write(tmp_path, content))
    assert "endpoints.toml" in str(caught.value) or "synthetic" in content
    assert "sk-1" not in str(caught.value)


def test_a_pool_has_several_addresses_a_price_and_a_context(tmp_path: Path) -> None:
    table = """
        [endpoints.pool]
        model = "openai/m"
        api_base = ["http://a/v1", "http://b/v1"]
        api_key_env = "none"
        price = { in = 0.4, out = 2, currency = "EUR" }
        context = 32768
    """
    (pool,) = load_endpoints(write(tmp_path, table))[len(BUILT_IN) :]
    assert pool.addresses == ("http://a/v1", "http://b/v1")
    assert pool.choice == ModelChoice("openai/m", None, None, "pool")
    assert (pool.price, pool.context) == (Price(0.4, 2.0, "EUR"), 32768)


OWN = """# what the operator wrote himself

[endpoints.one]  # the first
model = "openai/a"

# about the second
[endpoints."two words"]
model = "openai/b"
api_base = "http://b/v1"
"""


def test_an_endpoint_is_added_to_and_replaced_in_the_file_and_all_else_stays(tmp_path: Path) -> None:
    path = write(tmp_path, OWN)
    new = Endpoint(
        "new", "openai/c", 'It\'s "new"\n\x7f', ("http://c/v1", "http://d/v1"), "KEY", 4, Price(1, 2.5, "€"), 99, "ä"
    )
    save_endpoint(path, new)
    assert path.read_text("utf-8").startswith(OWN)
    one = replace(load_endpoints(path)[len(BUILT_IN)], model="openai/z", title="First")
    save_endpoint(path, one)
    save_endpoint(path, replace(load_endpoints(path)[len(BUILT_IN) + 1], concurrency=7))
    text = path.read_text("utf-8")
    assert "# what the operator wrote himself" in text
    assert '# about the second\n[endpoints."two words"]' in text
    first, second, third = load_endpoints(path)[len(BUILT_IN) :]
    assert (first, third) == (one, new)
    assert (second.api_base, second.concurrency) == ("http://b/v1", 7)
    assert [file.name for file in tmp_path.iterdir()] == ["endpoints.toml"]


def test_a_file_is_made_when_there_is_none_and_kept_when_the_endpoint_cannot_be_used(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "endpoints.toml"
    good = Endpoint("a", "openai/a", "A")
    save_endpoint(path, good)
    before = path.read_bytes()
    for bad in (
        replace(good, model=""),
        replace(good, name="b"),
        replace(good, name="b", title="B", api_key_env="sk-1-2"),
    ):
        with pytest.raises(InvalidEndpoint):
            save_endpoint(path, bad)
    assert path.read_bytes() == before
    inline = write(tmp_path, "endpoints = {a = {model = 'openai/a'}}")
    with pytest.raises(InvalidEndpoint):
        save_endpoint(inline, replace(good, model="openai/b"))


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.title)
def test_every_preset_can_be_pasted(preset: Preset) -> None:
    assert read_endpoints(preset.toml, "preset")[len(BUILT_IN) :] == (preset.endpoint,)
    assert preset.command
    for choice in reach(preset.endpoint.choice, (preset.endpoint,), Access()).choices:
        if choice.api_key_env is None:
            check_choice(choice)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidEndpoint, match="cannot be read"):
        load_endpoints(tmp_path / "none.toml")


def test_knobs_are_read_from_a_name() -> None:
    assert knobs_of("synthetic/reasoner") == knobs_of("reasoner") == Knobs()
    assert knobs_of("synthetic/slip=0.5, speed=0") == Knobs(slip=0.5, speed=0.0)
    assert knobs_of("synthetic/careful,slip=0.5").slip == 0.5
    assert knobs_of("synthetic/careful,slip=0.5").oversight == KNOB_PRESETS["careful"].oversight


@pytest.mark.parametrize("name", ["", "slip", "slip=", "slip=nan", "slip=-1", "oversight=2", "jitter=3", "fast,sloppy"])
def test_knobs_that_cannot_be_read_are_refused(name: str) -> None:
    with pytest.raises(InvalidEndpoint, match="synthetic"):
        knobs_of(f"synthetic/{name}")
