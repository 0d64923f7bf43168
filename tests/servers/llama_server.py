"""A real llama.cpp server with a tiny model of random weights, as a process of its own.

What it serves is a Llama of 43,000 weights that nobody trained: its text means nothing, and everything else is real
(the protocol, the tokenizer, the slots, the context, the reasons for which an answer ends)::

    python -m tests.servers.llama_server --context 1024 --slots 4

prints its address; with ``--model FILE`` it serves that file instead. Needs the packages of requirements-extras.txt.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import urllib.request
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
WHY_NOT = "llama.cpp is not installed: make extras brings it"
MODEL_NAME = "tiny-random-llama"

_WIDTH, _LAYERS, _HEADS = 32, 2, 4
_PIECES = ["▁", *map(chr, range(33, 127))]
_TEMPLATE = "{% for message in messages %}{{ message['content'] }}\n{% endfor %}"


def is_installed() -> bool:
    """Whether the extras are there."""
    return find_spec("xllamacpp") is not None and find_spec("gguf") is not None


def write_model(path: Path, *, seed: int = 0) -> None:
    """A Llama of random weights in GGUF: ASCII letters and single bytes as tokens, and a chat template."""
    import gguf

    rng = np.random.default_rng(seed)
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *_PIECES]
    kinds = [gguf.TokenType.UNKNOWN, *[gguf.TokenType.CONTROL] * 2]
    kinds += [*[gguf.TokenType.BYTE] * 256, *[gguf.TokenType.NORMAL] * len(_PIECES)]
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name(MODEL_NAME)
    writer.add_context_length(1 << 17)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(_LAYERS)
    writer.add_feed_forward_length(2 * _WIDTH)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(_WIDTH // _HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list([token.encode() for token in tokens])
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types([int(kind) for kind in kinds])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)
    writer.add_chat_template(_TEMPLATE)

    def drawn(name: str, *shape: int) -> None:
        writer.add_tensor(f"{name}.weight", rng.normal(0, 0.2, shape).astype(np.float32))

    def ones(name: str) -> None:
        writer.add_tensor(f"{name}.weight", np.ones(_WIDTH, np.float32))

    drawn("token_embd", len(tokens), _WIDTH)
    ones("output_norm")
    drawn("output", len(tokens), _WIDTH)
    for layer in range(_LAYERS):
        ones(f"blk.{layer}.attn_norm")
        ones(f"blk.{layer}.ffn_norm")
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            drawn(f"blk.{layer}.{name}", _WIDTH, _WIDTH)
        drawn(f"blk.{layer}.ffn_gate", 2 * _WIDTH, _WIDTH)
        drawn(f"blk.{layer}.ffn_up", 2 * _WIDTH, _WIDTH)
        drawn(f"blk.{layer}.ffn_down", _WIDTH, 2 * _WIDTH)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


class LlamaServer:
    """The server in a process of its own, for the length of a ``with`` block. Takes command-line arguments."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments
        self.address = ""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.servers.llama_server", *self._arguments]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()
        if not self.address:
            self.__exit__()
            raise RuntimeError(f"the server did not start: exit code {self._process.returncode}")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def post(self, path: str, **asked: Any) -> dict[str, Any]:
        """What one of llama.cpp's own addresses (``/completion``) answers."""
        request = urllib.request.Request(
            self.address.removesuffix("/v1") + path, json.dumps(asked).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request) as response:
            answer: dict[str, Any] = json.load(response)
        return answer

    def busy_slots(self) -> int:
        """How many of the server's slots are writing now."""
        with urllib.request.urlopen(self.address.removesuffix("/v1") + "/slots") as response:
            slots: list[dict[str, Any]] = json.load(response)
        return sum(slot["is_processing"] for slot in slots)


def main() -> None:
    parser = argparse.ArgumentParser(description="A real llama.cpp server with a tiny model of random weights.")
    parser.add_argument("--context", type=int, default=4096, help="tokens of prompt and answer")
    parser.add_argument("--slots", type=int, default=4, help="answers that are written at one time")
    parser.add_argument("--endless", action="store_true", help="no answer ends before its most tokens")
    parser.add_argument("--model", type=Path, help="a GGUF file to serve instead, exactly: its cache in float32")
    options = parser.parse_args()
    import xllamacpp

    with tempfile.TemporaryDirectory() as folder:
        path = options.model or Path(folder) / "model.gguf"
        settings = xllamacpp.CommonParams()
        if options.model is None:
            write_model(path)
        else:
            settings.cache_type_k = settings.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_F32
            settings.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
        settings.model.path = str(path)
        settings.model_alias = {path.stem if options.model else MODEL_NAME}
        settings.hostnames = ["127.0.0.1"]
        settings.port = 0
        settings.n_ctx = options.context * options.slots
        settings.n_parallel = options.slots
        settings.kv_unified = False
        settings.warmup = False
        settings.n_gpu_layers = 0
        settings.cpuparams.n_threads = 1
        settings.endpoint_slots = True
        settings.sampling.ignore_eos = options.endless
        server = xllamacpp.Server(settings)
        sys.stdout.write(f"{server.listening_address}/v1\n")
        sys.stdout.flush()
        # Whoever started it holds its standard input: it ends with them, however they end.
        ended = threading.Event()
        threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
        ended.wait()


if __name__ == "__main__":
    main()
