"""A Llama in plain numpy, written from its definition over an exported folder: slow, for one sequence at a time."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rsa_viz.core.tensors import read_tensors

Floats = NDArray[np.float32]


class LlamaTwin:
    def __init__(self, folder: Path) -> None:
        self.told = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        tensors, _ = read_tensors((folder / "model.safetensors").read_bytes())
        self.arrays = {
            name: np.frombuffer(one.content, "<f4").reshape(one.shape).copy() for name, one in tensors.items()
        }

    def shares(self, tokens: list[int]) -> Floats:
        """The distribution of what follows each token, (S, vocabulary)."""
        told, heads, size = self.told, self.told["num_attention_heads"], self.told["head_dim"]
        state = self.arrays["model.embed_tokens.weight"][tokens]
        for layer in range(told["num_hidden_layers"]):
            block = f"model.layers.{layer}"
            normed = self._norm(state, f"{block}.input_layernorm")
            query, key, value = (
                self._linear(normed, f"{block}.self_attn.{one}_proj").reshape(-1, heads, size) for one in "qkv"
            )
            mixed = self._attend(self._turn(query), self._turn(key), value)
            state = state + self._linear(mixed, f"{block}.self_attn.o_proj")
            normed = self._norm(state, f"{block}.post_attention_layernorm")
            gate, up = (self._linear(normed, f"{block}.mlp.{one}_proj") for one in ("gate", "up"))
            state = state + self._linear(gate / (1 + np.exp(-gate)) * up, f"{block}.mlp.down_proj")
        scores = self._linear(self._norm(state, "model.norm"), "lm_head")
        raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares: Floats = raised / raised.sum(axis=-1, keepdims=True)
        return shares

    def _linear(self, state: Floats, name: str) -> Floats:
        product: Floats = state @ self.arrays[f"{name}.weight"].T
        return product

    def _norm(self, state: Floats, name: str) -> Floats:
        size = np.sqrt((state * state).mean(axis=-1, keepdims=True) + np.float32(self.told["rms_norm_eps"]))
        normed: Floats = state / size * self.arrays[f"{name}.weight"]
        return normed

    def _turn(self, state: Floats) -> Floats:
        """Rotary positions: the first half of a head turns with the second."""
        half = self.told["head_dim"] // 2
        rates = self.told["rope_theta"] ** (-np.arange(half) / half)
        angles = (np.arange(len(state))[:, None, None] * rates).astype(np.float32)
        first, second = state[..., :half], state[..., half:]
        cosine, sine = np.cos(angles), np.sin(angles)
        return np.concatenate([first * cosine - second * sine, second * cosine + first * sine], axis=-1)

    @staticmethod
    def _attend(query: Floats, key: Floats, value: Floats) -> Floats:
        found = []
        for place in range(len(query)):
            closeness = (query[place] * key[: place + 1]).sum(axis=-1) / np.sqrt(query.shape[-1])
            raised = np.exp(closeness - closeness.max(axis=0))
            shares = raised / raised.sum(axis=0)
            found.append((shares[..., None] * value[: place + 1]).sum(axis=0).reshape(-1))
        return np.array(found, np.float32)
