"""The tiny model's variants: each has weights of its own, a title that says what it is, and answers like any model."""

from __future__ import annotations

import numpy as np
import pytest

from rsa_viz.core.chain import PromptKind, Verdict
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.run import ModelChoice
from rsa_viz.core.tensors import read_tensors
from rsa_viz.llm.endpoints import BUILT_IN
from rsa_viz.llm.gateway import Gateway
from rsa_viz.llm.tiny import WEIGHTS
from rsa_viz.llm.tiny_names import MODELS
from rsa_viz.tasks.holes import HOLES


def test_every_variant_can_be_chosen_and_says_what_it_is() -> None:
    offered = {one.name: one for one in BUILT_IN if one.choice.tiny}
    assert list(offered) == [f"tiny/{name}" for name in MODELS]
    assert all(one.model == name for name, one in offered.items())
    assert len({one.title for one in offered.values()}) == len(MODELS)
    assert "direct RL" in offered["tiny/holes-direct"].title
    assert "aggregation RL" in offered["tiny/holes-aggregation"].title


def test_the_variants_are_of_one_shape_and_not_the_same_weights() -> None:
    files = [read_tensors((WEIGHTS / f"tiny-{name}.safetensors").read_bytes()) for name in MODELS]
    base, told = files[0]
    assert sum(int(np.prod(one.shape)) for one in base.values()) == 154_240
    for tensors, said in files[1:]:
        assert {name: (one.kind, one.shape) for name, one in tensors.items()} == {
            name: (one.kind, one.shape) for name, one in base.items()
        }
        assert {key: said[key] for key in ("modulus", "heads", "lines", "candidates")} == {
            key: told[key] for key in ("modulus", "heads", "lines", "candidates")
        }
    assert len({tensors["head"].content for tensors, _ in files}) == len(MODELS)


@pytest.mark.parametrize("name", MODELS)
async def test_every_variant_streams_a_solution_that_the_task_can_judge(name: str) -> None:
    problem = HOLES.problems()[0]
    prompt = PLAIN.compose(PromptKind.SAMPLE, HOLES.parts(problem), problem, [])
    gateway = Gateway(ModelChoice(f"tiny/{name}"), timeout_s=30)
    pieces: list[str] = []
    completion = await gateway.complete(
        prompt, temperature=0.0, max_tokens=500, seed=1, on_text=lambda text, _: pieces.append(text)
    )
    await gateway.aclose()
    assert "".join(pieces) == completion.text
    lines = len(problem.question.splitlines()) - 1
    assert len([piece for piece in pieces if piece]) == len(completion.text.splitlines()) == lines
    answer = HOLES.extract(completion.text, problem)
    assert answer is not None
    assert HOLES.judge(answer, problem).verdict in (Verdict.RIGHT, Verdict.WRONG)
