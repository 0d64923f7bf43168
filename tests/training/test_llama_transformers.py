"""The exported folder in transformers; left out where it is not installed, as with the app alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; add the extra 'training' to test the training")
transformers = pytest.importorskip("transformers", reason="transformers is not installed: pip install transformers")

from rsa_viz.core.chain import PromptKind  # noqa: E402
from rsa_viz.core.problem import Problem  # noqa: E402
from rsa_viz.core.prompts import PLAIN  # noqa: E402
from rsa_viz.llm.tiny import WEIGHTS  # noqa: E402
from rsa_viz.tasks.holes import HOLES  # noqa: E402
from rsa_viz.training.export import main, read_source  # noqa: E402
from rsa_viz.training.llama import END, as_llama  # noqa: E402

SHIPPED = WEIGHTS / "tiny-holes.safetensors"
EXPECTED = json.loads((Path(__file__).parents[1] / "llm" / "tiny_expected.json").read_text(encoding="utf-8"))


def test_transformers_reads_prompts_writes_the_same_tokens_and_decodes_the_tiny_models_text(tmp_path: Path) -> None:
    assert main([str(SHIPPED), str(tmp_path), "--format", "transformers"]) == 0
    model = transformers.AutoModelForCausalLM.from_pretrained(tmp_path)
    tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path)
    llama = as_llama(read_source(SHIPPED).weights, modulus=13, heads=4, lines=4, candidates=8)
    for row in EXPECTED:
        problem, candidates = Problem("holes", row["question"]), row["candidates"]
        messages = [dict(one) for one in PLAIN.compose(PromptKind.AGGREGATE, HOLES.parts(problem), problem, candidates)]
        prompt = tokenizer.apply_chat_template(messages, tokenize=True, add_generation_prompt=True, return_dict=False)
        lines = len(row["tokens"]) // 11
        tokens = llama.tokens(np.array([*row["prompt"], *row["tokens"]]), lines, len(candidates))
        assert prompt == tokens[: len(prompt)]
        written = model.generate(torch.tensor([prompt]), do_sample=False, max_new_tokens=100)[0].tolist()
        assert written == [*tokens, END]
        assert tokenizer.decode(written[len(prompt) :], skip_special_tokens=True) == row["text"]
