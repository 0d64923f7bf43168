"""Servers and providers that people have: the command that starts each, and the table to paste into the endpoints file.

The numbers in a table are a start, not a recommendation for any machine.
"""

from __future__ import annotations

from dataclasses import dataclass

from .endpoints import Endpoint
from .endpoints_file import as_toml


@dataclass(frozen=True, slots=True)
class Preset:
    """One kind of server: how it is started (``command``, shell), what to know (``note``), and an endpoint for it."""

    title: str
    command: str
    note: str
    endpoint: Endpoint

    @property
    def toml(self) -> str:
        """The table to paste."""
        return as_toml(self.endpoint)


PRESETS = (
    Preset(
        "vLLM",
        "vllm serve Qwen/Qwen3-4B-Instruct-2507 --port 8000 --max-model-len 49152 --enable-prefix-caching",
        "Prefix caching pays: all children of a generation begin with the same question. --max-model-len is the "
        "context: question, K candidates and one answer must fit. It tells its context when it is asked.",
        Endpoint(
            "vllm",
            "hosted_vllm/Qwen/Qwen3-4B-Instruct-2507",
            "Qwen3 4B on vLLM",
            "http://127.0.0.1:8000/v1",
            concurrency=64,
            context=49152,
        ),
    ),
    Preset(
        "SGLang",
        "python -m sglang.launch_server --model-path Qwen/Qwen3-4B-Instruct-2507 --port 30000 --context-length 49152",
        "Its radix cache shares prefixes by itself. Do not start it with --allow-auto-truncate: it would cut prompts "
        "without saying so, and candidates would be missing from them.",
        Endpoint(
            "sglang",
            "openai/Qwen/Qwen3-4B-Instruct-2507",
            "Qwen3 4B on SGLang",
            "http://127.0.0.1:30000/v1",
            concurrency=64,
            context=49152,
        ),
    ),
    Preset(
        "Several GPU servers, one model",
        "CUDA_VISIBLE_DEVICES=0 vllm serve Qwen/Qwen3-4B-Instruct-2507 --port 8000 --enable-prefix-caching &\n"
        "CUDA_VISIBLE_DEVICES=1 vllm serve Qwen/Qwen3-4B-Instruct-2507 --port 8001 --enable-prefix-caching &",
        "A pool: each call goes to the server with the fewest calls in flight; one that fails is left alone for a "
        "while and tried again. The model's name must be the same on all of them.",
        Endpoint(
            "gpus",
            "hosted_vllm/Qwen/Qwen3-4B-Instruct-2507",
            "Qwen3 4B on two GPUs",
            ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8001/v1"),
            concurrency=128,
            context=49152,
        ),
    ),
    Preset(
        "llama.cpp",
        "llama-server -m qwen3-1.7b-q4_k_m.gguf --port 8080 -c 32768 -np 4",
        "-c is divided among -np slots: four slots of 32,768 have a context of 8,192 each. Set concurrency to -np.",
        Endpoint(
            "llama-cpp", "openai/local", "llama.cpp's server", "http://127.0.0.1:8080/v1", concurrency=4, context=8192
        ),
    ),
    Preset(
        "Ollama",
        "OLLAMA_CONTEXT_LENGTH=16384 OLLAMA_NUM_PARALLEL=4 ollama serve\nollama pull qwen3:4b",
        "It cuts prompts that are longer than its context without an error, and its context is small unless "
        "OLLAMA_CONTEXT_LENGTH says otherwise: children would miss candidates and nobody would see it.",
        Endpoint(
            "ollama",
            "openai/qwen3:4b",
            "Qwen3 4B on Ollama",
            "http://127.0.0.1:11434/v1",
            concurrency=4,
            context=16384,
        ),
    ),
    Preset(
        "LM Studio",
        "lms server start --port 1234\nlms load qwen/qwen3-4b --context-length 16384",
        "Answers one call after the other unless its settings say otherwise.",
        Endpoint(
            "lm-studio",
            "lm_studio/qwen/qwen3-4b",
            "Qwen3 4B in LM Studio",
            "http://127.0.0.1:1234/v1",
            concurrency=2,
            context=16384,
        ),
    ),
    Preset(
        "OpenAI",
        "export OPENAI_API_KEY=…",
        "Put the price in from the provider's list, so that a run's cost is foreseen. Start with a small run.",
        Endpoint("openai", "openai/gpt-4.1-mini", "GPT-4.1 mini", api_key_env="OPENAI_API_KEY", concurrency=16),
    ),
    Preset(
        "Anthropic",
        "export ANTHROPIC_API_KEY=…",
        "Takes no seed: the genealogy stays the same from run to run, the texts do not.",
        Endpoint(
            "anthropic", "anthropic/claude-sonnet-4-5", "Claude Sonnet", api_key_env="ANTHROPIC_API_KEY", concurrency=8
        ),
    ),
    Preset(
        "Another provider with OpenAI's protocol",
        "export PROVIDER_API_KEY=…",
        "OpenRouter, Groq, Mistral, DeepSeek, Together and many others: take the address from their documentation.",
        Endpoint(
            "provider",
            "openai/the-providers-name-of-the-model",
            "A model at a provider",
            "https://api.example.com/v1",
            "PROVIDER_API_KEY",
            concurrency=8,
        ),
    ),
)
