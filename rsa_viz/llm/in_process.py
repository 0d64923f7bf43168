"""What makes a model that runs in this process a LiteLLM provider like any other. Knows no model."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Protocol

SYNTHETIC = "rsa_viz_synthetic"
"""LiteLLM knows a hosted provider that is called synthetic; ours must not be taken for it."""

TINY = "rsa_viz_tiny"

PROVIDERS = (SYNTHETIC, TINY)
"""The names in LiteLLM of the providers that run here."""


class Write(Protocol):
    """Answers a prompt, piece by piece in the form of LiteLLM's generic chunks."""

    def __call__(
        self, model: str, prompt: str, *, temperature: float, max_tokens: int, seed: int
    ) -> AsyncIterator[dict[str, Any]]: ...


def provider_row(name: str, write: Write) -> Any:
    """A row of ``litellm.custom_provider_map``, whose calls ``write`` answers. Imports litellm."""
    from litellm.llms.custom_llm import CustomLLM

    class InProcess(CustomLLM):
        """Answers streamed chat completions; nothing else is asked of it."""

        def astreaming(self, *_: Any, **call: Any) -> Any:
            asked = call["optional_params"]
            return write(
                call["model"],
                "\n\n".join(str(message.get("content") or "") for message in call["messages"]),
                temperature=float(asked.get("temperature", 1.0)),
                max_tokens=int(asked.get("max_tokens") or 2**31),
                seed=int(asked.get("seed") or 0),
            )

    return {"provider": name, "custom_handler": InProcess()}


def chunk(text: str, **last: Any) -> dict[str, Any]:
    """One piece of text in the form of LiteLLM's generic chunks; ``last`` has what the last one says."""
    return {
        "text": text,
        "is_finished": False,
        "finish_reason": "",
        "usage": None,
        "index": 0,
        "tool_use": None,
        **last,
    }


def last_chunk(tokens_in: int, tokens_out: int, *, cut: bool) -> dict[str, Any]:
    """The end of an answer: its token counts, and whether it was ``cut`` at its most tokens."""
    usage = {"prompt_tokens": tokens_in, "completion_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}
    return chunk("", is_finished=True, finish_reason="length" if cut else "stop", usage=usage)
