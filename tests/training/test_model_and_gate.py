"""The model, its training and its gate, in seconds; left out where torch is not installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; add the extra 'training' to test the training")

from rsa_viz.training import train as training  # noqa: E402
from rsa_viz.training.curriculum import draw_batch  # noqa: E402
from rsa_viz.training.evolving import evolve, right, vote  # noqa: E402
from rsa_viz.training.gate import Setting, checks, interval, main, measure  # noqa: E402
from rsa_viz.training.model import Shape, count, forward, new_parameters  # noqa: E402
from rsa_viz.training.puzzles import draw_fillings, draw_puzzles, work_out  # noqa: E402
from rsa_viz.training.sampling import sample  # noqa: E402
from rsa_viz.training.tokens import Vocabulary, layout  # noqa: E402
from rsa_viz.training.train import CHECKPOINT, Recipe, load, loss_of, train  # noqa: E402

torch.set_num_threads(1)
SMALL = Shape(width=16, layers=2, heads=2, hidden=24)


def test_a_cache_changes_no_score() -> None:
    parameters = new_parameters(SMALL, 1)
    batch = draw_batch(np.random.default_rng(0), 3, 2, 1, SMALL.modulus)
    tokens, places = torch.as_tensor(batch.tokens), layout(2, 1)
    whole = forward(SMALL, parameters, tokens, places)
    cache = [None] * SMALL.layers
    pieces = [forward(SMALL, parameters, tokens[:, :9], places, cache)]
    pieces += [
        forward(SMALL, parameters, tokens[:, one : one + 1], places, cache, one) for one in range(9, places.length)
    ]
    torch.testing.assert_close(torch.cat(pieces, dim=1), whole, atol=1e-5, rtol=1e-5)


def test_no_score_depends_on_what_comes_later() -> None:
    parameters = new_parameters(SMALL, 1)
    tokens = torch.as_tensor(draw_batch(np.random.default_rng(0), 1, 2, 1, SMALL.modulus).tokens)
    changed = tokens.clone()
    changed[:, 20:] = 0
    one, other = (forward(SMALL, parameters, given, layout(2, 1))[:, :20] for given in (tokens, changed))
    torch.testing.assert_close(one, other)


def test_an_interrupted_training_ends_like_one_that_was_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = Recipe(steps=4, step_tokens=400, warmup=2)
    straight = load(train(tmp_path / "straight", SMALL, recipe, probe_each=2))

    def interrupt(*_: object, **__: object) -> dict[str, float]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(training, "probe", interrupt)
        with pytest.raises(KeyboardInterrupt):
            train(tmp_path / "broken", SMALL, recipe, probe_each=2)
    assert load(tmp_path / "broken" / CHECKPOINT)["step"] == 2
    again = load(train(tmp_path / "broken", SMALL, recipe, probe_each=2))
    assert again["step"] == straight["step"] == 4
    for name, value in straight["parameters"].items():
        torch.testing.assert_close(
            again["parameters"][name], value, atol=1e-6, rtol=1e-5
        )  # sums may be split otherwise


def test_training_lowers_the_loss(tmp_path: Path) -> None:
    batch = draw_batch(np.random.default_rng(9), 32, 1, 1, SMALL.modulus)
    fresh = new_parameters(SMALL, 1)
    trained = load(train(tmp_path, SMALL, Recipe(steps=40, step_tokens=800, warmup=5), probe_each=40))["parameters"]
    assert count(trained) == count(fresh)
    assert float(loss_of(SMALL, trained, batch)) < float(loss_of(SMALL, fresh, batch)) - 0.5


def test_the_likeliest_solution_does_not_depend_on_the_generator() -> None:
    parameters = new_parameters(SMALL, 2)
    puzzles = draw_puzzles(np.random.default_rng(0), 3, 2, SMALL.modulus)
    one, other = (
        sample(SMALL, parameters, puzzles, [], torch.Generator().manual_seed(seed), temperature=0) for seed in (1, 2)
    )
    assert (one == other).all()


def test_generations_have_the_form_that_was_asked_for() -> None:
    parameters = new_parameters(SMALL, 2)
    puzzles = draw_puzzles(np.random.default_rng(0), 3, 1, SMALL.modulus)
    generations = evolve(
        SMALL, parameters, puzzles, n=4, k=2, t=3, generator=torch.Generator(), rng=np.random.default_rng(0)
    )
    assert [one.shape for one in generations] == [(3, 4, 11)] * 3
    assert right(SMALL, puzzles, generations[0]).shape == (3, 4)


def test_the_vote_counts_answers_and_passes_over_what_cannot_be_read() -> None:
    rng = np.random.default_rng(1)
    puzzles = draw_puzzles(rng, 2, 1, SMALL.modulus, 3)
    vocabulary = Vocabulary(SMALL.modulus)
    good, bad = (
        vocabulary.attempt(puzzles, work_out(rng, puzzles, fillings, 0.0))
        for fillings in (draw_fillings(rng, puzzles, np.ones((2, 1), bool)), np.argmin(puzzles.fitting(), axis=-1))
    )
    broken = np.zeros_like(good)
    assert vote(SMALL, puzzles, [np.stack([good, bad, good, broken, broken, broken], axis=1)]).tolist() == [True] * 2
    assert vote(SMALL, puzzles, [np.stack([good, bad, bad, broken], axis=1)]).tolist() == [False] * 2
    assert vote(SMALL, puzzles, [np.stack([broken, broken], axis=1)]).tolist() == [False] * 2


def test_an_untrained_model_does_not_pass_the_gate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = train(tmp_path, SMALL, Recipe(steps=1, step_tokens=200), probe_each=1)
    few = ["--problems", "3", "--children", "2", "--n", "4", "--t", "3", "--lines", "1", "--seeds", "1", "2"]
    assert main([str(path), *few]) == 1
    said = capsys.readouterr().out
    assert said.rstrip().endswith("the gate is NOT passed")
    assert "vote of direct solutions" in said
    assert "self-refinement" in said


def test_the_gate_demands_what_it_says() -> None:
    setting = Setting(problems=40)
    shares = {"none": 0.1, "own": 0.5, "other": 0.1, "true": 0.9}
    shares |= {"K=4 generation 2": 0.5, "K=4 generation 10": 0.8, "K=2 generation 10": 0.7, "K=1 generation 10": 0.4}
    found = {name: np.full(40, value) for name, value in shares.items()}
    assert all(check.holds for check in checks(found, setting))
    for name, value in (
        ("true", 0.5),
        ("own", 0.1),
        ("other", 0.3),
        ("K=4 generation 10", 0.5),
        ("K=2 generation 10", 0.4),
    ):
        broken = checks({**found, name: np.full(40, value)}, setting)
        assert not all(check.holds for check in broken), name


def test_an_interval_is_as_wide_as_theory_says() -> None:
    found = interval(np.repeat([0.0, 1.0], 200))
    half = 1.96 * 0.5 / np.sqrt(400)
    assert found.mean == 0.5
    assert abs(found.high - 0.5 - half) < 0.005
    assert abs(0.5 - found.low - half) < 0.005
    with pytest.raises(ValueError, match="at least one"):
        interval(np.array([]))


def test_a_measure_of_the_same_seed_is_the_same() -> None:
    parameters = new_parameters(SMALL, 3)
    setting = Setting(lines=1, problems=2, children=2, n=4, t=2)
    one, other = (measure(SMALL, parameters, setting, 5) for _ in range(2))
    assert list(one) == list(other)
    assert all((one[name] == other[name]).all() for name in one)
