"""One way to every model: a call through LiteLLM that streams, counts, and fails with rsa_viz's own errors only.

The embedded synthetic reasoner, a local server and a hosted provider take the same path. Retries, time-outs between
attempts and bounded concurrency are the engine's. Knows no run, no task and no store.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from ..core.chain import Completion
from ..core.errors import InvalidEndpoint, ModelError, ServerFailed
from ..core.prompts import Messages
from ..core.run import ModelChoice
from .endpoints import check_address, check_key_variable
from .in_process import PROVIDERS, SYNTHETIC, TINY
from .knobs import PROVIDER, knobs_of
from .library import library
from .secrets import PLACEHOLDER_KEY, STRUCK, Strike, environment_secrets, parts_of
from .tiny_names import check_name

OPENAI_SPEAKING = frozenset({"openai", "hosted_vllm", "lm_studio", "llamafile", "openai_like", "custom_openai"})
"""Providers that are servers with OpenAI's protocol: with an address they all take the same path."""

OWN_PROTOCOL = frozenset({"ollama", "ollama_chat", "anthropic"})
"""Other providers that may be given an address. With the rest LiteLLM might send an environment's credentials there."""


def check_choice(choice: ModelChoice) -> None:
    """Raise InvalidEndpoint for a choice that no call can be made with.

    That is: an unknown provider, a provider that takes no address, a key variable that is not set, knobs of the
    synthetic reasoner that cannot be read, a tiny model that is not there. Imports LiteLLM unless the model is
    embedded. Calls nobody.
    """
    if choice.simulated:
        if choice.api_base is not None:
            raise InvalidEndpoint("the synthetic reasoner runs in this process and takes no address; leave it out")
        knobs_of(choice.model)
        return
    if choice.tiny:
        if choice.api_base is not None:
            raise InvalidEndpoint("the tiny model runs in this process and takes no address; leave it out")
        check_name(choice.model)
        return
    provider, _, name = choice.model.partition("/")
    known = {str(getattr(one, "value", one)) for one in library().provider_list}
    if not name and choice.api_base is None and choice.model in library().model_cost:
        provider, name = str(library().model_cost[choice.model].get("litellm_provider")), choice.model
    if provider not in known or not name:
        raise InvalidEndpoint(
            f"{choice.model!r} names no provider that LiteLLM knows; write PROVIDER/MODEL, "
            f"for a server with OpenAI's protocol openai/{choice.model}"
        )
    if choice.api_base is not None:
        check_address(choice.api_base)
        if provider not in OPENAI_SPEAKING | OWN_PROTOCOL:
            raise InvalidEndpoint(
                f"{provider!r} takes no address here; for a server with OpenAI's protocol write openai/{name}, "
                f"else one of {', '.join(sorted(OPENAI_SPEAKING | OWN_PROTOCOL))}"
            )
    if choice.api_key_env is not None and not os.environ.get(check_key_variable(choice.api_key_env)):
        raise InvalidEndpoint(f"the environment variable {choice.api_key_env!r} that holds the key is not set")


class Gateway:
    """Makes the calls of one choice of model, all on one event loop.

    ``api_key`` goes before the choice's key variable. With an address and neither, a placeholder is sent: an address
    gets no key of the environment that was not chosen for it. Without an address the provider's usual variable counts.
    Unless ``from_environment``, no key of the environment is read or looked up at all: ``api_key`` or the placeholder
    is sent (``reach`` says when). ``name`` stands for the server in completions and errors, which then never tell its
    address. ``timeout_s`` is the silence, in seconds, after which a call fails with TimedOut. Raises InvalidEndpoint.
    """

    def __init__(
        self,
        choice: ModelChoice,
        *,
        api_key: str | None = None,
        timeout_s: float,
        from_environment: bool = True,
        name: str | None = None,
    ) -> None:
        self.choice = choice
        self.name = name
        self._key = api_key.strip() if api_key is not None else None
        if not from_environment:
            self._key = self._key or PLACEHOLDER_KEY
        elif api_key is None and choice.api_key_env is not None:
            self._key = os.environ.get(choice.api_key_env, "").strip()
            if not self._key:
                raise InvalidEndpoint(f"the environment variable {choice.api_key_env!r} that holds the key is not set")
        if self._key is not None and not (self._key.isascii() and self._key.isprintable()):
            raise InvalidEndpoint("the key holds characters that no key can have; copy it again")
        self._timeout_s = timeout_s
        self._settings: dict[str, Any] | None = None
        self._client: Any = None

    async def prepare(self) -> None:
        """Load what a first call needs, which takes seconds once, so that no call's time-out pays for it."""
        litellm = await self._prepared()
        if self._client is not None:
            await asyncio.to_thread(lambda: self._client.chat.completions)  # imports its resources on first sight
        await _call_in_process(litellm)

    async def complete(
        self,
        messages: Messages,
        *,
        temperature: float,
        max_tokens: int,
        seed: int,
        on_text: Callable[[str, str], None],
    ) -> Completion:
        """One call. ``on_text`` gets (answer piece, reasoning piece) as they stream; what it raises goes to the caller.

        Token counts are None where the server tells none. Parameters that a provider does not take are left out.
        Raises ModelErrors only, as ``failures`` maps them. Cancelling closes the connection.
        """
        first: float | None = None
        texts: list[str] = []
        thoughts: list[str] = []
        strike_text, strike_thought = Strike(self._secret), Strike(self._secret)
        finish: str | None = None
        usage: Any = None
        reply: Any = None
        try:
            try:
                litellm = await self._prepared()
                begun = time.perf_counter()
                reply = await litellm.acompletion(
                    messages=[dict(message) for message in messages],
                    temperature=temperature,
                    max_tokens=max_tokens,
                    seed=seed,
                    **(self._settings or {}),
                )
                pieces = _pieces(reply)
            except Exception as error:  # noqa: BLE001 - the model boundary
                raise self._failed(error) from None
            while True:
                try:
                    text, thought, ended, counts = _read(await anext(pieces))
                except StopAsyncIteration:
                    break
                except Exception as error:  # noqa: BLE001 - the model boundary
                    if finish is not None:
                        break  # the answer is whole; only the end of the stream is missing
                    raise self._failed(error) from None
                finish, usage = ended or finish, counts or usage
                if text or thought:
                    first = first if first is not None else time.perf_counter() - begun
                    text, thought = strike_text.piece(text), strike_thought.piece(thought)
                    texts.append(text)
                    thoughts.append(thought)
                    on_text(text, thought)
        finally:
            if reply is not None:
                await reply.aclose()
        if finish == "error":
            raise ServerFailed("the server ended its answer with an error")
        if finish is None and first is None:
            raise ServerFailed("the server's answer holds nothing: no text, and no word of why it ended")
        return Completion(
            text=_mended("".join([*texts, strike_text.rest()])),
            reasoning=_mended("".join([*thoughts, strike_thought.rest()])),
            finish_reason=finish if self._secret is None or finish is None else finish.replace(self._secret, STRUCK),
            tokens_in=_count(usage, "prompt_tokens"),
            tokens_out=_count(usage, "completion_tokens"),
            first_token_s=first,
            latency_s=time.perf_counter() - begun,
            served_by=self.name,
        )

    async def aclose(self) -> None:
        """Close the connections. The gateway can be used no more."""
        if self._client is not None:
            await self._client.close()

    def _failed(self, error: Exception) -> ModelError:
        from .failures import translated

        secrets = [self._secret or "", *environment_secrets()]
        if self.name is not None:
            secrets += parts_of(self.choice.api_base or "")
        address = self.name or self.choice.api_base or self.choice.model
        return translated(error, address=address, secrets=secrets)

    @property
    def _secret(self) -> str | None:
        return None if self._key == PLACEHOLDER_KEY else self._key

    async def _prepared(self) -> Any:
        """LiteLLM, and on the first call what each call passes to it."""
        litellm = await asyncio.to_thread(library) if self._settings is None else library()
        if self._settings is None:
            self._settings = self._settle()
        return litellm

    def _settle(self) -> dict[str, Any]:
        choice = self.choice
        settings: dict[str, Any] = {
            "model": choice.model,
            "stream": True,
            "stream_options": {"include_usage": True},
            "timeout": self._timeout_s,
            "num_retries": 0,
            "max_retries": 0,
            "drop_params": True,
        }
        provider, _, name = choice.model.partition("/")
        if choice.simulated:
            settings.update(model=choice.model.removeprefix(f"{PROVIDER}/"), custom_llm_provider=SYNTHETIC)
            del settings["stream_options"]
        elif choice.tiny:
            settings.update(model=name, custom_llm_provider=TINY)
            del settings["stream_options"]
        elif provider == "openai" or (provider in OPENAI_SPEAKING and choice.api_base is not None):
            from .wire import openai_client

            self._client = openai_client(choice.api_base, self._key, self._timeout_s)
            settings.update(model=name, custom_llm_provider="openai", client=self._client)
            settings.update(api_base=str(self._client.base_url), api_key=self._key or PLACEHOLDER_KEY)
        elif choice.api_base is not None:
            settings.update(api_base=choice.api_base, api_key=self._key or PLACEHOLDER_KEY)
        elif self._key is not None:
            settings.update(api_key=self._key)
        return settings


def _mended(text: str) -> str:
    """A text whose surrogate pairs are one character each, as when a server cut one in two; a lone half is U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


async def _call_in_process(litellm: Any) -> None:
    """A call that leaves the process nowhere: LiteLLM imports much of itself on its first one."""
    reply = await litellm.acompletion(
        model="fast", custom_llm_provider=SYNTHETIC, messages=[{"role": "user", "content": ""}], stream=True
    )
    async for _ in _pieces(reply):
        pass
    await reply.aclose()


def _pieces(reply: Any) -> AsyncIterator[Any]:
    """What streams. For OpenAI's protocol and the synthetic reasoner the stream under LiteLLM's wrapper, whose own work
    on each piece costs ten times what reading it costs, and which invents token counts and an end where none came."""
    import openai

    under = reply.completion_stream
    if isinstance(under, openai.AsyncStream) or reply.custom_llm_provider in PROVIDERS:
        reply = under
    return aiter(reply)


def _read(chunk: Any) -> tuple[str, str, str | None, Any]:
    """Answer piece, reasoning piece, finish reason, token counts of one streamed piece."""
    if isinstance(chunk, dict):
        return chunk["text"], "", chunk["finish_reason"] or None, chunk["usage"]
    usage = getattr(chunk, "usage", None)
    if not chunk.choices:
        return "", "", None, usage
    choice = chunk.choices[0]
    delta = choice.delta
    if delta is None:
        return "", "", choice.finish_reason, usage
    thought = getattr(delta, "reasoning_content", None) or getattr(delta, "reasoning", None)
    return delta.content or "", thought if isinstance(thought, str) else "", choice.finish_reason, usage


def _count(usage: Any, name: str) -> int | None:
    count = usage.get(name) if isinstance(usage, dict) else getattr(usage, name, None)
    return count if isinstance(count, int) else None
