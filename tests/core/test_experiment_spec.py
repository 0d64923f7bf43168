"""What an experiment is planned from: read, refused with the key and the value, written as TOML and read again."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from rsa_viz.core.errors import InvalidInput, InvalidPlan
from rsa_viz.core.run import Candidates, ModelChoice
from rsa_viz.core.spec import config_of, read_spec, spec_content
from rsa_viz.core.toml import to_toml

WHOLE = """
name = "Temperatures"
note = "what does heat do?"
seeds = [3, 5]
[[problems]]
bundled = "program"
count = 4
[[problems]]
question = 'What is "2 + 2"?'
task = "math"
gold = "4"
[defaults]
model = "synthetic/fast"
n = 8
[[arms]]
name = "RSA"
k = [2, 4]
temperature = [0.7, 1]
[[arms]]
strategy = "reference"
n = [4, 8]
prompts = ["plain", "mine"]
[prompts.mine]
sample = "{{question}} C:\\\\temp \u00e4 \\u007f"
"""


def changed(**values: Any) -> dict[str, Any]:
    return {**tomllib.loads(WHOLE), **values}


def test_defaults_are_every_arms_and_values_multiply_in_their_order() -> None:
    spec = read_spec(tomllib.loads(WHOLE))
    assert (spec.name, spec.note, spec.seeds) == ("Temperatures", "what does heat do?", (3, 5))
    assert [arm.name for arm in spec.arms] == ["RSA", "reference"]
    assert [(point["n"], point["k"], point["temperature"]) for point in spec.arms[0].points()] == [
        (8, 2, 0.7), (8, 2, 1), (8, 4, 0.7), (8, 4, 1),
    ]  # fmt: skip
    assert [(point["prompts"], point["n"]) for point in spec.arms[1].points()] == [
        ("plain", 4), ("plain", 8), ("mine", 4), ("mine", 8),
    ]  # fmt: skip


def test_what_is_written_as_toml_reads_as_the_same_experiment() -> None:
    spec = read_spec(tomllib.loads(WHOLE))
    written = to_toml(spec_content(spec))
    assert tomllib.loads(written) == spec_content(spec)
    assert read_spec(tomllib.loads(written)) == spec


def test_toml_holds_every_kind_of_value() -> None:
    content = {
        'a key with "quotes"': "line\nbreak\ttab \x7f \x01 \u2028 ä 🐢 '''",
        "numbers": [1, -2, 1e-7, 0.5, True],
        "empty": {},
        "deep": {"er": {"list": [{"x": 1}, {"x": [[1], []]}]}},
        "inline": [{"a": {"b": 1}}, 2],
    }
    assert tomllib.loads(to_toml(content)) == content
    for bad in ("\ud800", float("nan"), object()):
        with pytest.raises(InvalidInput):
            to_toml({"x": bad})


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"name": ""}, "name must be 1 to 80 letters"),
        ({"arm": []}, "there is no key 'arm'"),
        ({"seeds": 0}, "seeds must be a number from 1"),
        ({"seeds": [1, 1]}, "[1, 1]"),
        ({"seeds": True}, "not True"),
        ({"problems": []}, "at least one table [[problems]]"),
        ({"problems": [{"bundled": "program", "file": "x"}]}, "[[problems]] 1: it must hold exactly one of"),
        (
            {"problems": [{"programs": 3, "seeds": 1}]},
            "there is no key 'seeds'; there are lines, modulus, programs, seed",
        ),
        ({"defaults": {"modl": "x"}}, "[defaults]: there is no key 'modl'"),
        ({"arms": [{"model": "x"}, {"model": "y"}]}, "[[arms]] 2: there is an arm 'rsa' already"),
        ({"arms": [{"model": "x", "n": []}]}, "[[arms]] 1 (rsa): n must be a value or a list"),
        ({"arms": [{"model": "x", "n": [4, 4]}]}, "[4, 4]"),
        ({"arms": [{"name": "A"}], "defaults": {}}, "[[arms]] 1 (A): model is missing"),
        ({"prompts": {"plain": {}}}, "'plain' is taken"),
        ({"prompts": {"mine": {"sampel": "x"}}}, "there is no key 'sampel'"),
    ],
)
def test_what_is_wrong_is_named_with_its_place_and_value(values: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_spec(changed(**values), "mine.toml")
    assert str(refused.value).startswith("mine.toml")
    assert says in str(refused.value)


def test_a_point_becomes_a_configuration_of_the_settings_own_types() -> None:
    model = ModelChoice("synthetic/fast")
    point = {"model": "synthetic/fast", "n": 8, "candidates": "tail", "temperature_end": "none", "prompts": "plain"}
    config = config_of(point, model, 3, 5)
    assert (config.n, config.candidates, config.temperature_end) == (8, Candidates.TAIL, None)
    assert (config.seed, config.concurrency) == (3, 5)
    assert config_of({"concurrency": 2}, model, 0, 5).concurrency == 2
    for bad, says in (({"candidates": "tails"}, "whole, tail, summary"), ({"strategy": 3}, "must be text, not 3")):
        with pytest.raises(InvalidInput, match=says):
            config_of(bad, model, 0, 5)
    with pytest.raises(InvalidPlan, match="not 'eight'"):
        config_of({"n": "eight"}, model, 0, 5)
