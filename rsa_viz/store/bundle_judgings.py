"""What models said of a run's steps, in its bundle: a record a call, in the order of recording."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ..core.addresses import without_addresses
from ..core.chain import ChainStatus, Slot, Verdict
from ..core.errors import InvalidInput
from ..core.step_judging import StepJudging, StepVerdict
from .step_judgings import check_judging

_PLAIN = (
    *("model", "prompt", "at", "prompt_sha256", "text", "finish_reason", "tokens_in", "tokens_out", "latency_s"),
    "attempts",
)


def judging_fields(judging: StepJudging, addresses: Collection[str]) -> dict[str, Any]:
    """A judging as a record, without the addresses of the run's servers."""
    return {
        "t": judging.slot.t,
        "i": judging.slot.i,
        **{name: getattr(judging, name) for name in _PLAIN},
        "error": without_addresses(addresses, judging.error),
        "verdicts": [
            {"start": one.start, "end": one.end, "verdict": one.verdict.value, "why": one.why}
            for one in judging.verdicts
        ],
    }


def judging_of(fields: Mapping[str, Any]) -> StepJudging:
    """The judging of a record; its id is 0, since ids belong to a database."""
    said = (StepVerdict(one["start"], one["end"], Verdict(one["verdict"]), one["why"]) for one in fields["verdicts"])
    rest = {name: fields[name] for name in (*_PLAIN, "error")}
    return StepJudging(id=0, slot=Slot(fields["t"], fields["i"]), verdicts=tuple(said), **rest)


def check_step_judging(fields: Mapping[str, Any], chains: Mapping[Slot, str]) -> None:
    """Raise ValueError for a record that fits none of the ``chains`` (their statuses by slot) or contradicts itself."""
    judging = judging_of(fields)
    if chains.get(judging.slot) != ChainStatus.DONE.value:
        raise ValueError("it must name a chain of the bundle that is done")
    try:
        check_judging(judging)
    except InvalidInput as error:
        raise ValueError(str(error)) from None
