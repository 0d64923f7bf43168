"""Files of a run whose children another model wrote: each names both models, and neither server."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest
from pyarrow import parquet

from rsa_viz.analysis.arms import arms
from rsa_viz.core.problem import Problem
from rsa_viz.core.run import ModelChoice, Run, RunConfig, RunStatus
from rsa_viz.exports.training import Recipe
from rsa_viz.service import FORMATS, Service, read_trial, write_comparison, write_tables, write_training
from rsa_viz.store import Store
from tests.servers.openai_server import OpenAIServer, Reply

SUM = Problem("math", "What is 2 + 2?", "4")
NOTICE = "simulation"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Run, tuple[str, str]]]:
    """A run of two servers, of which the second one fails a call with words that name it; the servers' addresses."""
    replies = iter([Reply(status=400, error="no"), *(Reply("\\boxed{4}") for _ in range(99))])
    with (
        Store(tmp_path_factory.mktemp("two") / "runs.db") as store,
        OpenAIServer(script=lambda _: "\\boxed{5}") as one,
        OpenAIServer(script=lambda _: next(replies)) as two,
    ):
        service = Service(store)
        config = RunConfig(ModelChoice("openai/small", one.address), n=3, k=2, t=3, concurrency=1, retries=0)
        plain, both = (
            service.create(SUM, config),
            service.create(
                SUM,
                RunConfig(
                    config.model, n=3, k=2, t=3, concurrency=1, retries=0,
                    aggregator=ModelChoice("openai/large", two.address),
                ),
            ),
        )  # fmt: skip
        for run in (plain, both):
            service.start(run.id)
            assert service.wait(run.id, timeout=60).status is RunStatus.DONE
        assert two.address in (next(chain.error for chain in store.chains(both.id) if chain.error) or "")
        yield service, store.run(both.id), (one.address, two.address)
        service.close()


@pytest.mark.parametrize("format", [one for one in FORMATS if one != "parquet"])
def test_a_file_names_both_models_and_neither_server(
    recorded: tuple[Service, Run, tuple[str, str]], format: str
) -> None:
    service, run, servers = recorded
    out = io.BytesIO()
    service.export(run.id, format, out)
    text = out.getvalue().decode("utf-8")
    for address in servers:
        assert address.removeprefix("http://").partition("/")[0] not in text
    for model in ("openai/small", "openai/large"):
        assert model in text


def test_the_tables_have_a_column_for_it(recorded: tuple[Service, Run, tuple[str, str]], tmp_path: Path) -> None:
    service, run, servers = recorded
    plain = next(one for one in service.store.runs() if one.id != run.id)
    write_tables(service.store, [plain, run], tmp_path)
    rows = parquet.read_table(tmp_path / "runs.parquet").to_pylist()
    assert [(row["model"], row["aggregator"], row["simulated"]) for row in rows] == [
        ("openai/small", None, False), ("openai/small", "openai/large", False),
    ]  # fmt: skip
    errors = [row["error"] for row in parquet.read_table(tmp_path / "chains.parquet").to_pylist() if row["error"]]
    assert errors
    assert not any(address in error for error in errors for address in servers)


def test_a_graph_says_who_aggregates_and_no_more_of_it(recorded: tuple[Service, Run, tuple[str, str]]) -> None:
    service, run, _ = recorded
    out = io.BytesIO()
    service.export(run.id, "graphml", out)
    graph = nx.read_graphml(io.BytesIO(out.getvalue())).graph
    assert (graph["model"], graph["aggregator"]) == ("openai/small", "openai/large")


def test_training_prompts_name_who_wrote_their_candidates(recorded: tuple[Service, Run, tuple[str, str]]) -> None:
    service, run, _ = recorded
    for t, model in ((1, "openai/small"), (3, "openai/large")):
        out = io.BytesIO()
        write_training(service.store, [run], Recipe(k=2, t=t, prompts=1, standard=0.5), out)
        told = [row["extra_info"]["model"] for row in parquet.read_table(out).to_pylist()]
        assert told == [model, "openai/small"]  # the standard prompt is what the model of the samples was asked


def test_the_report_of_a_comparison_tells_the_arms_apart(recorded: tuple[Service, Run, tuple[str, str]]) -> None:
    service, run, servers = recorded
    runs = service.store.runs()
    found = arms(read_trial(service.store, one) for one in runs)
    out = io.BytesIO()
    write_comparison(runs, found, found[0], out, title="Two arms")
    text = out.getvalue().decode("utf-8")
    assert "RSA, N=3, K=2, openai/large aggregates" in text
    assert not any(address in text for address in servers)
    assert run.id in text
