"""A real llama.cpp server serves the exported tiny model, and says what the tiny model says."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rsa_viz.core.aside import AsideKind
from rsa_viz.core.chain import PromptKind
from rsa_viz.core.judge_prompts import JUDGE_STEPS
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN, Messages
from rsa_viz.core.run import ModelChoice, RunConfig, RunStatus
from rsa_viz.llm.tiny import WEIGHTS, load
from rsa_viz.service import Service
from rsa_viz.store import Store
from rsa_viz.tasks.holes import HOLES
from rsa_viz.training.export import main, read_source
from rsa_viz.training.llama import END, Llama, as_llama
from tests.servers.llama_server import WHY_NOT, LlamaServer, is_installed

pytestmark = pytest.mark.skipif(not is_installed() and not os.environ.get("CI"), reason=WHY_NOT)

SHIPPED = WEIGHTS / "tiny-holes.safetensors"
EXPECTED = json.loads((Path(__file__).parents[1] / "llm" / "tiny_expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def llama() -> Llama:
    return as_llama(read_source(SHIPPED).weights, modulus=13, heads=4, lines=4, candidates=8)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaServer]:
    file = tmp_path_factory.mktemp("llama") / "tiny-holes.gguf"
    assert main([str(SHIPPED), str(file), "--format", "gguf"]) == 0
    with LlamaServer("--model", str(file), "--context", "512", "--slots", "4") as running:
        yield running


def messages(question: str, candidates: list[str]) -> Messages:
    problem = Problem("holes", question)
    return PLAIN.compose(PromptKind.AGGREGATE, HOLES.parts(problem), problem, candidates)


@pytest.mark.parametrize("row", EXPECTED[::2], ids=lambda row: f"{len(row['candidates'])} candidates")
def test_the_likeliest_tokens_and_their_chances_are_the_tiny_models(
    row: dict[str, list[int]], server: LlamaServer, llama: Llama
) -> None:
    lines, candidates, start = len(row["tokens"]) // 11, len(row["candidates"]), len(row["prompt"])
    whole = np.array([*row["prompt"], *row["tokens"]])
    tokens = llama.tokens(whole, lines, candidates)
    said = server.post("/completion", prompt=tokens[:start], temperature=0, n_probs=3, return_tokens=True)
    assert [one for one in said["tokens"] if one != END] == tokens[start:]
    assert said["stop_type"] == "eos"
    network = load("holes").network
    for at, told in enumerate(said["completion_probabilities"][: len(row["tokens"])]):
        scores = network.scores(whole[None, : start + at], lines, candidates)[0].astype(np.float64)
        raised = np.exp(scores - scores.max())
        shares = raised / raised.sum()
        found = [math.exp(one["logprob"]) for one in told["top_logprobs"]]
        assert found == pytest.approx(sorted(shares)[:-4:-1], abs=1e-3)


@pytest.mark.parametrize("row", EXPECTED[::2], ids=lambda row: f"{len(row['candidates'])} candidates")
def test_a_prompt_of_the_app_becomes_the_models_tokens_in_the_server(
    row: dict[str, list[int]], server: LlamaServer, llama: Llama
) -> None:
    lines, candidates = len(row["tokens"]) // 11, len(row["candidates"])
    tokens = llama.tokens(np.array(row["prompt"]), lines, candidates)
    asked = [dict(one) for one in messages(str(row["question"]), [str(one) for one in row["candidates"]])]
    prompt = server.post("/apply-template", messages=asked)["prompt"]
    assert server.post("/tokenize", content=prompt)["tokens"] == tokens


def test_what_it_cannot_read_gets_an_empty_answer(server: LlamaServer) -> None:
    asked = [{"role": "user", "content": "What is 2 + 2? Wieviel? ⟨saaa⟩ 多少"}]
    said = server.post("/v1/chat/completions", messages=asked, max_tokens=50)
    assert said["choices"][0]["message"]["content"] == ""
    assert said["usage"]["completion_tokens"] == 1


@pytest.mark.parametrize("kind", ["verify", "summarise", "judge"])
def test_a_question_about_a_solution_gets_an_empty_answer_and_no_solution_of_its_own(
    kind: str, server: LlamaServer
) -> None:
    row = next(row for row in EXPECTED if len(row["candidates"]) == 1)
    problem, text = Problem("holes", row["question"]), str(row["candidates"][0])
    parts = HOLES.parts(problem)
    asked = (
        JUDGE_STEPS.compose(parts, problem, text.splitlines())
        if kind == "judge"
        else PLAIN.compose_aside(AsideKind(kind), parts, problem, text)
    )
    said = server.post("/v1/chat/completions", messages=[dict(one) for one in asked], max_tokens=100)
    assert said["choices"][0]["message"]["content"] == ""
    refined = PLAIN.compose(PromptKind.REFINE, parts, problem, [text])
    said = server.post("/v1/chat/completions", messages=[dict(one) for one in refined], max_tokens=100)
    assert said["choices"][0]["message"]["content"].startswith("(1) ")


def test_a_run_on_the_server_is_like_one_on_the_model_in_the_app(server: LlamaServer, tmp_path: Path) -> None:
    """Its answers are read with the places in them, and children find the candidates in their prompts. It may write one
    that cannot be read, as the model in the app may."""
    with Store(tmp_path / "runs.db") as store:
        service = Service(store)
        choice = ModelChoice("openai/tiny-holes", api_base=server.address)
        problem = HOLES.problems()[0]
        run = service.create(problem, RunConfig(choice, n=5, k=4, t=2, max_tokens=200, seed=1))
        service.start(run.id)
        assert service.wait(run.id, timeout=60).status is RunStatus.DONE
        chains = store.chains(run.id)
        service.close()
    lines = problem.question.count("\n")
    assert {chain.tokens_out for chain in chains} == {11 * lines + 1}
    assert sum(chain.answer is not None for chain in chains) >= 8
    sizes = [5 * lines + 1 + read * (1 + 11 * lines) for read in range(5)]
    assert {chain.tokens_in for chain in chains if chain.slot.t == 1} == {sizes[0]}
    assert {chain.tokens_in for chain in chains if chain.slot.t > 1} <= set(sizes)
    assert sum(chain.tokens_in == sizes[4] for chain in chains) >= 2
