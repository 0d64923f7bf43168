"""Which parent mattered: one child written again with all its parents, and again without each of them.

Unlike attribution by similarity this is an intervention: a prompt is changed in one thing, and the rest is the model's
own sampling. It says what leaving a text out of this prompt does to this model's answers, and not why, nor what the
parent would have done in another prompt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..core.chain import Chain, ChainStatus, Slot, Verdict
from .intervals import newcombe, simultaneous_z, wilson
from .telling import brief, counted, joined

NAMED = 3  # parents that a sentence names


@dataclass(frozen=True, slots=True)
class Condition:
    """The repeats with one set of parents: all of them (``left_out`` None), or all without the parent ``left_out``.

    ``position`` is the left-out parent's place in the prompt, from 1 (0: nobody is left out), ``original`` its slot in
    the run that it was taken over from. Of the ``size`` repeats, ``done`` have a text and ``failed`` never will; of the
    done ones ``right`` and ``wrong`` are judged. ``share`` is right / (right + wrong), None while nothing is known,
    with its Wilson 95 % interval ``low``..``high``.

    ``difference`` is this share minus that with all parents, -1..1; ``difference_low``..``difference_high`` are
    Newcombe's interval, wide enough that those of all parents hold at once at 95 % (Bonferroni). None for the
    condition with all parents, and while one of the shares is unknown.

    ``answers`` counts the answer classes by key, most frequent first, abstentions under None; ``texts`` has a way of
    writing each key.
    """

    left_out: Slot | None
    position: int
    original: Slot | None
    first: tuple[int, Slot]
    size: int
    done: int
    failed: int
    right: int
    wrong: int
    share: float | None
    low: float
    high: float
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    answers: Mapping[str | None, int]
    texts: Mapping[str, str]

    @property
    def matters(self) -> bool:
        """Whether the interval of the difference leaves out nought: more than noise explains."""
        low, high = self.difference_low, self.difference_high
        return low is not None and high is not None and not low <= 0.0 <= high


@dataclass(frozen=True, slots=True)
class LeaveOneOut:
    """The conditions of a leave-one-out run: with all parents, and without each, by its position in the prompt."""

    everybody: Condition
    without: tuple[Condition, ...]

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All of them, the one with all parents first."""
        return (self.everybody, *self.without)

    @property
    def complete(self) -> bool:
        """Every repeat has ended."""
        return all(one.done + one.failed == one.size for one in self.conditions)


def leave_one_out(chains: Sequence[Chain]) -> LeaveOneOut | None:
    """The conditions of a leave-one-out run's ``chains``; None when they are of no such run.

    Generation 1 are the parents in prompt order; a child of generation 2 belongs to the condition that its planned
    parents say. Unknown verdicts and failed calls are in neither number of a share. A child that lost a parent to
    anything but its condition cannot be: its parents were taken over as they ended.
    """
    parents = [chain for chain in chains if chain.slot.t == 1]
    everybody = tuple(chain.slot for chain in parents)
    rows: dict[int, list[Chain]] = {}
    for chain in chains:
        if chain.slot.t == 2 and (position := _left_out(everybody, chain.parents)) is not None:
            rows.setdefault(position, []).append(chain)
    if 0 not in rows or len(rows) == 1:
        return None
    z = simultaneous_z(len(rows) - 1)
    base = _condition(rows[0], None, 0, None, z)
    without = tuple(
        _condition(rows[position], parent, position, base, z)
        for position, parent in enumerate(parents, start=1)
        if position in rows
    )
    return LeaveOneOut(base, without)


def _left_out(everybody: tuple[Slot, ...], parents: tuple[Slot, ...]) -> int | None:
    """The position of the one parent that a child lacks, 0 when it has all, None when it belongs to no condition."""
    if parents == everybody:
        return 0
    missing = [position for position, slot in enumerate(everybody, start=1) if slot not in parents]
    return missing[0] if len(missing) == 1 and len(parents) == len(everybody) - 1 else None


def _condition(
    row: Sequence[Chain], parent: Chain | None, position: int, base: Condition | None, z: float
) -> Condition:
    done = [chain for chain in row if chain.status is ChainStatus.DONE]
    right = sum(chain.verdict is Verdict.RIGHT for chain in done)
    wrong = sum(chain.verdict is Verdict.WRONG for chain in done)
    low, high = wilson(right, right + wrong)
    share = right / (right + wrong) if right + wrong else None
    difference = bounds = None
    if base is not None and share is not None and base.share is not None:
        difference = share - base.share
        bounds = newcombe(right, right + wrong, base.right, base.right + base.wrong, z)
    texts: dict[str, str] = {}
    for chain in done:
        if chain.answer_key is not None:
            texts.setdefault(chain.answer_key, chain.merged_into or chain.answer or "")
    return Condition(
        left_out=parent.slot if parent else None,
        position=position,
        original=parent.copied_from if parent else None,
        first=(row[0].id, row[0].slot),
        size=len(row),
        done=len(done),
        failed=sum(chain.status is ChainStatus.FAILED for chain in row),
        right=right,
        wrong=wrong,
        share=share,
        low=low,
        high=high,
        difference=difference,
        difference_low=bounds[0] if bounds else None,
        difference_high=bounds[1] if bounds else None,
        answers=dict(Counter(chain.answer_key for chain in done).most_common()),
        texts=texts,
    )


def named(one: Condition) -> str:
    """The left-out parent as the original names it: ``parent 2 (chain 2.7)``."""
    return f"parent {one.position} (chain {one.original or one.left_out})"


def leave_one_out_in_words(found: LeaveOneOut) -> str:
    """Which parent mattered, in plain sentences, and what may be claimed."""
    base = found.everybody
    if base.share is None or all(one.share is None for one in found.without):
        if not any(one.done for one in found.conditions):
            return "No repeat has ended yet."
        return (
            "Nobody can say which repeats are right; unknown is not wrong. Answers with all parents: "
            f"{answers_in_words(base)}."
        )
    words = [] if found.complete else ["Not all repeats have ended yet."]
    words.append(f"With all parents, {base.right} of {base.right + base.wrong} are right.")
    mattering = sorted((one for one in found.without if one.matters), key=lambda one: -abs(one.difference or 0.0))
    for one in mattering[:NAMED]:
        rose = (one.difference or 0.0) > 0
        words.append(
            f"Without {named(one)}, {one.right} of {one.right + one.wrong}: "
            + (
                "leaving it out helps, with it in the prompt the child is right less often"
                if rose
                else "this child needs it"
            )
            + f" ({_points(one)})."
        )
    if len(mattering) > NAMED:
        words.append(f"So do {len(mattering) - NAMED:,} more.")
    silent = [one for one in found.without if not one.matters and one.difference is not None]
    if silent and mattering:
        some = joined([named(one) for one in silent]) if len(silent) <= NAMED else f"{len(silent)} parents"
        words.append(f"For {some} the difference could be noise.")
    elif silent:
        most = max(silent, key=lambda one: abs(one.difference or 0.0))
        words.append(
            f"No parent's absence makes a difference beyond noise; the largest is that of {named(most)} "
            f"({_points(most)}). With {counted(base.size, 'repeat')} a condition, small effects cannot be seen."
        )
    if len(found.without) == 2:
        words.append("A child left with one parent is asked to refine it: its prompt differs in wording too.")
    elif len(found.without) == 1:
        words.append("A child left without a parent is asked the question alone: its prompt differs in wording too.")
    words.append(
        "This is an intervention: one text was left out of the prompt, all else is the model's own sampling. It says "
        "what the text does in this prompt, not why."
    )
    return " ".join(words)


def answers_in_words(one: Condition, most: int = 3) -> str:
    """The condition's most frequent answers with their counts: ``5 × 26, 2 × 25, 1 × no answer``."""
    parts = [
        f"{count} × {'no answer' if key is None else brief(one.texts[key], 40)}" for key, count in one.answers.items()
    ]
    more = f" and {counted(len(parts) - most, 'other')}" if len(parts) > most else ""
    return ", ".join(parts[:most]) + more if parts else "none yet"


def _points(one: Condition) -> str:
    low, high = 100 * (one.difference_low or 0.0), 100 * (one.difference_high or 0.0)
    return f"{100 * (one.difference or 0.0):+.0f} points, interval {low:+.0f} to {high:+.0f}"
