"""The endpoints that can be chosen: the built-in simulations, then those of the operator's TOML file.

Keys never stand in that file; it names the environment variables that hold them. Imports no LiteLLM.
"""

from __future__ import annotations

import math
import os
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..core.errors import InvalidEndpoint
from ..core.price import Price
from ..core.run import ModelChoice
from .knobs import PROVIDER, knobs_of

FILE_VARIABLE = "RSA_VIZ_ENDPOINTS"
NO_KEY = "none"
"""What stands for api_key_env where an endpoint must get no key at all, not even the provider's usual one."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model that can be chosen by name, and how many calls it should be sent at a time.

    ``api_base`` is one server's address, or several that serve the same model: a pool. ``api_key_env`` names the
    variable that holds its key, or is NO_KEY; None means no key for a server with an address, and the provider's usual
    variable for one without. ``concurrency`` counts the calls in flight, of a pool over all its servers. ``context`` is
    the most tokens of prompt and answer together, None where nobody said.
    """

    name: str
    model: str
    title: str
    api_base: str | tuple[str, ...] | None = None
    api_key_env: str | None = None
    concurrency: int = 16
    price: Price | None = None
    context: int | None = None
    note: str = ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Its servers' addresses; none for a provider's own or the simulation."""
        return (self.api_base,) if isinstance(self.api_base, str) else self.api_base or ()

    @property
    def choice(self) -> ModelChoice:
        """What a run's configuration holds of it; a pool is held by its name alone."""
        return ModelChoice(
            self.model,
            self.api_base if isinstance(self.api_base, str) else None,
            None if self.api_key_env == NO_KEY else self.api_key_env,
            self.name,
        )


_SIMULATIONS = tuple(
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
_KNOWS = "It knows missing operations modulo 13, up to 4 lines and 8 candidates, and nothing else."
_TINY = tuple(
    Endpoint(
        f"tiny/{name}", f"tiny/{name}", f"Tiny language model{title} (missing operations)", note=f"{note} {_KNOWS}"
    )
    for name, title, note in (
        ("holes", "", "A real transformer of 154,240 weights that learned to aggregate."),
        ("holes-direct", " + direct RL", "tiny/holes after reinforcement learning on bare problems."),
        (
            "holes-aggregation",
            " + aggregation RL",
            "tiny/holes after reinforcement learning on problems with candidates and without.",
        ),
    )
)
BUILT_IN = (*_SIMULATIONS, *_TINY)


def proposed(task: str, endpoints: Sequence[Endpoint]) -> Endpoint:
    """The endpoint that a newcomer is offered for problems of a task: the first one that knows this task alone, else
    the first of all."""
    return next((one for one in endpoints if one.choice.only_task == task), endpoints[0])


def endpoints_file() -> Path | None:
    """The operator's file, as RSA_VIZ_ENDPOINTS names it, or None."""
    named = os.environ.get(FILE_VARIABLE)
    return Path(named) if named else None


def load_endpoints(path: str | Path | None = None) -> tuple[Endpoint, ...]:
    """The built-in endpoints, then those of the file at ``path`` or, without one, at RSA_VIZ_ENDPOINTS.

    The file has one table an endpoint, ``[endpoints.NAME]``; docs/endpoints.example.toml shows one. Raises
    InvalidEndpoint, naming the file, the table and the key, when something in it cannot be used.
    """
    path = path or endpoints_file()
    if path is None:
        return BUILT_IN
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InvalidEndpoint(f"the endpoints file {str(path)!r} cannot be read: {error}") from None
    return read_endpoints(text, str(path))


def read_endpoints(text: str, where: str) -> tuple[Endpoint, ...]:
    """As ``load_endpoints``, of a file's text; ``where`` names the file in errors."""
    try:
        content = tomllib.loads(text)
    except ValueError as error:
        raise InvalidEndpoint(f"the endpoints file {where!r} cannot be read: {error}") from None
    tables = content.get("endpoints")
    if set(content) - {"endpoints"} or not isinstance(tables, dict):
        raise InvalidEndpoint(f"{where!r} must hold tables [endpoints.NAME] and nothing else")
    found = list(BUILT_IN)
    for name, table in tables.items():
        place = f"{where!r}, [endpoints.{name}]"
        endpoint = read_endpoint(place, name, table)
        for other in found:
            if other.name == endpoint.name:
                raise InvalidEndpoint(f"{place}: the name {name!r} is taken by a built-in endpoint; choose another")
            if other.title == endpoint.title:
                raise InvalidEndpoint(
                    f"{place}: the title {endpoint.title!r} is that of {other.name!r} too; choose another"
                )
        found.append(endpoint)
    return tuple(found)


def read_endpoint(where: str, name: str, table: object) -> Endpoint:
    """One endpoint from its table. Raises InvalidEndpoint, which begins with ``where``."""
    if not isinstance(table, dict):
        raise InvalidEndpoint(f"{where} must be a table")
    if not name.strip() or not name.isprintable() or len(name) > 100:
        raise InvalidEndpoint(f"{where}: a name has 1 to 100 characters that can be printed")
    if "api_key" in table:
        raise InvalidEndpoint(
            f"{where}: api_key must not stand in a file; name its environment variable as api_key_env"
        )
    for key, value in table.items():
        if key not in _READ:
            raise InvalidEndpoint(f"{where}: there is no key {key!r}; the keys are {', '.join(_READ)}")
        wanted = _READ[key]
        if isinstance(wanted, type) and type(value) is not wanted:
            raise InvalidEndpoint(f"{where}: {key} must be of type {wanted.__name__}, not {value!r}")
    try:
        read = {key: value if isinstance(how := _READ[key], type) else how(value) for key, value in table.items()}
        endpoint = Endpoint(name, **{"model": "", "title": name, **read})
        _check(endpoint)
    except InvalidEndpoint as error:
        raise InvalidEndpoint(f"{where}: {error}") from None
    return endpoint


def check_address(address: str) -> str:
    """The address of a server. Raises InvalidEndpoint, which never repeats a password that stands in it."""
    if not address.startswith(("http://", "https://")):
        raise InvalidEndpoint(f"api_base {_harmless(address)!r} must start with http:// or https://")
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise InvalidEndpoint(f"api_base {_harmless(address)!r} is no address") from None
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise InvalidEndpoint(
            f"api_base {_harmless(address)!r} must hold no name, password, '?' or '#'; a key is given apart from it"
        )
    if not host or not address.isprintable() or " " in address:
        raise InvalidEndpoint(f"api_base {_harmless(address)!r} is no address; write for example http://gpu1:8000/v1")
    return address


def check_key_variable(name: str) -> str:
    """The name of an environment variable. Raises InvalidEndpoint without repeating what may be a key by mistake."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,99}", name):
        raise InvalidEndpoint("api_key_env must be the name of an environment variable, like VLLM_KEY, and never a key")
    return name


def _harmless(address: str) -> str:
    return re.sub(r"//[^/]*@", "//", address.split("?")[0].split("#")[0])


def _addresses(value: object) -> str | tuple[str, ...]:
    if isinstance(value, str):
        return check_address(value)
    if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
        raise InvalidEndpoint(f"api_base must be an address, or a list of some, not {value!r}")
    if len({one.rstrip("/") for one in value}) < len(value):
        raise InvalidEndpoint("api_base names the same address twice; a server stands once in a pool")
    checked = tuple(check_address(one) for one in value)
    return checked if len(checked) > 1 else checked[0]


def _price(value: object) -> Price:
    wanted = 'price must be like { in = 0.40, out = 1.60, currency = "USD" }, for a million tokens each'
    if not isinstance(value, dict) or set(value) != {"in", "out", "currency"}:
        raise InvalidEndpoint(f"{wanted}, not {value!r}")
    amounts = [value["in"], value["out"]]
    for one in amounts:
        if isinstance(one, bool) or not isinstance(one, int | float) or not (math.isfinite(one) and one >= 0):
            raise InvalidEndpoint(f"{wanted}, not {value!r}")
    currency = value["currency"]
    if not isinstance(currency, str) or not 1 <= len(currency.strip()) <= 12 or not currency.isprintable():
        raise InvalidEndpoint(f"{wanted}, not {value!r}")
    return Price(float(amounts[0]), float(amounts[1]), currency.strip())


_READ: Mapping[str, type | Callable[[Any], Any]] = {
    "model": str,
    "title": str,
    "api_base": _addresses,
    "api_key_env": str,
    "concurrency": int,
    "price": _price,
    "context": int,
    "note": str,
}
"""The keys of a table, in the order in which they are written: a type, or what reads the value."""


def _check(endpoint: Endpoint) -> None:
    model = endpoint.model
    if not model.strip():
        raise InvalidEndpoint("model is missing; give LiteLLM's name, for example openai/qwen3")
    if model.startswith(f"{PROVIDER}/"):
        knobs_of(model)
        if endpoint.addresses:
            raise InvalidEndpoint("the synthetic reasoner runs in this process and takes no api_base; leave it out")
    elif endpoint.choice.tiny and endpoint.addresses:
        raise InvalidEndpoint("the tiny model runs in this process and takes no api_base; leave it out")
    elif "/" not in model and endpoint.addresses:
        raise InvalidEndpoint(f"model {model!r} names no provider; for OpenAI's protocol write openai/{model}")
    if endpoint.api_key_env is not None:
        check_key_variable(endpoint.api_key_env)
    if not 1 <= endpoint.concurrency <= 4096:
        raise InvalidEndpoint(f"concurrency must be from 1 to 4096, not {endpoint.concurrency}")
    if endpoint.context is not None and not 1 <= endpoint.context <= 1_000_000_000:
        raise InvalidEndpoint(f"context must be a number of tokens from 1, not {endpoint.context}")
