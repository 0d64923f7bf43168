r"""What the test server answers: scripted replies, seeded faults and latencies, and a solver of program questions.

Everything is drawn from (server seed, the request's seed or prompt, how often it came before), so that the order in
which requests arrive changes nothing. Knows no HTTP.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any

from rsa_viz.core.errors import InvalidProblem
from rsa_viz.core.program import Program, apply, parse_program

Messages = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Reply:
    """One answer of the server.

    ``latency_s`` is the time to its last piece. A ``status`` other than 200 sends ``error`` in OpenAI's error form.
    After ``cut_after`` streamed pieces the connection is cut, after ``hang_after`` nothing more comes (0: not even
    headers). A text longer than the request's max_tokens is cut and says ``length``. ``body`` is sent as it is, as
    ``content_type``, in place of an answer. ``late`` streams a piece once more after the end.
    """

    text: str = ""
    reasoning: str = ""
    finish_reason: str = "stop"
    status: int = 200
    error: str = ""
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    latency_s: float = 0.0
    cut_after: int | None = None
    hang_after: int | None = None
    outcome: str = "answered"
    body: str | None = None
    content_type: str = "application/json"
    late: bool = False


@dataclass(frozen=True)
class Faults:
    """How often each fault happens, as shares of all requests; together at most 1."""

    errors: float = 0.0  # 500
    unavailable: float = 0.0  # 503
    refusals: float = 0.0  # 400
    limits: float = 0.0  # 429 with Retry-After
    hangs: float = 0.0  # silence, before the first byte or in mid-stream
    cuts: float = 0.0  # the connection is cut in mid-stream
    empties: float = 0.0  # an answer without text
    truncations: float = 0.0  # half a text that says length
    malformed: float = 0.0  # a body that ends in the middle of its JSON
    blanks: float = 0.0  # a body of no bytes
    choiceless: float = 0.0  # a completion without choices
    nulls: float = 0.0  # a completion whose content is null
    strangers: float = 0.0  # a page of HTML, with status 200
    drips: float = 0.0  # ten times as slow
    floods: float = 0.0  # an answer of a megabyte
    repeats: float = 0.0  # a piece once more after the end

    def draw(self, rng: random.Random) -> str | None:
        """The name of the fault that happens now, or None."""
        drawn = rng.random()
        for name, share in vars(self).items():
            drawn -= share
            if drawn < 0:
                return str(name)
        return None


def request_key(body: Mapping[str, Any]) -> str:
    """What tells requests apart: the seed if there is one, and the messages."""
    content = json.dumps([body.get("seed"), body.get("messages")], sort_keys=True)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def latency_of(spec: str, seed: int, request: object) -> float:
    """The seconds that a request takes, whatever became of it before.

    ``spec`` is ``fixed:SECONDS`` or ``lognormal:MEAN:SIGMA`` (mean in seconds, sigma of the logarithm); ``request`` is
    the request's seed.
    """
    kind, *numbers = spec.split(":")
    if kind == "fixed":
        return float(numbers[0])
    if kind != "lognormal":
        raise ValueError(f"{spec!r} is no latency; write fixed:SECONDS or lognormal:MEAN:SIGMA")
    mean, sigma = map(float, numbers)
    z = NormalDist().inv_cdf(random.Random(f"latency {seed} {request}").uniform(1e-9, 1 - 1e-9))
    return mean * math.exp(sigma * z - sigma * sigma / 2)


def answer(messages: Messages, rng: random.Random, slip: float) -> str:
    """Solve the program in a prompt, with slips; other questions get an honest refusal."""
    content = "\n".join(str(message.get("content", "")) for message in messages)
    question = re.search(r"Work modulo.*?What is [a-z]\?", content, re.DOTALL)
    try:
        program = parse_program(question[0] if question else "")
    except InvalidProblem:
        return "I read programs only.\nI give no answer."
    return solved(program, content[question.end() if question else 0 :], rng, slip)


def solved(program: Program, candidates: str, rng: random.Random, slip: float) -> str:
    """One line a step. What most candidates agree on is kept; the rest is computed, each line with a slip's chance."""
    values = dict(program.inputs)
    rows = []
    for line in program.lines:
        left, right = values[line.left], values[line.right]
        value = apply(line.operation, left, right, program.modulus)
        if rng.random() < slip:
            value = (value + rng.randrange(1, program.modulus)) % program.modulus
        stated = Counter(
            int(found) for found in re.findall(rf"^{line.name} = .*= (\d+) \(mod", candidates, re.MULTILINE)
        )
        if stated:
            most, votes = stated.most_common(1)[0]
            value = most if votes * 2 > stated.total() else value
        values[line.name] = value
        rows.append(
            f"{line.name} = {line.left} {line.operation} {line.right} = {left} {line.operation} {right} = {value}"
            f" (mod {program.modulus})"
        )
    return "\n".join([*rows, f"Answer: \\boxed{{{values[program.asked]}}}"])


def tokens(text: str) -> list[str]:
    """A text in pieces that join to it again: words with the blanks before them."""
    return re.findall(r"\s*\S+|\s+$", text)
