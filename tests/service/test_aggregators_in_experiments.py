"""An experiment whose arms have aggregators: what multiplies, what is one run, what it costs, and what Compare says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rsa_viz.analysis.arms import arms
from rsa_viz.core.errors import InvalidEndpoint, InvalidInput
from rsa_viz.core.price import Price
from rsa_viz.core.run import ModelChoice, RunStatus
from rsa_viz.core.spec import read_spec, spec_content
from rsa_viz.llm.endpoints import BUILT_IN, Endpoint
from rsa_viz.service import Service, read_trial
from rsa_viz.service.layout import Layout
from rsa_viz.store import Store

PRICED = Endpoint("priced", "synthetic/fast", "Priced", price=Price(1e6, 2e6, "EUR"), concurrency=3)
SPEC: dict[str, Any] = {
    "name": "pairs",
    "problems": [{"programs": 2, "lines": 3}],
    "defaults": {"model": "synthetic/fast", "n": 3, "k": 2, "t": 2},
    "arms": [{"name": "RSA", "aggregator": ["none", "synthetic/sloppy", "synthetic/fast"]}],
}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(Store(tmp_path / "runs.db"), (*BUILT_IN, PRICED))
    yield service
    service.close()


def laid(service: Service, **changes: Any) -> Layout:
    return service.experiments.lay_out(read_spec({**SPEC, **changes}), where="x.toml")


def test_a_list_of_aggregators_multiplies_and_the_model_itself_is_none(service: Service) -> None:
    layout = laid(service)
    assert layout.served_by == (0, 1, 0)
    assert layout.names == ("RSA · aggregator none", "RSA · aggregator synthetic/sloppy")
    assert read_spec(spec_content(layout.spec)) == layout.spec
    pairs = {"name": "RSA", "model": ["synthetic/fast", "synthetic/sloppy"]}
    both = laid(service, arms=[{**pairs, "aggregator": ["synthetic/fast", "synthetic/sloppy"]}])
    assert len(both.servers) == 4
    assert [[one.name for one in point.config.models] for point in both.servers] == [
        ["synthetic/fast"], ["synthetic/fast", "synthetic/sloppy"],
        ["synthetic/sloppy", "synthetic/fast"], ["synthetic/sloppy"],
    ]  # fmt: skip
    table = {"model": "openai/b", "api_base": "http://127.0.0.1:9/v1"}
    (point,) = laid(service, arms=[{"aggregator": table}]).servers
    assert point.config.aggregator == ModelChoice("openai/b", "http://127.0.0.1:9/v1")
    assert laid(service, arms=[{"aggregator": "priced"}]).servers[0].config.concurrency == 3  # the smaller of both
    votes = laid(service, arms=[{"strategy": "majority-vote", "aggregator": ["none", "synthetic/sloppy"]}])
    assert len(votes.servers) == 1


@pytest.mark.parametrize(
    ("aggregator", "says"),
    [
        (7, r"x.toml, \[\[arms\]\] 1 \(RSA\): aggregator must be an endpoint's name or LiteLLM's, not 7"),
        ({"api_base": "http://a"}, r"aggregator must be a name, or a table of api_base, api_key_env, model"),
        (["none", "none"], r"aggregator must be a value or a list of different ones"),
    ],
)
def test_what_is_no_aggregator_is_refused_with_its_place(service: Service, aggregator: object, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        laid(service, arms=[{"name": "RSA", "aggregator": aggregator}])
    with pytest.raises(InvalidEndpoint, match="names no provider"):
        laid(service, arms=[{"aggregator": "nobody"}])


def test_compare_holds_such_arms_apart_and_progress_pays_each_model_its_price(service: Service) -> None:
    layout = laid(service, arms=[{"name": "RSA", "aggregator": ["none", "priced"]}], defaults={
        "model": "synthetic/sloppy", "n": 3, "k": 2, "t": 2,
    })  # fmt: skip
    foreseen = service.experiments.foresee(layout)
    assert [one.bill.unpriced for one in foreseen] == [True, False]
    assert list(foreseen[1].bill.by_currency) == ["EUR"]
    found = service.experiments.plan(layout)
    service.experiments.start(found.experiment.id)
    assert service.experiments.wait(found.experiment.id, timeout=60)
    runs = [service.store.run(run_id) for run_id in found.experiment.run_ids]
    assert {run.status for run in runs} == {RunStatus.DONE}
    labels = [arm.label for arm in arms(read_trial(service.store, run) for run in runs)]
    assert labels == ["RSA, N=3, K=2", "RSA, N=3, K=2, synthetic/fast aggregates"]
    seen = service.experiments.progress(found.experiment.id)
    children = [
        chain for run in runs if run.config.aggregator for chain in service.store.chains(run.id) if chain.slot.t == 2
    ]
    paid = sum((chain.tokens_in or 0) + 2 * (chain.tokens_out or 0) for chain in children)
    assert seen.cost == {"EUR": pytest.approx(paid)}
    assert {member.served_by for member in seen.members} == {"synthetic/sloppy", "synthetic/sloppy + priced"}
    places = service.experiments.places(found.experiment)
    assert {place.point for place in places} == {"RSA · aggregator none", "RSA · aggregator priced"}
    assert service.experiments.plan(layout).reused == 4
