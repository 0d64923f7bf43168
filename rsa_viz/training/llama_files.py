"""A Llama as files that other programs read: a folder for transformers and vLLM, or a GGUF file for llama.cpp.

Weights stay float32: they are sums of rounded ones, and half of them would be other ones. Needs no torch; GGUF is
written with the package ``gguf``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..core.errors import InvalidInput
from ..core.tensors import Tensor, write_tensors
from .llama import END, HEAD_SIZE, ROTARY_BASE, START, UNKNOWN, Floats, Llama
from .llama_chat import TEMPLATE

SPECIAL = ("<unk>", "<s>", "</s>")


def texts(llama: Llama) -> list[str]:
    """The text of every token; those of single bytes as llama.cpp writes them."""
    return [*SPECIAL, *(f"<0x{byte:02X}>" for byte in range(256)), *(one.text for one in llama.pieces)]


def chat_template(llama: Llama, candidates: int) -> str:
    """What makes the model's tokens of the app's own prompts, in a server that is asked to chat."""
    return TEMPLATE.replace("LINES", str(llama.lines)).replace("CANDIDATES", str(candidates))


def write_transformers(folder: Path, llama: Llama, candidates: int) -> None:
    """``config.json``, ``model.safetensors`` and the tokenizer's files. Decoded text is without the places."""
    folder.mkdir(parents=True, exist_ok=True)
    ends = {"bos_token_id": None, "eos_token_id": END, "pad_token_id": UNKNOWN}
    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": llama.size,
        "hidden_size": llama.width,
        "intermediate_size": llama.hidden,
        "num_hidden_layers": llama.layers,
        "num_attention_heads": llama.heads,
        "num_key_value_heads": llama.heads,
        "head_dim": HEAD_SIZE,
        "hidden_act": "silu",
        "rms_norm_eps": llama.epsilon,
        "rope_theta": ROTARY_BASE,
        "max_position_embeddings": llama.context,
        "attention_bias": False,
        "mlp_bias": False,
        "tie_word_embeddings": False,
        "torch_dtype": "float32",
        **ends,
    }
    pieces = {text: at for at, text in enumerate(texts(llama))}
    tokenizer: dict[str, Any] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {
                "id": at,
                "content": text,
                "single_word": False,
                "lstrip": False,
                "rstrip": False,
                "normalized": False,
                "special": True,
            }
            for at, text in enumerate(SPECIAL)
        ],
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Split",
            "pattern": {"Regex": "[^⟩]*⟩"},
            "behavior": "Isolated",
            "invert": False,
        },
        "post_processor": None,
        "decoder": {
            "type": "Sequence",
            "decoders": [
                {"type": "Replace", "pattern": {"Regex": "⟨[a-z]*⟩"}, "content": ""},
                {"type": "Fuse"},
            ],
        },
        "model": {"type": "WordLevel", "vocab": pieces, "unk_token": SPECIAL[UNKNOWN]},
    }
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "unk_token": SPECIAL[UNKNOWN],
        "eos_token": SPECIAL[END],
        "pad_token": SPECIAL[UNKNOWN],
        "clean_up_tokenization_spaces": False,
        "model_max_length": llama.context,
        "chat_template": chat_template(llama, candidates),
    }
    for name, told in (
        ("config.json", config),
        ("generation_config.json", {"do_sample": True, "temperature": 1.0, "top_k": 0, "top_p": 1.0, **ends}),
        ("tokenizer.json", tokenizer),
        ("tokenizer_config.json", settings),
    ):
        (folder / name).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    tensors = {name: Tensor("F32", array.shape, array.astype("<f4").tobytes()) for name, array in llama.arrays.items()}
    (folder / "model.safetensors").write_bytes(write_tensors(tensors, {"format": "pt"}))


def write_gguf(path: Path, llama: Llama, candidates: int, name: str) -> None:
    """One file for llama.cpp. Raises InvalidInput where the package ``gguf`` is not installed."""
    try:
        import gguf
    except ImportError:
        raise InvalidInput(
            "GGUF is written with the package gguf, which is not installed: make extras brings it"
        ) from None
    kinds = [gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL]
    kinds += [gguf.TokenType.BYTE] * 256 + [gguf.TokenType.USER_DEFINED] * len(llama.pieces)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name(name)
    writer.add_context_length(llama.context)
    writer.add_embedding_length(llama.width)
    writer.add_block_count(llama.layers)
    writer.add_feed_forward_length(llama.hidden)
    writer.add_head_count(llama.heads)
    writer.add_head_count_kv(llama.heads)
    writer.add_key_length(HEAD_SIZE)
    writer.add_value_length(HEAD_SIZE)
    writer.add_rope_dimension_count(HEAD_SIZE)
    writer.add_rope_freq_base(ROTARY_BASE)
    writer.add_layer_norm_rms_eps(llama.epsilon)
    writer.add_vocab_size(llama.size)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("llama")
    writer.add_token_list([text.encode() for text in texts(llama)])
    writer.add_token_scores([0.0] * llama.size)
    writer.add_token_types([int(kind) for kind in kinds])
    writer.add_unk_token_id(UNKNOWN)
    writer.add_bos_token_id(START)
    writer.add_eos_token_id(END)
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(False)
    # What the model was trained for: its own distribution. Servers cut off its tail unless they are told not to.
    writer.add_sampling_temp(1.0)
    writer.add_sampling_top_k(0)
    writer.add_sampling_top_p(1.0)
    writer.add_sampling_min_p(0.0)
    writer.add_chat_template(chat_template(llama, candidates))
    for ours, array in llama.arrays.items():
        theirs, turned = _gguf_name(ours)
        writer.add_tensor(theirs, _paired(array, llama.heads) if turned else array)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


_GGUF = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
}


def _gguf_name(name: str) -> tuple[str, bool]:
    """An array's name in GGUF, and whether its rows are turned by their position."""
    name = name.removesuffix(".weight")
    block = ""
    if name.startswith("model.layers."):
        layer, name = name.removeprefix("model.layers.").split(".", 1)
        block = f"blk.{layer}."
    return f"{block}{_GGUF[name]}.weight", name.endswith(("q_proj", "k_proj"))


def _paired(weight: Floats, heads: int) -> Floats:
    """Rows in the order of llama.cpp, which turns neighbours where Hugging Face turns the halves of a head."""
    rows = weight.reshape(heads, 2, HEAD_SIZE // 2, -1).swapaxes(1, 2)
    return rows.reshape(weight.shape).copy()
