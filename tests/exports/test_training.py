"""Training data: which groups are drawn, and that the file reads back as verl reads it."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from rsa_viz.core.chain import Chain, ChainOrigin, ChainStatus, PromptKind, Slot, Verdict
from rsa_viz.core.errors import InvalidInput
from rsa_viz.exports.training import Recipe, draw_groups, standard_counts, usable
from rsa_viz.service import Written, write_training
from rsa_viz.store import Store
from rsa_viz.tasks import find_task
from tests.exports.recorded_runs import OPEN, SUM, recorded, sevens

RIGHT, WRONG, UNKNOWN = Verdict.RIGHT, Verdict.WRONG, Verdict.UNKNOWN


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "runs.db") as opened:
        yield opened


def pool(*verdicts: Verdict) -> list[Chain]:
    """Done chains 1.1, 1.2, … with these verdicts."""
    return [
        Chain(i, Slot(1, i), PromptKind.SAMPLE, status=ChainStatus.DONE, text="words", characters=5, verdict=verdict)
        for i, verdict in enumerate(verdicts, start=1)
    ]


def slots(groups: Any) -> list[tuple[int, ...]]:
    return [tuple(chain.slot.i for chain in group) for _, group in groups]


def test_groups_are_distinct_and_all_there_are_when_more_are_wanted() -> None:
    drawn = slots(draw_groups({"a": pool(RIGHT, WRONG, RIGHT, WRONG)}, Recipe(k=2, prompts=100), "p"))
    assert sorted(tuple(sorted(group)) for group in drawn) == [(1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4)]


def test_dropped_groups_are_replaced_by_others() -> None:
    chains = pool(RIGHT, RIGHT, WRONG, WRONG)
    recipe = Recipe(k=2, prompts=4, drop_all_right=True, drop_all_wrong=True)
    drawn = slots(draw_groups({"a": chains}, recipe, "p"))
    assert sorted(tuple(sorted(group)) for group in drawn) == [(1, 3), (1, 4), (2, 3), (2, 4)]
    kept = slots(draw_groups({"a": chains}, replace(recipe, drop_all_wrong=False, prompts=9), "p"))
    assert {tuple(sorted(group)) for group in kept} == {(1, 3), (1, 4), (2, 3), (2, 4), (3, 4)}


def test_unknown_is_neither_right_nor_wrong() -> None:
    recipe = Recipe(k=2, prompts=9, drop_all_right=True, drop_all_wrong=True)
    assert len(draw_groups({"a": pool(UNKNOWN, UNKNOWN, UNKNOWN)}, recipe, "p")) == 3
    assert len(draw_groups({"a": pool(RIGHT, RIGHT, UNKNOWN)}, recipe, "p")) == 2
    assert draw_groups({"a": pool(WRONG, WRONG, WRONG)}, recipe, "p") == ()


def test_every_ordered_group_is_as_likely() -> None:
    chains = pool(RIGHT, RIGHT, WRONG, WRONG)
    first = Counter(
        slots(draw_groups({"a": chains}, Recipe(k=2, prompts=1, seed=seed), "p"))[0] for seed in range(3_600)
    )
    assert len(first) == 12
    assert all(230 <= count <= 370 for count in first.values())  # 300 expected, deviation 17


def test_a_runs_groups_do_not_depend_on_the_other_runs() -> None:
    chains, recipe = pool(*[RIGHT] * 6), Recipe(k=2, prompts=6)
    alone = [group for _, group in draw_groups({"a": chains}, recipe, "p")]
    shared = draw_groups({"b": chains, "a": chains}, recipe, "p")
    assert [run for run, _ in shared] == ["b", "a"] * 3
    assert [group for run, group in shared if run == "a"] == alone[:3]
    assert draw_groups({"a": chains}, replace(recipe, seed=1), "p") != draw_groups({"a": chains}, recipe, "p")


def test_standard_prompts_make_up_their_share_and_are_dealt_in_turn() -> None:
    assert standard_counts([4, 4, 0, 4], 0.5) == (4, 4, 0, 4)
    assert standard_counts([4, 4, 4], 0.2) == (1, 1, 1)
    assert standard_counts([4, 4, 2], 0.25) == (1, 1, 1)  # round(10 / 3)
    assert standard_counts([4, 4], 0.3) == (2, 1)  # round(24 / 7)
    assert standard_counts([4, 4], 0.0) == (0, 0)
    assert standard_counts([], 0.5) == ()


def test_blank_failed_planted_and_copied_chains_are_no_candidates() -> None:
    done, blank, failed, planted, copied = pool(*[RIGHT] * 5)
    given = [
        done,
        replace(blank, text=" \n"),
        replace(failed, status=ChainStatus.FAILED, text=None),
        replace(planted, origin=ChainOrigin.PLANTED),
        replace(copied, origin=ChainOrigin.COPIED, copied_from=Slot(1, 5)),
    ]
    assert [chain.slot for chain in usable(given)] == [Slot(1, 1)]


def written(store: Store, runs: Any, recipe: Recipe) -> tuple[Written, pa.Table]:
    out = io.BytesIO()
    return write_training(store, runs, recipe, out), parquet.read_table(out)


def test_prompts_are_what_the_runs_prompt_set_composes_from_the_recorded_texts(store: Store) -> None:
    run = recorded(store, SUM, sevens, n=6, k=2, t=2)
    what, table = written(store, [run], Recipe(k=3, t=2, prompts=3, standard=0.25))
    rows = table.to_pylist()
    assert (what.aggregation, what.standard, what.problems, what.left_out, what.short) == (3, 1, 1, (), ())
    parts = find_task("text").parts(SUM)
    for index, row in enumerate(rows[:3]):
        extra = row["extra_info"]
        chains = [store.chain(run.id, Slot.parse(slot)) for slot in extra["slots"]]
        composed = run.prompts.compose(PromptKind.AGGREGATE, parts, SUM, [chain.text or "" for chain in chains])
        assert row["prompt"] == [dict(message) for message in composed]
        assert extra["verdicts"] == [chain.verdict.value for chain in chains]
        assert extra["right"] == sum(chain.verdict is RIGHT for chain in chains)
        assert {chain.slot.t for chain in chains} == {2} == {extra["generation"]}
        assert (extra["run_id"], extra["index"], extra["kind"], extra["split"]) == (run.id, index, "aggregate", "train")
        assert (row["data_source"], row["ability"]) == ("rsa_viz/text", "text")
        assert row["reward_model"] == {"style": "rule", "ground_truth": "42"}
    alone = rows[3]
    assert alone["prompt"] == [dict(one) for one in run.prompts.compose(PromptKind.SAMPLE, parts, SUM)]
    assert (alone["extra_info"]["kind"], alone["extra_info"]["slots"], alone["extra_info"]["right"]) == (
        "standard",
        [],
        None,
    )


def test_the_schema_is_verls(store: Store) -> None:
    _, table = written(store, [recorded(store, SUM, sevens, n=4, k=2, t=1)], Recipe(k=2))
    message = pa.struct([("role", pa.string()), ("content", pa.string())])
    assert table.schema.names == ["data_source", "prompt", "ability", "reward_model", "extra_info"]
    assert table.schema.field("prompt").type == pa.list_(message)
    assert table.schema.field("reward_model").type == pa.struct([("style", pa.string()), ("ground_truth", pa.string())])
    extra = table.schema.field("extra_info").type
    assert {extra.field(place).name for place in range(extra.num_fields)} >= {"split", "index", "run_id", "slots"}


def test_runs_without_gold_or_without_candidates_are_named_and_left_out(store: Store) -> None:
    good = recorded(store, SUM, sevens, n=4, k=2, t=2)
    no_gold = recorded(store, OPEN, sevens, n=4, k=2, t=2)
    short = recorded(store, SUM, sevens, n=4, k=2, t=2, until=1)
    single = recorded(store, SUM, sevens, n=4, k=2, t=1)
    what, table = written(store, [no_gold, good, short, single], Recipe(k=2, t=2, standard=0))
    assert dict(what.left_out) == {
        no_gold.id: "its problem has no gold answer",
        short.id: "generation 2 has 0 chains of its own with a text, fewer than K = 2",
        single.id: "it has no generation 2",
    }
    assert {row["extra_info"]["run_id"] for row in table.to_pylist()} == {good.id}


def test_runs_of_one_problem_share_its_number_of_prompts(store: Store) -> None:
    runs = [recorded(store, SUM, sevens, n=4, k=2, t=1, seed=seed) for seed in (1, 2)]
    what, table = written(store, runs, Recipe(k=2, prompts=4))
    assert (what.aggregation, what.standard, what.problems) == (4, 4, 1)
    by_run = Counter(row["extra_info"]["run_id"] for row in table.to_pylist() if row["extra_info"]["slots"])
    assert by_run == {run.id: 2 for run in runs}


def test_fewer_groups_than_wanted_are_told(store: Store) -> None:
    what, _ = written(store, [recorded(store, SUM, sevens, n=4, k=2, t=1)], Recipe(k=3, prompts=4))
    assert what.short == (("Six sevens", 1),)  # chain 1.3 failed, so there is one group of three


def test_nothing_is_written_where_no_prompt_can_be_made(store: Store) -> None:
    out = io.BytesIO()
    with pytest.raises(InvalidInput, match="its problem has no gold answer"):
        write_training(store, [recorded(store, OPEN, sevens, n=4, k=2, t=1)], Recipe(k=2), out)
    same = recorded(store, SUM, lambda _: "\\boxed{42}", n=4, k=2, t=1)
    with pytest.raises(InvalidInput, match="all right or all wrong"):
        write_training(store, [same], Recipe(k=2, drop_all_right=True), out)
    assert out.getvalue() == b""


@pytest.mark.parametrize(
    "wrong",
    [{"k": 0}, {"t": 0}, {"prompts": 0}, {"standard": 1.0}, {"standard": float("nan")}, {"seed": -1}, {"split": " "}],
)
def test_a_recipe_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        Recipe(**wrong)


def test_the_library_datasets_reads_it(store: Store, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    run, path = recorded(store, SUM, sevens, n=6, k=2, t=1), tmp_path / "train.parquet"
    with path.open("wb") as out:
        write_training(store, [run], Recipe(k=3), out)
    loaded = datasets.load_dataset("parquet", data_files=str(path), split="train", cache_dir=str(tmp_path / "cache"))
    assert loaded.to_list() == parquet.read_table(path).to_pylist()
    assert list(loaded.features) == ["data_source", "prompt", "ability", "reward_model", "extra_info"]
    assert loaded.features["reward_model"] == {
        "style": datasets.Value("string"),
        "ground_truth": datasets.Value("string"),
    }
