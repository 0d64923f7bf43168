"""The tiny model: token for token what torch makes of the same weights, and a LiteLLM provider like any other."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rsa_viz.core.chain import PromptKind
from rsa_viz.core.errors import InvalidEndpoint
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.run import ModelChoice
from rsa_viz.llm.embedded import longest_answer, refusal
from rsa_viz.llm.gateway import Gateway, check_choice
from rsa_viz.llm.tiny import load
from rsa_viz.llm.tiny_desk import Desk
from rsa_viz.llm.tiny_language import Language, Reading, Unreadable
from rsa_viz.tasks.holes import HOLES

EXPECTED = json.loads((Path(__file__).parent / "tiny_expected.json").read_text(encoding="utf-8"))
TINY = load("holes")
QUESTION = EXPECTED[0]["question"]


def prompt_of(question: str, candidates: list[str]) -> str:
    problem = Problem("holes", question)
    return PLAIN.compose(PromptKind.AGGREGATE, HOLES.parts(problem), problem, candidates)[0]["content"]


def written(
    prompts: list[list[int]], lines: int, candidates: int, temperature: float, seeds: list[int]
) -> list[list[int]]:
    rngs = [np.random.default_rng(seed) for seed in seeds]
    places = TINY.network.write(np.array(prompts), lines, candidates, temperature, rngs)
    return np.stack(list(places), axis=1).tolist()


@pytest.mark.parametrize("row", range(len(EXPECTED)))
def test_the_likeliest_tokens_are_those_of_torch(row: int) -> None:
    """The expectations were written by rsa_viz.training.export from the same rounded weights."""
    told = EXPECTED[row]
    reading = TINY.language.read(prompt_of(told["question"], told["candidates"]))
    assert list(reading.tokens) == told["prompt"]
    tokens = written([told["prompt"]], reading.lines, reading.candidates, 0.0, [1])[0]
    assert tokens == told["tokens"]
    width = len(tokens) // reading.lines
    lines = [TINY.language.line(at + 1, tokens[at * width : (at + 1) * width]) for at in range(reading.lines)]
    assert "\n".join(lines) == told["text"]


def test_a_solution_does_not_depend_on_what_is_written_beside_it() -> None:
    two = [row for row in EXPECTED if len(row["candidates"]) == 2]
    prompts = [row["prompt"] for row in two]
    lines = len(two[0]["tokens"]) // 11
    together = written(prompts * 3, lines, 2, 1.0, [1, 2, 3, 4, 5, 6])
    alone = [written([one], lines, 2, 1.0, [seed])[0] for one, seed in zip(prompts * 3, range(1, 7), strict=True)]
    assert together == alone
    assert len({tuple(one) for one in together}) > 1


async def test_through_litellm_it_streams_line_by_line_and_counts_its_tokens() -> None:
    told = next(row for row in EXPECTED if len(row["candidates"]) == 4)
    messages = ({"role": "user", "content": prompt_of(told["question"], told["candidates"])},)
    gateway = Gateway(ModelChoice("tiny/holes"), timeout_s=30)
    pieces: list[str] = []
    completion = await gateway.complete(
        messages, temperature=0.0, max_tokens=500, seed=3, on_text=lambda text, _: pieces.append(text)
    )
    cut = await gateway.complete(messages, temperature=0.0, max_tokens=14, seed=3, on_text=lambda *_: None)
    await gateway.aclose()
    assert completion.text == told["text"] == "".join(pieces)
    assert len([piece for piece in pieces if piece]) == len(told["text"].splitlines())
    assert (completion.tokens_in, completion.tokens_out) == (len(told["prompt"]), len(told["tokens"]))
    assert completion.finish_reason == "stop"
    assert cut.finish_reason == "length"
    assert cut.tokens_out == 14
    assert told["text"].startswith(cut.text)


async def test_it_says_what_it_cannot_read_instead_of_guessing() -> None:
    gateway = Gateway(ModelChoice("tiny/holes"), timeout_s=30)
    completion = await gateway.complete(
        ({"role": "user", "content": "What is 2 + 2?"},),
        temperature=1.0,
        max_tokens=500,
        seed=1,
        on_text=lambda *_: None,
    )
    await gateway.aclose()
    assert completion.text.startswith("I am a tiny model. I can only fill in missing operations")
    assert completion.text.endswith("I give no answer.")


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("Work modulo 7.\n(1) 3 ? 5 ? 2 ? 2 = 4", "modulo 13 only, not modulo 7"),
        ("Work modulo 13.\n(1) 3 ? 5 = 8", r"line \(1\) is another one"),
        (
            "Work modulo 13.\n" + "\n".join(f"({n}) 3 + 5 + 2 ? 2 = 12" for n in range(1, 6)),
            "4 lines at most, not of 5",
        ),
    ],
)
def test_a_problem_beyond_what_it_has_learned_is_named(question: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        TINY.language.read(question)


def test_a_candidate_that_does_not_state_every_line_is_passed_over() -> None:
    told = next(row for row in EXPECTED if len(row["candidates"]) == 2)
    first, second = told["candidates"]
    broken = [first, "I am not sure.", second.rsplit("\n", 1)[0], second.replace("fi", "??").replace("fa", "??")]
    assert TINY.language.read(prompt_of(told["question"], broken)).candidates == 1
    again = TINY.language.read(prompt_of(told["question"], [f"{second}\n{first}", second]))
    assert list(again.tokens) == told["prompt"]  # the last statement of a line counts


def test_more_candidates_than_it_has_seen_are_refused() -> None:
    told = next(row for row in EXPECTED if len(row["candidates"]) == 8)
    with pytest.raises(Unreadable, match="8 candidates at most, not 9"):
        TINY.language.read(prompt_of(told["question"], [*told["candidates"], told["candidates"][0]]))


def test_the_endpoint_takes_a_known_name_and_no_address() -> None:
    check_choice(ModelChoice("tiny/holes"))
    with pytest.raises(InvalidEndpoint, match="there is no tiny model 'tiny/giant'"):
        check_choice(ModelChoice("tiny/giant"))
    with pytest.raises(InvalidEndpoint, match="takes no address"):
        check_choice(ModelChoice("tiny/holes", "http://127.0.0.1:8000/v1"))


def test_every_token_has_words_of_its_own() -> None:
    language = Language(13, 4, 8)
    assert len({language._word(token) for token in range(language.size)}) == language.size


class _Noted:
    """A network that notes how many solutions it is asked for together; it begins when it is told to."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.asked, self.begin = threading.Event(), threading.Event()
        self.broken = False

    def write(
        self,
        prompts: np.ndarray,
        lines: int,
        candidates: int,
        temperature: float,
        rngs: list[np.random.Generator],
        held: np.ndarray,
    ) -> Iterator[np.ndarray]:
        assert (held == -1).all()
        self.sizes.append(len(prompts))
        self.asked.set()
        self.begin.wait(10)
        if self.broken:
            raise ValueError("the network is broken")
        for place in range(11 * lines):
            yield prompts[:, 0] * 100 + place


def _reading(first: int, lines: int = 1) -> Reading:
    return Reading((first,), lines, 0)


async def test_what_is_asked_for_while_others_are_written_is_written_together() -> None:
    network = _Noted()
    desk = Desk(network)  # type: ignore[arg-type]

    async def ask(first: int, lines: int = 1) -> list[list[int]]:
        return [line async for line in desk.solution(_reading(first, lines), 1.0, 0)]

    alone = asyncio.create_task(ask(1))
    assert await asyncio.to_thread(network.asked.wait, 10)
    others = [asyncio.create_task(ask(first, 2 if first == 5 else 1)) for first in range(2, 8)]
    dropped = asyncio.create_task(ask(9))
    await asyncio.sleep(0)
    dropped.cancel()
    await asyncio.sleep(0)
    network.begin.set()
    assert await alone == [list(range(100, 111))]
    found = await asyncio.gather(*others)
    assert [one[0][0] for one in found] == [200, 300, 400, 500, 600, 700]
    assert [len(one) for one in found] == [1, 1, 1, 2, 1, 1]
    assert sorted(network.sizes) == [1, 1, 5]  # the first, the one of two lines, the rest; nobody's is not written


async def test_a_network_that_fails_tells_everybody_and_goes_on_with_the_next() -> None:
    network = _Noted()
    network.begin.set()
    network.broken = True
    desk = Desk(network)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="the network is broken"):
        await anext(desk.solution(_reading(1), 1.0, 0))
    network.broken = False
    assert (await anext(desk.solution(_reading(3), 1.0, 0)))[0] == 300


def test_what_it_cannot_answer_and_how_long_an_answer_is_are_known_beforehand() -> None:
    tiny = ModelChoice("tiny/holes")
    assert refusal(tiny, "holes", QUESTION, 8) is None
    assert refusal(tiny, "holes", QUESTION, 9) == "I can read 8 candidates at most, not 9"
    assert refusal(tiny, "text", QUESTION, 0) == "it knows missing operations only"
    assert "modulo 13 only" in str(refusal(tiny, "holes", "Work modulo 7.\n(1) 3 ? 5 ? 2 ? 2 = 4", 0))
    assert refusal(ModelChoice("synthetic/fast"), "holes", QUESTION, 0) == "it works on programs only"
    assert refusal(ModelChoice("openai/any"), "text", "Why?", 99) is None
    assert longest_answer(tiny, "holes", QUESTION) == len(EXPECTED[0]["tokens"])
    assert longest_answer(tiny, "text", "Why?") is longest_answer(ModelChoice("openai/any"), "holes", QUESTION) is None
