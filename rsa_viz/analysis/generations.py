"""Figures by generation: correctness with intervals, the answers' diversity, lengths, tokens, time, mishaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..core.chain import Chain, ChainOrigin, ChainStatus, Verdict
from .answers import answer_classes, entropy_bits, shares_by_generation, vote
from .intervals import Quartiles, quartiles, wilson
from .links import rows


class LengthUnit(StrEnum):
    """What a chain's length is counted in: tokens where the server told them for every chain, else characters."""

    TOKENS = "tokens"
    CHARACTERS = "characters"


@dataclass(frozen=True, slots=True)
class Generation:
    """The figures of one generation, of what has ended so far. What nobody knows is None.

    Chains that a person ``planted`` in a forked run are counted there and nowhere else: they are not the model's.
    Chains that a fork took over count like any other, except that ``tokens_in``, ``tokens_out`` and ``seconds``,
    which are costs, are of the chains made in this run: summed over a run and its forks no call counts twice.

    Counts: the generation's chains are ``planned`` (not ended), ``done`` or ``failed``; the done ones are ``right``,
    ``wrong`` or ``unknown``. ``abstained`` are done without an answer, ``truncated`` cut at the token limit, ``empty``
    done without text, ``fresh`` children sampled because no parent had a text.

    ``mean`` is right / (right + wrong), the chance that a uniform draw among the judged chains is right (pass@1), with
    its Wilson 95 % interval ``mean_low``..``mean_high``. Unknown and failed chains are in neither number; an abstention
    is wrong where a gold answer is known. Source: arXiv 2509.26626, section 4.

    ``pass_at_n``: True if any chain is right, False if every ended chain is known to be wrong, else None: a failed or
    unjudged chain might have been right. ``majority`` is whether the vote's winner ``majority_answer`` is right;
    ``majority_tied`` says that a tie decided.

    ``entropy_bits`` is over the answer classes of the chains that answered, ``effective_answers`` is 2 to its power,
    ``distinct`` the number of classes.

    ``tokens_in`` and ``tokens_out`` are sums over the done chains whose server told them, None if none did.
    ``characters`` is the sum of text lengths. ``lengths`` are quartiles of the done chains' lengths in ``length_unit``,
    which is the same for the whole run. ``seconds`` is the sum of the calls' latencies, ``latencies`` their quartiles.
    """

    t: int
    planned: int
    done: int
    failed: int
    right: int
    wrong: int
    unknown: int
    abstained: int
    truncated: int
    empty: int
    fresh: int
    mean: float | None
    mean_low: float | None
    mean_high: float | None
    pass_at_n: bool | None
    majority: bool | None
    majority_answer: str | None
    majority_tied: bool
    entropy_bits: float | None
    effective_answers: float | None
    distinct: int
    tokens_in: int | None
    tokens_out: int | None
    characters: int
    lengths: Quartiles | None
    length_unit: LengthUnit
    seconds: float | None
    latencies: Quartiles | None
    planted: int = 0

    @property
    def size(self) -> int:
        """All chains of the generation, whatever has become of them."""
        return self.planned + self.done + self.failed + self.planted


def by_generation(chains: Iterable[Chain]) -> tuple[Generation, ...]:
    """The figures of every generation, in order; empty without chains.

    Give it all chains of the run: an answer class is right if any generation's verdict says so, and the unit of
    lengths is one for all.
    """
    ordered = rows(chains)
    everything = [chain for row in ordered.values() for chain in row]
    verdicts = {one.key: one.verdict for one in answer_classes(everything)}
    unit = length_unit(everything)
    own = {t: [chain for chain in row if chain.origin is not ChainOrigin.PLANTED] for t, row in ordered.items()}
    answers = {shares.t: shares for shares in shares_by_generation(chain for row in own.values() for chain in row)}
    found = []
    for t, row in own.items():
        done = [chain for chain in row if chain.status is ChainStatus.DONE]
        failed = sum(chain.status is ChainStatus.FAILED for chain in row)
        right, wrong, unknown = (
            sum(chain.verdict is verdict for chain in done)
            for verdict in (Verdict.RIGHT, Verdict.WRONG, Verdict.UNKNOWN)
        )
        low, high = wilson(right, right + wrong)
        winner = vote(done)
        shares = answers.get(t)
        counts = shares.counts if shares else {}
        bits = entropy_bits(counts.values())
        made = [chain for chain in done if chain.origin is ChainOrigin.MADE]
        spent = [chain.latency_s for chain in made if chain.latency_s is not None]
        latencies = [chain.latency_s for chain in done if chain.latency_s is not None]
        found.append(
            Generation(
                t=t,
                planned=len(row) - len(done) - failed,
                done=len(done),
                failed=failed,
                right=right,
                wrong=wrong,
                unknown=unknown,
                abstained=shares.abstained if shares else 0,
                truncated=sum(chain.truncated for chain in done),
                empty=sum(chain.empty for chain in done),
                fresh=sum(chain.fresh for chain in row),
                mean=right / (right + wrong) if right + wrong else None,
                mean_low=low if right + wrong else None,
                mean_high=high if right + wrong else None,
                pass_at_n=_pass_at_n(right, wrong, unknown + failed),
                majority=_KNOWN[verdicts[winner.key]] if winner else None,
                majority_answer=winner.text if winner else None,
                majority_tied=winner is not None and winner.tied,
                entropy_bits=bits,
                effective_answers=None if bits is None else 2.0**bits,
                distinct=len(counts),
                tokens_in=_told(chain.tokens_in for chain in made),
                tokens_out=_told(chain.tokens_out for chain in made),
                characters=sum(chain.characters for chain in done),
                lengths=quartiles(chain_length(chain, unit) for chain in done),
                length_unit=unit,
                seconds=sum(spent) if spent else None,
                latencies=quartiles(latencies),
                planted=len(ordered[t]) - len(row),
            )
        )
    return tuple(found)


_KNOWN: Mapping[Verdict, bool | None] = {Verdict.RIGHT: True, Verdict.WRONG: False, Verdict.UNKNOWN: None}


def _pass_at_n(right: int, wrong: int, unjudged: int) -> bool | None:
    if right:
        return True
    return False if wrong and not unjudged else None


def _told(counts: Iterable[int | None]) -> int | None:
    told = [count for count in counts if count is not None]
    return sum(told) if told else None


def length_unit(chains: Sequence[Chain]) -> LengthUnit:
    """Tokens if every done chain's server told them (and something is done), else characters. What a person planted has
    no server."""
    told = [
        chain.tokens_out is not None
        for chain in chains
        if chain.status is ChainStatus.DONE and chain.origin is not ChainOrigin.PLANTED
    ]
    return LengthUnit.TOKENS if told and all(told) else LengthUnit.CHARACTERS


def chain_length(chain: Chain, unit: LengthUnit) -> int:
    """The length of a done chain in ``unit``."""
    if unit is LengthUnit.TOKENS and chain.tokens_out is not None:
        return chain.tokens_out
    return chain.characters


ROW = (
    "t", "mean", "mean_low", "mean_high", "pass_at_n", "majority", "right", "wrong", "unknown", "done", "failed",
    "abstained", "truncated", "entropy_bits", "distinct", "tokens_in", "tokens_out", "seconds",
    "planted",
)  # fmt: skip


def generation_row(generation: Generation) -> dict[str, object]:
    """The generation as the command line prints it: JSON values under the names in ``ROW``; unknown is None."""
    return {name: getattr(generation, name) for name in ROW}
