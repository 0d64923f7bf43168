"""GraphML and GEXF that networkx reads back, whatever the model wrote."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from typing import BinaryIO
from xml.etree import ElementTree

import networkx as nx
import pytest

from rsa_viz.analysis.graph_files import clean, write_gexf, write_graphml
from rsa_viz.core.chain import Chain
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.run import ModelChoice, Run, RunConfig, RunStatus
from tests.analysis.drawn import chains_from, changed

HOSTILE = (
    "a\x00b\x07c\x1b[0m\x7f ]]> & <b>&amp;</b> \"' \ud800\udfff x\udc00 \ufffe\uffff 😀 مرحبا\u202e\u2028 "
    "tab\tend\r\nline\rlast "
)
READABLE = "abc[0m\x7f ]]> & <b>&amp;</b> \"'  x  😀 مرحبا\u202e\u2028 tab\tend\nline\nlast "

Write = Callable[[Run, Iterable[Chain], BinaryIO], None]
FORMATS = pytest.mark.parametrize(
    ("write", "read"), [(write_graphml, nx.read_graphml), (write_gexf, nx.read_gexf)], ids=["graphml", "gexf"]
)


def run(question: str = "What is 2 * 13?", **fields: object) -> Run:
    problem = Problem("text", question, gold="26", metadata={"tags": ["x", HOSTILE.replace("\ud800\udfff", "")]})
    config = RunConfig(ModelChoice("synthetic/reasoner"), n=2, k=2, t=2)
    return Run("0123456789ab", problem, config, PLAIN, RunStatus.DONE, created_at=1.5, **fields)  # type: ignore[arg-type]


def written(write: Write, run: Run, chains: Iterable[Chain]) -> io.BytesIO:
    out = io.BytesIO()
    write(run, chains, out)
    return io.BytesIO(out.getvalue())


@FORMATS
def test_chains_and_links_come_back_as_they_were(write: Write, read: Callable) -> None:
    chains = chains_from("26+ ! .\n26+(2,1) .(1,3)", tokens_out=7, latency_s=1.25, score=1.0)
    graph = read(written(write, run(), chains))
    assert graph.is_directed()
    assert set(graph) == {"1.1", "1.2", "1.3", "2.1", "2.2"}
    node = graph.nodes["2.1"]
    expected = {
        "chain_id": 4, "t": 2, "i": 1, "kind": "aggregate", "status": "done", "verdict": "right",
        "verdict_source": "reference", "answer": "26", "answer_key": "26", "text": "it is 26", "characters": 8,
        "tokens_out": 7, "latency_s": 1.25, "score": 1.0, "fresh": False, "attempts": 1, "finish_reason": "stop",
    }  # fmt: skip
    assert {name: node[name] for name in expected} == expected
    assert graph.nodes["1.2"]["error"] == "500: drawn so"
    assert "text" not in graph.nodes["1.3"]
    assert "tokens_in" not in node
    edges = {
        edge: (data["position"], data["available"]) for *edge, data in graph.edges(data=True) for edge in [tuple(edge)]
    }
    assert edges == {
        ("1.2", "2.1"): (1, False),
        ("1.1", "2.1"): (2, True),
        ("1.1", "2.2"): (1, True),
        ("1.3", "2.2"): (2, True),
    }


@FORMATS
def test_hostile_text_comes_back_without_what_xml_forbids(write: Write, read: Callable) -> None:
    chains = changed(chains_from("26+ 25x\n26+(1,2)"), "1.1", text=HOSTILE, answer=HOSTILE, error="\x00\x01")
    graph = read(written(write, run(HOSTILE, note=HOSTILE), chains))
    assert graph.nodes["1.1"]["text"] == READABLE
    assert graph.nodes["1.1"]["answer"] == READABLE
    assert "error" not in graph.nodes["1.1"]


def test_graphml_carries_the_run_and_gexf_its_question_and_places() -> None:
    chains = chains_from("26+ 25x\n26+(1,2)")
    graph = nx.read_graphml(written(write_graphml, run(HOSTILE, note="my note"), chains)).graph
    assert (graph["run"], graph["question"], graph["gold"], graph["note"]) == (
        "0123456789ab",
        READABLE,
        "26",
        "my note",
    )
    assert (graph["n"], graph["k"], graph["strategy"], graph["simulated"]) == (2, 2, "rsa", True)
    assert json.loads(graph["metadata"])["tags"][0] == "x"
    assert "error" not in graph
    places = nx.read_gexf(written(write_gexf, run(), chains))
    assert places.graph["name"] == "What is 2 * 13?"
    assert places.nodes["1.2"]["viz"]["position"] == {"x": 100.0, "y": -200.0, "z": 0.0}
    assert places.nodes["1.2"]["label"] == "1.2"


@FORMATS
@pytest.mark.parametrize("drawing", ["", "26+", "! !", ". .\n.(1,2)"])
def test_empty_single_failed_and_planned_runs_come_back(write: Write, read: Callable, drawing: str) -> None:
    chains = chains_from(drawing)
    graph = read(written(write, run(), chains))
    assert set(graph) == {str(chain.slot) for chain in chains}


@FORMATS
def test_every_attribute_has_one_type_in_the_whole_file(write: Write, read: Callable) -> None:
    chains = chains_from("26+ 25x 7? -x _x ! .\n26+(1,2)", score=0.5, temperature=1.0, first_token_s=0.25)
    root = ElementTree.parse(written(write, run(), chains)).getroot()
    declared = [
        (element.get("for") or group.get("class"), element.get("attr.name") or element.get("title"))
        for group in root.iter()
        for element in group
        if element.tag.endswith(("}key", "}attribute"))
    ]
    assert len(declared) > 10
    assert len(declared) == len(set(declared))


@FORMATS
def test_any_single_character_can_be_written_and_read(write: Write, read: Callable) -> None:
    points = [*range(0x100), *range(0x2000, 0x2070), *range(0xD7F0, 0xE010, 7), *range(0xFFF0, 0x10010), 0x10FFFF]
    text = "".join(f"<{chr(point)}>" for point in points)
    graph = read(written(write, run(), changed(chains_from("26+"), "1.1", text=text)))
    assert graph.nodes["1.1"]["text"] == clean(text)


def test_clean_leaves_good_text_alone() -> None:
    good = "plain\n\ttext 😀 مرحبا ]]> & <b>"
    assert clean(good) == good
    assert clean(HOSTILE) == READABLE
    assert clean("\x00\x0b\ud912") == ""
