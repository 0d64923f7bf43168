"""How calls to a chosen model go out, and with which key: the whole rule stands in ``reach``, and nowhere else.

| who asks | chosen | goes to | key |
| --- | --- | --- | --- |
| anybody | an endpoint of the operator's | where his file says now | as his file says |
| the operator | anything else | where he says | what he names; the provider's usual variable without an address |
| a visitor | anything else | the address that he types, if he may type one | what he types; else a placeholder |

An endpoint without an address and without api_key_env is the only one for which LiteLLM looks for a key itself, and so
is the operator's own word on the command line: there the operator named the provider. What a visitor types never meets
a key of the environment: it must have an address, and a protocol that sends an explicit key and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..core.access import VISITOR_ADDRESS, Access
from ..core.errors import InvalidEndpoint
from ..core.run import ModelChoice
from .endpoints import NO_KEY, Endpoint
from .gateway import OPENAI_SPEAKING, OWN_PROTOCOL, Gateway, check_choice
from .pool import Pool, Standings


@dataclass(frozen=True, slots=True)
class Reach:
    """Where calls go (one choice a server) and whether a key of the environment may go along.

    ``name`` is recorded with the chains. ``endpoint`` is None for what is no endpoint of the operator's. ``typed_key``
    says whether a key that somebody typed is for these servers.
    """

    name: str
    choices: tuple[ModelChoice, ...]
    endpoint: Endpoint | None
    from_environment: bool
    typed_key: bool

    def check(self) -> None:
        """Raise InvalidEndpoint when no call can be made. Calls nobody."""
        for one in range(len(self.choices)):
            self.check_server(one)

    def check_server(self, one: int) -> None:
        """As ``check``, of one server."""
        check_choice(self.choices[one])

    def gateway(self, one: int, *, api_key: str | None, timeout_s: float) -> Gateway:
        """The way to one server."""
        return Gateway(
            self.choices[one],
            api_key=api_key if self.typed_key else None,
            timeout_s=timeout_s,
            from_environment=self.from_environment,
            name=self.server_name(one) if len(self.choices) > 1 else None,
        )

    def server_name(self, one: int) -> str:
        """``gpu-pool#2`` for the second server of a pool, which tells its address to nobody; else the endpoint's name,
        or the model's."""
        return f"{self.name}#{one + 1}" if len(self.choices) > 1 else self.name

    def open(self, *, api_key: str | None, timeout_s: float, standings: Standings | None = None) -> Gateway | Pool:
        """The way to all of them; ``standings`` are shared by all that use the same pool."""
        gateways = [self.gateway(one, api_key=api_key, timeout_s=timeout_s) for one in range(len(self.choices))]
        if len(gateways) == 1:
            return gateways[0]
        return Pool(gateways, standings or Standings.of(len(gateways)), timeout_s=timeout_s)


def reach(choice: ModelChoice, endpoints: Sequence[Endpoint], access: Access) -> Reach:
    """How calls to ``choice`` go out for those who use a service with this access.

    ``choice`` may have been made long ago, elsewhere, or by somebody who wrote the file that was imported: nothing of
    it is trusted but the name of an endpoint, and of that the operator's file says what it is now. Raises
    InvalidEndpoint for a model that these users may not reach, and for an endpoint that serves another model now.
    """
    found = _endpoint_of(choice, endpoints, access)
    if found is not None:
        if found.model != choice.model:
            raise InvalidEndpoint(
                f"the endpoint {found.name!r} serves {found.model!r} now, and this run was planned with "
                f"{choice.model!r}; start a new run, or have the operator name the old model again"
            )
        one = found.choice
        servers = tuple(replace(one, api_base=address) for address in found.addresses) or (one,)
        return Reach(found.name, servers, found, found.api_key_env != NO_KEY, typed_key=not access.visitors)
    if choice.embedded:
        return Reach(choice.model, (choice,), None, from_environment=False, typed_key=False)
    if not access.visitors:
        return Reach(choice.endpoint or choice.model, (choice,), None, from_environment=True, typed_key=True)
    return Reach(choice.model, (_typed(choice, access),), None, from_environment=False, typed_key=True)


def _endpoint_of(choice: ModelChoice, endpoints: Sequence[Endpoint], access: Access) -> Endpoint | None:
    """The endpoint that the choice names; for a visitor's without a name the one at the same address with the same
    model, so that runs of the command line on the operator's servers can be resumed in the app."""
    if choice.endpoint is not None:
        return next((one for one in endpoints if one.name == choice.endpoint), None)
    if not access.visitors:
        return None
    return next(
        (
            one
            for one in endpoints
            if one.model == choice.model and choice.api_base is not None and choice.api_base in one.addresses
        ),
        None,
    )


def _typed(choice: ModelChoice, access: Access) -> ModelChoice:
    """What a visitor typed, or a run brought along, as it may be called."""
    if choice.endpoint is not None:
        raise InvalidEndpoint(
            f"the operator's endpoints have none called {choice.endpoint!r} any more; choose another one in a new run, "
            "or have the operator add it again"
        )
    if not access.addresses:
        raise InvalidEndpoint(
            f"{choice.model!r} is none of the operator's endpoints, and visitors may not name others here; choose an "
            f"endpoint, or have the operator add this one or start the app with {VISITOR_ADDRESS}=1"
        )
    provider = choice.model.partition("/")[0]
    if choice.api_base is None:
        raise InvalidEndpoint(
            f"give the address of the server that serves {choice.model!r}; providers without an address are for the "
            "operator's endpoints, because their keys come from his environment"
        )
    if provider not in OPENAI_SPEAKING | OWN_PROTOCOL:
        raise InvalidEndpoint(f"{choice.model!r} takes no address; for a server with OpenAI's protocol write openai/…")
    return ModelChoice(choice.model, choice.api_base)
