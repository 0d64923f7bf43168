"""A run as GraphML and GEXF, for Gephi, networkx, yEd or Cytoscape.

Whatever a model wrote must come back readable: characters that XML 1.0 forbids (most control characters, lone
surrogates, U+FFFE and U+FFFF) are left out, line ends become single line feeds as every XML reader would make them,
attributes without a value and empty texts are left out, lists are JSON. Pictures are no business of this file, except
that GEXF carries each chain's place: generation to the right, index downwards.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import asdict
from typing import BinaryIO, TypeAlias

import networkx as nx

from ..core.addresses import without_addresses
from ..core.chain import Chain
from ..core.run import Run
from .genealogy import genealogy_graph

Value: TypeAlias = str | int | float | bool

_FORBIDDEN = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_END = re.compile("\r\n?")
SPACING = 100.0  # between two generations or two slots, in Gephi's units


def write_graphml(run: Run, chains: Iterable[Chain], out: BinaryIO) -> None:
    """Write the run as GraphML: its configuration on the graph, chains as nodes, parent links as edges.

    Node ids are slots (``3.12``); edges run from parent to child and carry ``position`` (1..K in the prompt as planned)
    and ``available`` (whether the parent's text stood there). Texts are whole if the chains carry them. A run without
    chains is a graph without nodes. ``out`` takes bytes and is left open.
    """
    graph = _graph(chains, run.config.addresses)
    graph.graph.update(_values(_run_values(run)))
    # The writer of the standard library, also where lxml is installed: one file whatever else is there.
    nx.write_graphml_xml(graph, out)


def write_gexf(run: Run, chains: Iterable[Chain], out: BinaryIO) -> None:
    """Write the run as GEXF 1.2: as ``write_graphml``, with a place for every chain.

    GEXF has no attributes of the graph, so the run's question is its name and the rest of the run is left to the
    other formats.
    """
    graph = _graph(chains, run.config.addresses)
    graph.graph["name"] = clean(run.problem.label)
    for slot, values in graph.nodes(data=True):
        t, i = values["t"], values["i"]
        values["label"] = slot
        values["viz"] = {"position": {"x": t * SPACING, "y": -i * SPACING, "z": 0.0}}
    nx.write_gexf(graph, out, version="1.2draft")


def clean(text: str) -> str:
    """The text as XML can carry it and give it back unchanged; the same text if nothing stands against it."""
    return _FORBIDDEN.sub("", _LINE_END.sub("\n", text))


def _graph(chains: Iterable[Chain], addresses: Collection[str]) -> nx.DiGraph[str]:
    ordered = sorted(chains, key=lambda chain: chain.slot)
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from((str(chain.slot), _values(_chain_values(chain, addresses))) for chain in ordered)
    links = genealogy_graph(ordered).edges(data=True)
    graph.add_edges_from((str(parent), str(child), values) for parent, child, values in links)
    return graph


def _chain_values(chain: Chain, addresses: Collection[str]) -> dict[str, object]:
    """The chain's fields under their own names, but for those that the formats give a meaning of their own, and without
    the servers' addresses."""
    values = asdict(chain)
    values["chain_id"] = values.pop("id")
    values["t"], values["i"] = values.pop("slot")
    # Parents and positions are the edges.
    del values["parents"], values["available"]
    for name in ("error", "endpoint"):
        values[name] = without_addresses(addresses, values[name])
    return values


def _run_values(run: Run) -> dict[str, object]:
    return {
        "run": run.id,
        "question": run.problem.question,
        "task": run.problem.task,
        "gold": run.problem.gold,
        "metadata": run.problem.metadata or None,
        **{name: value for name, value in asdict(run.config).items() if name not in ("model", "aggregator")},
        "model": run.config.model.model,
        "aggregator": None if run.config.aggregator is None else run.config.aggregator.model,
        "simulated": run.config.simulated,
        "status": run.status.value,
        "created_at": run.created_at,
        "code_version": run.code_version,
        "note": run.note,
    }


def _values(found: dict[str, object]) -> dict[str, Value]:
    """Only plain types, exactly: the writers look types up by identity, so an enum's member would be refused."""
    values: dict[str, Value] = {}
    for name, value in found.items():
        if value is None or value == "":
            continue
        if isinstance(value, bool | int | float):
            values[name] = value
        elif isinstance(value, str):
            if text := clean(str(value)):
                values[name] = text
        else:
            values[name] = clean(json.dumps(value, ensure_ascii=False, default=str))
    return values
