"""Whose verdicts on steps are looked at: what is known, a worked solution, both, the other chains, or one judge.

One source at a time; but a worked solution may stand beside what is known, for both prove something. Knows no page and
no store: whoever asks brings what the source needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from ..core.chain import Chain, Slot, Step
from ..core.errors import InvalidInput
from ..core.step_judging import StepJudging, newest_judgings, step_judges
from .consensus import CARRIERS, LINEAGES, SHARE, by_consensus
from .judged_steps import by_judge
from .reference import Reference
from .telling import brief


class Source(StrEnum):
    """Who says so, as the URL and the command line write it."""

    KNOWN = "known"
    PROVEN = "proven"
    REFERENCE = "reference"
    CONSENSUS = "consensus"
    JUDGE = "judge"


@dataclass(frozen=True, slots=True)
class VerdictsBy:
    """A source; of a judge with its ``model``."""

    source: Source = Source.KNOWN
    model: str = ""

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read ``known``, ``proven``, ``reference``, ``consensus``, ``judge`` (whichever judged last) or
        ``judge:MODEL``. Raises InvalidInput."""
        name, _, model = written.strip().partition(":")
        if name not in set(Source) or (model and name != Source.JUDGE):
            raise InvalidInput(
                f"{written!r} is no source of verdicts; name known, proven, reference, consensus or judge:MODEL"
            )
        return cls(Source(name), model)

    def __str__(self) -> str:
        return f"{self.source.value}:{self.model}" if self.model else self.source.value

    @property
    def title(self) -> str:
        """As a chooser names it."""
        return {
            Source.KNOWN: "what is known (exact, arithmetic)",
            Source.PROVEN: "what is known, and the worked solution",
            Source.REFERENCE: "the worked solution",
            Source.CONSENSUS: "the other chains (consensus)",
            Source.JUDGE: f"the judge {brief(self.model)}" if self.model else "a judge",
        }[self.source]

    @property
    def named(self) -> str:
        """What a caption says of it where it must be said of every source: ``told``, also of what is known."""
        return self.told or "Verdicts by what is known: recomputed, or refuted by its own arithmetic."

    @property
    def told(self) -> str:
        """What a caption says of it, in one or two sentences; nothing for what is known, which captions suppose."""
        simulated = " (a simulation)" if self.model.startswith("synthetic/") else ""
        return {
            Source.KNOWN: "",
            Source.PROVEN: (
                "Verdicts by what is known and by the worked solution: what does not stand there is unknown, not wrong."
            ),
            Source.REFERENCE: "Verdicts by the worked solution: what does not stand there is unknown, not wrong.",
            Source.CONSENSUS: (
                f"By consensus: what {100 * SHARE:.0f} % or more of the other chains of its generation state, at least "
                f"{CARRIERS} chains and {LINEAGES} lineages. No proof: most may be wrong."
            ),
            Source.JUDGE: f"Verdicts by the judge {brief(self.model)}{simulated}, which can be mistaken.",
        }[self.source]


_NO_SOLUTION = "the problem of this run has no worked solution that states results"
KNOWN = VerdictsBy()
PROVEN = VerdictsBy(Source.PROVEN)
REFERENCE = VerdictsBy(Source.REFERENCE)
CONSENSUS = VerdictsBy(Source.CONSENSUS)


def offered(reference: Reference, judgings: Iterable[StepJudging]) -> tuple[VerdictsBy, ...]:
    """The sources that a run has: what is known with the worked solution if it states results, each of the two alone,
    the consensus, and every judge that has judged, the newest first. The first one proves most: it is shown where
    nobody chose."""
    judges = (VerdictsBy(Source.JUDGE, one.model) for one in step_judges(judgings))
    return (*([PROVEN, KNOWN, REFERENCE] if reference else [KNOWN]), CONSENSUS, *judges)


def found_among(written: str, offers: Sequence[VerdictsBy]) -> VerdictsBy:
    """The offered source that is written; ``judge`` alone is the newest judge. Raises InvalidInput for one that the run
    does not have."""
    wanted = VerdictsBy.parse(written)
    for one in offers:
        if one == wanted or (one.source is wanted.source is Source.JUDGE and not wanted.model):
            return one
    raise InvalidInput(
        {
            Source.PROVEN: _NO_SOLUTION,
            Source.REFERENCE: _NO_SOLUTION,
            Source.JUDGE: f"the judge {wanted.model!r} has judged no chain of this run"
            if wanted.model
            else "no judge has judged a chain of this run",
        }[wanted.source]
        + f"; it has verdicts by {', '.join(map(str, offers))}"
    )


def steps_by(
    by: VerdictsBy,
    chains: Iterable[Chain],
    steps: Mapping[Slot, tuple[Step, ...]],
    *,
    reference: Reference,
    judgings: Iterable[StepJudging],
) -> Mapping[Slot, tuple[Step, ...]]:
    """The ``steps`` of a run's done ``chains`` with the verdicts of one source alone.

    ``steps`` carry what is known of them; offsets and fragments stay as they are.
    """
    if by.source is Source.PROVEN:
        return {slot: reference.added(found) for slot, found in steps.items()}
    if by.source is Source.REFERENCE:
        return {slot: reference.judged(found) for slot, found in steps.items()}
    if by.source is Source.CONSENSUS:
        return by_consensus(chains, steps)
    if by.source is Source.JUDGE:
        return by_judge(steps, newest_judgings(judgings, by.model))
    return steps
