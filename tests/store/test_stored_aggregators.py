"""A run with a second model that aggregates, in the database and as a bundle; one without is written as before."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stored_runs import CONFIG, SHA, UNKNOWN, done, finish_small_run, small_run

from rsa_viz.core.chain import Outcome, PromptKind, Slot
from rsa_viz.core.errors import InvalidBundle, InvalidInput, SchemaFromFuture
from rsa_viz.core.experiment import Counted
from rsa_viz.core.run import Candidates, ModelChoice, RunStatus
from rsa_viz.lessons.runs import RECORDINGS
from rsa_viz.store import ImportedRun, Store, export_bundle, export_csv, import_bundle, owner_name
from rsa_viz.store.experiment_store import ExperimentStore
from rsa_viz.store.json_columns import config_from_json, config_to_json, models_from_json

pytestmark = pytest.mark.usefixtures("unflushed")

ON_BOTH_DATABASES = True

OTHER = ModelChoice("openai/large", endpoint="large")
TWO = replace(CONFIG, aggregator=OTHER)


def exported(store: Store, run_id: str, *, addresses: bool = False) -> str:
    out = io.StringIO()
    export_bundle(store, run_id, out, addresses=addresses)
    return out.getvalue()


def test_a_configuration_without_an_aggregator_may_lack_it(store: Store) -> None:
    run = small_run(store, TWO)
    assert store.run(run.id).config == TWO
    assert store.run(run.id).config.models == (CONFIG.model, OTHER)
    old = {name: value for name, value in json.loads(config_to_json(CONFIG)).items() if name != "aggregator"}
    assert config_from_json(json.dumps(old)) == CONFIG
    assert models_from_json(json.dumps(old)) == (CONFIG.model,)
    assert models_from_json(config_to_json(TWO)) == TWO.models
    with pytest.raises(InvalidInput, match="the model choice must be an object"):
        config_from_json(json.dumps({**old, "aggregator": "openai/large"}))


def test_runs_are_found_by_their_aggregator_and_others_still_are(store: Store) -> None:
    two, one = small_run(store, TWO), small_run(store)
    assert [run.id for run in store.runs(search="large")] == [two.id]
    assert {run.id for run in store.runs(search="small")} == {one.id, two.id}
    assert store.count_runs("large") == 1


def test_tokens_are_counted_for_each_model_and_a_child_without_parents_counts_as_a_sample(store: Store) -> None:
    run = small_run(store, TWO)
    for number in (1, 2, 3):
        store.record(run.id, done(1, number), None, UNKNOWN, "lab")
    store.record(run.id, done(2, 1, available=(Slot(1, 2), Slot(1, 1))), None, UNKNOWN, "large")
    orphan = replace(done(2, 2), fresh=True)
    store.record(run.id, orphan, None, UNKNOWN, "lab")
    found = ExperimentStore(store.database).tokens([run.id])
    assert found == {run.id: (Counted(80, 120, 0), Counted(20, 30, 0))}
    assert store.typical_tokens_out("openai/small", "text") == (30, 4)
    assert store.typical_tokens_out("openai/large", "text") == (30, 1)
    asked = [chain.asked for chain in store.chains(run.id, t=2)]
    assert asked == [PromptKind.AGGREGATE, PromptKind.SAMPLE, PromptKind.REFINE]  # as it went, as it is planned


def test_a_bundle_with_an_aggregator_is_version_4_and_comes_back_the_same(store: Store, tmp_path: Path) -> None:
    run = small_run(store, TWO)
    finish_small_run(store, run.id)
    bundle = exported(store, run.id)
    lines = [json.loads(line) for line in bundle.splitlines()]
    assert lines[0]["version"] == 4
    assert lines[2]["config"]["aggregator"] == {"model": "openai/large", "endpoint": "large"}
    with Store(tmp_path / "other.db") as other:
        assert import_bundle(other, io.StringIO(bundle)) == ImportedRun(run.id, created=True)
        assert import_bundle(other, io.StringIO(bundle)) == ImportedRun(run.id, created=False)
        assert other.run(run.id).config == TWO
        assert exported(other, run.id) == bundle
    changed = bundle.replace("openai/large", "openai/other")
    with pytest.raises(InvalidBundle, match=r"line 3 .*another content"):
        import_bundle(store, io.StringIO(changed))


def test_neither_models_address_nor_its_keys_name_leaves_in_a_file(store: Store, tmp_path: Path) -> None:
    near = ModelChoice("openai/small", "http://gpu.internal:80/v1", "NEAR_KEY", "near")
    far = ModelChoice("openai/large", "http://gpu.internal:8000/v1", "FAR_KEY", "far")
    run = small_run(store, replace(CONFIG, model=near, aggregator=far))
    error = "no answer from http://gpu.internal:8000/v1, and none from gpu.internal:80"
    for slot in (Slot(1, 1), Slot(2, 3)):
        outcome = Outcome(slot, None, error, 6, SHA, (), False, 1.0, 2.0)
        store.record(run.id, outcome, None, UNKNOWN, far.api_base or "")
    store.claim(run.id, owner_name())
    store.release(run.id, owner_name(), RunStatus.FAILED, error)
    bundle, table = exported(store, run.id), io.StringIO()
    export_csv(store, run.id, table)
    for private in ("gpu.internal", "8000", "NEAR_KEY", "FAR_KEY"):
        assert private not in bundle
        assert private not in table.getvalue()
    whole = exported(store, run.id, addresses=True)
    assert "gpu.internal:8000" in whole
    assert "_KEY" not in whole
    assert import_bundle(store, io.StringIO(whole)).created is False
    with Store(tmp_path / "other.db") as other:
        import_bundle(other, io.StringIO(bundle))
        assert other.run(run.id).config.models == (
            ModelChoice("openai/small", endpoint="near"),
            ModelChoice("openai/large", endpoint="far"),
        )
        other.delete_run(run.id)
        import_bundle(other, io.StringIO(whole))
        assert other.run(run.id).config.models == (
            ModelChoice("openai/small", near.api_base),  # no key goes there by name
            ModelChoice("openai/large", far.api_base),
        )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda config: config["aggregator"].update(api_key_env="HOME"), "must not name a key's environment variable"),
        (lambda config: config.update(aggregator="openai/large"), "the model choice must be an object"),
        (lambda config: config["aggregator"].pop("model"), "the model choice names no model"),
        (lambda config: config["aggregator"].update(model=" "), "the aggregator's name is empty"),
        (lambda config: config["aggregator"].update(colour="red"), "does not know: colour"),
    ],
)
def test_a_bundle_whose_aggregator_cannot_be_is_refused(
    store: Store, change: Callable[[dict[str, Any]], Any], says: str
) -> None:
    lines = exported(store, small_run(store, TWO).id).splitlines()
    run = json.loads(lines[2])
    change(run["config"])
    lines[2] = json.dumps(run)
    with pytest.raises(InvalidBundle, match=f"line 3 .*{says}"):
        import_bundle(store, io.StringIO("\n".join(lines)))


def test_a_run_without_one_is_written_as_before_in_every_version(store: Store) -> None:
    for config, version in ((CONFIG, 1), (replace(CONFIG, candidates=Candidates.TAIL), 3)):
        lines = [json.loads(line) for line in exported(store, small_run(store, config).id).splitlines()]
        assert lines[0]["version"] == version
        assert "aggregator" not in lines[2]["config"]


@pytest.mark.parametrize("recording", sorted(RECORDINGS.glob("*.jsonl.gz")), ids=lambda path: path.name)
def test_a_bundle_that_an_earlier_version_wrote_is_written_again_byte_for_byte(store: Store, recording: Path) -> None:
    bundle = gzip.decompress(recording.read_bytes()).decode("ascii")
    imported = import_bundle(store, io.StringIO(bundle))
    assert exported(store, imported.run_id) == bundle


def test_a_setting_that_only_a_newer_one_knows_is_refused_beside_an_aggregator(store: Store) -> None:
    run = small_run(store, TWO)
    with store.database.write() as connection:
        connection.exec_driver_sql("UPDATE run SET config_json = replace(config_json, 'retries', 'remorse')")
    with pytest.raises(SchemaFromFuture, match="remorse"):
        store.run(run.id)
