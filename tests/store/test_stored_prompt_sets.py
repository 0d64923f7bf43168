"""Prompt sets in the database: a change is a new version, and what was saved stays."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from stored_runs import CONFIG, PLAN, PROBLEM, small_run

from rsa_viz.core.errors import InvalidInput, SchemaFromFuture, StoreUnavailable
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN
from rsa_viz.store import Store

pytestmark = pytest.mark.usefixtures("unflushed")

MINE = replace(PLAIN, name="mine", version=9, sample="{{question}} \x00 half \ud83d 😀")


def test_a_saved_change_is_a_new_version_and_the_old_one_stays(store: Store) -> None:
    assert store.prompt_sets() == []
    first = store.save_prompt_set(MINE)
    assert first == replace(MINE, version=1)
    second = store.save_prompt_set(replace(first, sample="Really: {{question}}"))
    assert second == replace(MINE, version=2, sample="Really: {{question}}")
    other = store.save_prompt_set(replace(MINE, name="another"))
    assert (other.name, other.version) == ("another", 1)
    assert store.prompt_sets() == [other, second, first]


def test_saving_what_is_the_newest_already_makes_no_version(store: Store) -> None:
    first = store.save_prompt_set(MINE)
    assert store.save_prompt_set(MINE) == first
    second = store.save_prompt_set(replace(MINE, sample="{{question}}"))
    assert store.save_prompt_set(MINE) == replace(MINE, version=3), "the older wording again is a change too"
    assert store.prompt_sets()[1:] == [second, first]


@pytest.mark.parametrize(
    ("prompts", "says"),
    [
        (replace(MINE, sample="{{questoin}}"), "questoin"),
        (replace(MINE, name="plain"), "comes with rsa_viz"),
        (replace(MINE, name=" "), "is no name"),
    ],
)
def test_what_cannot_be_meant_is_not_kept(store: Store, prompts, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        store.save_prompt_set(prompts)
    assert store.prompt_sets() == []


def test_a_run_keeps_the_version_that_it_was_made_with(store: Store, tmp_path: Path) -> None:
    first = store.save_prompt_set(MINE)
    run = store.create_run(PROBLEM, CONFIG, first, PLAN)
    store.save_prompt_set(replace(MINE, sample="{{question}}"))
    assert store.run(run.id).prompts == first
    store.close()
    with Store(tmp_path / "runs.db", read_only=True) as again:
        assert again.run(run.id).prompts == first
        assert [one.version for one in again.prompt_sets()] == [2, 1]
        with pytest.raises(StoreUnavailable):
            again.save_prompt_set(MINE)


def test_a_set_from_the_future_is_refused_by_name(store: Store, tmp_path: Path) -> None:
    store.save_prompt_set(MINE)
    with closing(sqlite3.connect(tmp_path / "runs.db")) as connection, connection:
        connection.execute("UPDATE prompt_set SET prompts_json = json_set(prompts_json, '$.ponder', '?')")
    with pytest.raises(SchemaFromFuture, match=r"mine, version 1: .*ponder"):
        store.prompt_sets()


def test_recorded_problems_are_listed_once_and_the_last_ones_first(store: Store) -> None:
    assert store.problems() == []
    small_run(store)
    small_run(store)
    second = Problem("text", "And 6 times 8?", None, "", {"options": ["48", "46"]})
    run = store.create_run(second, CONFIG, PLAIN, PLAN)
    assert store.problems() == [second, PROBLEM]
    assert store.problems(limit=1) == [second]
    store.delete_run(run.id)
    assert store.problems() == [PROBLEM]
