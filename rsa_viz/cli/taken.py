"""What children took from their parents, as fields of the JSON of ``analyse --what inheritance``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from ..core.chain import Chain, Slot, Step
from ..core.run import Run

if TYPE_CHECKING:
    from ..store import Store


def taken_from_parents(
    store: Store, run: Run, chains: Sequence[Chain], steps: Mapping[Slot, Sequence[Step]]
) -> Mapping[str, object]:
    """Of each child its shares by parent, its donors and its kind; the same by generation; the shares by prompt
    position with their intervals. ``steps`` are those of the done chains."""
    from ..analysis.inheritance import inheritances
    from ..analysis.positions import position_evidence, positions_in_words
    from ..analysis.synthesis import copy_or_synthesis, taken_by_generation

    texts = {slot: text or "" for slot, text in store.texts(run.id, list(steps)).items()}
    inherited = inheritances(chains, {slot: tuple(found) for slot, found in steps.items()}, texts)
    taken = copy_or_synthesis(chains, inherited)
    return {
        "children": [
            {**asdict(one), "slot": one.slot, "donor": one.donor, "shares": inherited[one.slot].shares} for one in taken
        ],
        "generations": taken_by_generation(taken),
        "positions": [
            {
                **asdict(one),
                "first": one.first,
                "more_than_noise": one.more_than_noise,
                "words": positions_in_words(one),
            }
            for one in position_evidence(chains, inherited)
        ],
    }
