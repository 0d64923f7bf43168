"""Genealogies drawn in ASCII, read into chains and plans for tests.

One row a generation, one cell a chain::

    26+       25x       25x       -x
    26+(1,2)  25x(2,3)  26+(1,3)  !(1,4)
    26?(1,2)  .(2,3)    _x(2,1)   26+~(4)

``26+`` answers 26 and is right, ``25x`` is wrong, ``26?`` unknown; ``-x`` has a text and no answer, ``_x`` has no text
at all, ``!`` failed, ``.`` is planned and not there yet; ``~`` says truncated. In brackets stand the parents in prompt
order: ``3`` is chain 3 of the row above, ``1.3`` chain 3 of generation 1. Parents that failed or are empty are not
available; a done or failed child without an available parent is fresh.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from rsa_viz.core.chain import Chain, ChainStatus, PromptKind, Slot, Verdict, VerdictSource
from rsa_viz.core.genealogy import Plan, PlannedChain

_CELL = re.compile(
    r"(?:(?P<failed>!)|(?P<planned>\.)|(?P<answer>\S+?)(?P<mark>[+x?])(?P<cut>~)?)(?:\((?P<parents>[\d.,]+)\))?"
)
_VERDICTS = {"+": Verdict.RIGHT, "x": Verdict.WRONG, "?": Verdict.UNKNOWN}
_SOURCES = {"+": VerdictSource.REFERENCE, "x": VerdictSource.REFERENCE, "?": VerdictSource.NONE}


def chains_from(drawing: str, **fields: object) -> list[Chain]:
    """The chains of a drawing, in slot order, ids from 1; ``fields`` are set on every done chain."""
    chains: dict[Slot, Chain] = {}
    for t, row in enumerate((row for row in drawing.splitlines() if row.strip()), start=1):
        for i, cell in enumerate(row.split(), start=1):
            found = _CELL.fullmatch(cell)
            if found is None:
                raise ValueError(f"{cell!r} is no cell of a drawn genealogy")
            slot = Slot(t, i)
            chains[slot] = _chain(len(chains) + 1, slot, found, chains, fields)
    return list(chains.values())


def _chain(number: int, slot: Slot, found: re.Match[str], earlier: dict[Slot, Chain], fields: dict) -> Chain:
    parents = tuple(
        Slot.parse(name) if "." in name else Slot(slot.t - 1, int(name))
        for name in (found["parents"] or "").split(",")
        if name
    )
    kind = {0: PromptKind.SAMPLE, 1: PromptKind.REFINE}.get(len(parents), PromptKind.AGGREGATE)
    chain = Chain(number, slot, kind, parents)
    if found["planned"]:
        return chain
    available = tuple(
        parent for parent in parents if earlier[parent].status is ChainStatus.DONE and not earlier[parent].empty
    )
    chain = replace(chain, available=available, fresh=bool(parents) and not available, attempts=1)
    if found["failed"]:
        return replace(chain, status=ChainStatus.FAILED, error="500: drawn so")
    answer = None if found["answer"] in ("-", "_") else found["answer"]
    text = "" if found["answer"] == "_" else f"it is {answer}" if answer else "I do not know"
    chain = replace(
        chain,
        status=ChainStatus.DONE,
        text=text,
        characters=len(text),
        answer=answer,
        answer_key=answer,
        verdict=_VERDICTS[found["mark"]],
        verdict_source=_SOURCES[found["mark"]],
        finish_reason="length" if found["cut"] else "stop",
    )
    return replace(chain, **fields)


def changed(chains: Sequence[Chain], slot: str, **fields: object) -> list[Chain]:
    """The same chains with the fields of one of them changed."""
    return [replace(chain, **fields) if str(chain.slot) == slot else chain for chain in chains]


def plan_from(chains: Sequence[Chain]) -> Plan:
    """The plan that these chains were drawn by."""
    return Plan(tuple(PlannedChain(chain.slot, chain.kind, chain.parents, chain.seed) for chain in chains))


def slots(*names: str) -> tuple[Slot, ...]:
    """Slots by their written form."""
    return tuple(Slot.parse(name) for name in names)


def random_story(rng: random.Random, n: int = 5, t: int = 4, k: int = 3) -> list[Chain]:
    """A random population in which everything occurs that a cell can say."""
    cells = ("1+", "2x", "3x", "4?", "-x", "_x", "!")
    rows = [" ".join(rng.choice(cells) for _ in range(n))]
    for _ in range(t - 1):
        drawn = [",".join(str(i) for i in rng.sample(range(1, n + 1), k)) for _ in range(n)]
        rows.append(" ".join(f"{rng.choice((*cells, '.'))}({parents})" for parents in drawn))
    return chains_from("\n".join(rows))
