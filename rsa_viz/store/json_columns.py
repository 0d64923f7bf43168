"""Configurations, prompt sets and metadata as JSON text, and back. Knows no table.

JSON is written in ASCII, so it takes every Python string, lone surrogates included.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields
from typing import Any

from ..core.errors import InvalidInput, InvalidProblem
from ..core.prompts import PromptSet
from ..core.run import Candidates, ModelChoice, RunConfig


def to_json(value: object) -> str:
    """One line of JSON. Raises ValueError for NaN and infinities, TypeError for what JSON has no form for."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def metadata_to_json(metadata: Mapping[str, object]) -> str:
    """A problem's metadata, keys sorted so that equal metadata give equal text. Raises InvalidProblem."""
    try:
        return json.dumps(dict(metadata), ensure_ascii=True, allow_nan=False, sort_keys=True)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidProblem(f"the problem's metadata cannot be written as JSON ({error}); use plain values") from None


def metadata_from_json(text: str) -> dict[str, object]:
    """What ``metadata_to_json`` wrote; tuples come back as lists."""
    return dict(json.loads(text))


def config_to_json(config: RunConfig) -> str:
    """A whole configuration."""
    return to_json(asdict(config))


def config_from_json(text: str) -> RunConfig:
    """What ``config_to_json`` wrote. Raises as ``config_from``."""
    return config_from(json.loads(text))


def models_from_json(text: str) -> tuple[ModelChoice, ...]:
    """The models of a configuration that ``config_to_json`` wrote, as ``RunConfig.models``, and nothing else of it: for
    those who read thousands."""
    settings = json.loads(text)
    return tuple(ModelChoice(**choice) for choice in (settings["model"], settings.get("aggregator")) if choice)


def config_from(value: object) -> RunConfig:
    """A configuration from parsed JSON; settings that it lacks take their defaults.

    Raises InvalidInput for a setting that this rsa_viz does not know, since a run must not go on without it, and for
    one of the wrong type; InvalidPlan for a number out of range.
    """
    settings = _known("configuration", value, RunConfig)
    aggregator = settings.get("aggregator")
    if not isinstance(settings.get("strategy", ""), str):
        raise InvalidInput(f"the configuration's 'strategy' must be text, not {settings['strategy']!r}")
    given = settings.get("candidates", Candidates.WHOLE)
    if given not in list(Candidates):
        raise InvalidInput(f"the configuration's 'candidates' must be one of {', '.join(Candidates)}, not {given!r}")
    return RunConfig(
        **{
            **settings,
            "model": _choice_from(settings.get("model")),
            "aggregator": None if aggregator is None else _choice_from(aggregator),
            "candidates": Candidates(given),
        }
    )


def _choice_from(value: object) -> ModelChoice:
    choice = _known("model choice", value, ModelChoice)
    for name, words in choice.items():
        if not isinstance(words, str) and (words is not None or name == "model"):
            raise InvalidInput(f"the model choice's {name!r} must be text, not {words!r}")
    if "model" not in choice:
        raise InvalidInput("the model choice names no model")
    return ModelChoice(**choice)


def prompts_to_json(prompts: PromptSet) -> str:
    """A whole prompt set."""
    return to_json(asdict(prompts))


def prompts_from_json(text: str) -> PromptSet:
    """What ``prompts_to_json`` wrote. Raises as ``prompts_from``."""
    return prompts_from(json.loads(text))


def prompts_from(value: object) -> PromptSet:
    """A prompt set from parsed JSON. A template that sets have had only since takes its default.
    Raises InvalidInput when another is missing, and when one is unknown or no text."""
    templates = _known("prompt set", value, PromptSet)
    for field in fields(PromptSet):
        if field.name not in templates:
            if field.default is not MISSING:
                continue
            raise InvalidInput(f"the prompt set has no {field.name!r}")
        found = templates[field.name]
        whole = isinstance(found, int) and not isinstance(found, bool)
        if not (whole if field.name == "version" else isinstance(found, str)):
            raise InvalidInput(f"the prompt set's {field.name!r} must not be {found!r}")
    return PromptSet(**templates)


def _known(what: str, value: object, kind: type[RunConfig | ModelChoice | PromptSet]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidInput(f"the {what} must be an object, not {value!r}")
    unknown = sorted(set(value) - {field.name for field in fields(kind)})
    if unknown:
        raise InvalidInput(f"the {what} has settings that this rsa_viz does not know: {', '.join(unknown)}; update it")
    return value
