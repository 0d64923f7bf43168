"""The animated file of a population: whole in itself, and every frame is a moment of the recording."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rsa_viz.analysis.replay import Recording
from rsa_viz.core.chain import Chain, PromptKind, Slot
from rsa_viz.core.problem import Problem
from rsa_viz.core.run import Run
from rsa_viz.exports.evolution import LEAST_FRAMES, evolution
from rsa_viz.service import Service, file_ending, open_example
from rsa_viz.store import Store

FRAMES = 12  # at most, here: to draw sixty takes seconds


@pytest.fixture(scope="module", autouse=True)
def _few_frames() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("rsa_viz.exports.evolution.MOST_FRAMES", FRAMES)
        yield


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Recording, str]:
    """The recorded example and its file as the service writes it."""
    with Store(tmp_path_factory.mktemp("example") / "a.db") as store:
        service = Service(store)
        run = store.run(open_example(service).run_id)
        out = io.BytesIO()
        service.export(run.id, "evolution", out)
        return run, Recording(tuple(store.chains(run.id))), out.getvalue().decode()


def read(page: str, kind: str) -> list[object]:
    found = re.search(rf'<script type="application/json" class="{kind}">(.*?)</script>', page, re.S)
    assert found is not None
    return list(json.loads(found[1]))


def test_every_frame_is_drawn_for_light_and_dark_and_said(example: tuple[Run, Recording, str]) -> None:
    _, _, page = example
    said = read(page, "said")
    assert len(read(page, "light")) == len(read(page, "dark")) == len(said) >= FRAMES
    assert str(said[0]).startswith("0.0 s of 32.")
    assert "0 of 160 chains have ended" in str(said[0])
    assert "160 of 160 chains have ended" in str(said[-1])
    assert "Simulation" in page
    assert file_ending("evolution") == "evolution.html"


def test_nothing_is_loaded_and_only_its_own_scripts_run(example: tuple[Run, Recording, str], tmp_path: Path) -> None:
    _, _, page = example
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert policy[1].count("sha256-") == 3
    assert not re.search(r"<(?:link|img|iframe)\b", page)


def test_texts_of_models_and_problems_stay_text(example: tuple[Run, Recording, str]) -> None:
    run, recording, _ = example
    evil = "</script><script>alert(1)</script>"
    chains = tuple(replace(chain, answer=evil) for chain in recording.chains[:16])
    page = "".join(evolution(replace(run, problem=Problem("text", evil)), Recording(chains)))
    assert "<script>alert" not in page


def test_a_run_without_times_goes_by_generations_and_says_so(example: tuple[Run, Recording, str]) -> None:
    run, recording, _ = example
    untimed = Recording(tuple(replace(chain, started_at=None) for chain in recording.chains))
    page = "".join(evolution(run, untimed))
    assert "recorded without times" in page
    assert len(read(page, "said")) == 11


def test_a_run_of_which_nothing_was_called_has_one_frame(example: tuple[Run, Recording, str]) -> None:
    run, _, _ = example
    page = "".join(evolution(run, Recording((Chain(1, Slot(1, 1), PromptKind.SAMPLE),))))
    assert len(read(page, "said")) == 1


def test_a_large_population_has_fewer_frames(
    example: tuple[Run, Recording, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run, recording, _ = example
    frames = []
    for cells in (160 * FRAMES, 160):
        monkeypatch.setattr("rsa_viz.exports.evolution.MOST_CELLS", cells)
        frames.append(len(read("".join(evolution(run, recording)), "said")))
    assert FRAMES <= frames[0] <= FRAMES + 10
    assert LEAST_FRAMES <= frames[1] < frames[0]
