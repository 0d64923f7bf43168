"""Rulings in the database: made, undone, kept, read over the chains, and carried by the exports."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stored_runs import RIGHT, done, drawn_run, finish_small_run, small_run

from rsa_viz.core.chain import Answer, Judgement, Slot, Verdict, VerdictSource
from rsa_viz.core.errors import InvalidBundle, InvalidInput, NotFound
from rsa_viz.core.ruling import Ruling, RulingCount, RulingKind
from rsa_viz.core.run import Run
from rsa_viz.store import Store, export_bundle, export_csv, import_bundle, owner_name

pytestmark = pytest.mark.usefixtures("unflushed")

ON_BOTH_DATABASES = True

WRONG = Judgement(Verdict.WRONG, VerdictSource.REFERENCE, 0.0, "is not the gold answer")
ODD = 'NUL \x00 half \ud83d line \u2028 \r\n "quoted" 😀'


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "other.db") as opened:
        yield opened


@pytest.fixture
def run(store: Store) -> Run:
    """1.1 and 1.2 say 42 (right), 1.3 says forty-two (wrong), the second generation is planned."""
    run = small_run(store)
    store.record(run.id, done(1, 1), Answer("42", "42", 8, 10), RIGHT, "lab")
    store.record(run.id, done(1, 2), Answer("42", "42", 8, 10), RIGHT, "lab")
    store.record(run.id, done(1, 3), Answer("forty-two", "forty-two", 0, 5), WRONG, "lab")
    return store.run(run.id)


def verdicts(store: Store, run: Run) -> list[str]:
    return [chain.verdict.value for chain in store.chains(run.id, t=1)]


def exported(store: Store, run: Run) -> str:
    out = io.StringIO()
    export_bundle(store, run.id, out)
    return out.getvalue()


def test_a_verdict_is_overruled_read_everywhere_and_taken_back(store: Store, run: Run) -> None:
    judged = store.chains(run.id, text=True)
    made = store.rule_verdict(run.id, Slot(1, 3), Verdict.RIGHT, " it is written in words ")
    assert (made.kind, made.slot, made.verdict) == (RulingKind.VERDICT, Slot(1, 3), Verdict.RIGHT)
    assert (made.why, made.active) == ("it is written in words", True)
    assert store.rulings(run.id) == [made]
    ruled = store.chain(run.id, Slot(1, 3))
    assert (ruled.verdict, ruled.verdict_source, ruled.score) == (Verdict.RIGHT, VerdictSource.PERSON, 1.0)
    assert (ruled.verdict_why, ruled.ruled, ruled.text) == ("it is written in words", True, "6 * 7 = 42")
    assert store.chains(run.id, text=True)[2] == ruled
    assert store.chain(run.id, Slot(1, 3), judged=True) == judged[2]
    assert store.chains(run.id, text=True, judged=True) == judged

    undone = store.undo_ruling(run.id, made.id)
    assert replace(undone, undone_at=None) == made
    assert undone.undone_at is not None
    assert undone.undone_at >= made.at
    assert store.rulings(run.id) == [undone]
    assert store.chains(run.id, text=True) == judged


def test_the_last_ruling_counts_and_the_one_before_comes_back(store: Store, run: Run) -> None:
    store.rule_verdict(run.id, Slot(1, 1), Verdict.WRONG)
    last = store.rule_verdict(run.id, Slot(1, 1), Verdict.UNKNOWN)
    assert verdicts(store, run) == ["unknown", "right", "wrong"]
    store.undo_ruling(run.id, last.id)
    assert verdicts(store, run) == ["wrong", "right", "wrong"]


def test_merged_answers_are_one_class_for_chains_that_come_later_too(store: Store, run: Run) -> None:
    made = store.merge_answers(run.id, "forty-two", "42", "the same number")
    assert (made.verdict, made.answer_key, made.into_key) == (Verdict.RIGHT, "forty-two", "42")
    assert [chain.answer_key for chain in store.chains(run.id, t=1)] == ["42", "42", "42"]
    assert verdicts(store, run) == ["right", "right", "right"]
    child = done(2, 3, available=(Slot(1, 1),))
    store.record(run.id, child, Answer("forty-two", "forty-two", 0, 5), WRONG, "lab")
    assert store.chain(run.id, Slot(2, 3)).answer_key == "42"
    assert store.chain(run.id, Slot(2, 3)).answer == "forty-two"
    assert store.chain(run.id, Slot(2, 3), judged=True).verdict is Verdict.WRONG
    store.undo_ruling(run.id, made.id)
    assert {chain.answer_key for chain in store.chains(run.id)} == {"42", "forty-two", None}


def test_undoing_the_first_ruling_frees_the_merge_that_was_made_under_it(store: Store, run: Run) -> None:
    both = [store.rule_verdict(run.id, Slot(1, i), Verdict.UNKNOWN) for i in (1, 2)]
    made = store.merge_answers(run.id, "forty-two", "42")
    assert made.verdict is Verdict.UNKNOWN
    assert verdicts(store, run) == ["unknown"] * 3
    for ruling in both:
        store.undo_ruling(run.id, ruling.id)
    assert verdicts(store, run) == ["right"] * 3
    assert (
        store.chain(run.id, Slot(1, 3)) == store.chains(run.id, t=1, text=True)[2] == store.chains(run.id, text=True)[2]
    )
    assert store.rulings(run.id)[-1].verdict is Verdict.RIGHT


def test_the_active_rulings_of_many_runs_are_counted_at_once(store: Store, run: Run) -> None:
    other = small_run(store)
    assert store.ruling_counts([run.id, other.id]) == {}
    store.rule_verdict(run.id, Slot(1, 1), Verdict.WRONG)
    store.rule_verdict(run.id, Slot(1, 1), Verdict.UNKNOWN)
    store.merge_answers(run.id, "forty-two", "42")
    undone = store.rule_verdict(run.id, Slot(1, 2), Verdict.WRONG)
    store.undo_ruling(run.id, undone.id)
    assert store.ruling_counts([run.id, other.id, "0" * 12]) == {run.id: RulingCount(1, 1)}
    assert store.ruling_counts([]) == {}


def test_every_ruling_and_every_undoing_is_a_change_of_the_run(store: Store, run: Run) -> None:
    seen = [store.revision(run.id)]
    made = store.rule_verdict(run.id, Slot(1, 1), Verdict.WRONG)
    seen.append(store.revision(run.id))
    store.merge_answers(run.id, "forty-two", "42")
    seen.append(store.revision(run.id))
    store.undo_ruling(run.id, made.id)
    seen.append(store.revision(run.id))
    assert seen == list(range(seen[0], seen[0] + 4))


def test_one_may_rule_while_the_run_is_driven(store: Store, run: Run) -> None:
    store.claim(run.id, owner_name())
    store.rule_verdict(run.id, Slot(1, 1), Verdict.WRONG)
    assert store.exchange(owner_name(), {run.id: None}) == {run.id: "run"}


@pytest.mark.parametrize(
    ("rule", "error", "why"),
    [
        (lambda store, run: store.rule_verdict(run, Slot(2, 1), Verdict.RIGHT), InvalidInput, "2.1 is planned"),
        (lambda store, run: store.rule_verdict(run, Slot(9, 1), Verdict.RIGHT), NotFound, "no chain 9.1"),
        (lambda store, run: store.rule_verdict("0" * 12, Slot(1, 1), Verdict.RIGHT), NotFound, "no run"),
        (lambda store, run: store.merge_answers(run, "42", "42"), InvalidInput, "into itself"),
        (lambda store, run: store.merge_answers(run, "42", "43"), InvalidInput, "gives the answer 43"),
        (lambda store, run: store.merge_answers("0" * 12, "42", "43"), NotFound, "no run"),
        (lambda store, run: store.undo_ruling(run, 99), NotFound, "no ruling 99"),
        (lambda store, run: store.undo_ruling("0" * 12, 1), NotFound, "no run"),
        (lambda store, run: store.rulings("0" * 12), NotFound, "no run"),
    ],
)
def test_what_cannot_be_ruled_is_refused_and_nothing_changes(
    store: Store, run: Run, rule: Callable[[Store, str], object], error: type[Exception], why: str
) -> None:
    before = (store.rulings(run.id), store.chains(run.id), store.revision(run.id))
    with pytest.raises(error, match=why):
        rule(store, run.id)
    assert (store.rulings(run.id), store.chains(run.id), store.revision(run.id)) == before


def test_a_ruling_is_undone_once_and_only_in_its_own_run(store: Store, run: Run) -> None:
    made = store.rule_verdict(run.id, Slot(1, 1), Verdict.WRONG)
    with pytest.raises(NotFound):
        store.undo_ruling(small_run(store).id, made.id)
    store.undo_ruling(run.id, made.id)
    with pytest.raises(InvalidInput, match="undone before"):
        store.undo_ruling(run.id, made.id)


def test_a_circle_of_merges_cannot_be_made(store: Store, run: Run) -> None:
    store.merge_answers(run.id, "forty-two", "42")
    with pytest.raises(InvalidInput, match="one already"):
        store.merge_answers(run.id, "42", "forty-two")


def test_a_persons_words_may_hold_any_character(store: Store, run: Run, other: Store) -> None:
    store.rule_verdict(run.id, Slot(1, 1), Verdict.WRONG, ODD)
    assert store.rulings(run.id)[0].why == ODD
    bundle = exported(store, run)
    import_bundle(other, io.StringIO(bundle))
    assert other.rulings(run.id)[0].why == ODD
    assert exported(other, run) == bundle


def test_the_rulings_go_with_their_run(store: Store, run: Run) -> None:
    kept = small_run(store)
    store.record(kept.id, done(1, 1), None, WRONG, "lab")
    store.rule_verdict(kept.id, Slot(1, 1), Verdict.RIGHT)
    store.rule_verdict(run.id, Slot(1, 1), Verdict.WRONG)
    store.merge_answers(run.id, "forty-two", "42")
    store.delete_run(run.id)
    with store.database.read() as connection:
        assert connection.exec_driver_sql("SELECT run_id FROM ruling").scalars().all() == [kept.id]


# Bundles


def ruled(store: Store, run: Run) -> list[Ruling]:
    """A verdict that was taken back, another one, and a merge."""
    store.undo_ruling(run.id, store.rule_verdict(run.id, Slot(1, 1), Verdict.WRONG, "a slip").id)
    store.rule_verdict(run.id, Slot(1, 2), Verdict.UNKNOWN, "not clear")
    store.merge_answers(run.id, "forty-two", "42", "the same number")
    return store.rulings(run.id)


def without_ids(rulings: list[Ruling]) -> list[Ruling]:
    return [replace(ruling, id=0) for ruling in rulings]


def test_a_bundle_carries_what_was_judged_and_what_was_ruled(store: Store, other: Store, run: Run) -> None:
    rulings = ruled(store, run)
    drawn = drawn_run(other, 2, 1, 1)  # so that ids differ
    other.record(drawn.id, done(1, 1), None, WRONG, "lab")
    other.rule_verdict(drawn.id, Slot(1, 1), Verdict.RIGHT)
    bundle = exported(store, run)
    lines = [json.loads(line) for line in bundle.splitlines()]
    assert lines[0] == {"format": "rsa_viz-run", "version": 2}
    assert [line.get("record") for line in lines[9:]] == ["ruling"] * 3 + ["end"]
    assert lines[-1] == {"record": "end", "chains": 6, "links": 5, "rulings": 3}
    assert [line["verdict"]["verdict"] for line in lines[3:6]] == ["right", "right", "wrong"]
    assert lines[11] == {
        "record": "ruling",
        "kind": "merge",
        "t": None,
        "i": None,
        "answer_key": "forty-two",
        "into_key": "42",
        "verdict": "right",
        "why": "the same number",
        "at": rulings[2].at,
        "undone_at": None,
    }
    assert import_bundle(other, io.StringIO(bundle)).created
    assert without_ids(other.rulings(run.id)) == without_ids(rulings)
    assert verdicts(other, run) == verdicts(store, run) == ["right", "unknown", "right"]
    assert exported(other, run) == bundle


def test_a_run_without_rulings_is_written_as_before(store: Store, run: Run) -> None:
    bundle = exported(store, run)
    assert json.loads(bundle.splitlines()[0])["version"] == 1
    assert "ruling" not in bundle


def test_importing_again_is_nothing_also_after_more_was_ruled_or_undone_here(
    store: Store, other: Store, run: Run
) -> None:
    plain = exported(store, run)
    ruled(store, run)
    bundle = exported(store, run)
    import_bundle(other, io.StringIO(bundle))
    other.undo_ruling(run.id, other.rulings(run.id)[1].id)
    other.rule_verdict(run.id, Slot(1, 3), Verdict.WRONG)
    before = other.rulings(run.id), other.revision(run.id)
    for again in (bundle, plain):
        assert import_bundle(other, io.StringIO(again)).created is False
    assert (other.rulings(run.id), other.revision(run.id)) == before


def test_rulings_that_are_not_here_are_not_passed_over_in_silence(store: Store, other: Store, run: Run) -> None:
    import_bundle(other, io.StringIO(exported(store, run)))
    ruled(store, run)
    with pytest.raises(InvalidBundle, match=r"line 10 .*another content"):
        import_bundle(other, io.StringIO(exported(store, run)))
    assert other.rulings(run.id) == []


BAD: dict[str, tuple[int, Callable[[Any], None], str]] = {
    "version": (1, lambda header: header.update(version=1), "belongs here, not 'ruling'"),
    "kind": (10, lambda ruling: ruling.update(kind="guess"), "kind: must be one of"),
    "no chain": (10, lambda ruling: ruling.update(t=None, i=None), "must name a chain"),
    "half a slot": (10, lambda ruling: ruling.update(t=None), "both t and i"),
    "planned": (10, lambda ruling: ruling.update(t=2), "that is done"),
    "no slot of the run": (10, lambda ruling: ruling.update(i=9), "that is done"),
    "key": (10, lambda ruling: ruling.update(answer_key="42"), "and no answer class"),
    "verdict": (10, lambda ruling: ruling.update(verdict="maybe"), "verdict: must be one of"),
    "why": (10, lambda ruling: ruling.update(why=None), "why: must be text"),
    "when": (10, lambda ruling: ruling.update(at=None), "at: must be a number"),
    "merge of a chain": (12, lambda ruling: ruling.update(t=1, i=1), "and no chain"),
    "merge of one": (12, lambda ruling: ruling.update(into_key=None), "two answer classes"),
    "merge into itself": (12, lambda ruling: ruling.update(into_key="forty-two"), "in a circle"),
    "count": (13, lambda end: end.update(rulings=2), "counts 2 rulings, but there are 3"),
    "no count": (13, lambda end: end.pop("rulings"), "has no field 'rulings'"),
    "judged by a person": (4, lambda chain: chain["verdict"].update(source="person"), "source: must be one of"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_ruling_that_does_not_fit_is_refused(store: Store, other: Store, run: Run, what: str) -> None:
    number, change, why = BAD[what]
    ruled(store, run)
    lines = exported(store, run).splitlines()
    value = json.loads(lines[number - 1])
    change(value)
    lines[number - 1] = json.dumps(value)
    with pytest.raises(InvalidBundle, match=why):
        import_bundle(other, io.StringIO("\n".join(lines)))
    assert other.count_runs() == 0


def test_a_table_says_what_is_ruled_and_what_was_judged(store: Store) -> None:
    run = small_run(store)
    finish_small_run(store, run.id)
    store.rule_verdict(run.id, Slot(2, 1), Verdict.WRONG, "=1+1")
    out = io.StringIO(newline="")
    export_csv(store, run.id, out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))
    columns = ("verdict", "verdict_source", "verdict_why", "score", "ruled", "judged_verdict")
    assert [rows[3][column] for column in columns] == ["wrong", "person", "'=1+1", "0.0", "True", "right"]
    assert [rows[4][column] for column in columns] == [
        *("right", "reference", "equals the gold answer", "1.0", "False", "right")
    ]
