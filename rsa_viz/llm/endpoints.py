"""The endpoints that can be chosen: the built-in simulations, then those of the operator's TOML file.

Keys never stand in that file; it names the environment variables that hold them. Imports no LiteLLM.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from ..core.errors import InvalidEndpoint
from ..core.run import ModelChoice
from .knobs import PROVIDER, knobs_of

FILE_VARIABLE = "RSA_VIZ_ENDPOINTS"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model that can be chosen by name, and how many calls it should be sent at a time."""

    name: str
    model: str
    title: str
    api_base: str | None = None
    api_key_env: str | None = None
    concurrency: int = 16
    note: str = ""

    @property
    def choice(self) -> ModelChoice:
        """What a run's configuration holds of it."""
        return ModelChoice(self.model, self.api_base, self.api_key_env, self.name)


BUILT_IN = tuple(
    Endpoint(f"{PROVIDER}/{name}", f"{PROVIDER}/{name}", f"{title} (simulation)", note=note)
    for name, title, note in (
        (
            "reasoner",
            "Synthetic reasoner",
            "Writes at a pace to watch; right alone in 10 to 45 % of the bundled programs.",
        ),
        ("fast", "Fast synthetic reasoner", "The same, as fast as this machine can."),
        ("sloppy", "Sloppy synthetic reasoner", "Slips and overlooks more: often stays wrong."),
        ("careful", "Careful synthetic reasoner", "Slips and overlooks less: soon right."),
    )
)


def load_endpoints(path: str | Path | None = None) -> tuple[Endpoint, ...]:
    """The built-in endpoints, then those of the file at ``path`` or, without one, at RSA_VIZ_ENDPOINTS.

    The file has one table an endpoint, ``[endpoints.NAME]``; docs/endpoints.example.toml shows one. Raises
    InvalidEndpoint, naming the file, the table and the key, when something in it cannot be used.
    """
    path = path or os.environ.get(FILE_VARIABLE) or None
    if path is None:
        return BUILT_IN
    try:
        content = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidEndpoint(f"the endpoints file {str(path)!r} cannot be read: {error}") from None
    tables = content.get("endpoints")
    if set(content) - {"endpoints"} or not isinstance(tables, dict):
        raise InvalidEndpoint(f"{str(path)!r} must hold tables [endpoints.NAME] and nothing else")
    return BUILT_IN + tuple(
        _endpoint(f"{str(path)!r}, [endpoints.{name}]", name, table) for name, table in tables.items()
    )


_KEYS: Mapping[str, type] = {field.name: int if field.name == "concurrency" else str for field in fields(Endpoint)[1:]}


def _endpoint(where: str, name: str, table: object) -> Endpoint:
    if not isinstance(table, dict):
        raise InvalidEndpoint(f"{where} must be a table")
    if name in {endpoint.name for endpoint in BUILT_IN}:
        raise InvalidEndpoint(f"{where}: the name {name!r} is taken by a built-in endpoint; choose another")
    if "api_key" in table:
        raise InvalidEndpoint(
            f"{where}: api_key must not stand in a file; name its environment variable as api_key_env"
        )
    for key, value in table.items():
        if key not in _KEYS:
            raise InvalidEndpoint(f"{where}: there is no key {key!r}; the keys are {', '.join(_KEYS)}")
        if type(value) is not _KEYS[key]:
            raise InvalidEndpoint(f"{where}: {key} must be of type {_KEYS[key].__name__}, not {value!r}")
    model = table.get("model", "")
    if not model.strip():
        raise InvalidEndpoint(f"{where}: model is missing; give LiteLLM's name, for example openai/qwen3")
    if model.startswith(f"{PROVIDER}/"):
        knobs_of(model)
    elif "/" not in model and "api_base" in table:
        raise InvalidEndpoint(f"{where}: model {model!r} names no provider; for OpenAI's protocol write openai/{model}")
    if not table.get("api_base", "http://").startswith(("http://", "https://")):
        raise InvalidEndpoint(f"{where}: api_base {table['api_base']!r} must start with http:// or https://")
    if not 1 <= table.get("concurrency", 16) <= 4096:
        raise InvalidEndpoint(f"{where}: concurrency must be from 1 to 4096, not {table['concurrency']}")
    return Endpoint(name, **{"title": name, **table})
