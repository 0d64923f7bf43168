"""How endpoints stand: asked when somebody asks, never by themselves, and remembered until asked again.

Asking for the models that a server lists costs nothing; a trial is one call of its model and may cost money. Lives on
one event loop; what it remembers is read from any thread. Knows no run, no store and no page.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from enum import StrEnum

from ..core.errors import InvalidEndpoint, ModelError
from .advice import advice
from .gateway import OPENAI_SPEAKING
from .listing import list_models
from .reach import Reach

ASKING_S = 10.0
"""How long a server may take to list its models, in seconds."""
TRIAL_S = 120.0
"""How long a trial waits without a token, in seconds: a server that loads its model on the first call takes long."""
TRIAL_TOKENS = 256
"""Most tokens of a trial's answer."""
TAIL = 4000
"""Characters of a trial's answer that are kept."""


class State(StrEnum):
    """What is known of a server."""

    UNKNOWN = "unknown"  # nobody asked yet, or it cannot be asked without a call that may cost
    ASKING = "asking"
    ANSWERING = "answering"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class ServerState:
    """One server of an endpoint as it was when it was asked last.

    ``at`` is that moment in seconds since the Unix epoch, None before. ``models`` are those that it lists, None where
    it was not asked or has no list; ``context`` is what it told of its model, in tokens. ``error`` says why it fails in
    one line, ``what_to_do`` what to do about it.
    """

    name: str
    state: State = State.UNKNOWN
    at: float | None = None
    models: tuple[str, ...] | None = None
    context: int | None = None
    error: str = ""
    what_to_do: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """A test prompt, streaming or ended. Times in seconds; ``tokens_per_second`` counts from the first token on.

    ``text`` holds the last TAIL characters so far, thinking included. ``error`` is empty unless it failed.
    """

    server: str
    begun_at: float
    ended: bool = False
    text: str = ""
    first_token_s: float | None = None
    total_s: float | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    error: str = ""
    what_to_do: str = ""

    @property
    def tokens_per_second(self) -> float | None:
        """None while it runs, without a token count, and for an answer that came in one piece."""
        if self.total_s is None or self.first_token_s is None or self.tokens_out is None:
            return None
        writing = self.total_s - self.first_token_s
        return (self.tokens_out - 1) / writing if self.tokens_out > 1 and writing > 1e-3 else None


class Health:
    """What is known of every endpoint, by its name."""

    def __init__(self) -> None:
        self._states: dict[str, tuple[ServerState, ...]] = {}
        self._trials: dict[str, Trial] = {}

    def states(self, reach: Reach) -> tuple[ServerState, ...]:
        """Its servers, in the operator's order; unknown where nobody asked."""
        names = [reach.server_name(one) for one in range(len(reach.choices))]
        known = self._states.get(_key(reach), ())
        return known if [one.name for one in known] == names else tuple(ServerState(name) for name in names)

    def trial(self, reach: Reach) -> Trial | None:
        """The last test prompt of this endpoint."""
        return self._trials.get(_key(reach))

    def begin_asking(self, reach: Reach) -> None:
        """Say that its servers are being asked, before ``ask`` gets to it."""
        self._states[_key(reach)] = tuple(replace(one, state=State.ASKING) for one in self.states(reach))

    async def ask(self, reach: Reach) -> None:
        """Ask every server of an endpoint for its models, all at once."""
        states = await asyncio.gather(*(self._asked(reach, one) for one in range(len(reach.choices))))
        self._states[_key(reach)] = tuple(states)

    async def _asked(self, reach: Reach, one: int) -> ServerState:
        choice, name = reach.choices[one], reach.server_name(one)
        if choice.embedded:
            return ServerState(name, State.ANSWERING, time.time())
        provider, _, model = choice.model.partition("/")
        try:
            reach.check_server(one)
            if choice.api_base is None or provider not in OPENAI_SPEAKING:
                known = self.states(reach)[one]
                state = known.state if known.state in (State.ANSWERING, State.FAILING) else State.UNKNOWN
                return replace(
                    known, state=state, what_to_do="It lists no models; a test prompt tells whether it answers."
                )
            listed = await list_models(choice, timeout_s=ASKING_S, name=name if len(reach.choices) > 1 else None)
        except (ModelError, InvalidEndpoint) as error:
            return ServerState(
                name, State.FAILING, time.time(), error=str(error), what_to_do=advice(error, choice, reach.endpoint)
            )
        wrong = listed.models and model not in listed.models and not _any_name(listed.models)
        return ServerState(
            name,
            State.FAILING if wrong else State.ANSWERING,
            time.time(),
            models=listed.models,
            context=listed.context_of(model),
            error=f"it answers, and does not list {model!r}" if wrong else "",
            what_to_do="Write one of the listed names into the endpoint's model, after the provider." if wrong else "",
        )

    def begin_trial(self, reach: Reach, one: int) -> None:
        """Say that a test prompt is on its way, before ``try_prompt`` gets to it."""
        self._trials[_key(reach)] = Trial(reach.server_name(one), time.time())

    async def try_prompt(self, reach: Reach, one: int, prompt: str) -> None:
        """Send one test prompt to one server and keep what comes, piece by piece."""
        key, choice = _key(reach), reach.choices[one]
        trial = self._trials[key]

        def heard(text: str, thought: str) -> None:
            nonlocal trial
            trial = self._trials[key] = replace(trial, text=(trial.text + (text or thought))[-TAIL:])

        try:
            reach.check_server(one)
            gateway = reach.gateway(one, api_key=None, timeout_s=TRIAL_S)
            try:
                await gateway.prepare()
                done = await asyncio.wait_for(
                    gateway.complete(
                        ({"role": "user", "content": prompt},),
                        temperature=1.0,
                        max_tokens=TRIAL_TOKENS,
                        seed=0,
                        on_text=heard,
                    ),
                    TRIAL_S * 2,
                )
            finally:
                await gateway.aclose()
        except (ModelError, InvalidEndpoint, TimeoutError) as error:
            words = str(error) or f"it was not done after {TRIAL_S * 2:g} s"
            help_ = advice(error, choice, reach.endpoint)
            self._trials[key] = replace(trial, ended=True, error=words, what_to_do=help_)
            self._note(reach, one, State.FAILING, words, help_)
            return
        self._trials[key] = replace(
            trial,
            ended=True,
            first_token_s=done.first_token_s,
            total_s=done.latency_s,
            tokens_in=done.tokens_in,
            tokens_out=done.tokens_out,
        )
        self._note(reach, one, State.ANSWERING, "", "")

    def _note(self, reach: Reach, one: int, state: State, error: str, what_to_do: str) -> None:
        states = list(self.states(reach))
        states[one] = replace(states[one], state=state, at=time.time(), error=error, what_to_do=what_to_do)
        self._states[_key(reach)] = tuple(states)


def _key(reach: Reach) -> str:
    """A changed endpoint is another one: nothing is known of it."""
    return repr((reach.name, reach.choices))


def _any_name(models: tuple[str, ...]) -> bool:
    """llama.cpp lists a file's name and answers to any."""
    return len(models) == 1 and models[0].endswith(".gguf")
