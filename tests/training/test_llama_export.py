"""The tiny model as a plain Llama says what the tiny model says, in numpy; the files that hold it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from rsa_viz.core.tensors import Tensor, read_tensors, write_tensors
from rsa_viz.llm.tiny import WEIGHTS, load
from rsa_viz.training.export import main, read_source
from rsa_viz.training.llama import END, Llama, Place, as_llama
from tests.training.llama_twin import LlamaTwin

SHIPPED = WEIGHTS / "tiny-holes.safetensors"
EXPECTED = json.loads((Path(__file__).parents[1] / "llm" / "tiny_expected.json").read_text(encoding="utf-8"))
ONE_A_KIND = EXPECTED[::2]  # lines and candidates: 1 and 0, 2 and 1, 3 and 2, 4 and 4, 2 and 8


@pytest.fixture(scope="module")
def llama() -> Llama:
    return as_llama(read_source(SHIPPED).weights, modulus=13, heads=4, lines=4, candidates=8)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("llama") / "tiny-holes"
    assert main([str(SHIPPED), str(path), "--format", "transformers"]) == 0
    return path


@pytest.mark.parametrize("row", ONE_A_KIND, ids=lambda row: f"{len(row['candidates'])} candidates")
def test_every_next_token_has_the_tiny_models_own_chance(row: dict[str, list[int]], llama: Llama, folder: Path) -> None:
    """Of each place of a solution, whatever was written before it: the likeliest solution and one with all else."""
    lines, candidates, start = len(row["tokens"]) // 11, len(row["candidates"]), len(row["prompt"])
    network, twin = load("holes").network, LlamaTwin(folder)
    pieces: dict[Place, list[int]] = {}
    for number, piece in enumerate(llama.pieces, llama.first_piece):
        pieces.setdefault(piece.place, []).append(number)
    rng = np.random.default_rng(start)
    for written in (np.array(row["tokens"]), rng.integers(0, 85, len(row["tokens"]))):
        whole = np.concatenate([row["prompt"], written])
        tokens = llama.tokens(whole, lines, candidates)
        shares = twin.shares(tokens)[start - 1 :]
        for at, found in enumerate(shares[:-1]):
            scores = network.scores(whole[None, : start + at], lines, candidates)[0].astype(np.float64)
            raised = np.exp(scores - scores.max())
            there = pieces[llama.pieces[tokens[start + at] - llama.first_piece].place]
            assert abs(found[there] - raised / raised.sum()).max() < 1e-4
            assert found[there].sum() > 1 - 1e-5
        assert shares[-1][END] > 1 - 1e-6


def test_a_prompt_that_is_not_whole_gets_an_empty_answer(llama: Llama, folder: Path) -> None:
    row = EXPECTED[-1]
    tokens = llama.tokens(np.array(row["prompt"]), 2, 8)
    shares = LlamaTwin(folder).shares([*range(3, 259), *tokens])
    assert shares[: 256 + len(tokens) - 1, END].min() > 1 - 1e-6
    assert shares[-1, END] < 1e-6


def test_no_two_tokens_have_one_text_and_texts_are_cut_in_one_way(llama: Llama, folder: Path) -> None:
    held = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    assert len(held) == llama.size
    assert sorted(held.values()) == list(range(llama.size))
    assert all(text.count("⟨") == text.count("⟩") == 1 and text[-1] == "⟩" for text in list(held)[259:])


def test_the_text_of_a_solution_is_the_tiny_models_with_places_in_it(llama: Llama) -> None:
    for row in EXPECTED:
        lines = len(row["tokens"]) // 11
        sequence = np.array([*row["prompt"], *row["tokens"]])
        tokens = llama.tokens(sequence, lines, len(row["candidates"]))[len(row["prompt"]) :]
        texts = [llama.pieces[token - llama.first_piece].text for token in tokens]
        assert "".join(text[: text.index("⟨")] for text in texts) == row["text"]


def test_the_apps_own_form_is_read_and_written_without_change(tmp_path: Path) -> None:
    assert main([str(SHIPPED), str(tmp_path / "again.safetensors")]) == 0
    assert (tmp_path / "again.safetensors").read_bytes() == SHIPPED.read_bytes()


def test_what_cannot_be_exported_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main([str(tmp_path / "none.safetensors"), str(tmp_path / "out")]) == 2
    assert "none.safetensors' cannot be read: No such file" in capsys.readouterr().err
    tensors, told = read_tensors(SHIPPED.read_bytes())
    tensors["norm"] = Tensor("F32", (64,), bytes(256))
    (tmp_path / "other.safetensors").write_bytes(write_tensors(tensors, told))
    assert main([str(tmp_path / "other.safetensors"), str(tmp_path / "out")]) == 2
    assert "'norm' is F32; the app's own weights are F16" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "gguf", None)
    assert main([str(SHIPPED), str(tmp_path / "out.gguf"), "--format", "gguf"]) == 2
    assert "make extras brings it" in capsys.readouterr().err
