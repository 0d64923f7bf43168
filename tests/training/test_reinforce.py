"""Reinforcement learning, in seconds; left out where torch is not installed."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; add the extra 'training' to test the training")

from rsa_viz.core.tensors import read_tensors  # noqa: E402
from rsa_viz.llm.tiny import WEIGHTS  # noqa: E402
from rsa_viz.training import reinforce as reinforcing  # noqa: E402
from rsa_viz.training.advantages import leave_one_out  # noqa: E402
from rsa_viz.training.model import Shape, forward, new_parameters  # noqa: E402
from rsa_viz.training.puzzles import draw_puzzles  # noqa: E402
from rsa_viz.training.reinforce import Plan, Prompts, draw_prompts, log_shares, main, policy_loss, reinforce  # noqa: E402
from rsa_viz.training.sampling import sample  # noqa: E402
from rsa_viz.training.tokens import Vocabulary, layout  # noqa: E402
from rsa_viz.training.train import LOG, Recipe, load  # noqa: E402

torch.set_num_threads(1)
SMALL = Shape(width=16, layers=2, heads=2, hidden=24)
PLAN = Plan(on="aggregation", steps=4, problems=4, samples=3, k=2, fewest=1, most=2)


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """A checkpoint of the model that comes with the app: one that has not learned anything is never rewarded."""
    tensors, told = read_tensors((WEIGHTS / "tiny-holes.safetensors").read_bytes())
    arrays = {name: np.frombuffer(one.content, "<f2").reshape(one.shape) for name, one in tensors.items()}
    held = {
        "shape": asdict(Shape(modulus=int(told["modulus"]), heads=int(told["heads"]))),
        "recipe": asdict(Recipe()),
        "parameters": {name: torch.as_tensor(values.astype(np.float32)) for name, values in arrays.items()},
        "step": 7,
        "optimiser": {},
    }
    torch.save(held, tmp_path / "start.pt")
    return tmp_path / "start.pt"


def test_the_gradient_points_uphill_on_a_bandit() -> None:
    """A softmax bandit, whose gradient of the expected reward is known: p_a (r_a - the mean reward)."""
    scores = torch.tensor([0.3, -0.2, 0.5, 0.0], requires_grad=True)
    paid = torch.tensor([0.0, 1.0, 0.2, 0.6])
    shares = scores.detach().softmax(dim=0)
    drawn = torch.multinomial(shares, 4 * 20_000, replacement=True, generator=torch.Generator().manual_seed(1))
    earned = paid[drawn].numpy().reshape(-1, 4)
    chosen = scores.log_softmax(dim=0)[drawn][:, None]
    policy_loss(chosen, torch.as_tensor(leave_one_out(earned)).reshape(-1, 1)).backward()
    assert scores.grad is not None
    uphill = shares * (paid - (shares * paid).sum())
    torch.testing.assert_close(-scores.grad.float(), uphill, atol=0.01, rtol=0.0)


@pytest.mark.parametrize("count", [0, 2])
def test_shares_of_solutions_that_share_a_prompt_are_those_of_whole_sequences(count: int) -> None:
    parameters = new_parameters(SMALL, 1)
    puzzles = draw_puzzles(np.random.default_rng(0), 3, 2, SMALL.modulus)
    generator = torch.Generator().manual_seed(1)
    candidates = [sample(SMALL, parameters, puzzles, [], generator) for _ in range(count)]
    solutions = sample(SMALL, parameters, puzzles, candidates, generator, copies=4)
    vocabulary = Vocabulary(SMALL.modulus)
    prompt = np.repeat(vocabulary.prompt(vocabulary.problem(puzzles), candidates), 4, axis=0)
    whole = torch.as_tensor(np.concatenate([prompt, solutions], axis=1)[:, :-1])
    scores = forward(SMALL, parameters, whole, layout(2, count), from_place=prompt.shape[1] - 1)
    found = log_shares(SMALL, parameters, Prompts(puzzles, candidates), solutions)
    torch.testing.assert_close(found, scores.log_softmax(dim=-1), atol=1e-5, rtol=1e-5)


def test_the_likeliest_copies_are_alike_and_those_of_single_calls() -> None:
    parameters = new_parameters(SMALL, 2)
    puzzles = draw_puzzles(np.random.default_rng(0), 3, 2, SMALL.modulus)
    one = sample(SMALL, parameters, puzzles, [], torch.Generator(), temperature=0)
    three = sample(SMALL, parameters, puzzles, [], torch.Generator(), temperature=0, copies=3)
    assert (three == np.repeat(one, 3, axis=0)).all()


def test_the_arms_share_everything_but_the_candidates() -> None:
    parameters = new_parameters(SMALL, 1)
    for step in range(3):
        bare, with_candidates = draw_prompts(PLAN, step, SMALL, parameters)
        same, other = draw_prompts(replace(PLAN, on="direct"), step, SMALL, parameters)
        for one, twin in ((bare, same), (with_candidates, other)):
            assert (one.puzzles.numbers == twin.puzzles.numbers).all()
            assert (one.puzzles.given == twin.puzzles.given).all()
        assert [len(one.candidates) for one in (bare, with_candidates, same, other)] == [0, PLAN.k, 0, 0]
    assert {name for name in asdict(PLAN) if getattr(PLAN, name) != getattr(replace(PLAN, on="direct"), name)} == {"on"}


def test_candidates_are_the_starts_and_problems_are_never_the_same() -> None:
    start = new_parameters(SMALL, 1)
    once, again = (draw_prompts(PLAN, 0, SMALL, start)[1] for _ in range(2))
    assert all((one == other).all() for one, other in zip(once.candidates, again.candidates, strict=True))
    assert (once.candidates[0] != once.candidates[1]).any()
    later = draw_prompts(PLAN, 1, SMALL, start)[1]
    assert later.puzzles.numbers.tobytes() != once.puzzles.numbers.tobytes()


@pytest.mark.parametrize("on", ["direct", "aggregation"])
def test_an_interrupted_run_writes_the_log_of_one_that_was_not(
    on: str, begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = replace(PLAN, on=on)
    monkeypatch.setattr(reinforcing, "probe", lambda *_, **__: {})
    straight = load(reinforce(tmp_path / "straight", begun, plan, keep_each=2))
    taught = reinforcing.teach
    calls = iter(range(6))

    def interrupt(*given: object) -> dict[str, float]:
        if next(calls, None) is None:  # in the fourth step, one step after the checkpoint
            raise KeyboardInterrupt
        return taught(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(reinforcing, "teach", interrupt)
        with pytest.raises(KeyboardInterrupt):
            reinforce(tmp_path / "broken", begun, plan, keep_each=2)
    again = load(reinforce(tmp_path / "broken", begun, plan, keep_each=2))
    logs = [(tmp_path / folder / LOG).read_bytes() for folder in ("straight", "broken")]
    assert logs[0] == logs[1]
    assert again["step"] == straight["step"] == 4
    for name, value in straight["parameters"].items():
        torch.testing.assert_close(again["parameters"][name], value, atol=1e-6, rtol=1e-5)
        torch.testing.assert_close(again["start"][name], load(begun)["parameters"][name])
    assert any((value != again["start"][name]).any() for name, value in again["parameters"].items())


def test_another_plan_is_refused_in_the_same_folder(
    begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reinforcing, "probe", lambda *_, **__: {})
    one = ["--steps", "1", "--problems", "2", "--samples", "2", "--fewest", "1", "--most", "1", "--out", str(tmp_path)]
    assert main([str(begun), "--on", "direct", *one]) == 0
    with pytest.raises(ValueError, match="on = 'direct', not 'aggregation'"):
        main([str(begun), "--on", "aggregation", *one])


@pytest.mark.parametrize(
    ("said", "why"), [({"on": "both"}, "no arm 'both'"), ({"problems": 3}, "even and at least 2, not 3")]
)
def test_a_plan_that_cannot_be_is_refused(said: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        replace(PLAN, **said)  # type: ignore[arg-type]
