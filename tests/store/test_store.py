"""Runs and chains as the store keeps them."""

from __future__ import annotations

import math
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from stored_runs import CONFIG, PLAN, PROBLEM, RIGHT, SHA, UNKNOWN, done, drawn_run, failed, finish_small_run, small_run

from rsa_viz import __version__
from rsa_viz.core.chain import (
    Answer,
    Chain,
    ChainStatus,
    Completion,
    InFlight,
    Judgement,
    Outcome,
    PromptKind,
    Slot,
    Verdict,
    VerdictSource,
)
from rsa_viz.core.errors import InvalidInput, InvalidProblem, NotFound, StoreError, StoreUnavailable
from rsa_viz.core.genealogy import Plan, PlannedChain
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN, PromptSet
from rsa_viz.core.run import ModelChoice, RunConfig, RunStatus
from rsa_viz.store import Store, owner_name
from rsa_viz.store.stored_text import original, storable

pytestmark = pytest.mark.usefixtures("unflushed")

ON_BOTH_DATABASES = True

ODD_TEXTS = (
    "",
    "plain",
    "a NUL \x00 inside",
    "\x00",
    "half a character \ud83d and its other half \ude00",
    "an escape \x10 and what looks like one \x100000",
    "\x10" * 3,
    "😀 ünï Ω \u2028 \x85 \r\n\t",
)


def test_a_new_run_is_planned_whole_before_anything_is_called(store: Store) -> None:
    run = small_run(store, note="first try")
    assert (run.status, run.calls, run.done, run.failed) == (RunStatus.PLANNED, 6, 0, 0)
    assert (run.problem, run.config, run.prompts, run.note) == (PROBLEM, CONFIG, PLAIN, "first try")
    assert (run.started_at, run.ended_at, run.owner, run.error) == (None, None, None, None)
    assert run.code_version == __version__
    assert len(run.id) == 12
    assert int(run.id, 16) >= 0
    assert store.run(run.id) == run
    assert store.plan(run.id) == PLAN
    chains = store.chains(run.id)
    assert [chain.slot for chain in chains] == [chain.slot for chain in PLAN]
    assert {chain.status for chain in chains} == {ChainStatus.PLANNED}
    assert [chain.seed for chain in chains] == [101, 102, 103, 201, 202, 203]
    assert chains[3].parents == (Slot(1, 2), Slot(1, 1))
    assert chains[3].available == chains[3].parents
    assert chains[2].temperature == 0.5


def test_a_drawn_plan_comes_back_as_it_was_drawn(store: Store) -> None:
    run = drawn_run(store, 16, 4, 10)
    plan = store.plan(run.id)
    assert len(plan) == 160
    assert plan.links == 9 * 16 * 4
    assert [chain.parents for chain in store.chains(run.id)] == [chain.parents for chain in plan]


def test_a_parent_may_stand_in_any_earlier_generation(store: Store) -> None:
    plan = Plan(
        (
            PlannedChain(Slot(1, 1), PromptKind.SAMPLE, (), 1),
            PlannedChain(Slot(2, 1), PromptKind.SAMPLE, (), 2),
            PlannedChain(Slot(3, 1), PromptKind.AGGREGATE, (Slot(2, 1), Slot(1, 1)), 3),
        )
    )
    run = store.create_run(PROBLEM, CONFIG, PLAIN, plan)
    assert store.plan(run.id) == plan
    assert store.chains(run.id, t=3)[0].parents == (Slot(2, 1), Slot(1, 1))
    assert store.children(run.id, Slot(1, 1)) == (Slot(3, 1),)


def test_every_setting_of_a_run_comes_back(store: Store) -> None:
    model = ModelChoice("hosted_vllm/x", "http://10.0.0.3:8000/v1", "LAB_KEY", "lab")
    config = RunConfig(model, "self-refinement", 5, 1, 7, 0.3, 99, 2**53, 3, 0, 0.5)
    prompts = PromptSet("own", 7, "s {{question}}", "a", "r", "c")
    run = store.create_run(PROBLEM, config, prompts, PLAN)
    assert store.run(run.id).config == config
    assert store.run(run.id).prompts == prompts


def test_a_recorded_chain_comes_back_whole(store: Store) -> None:
    run = small_run(store)
    completion = Completion("6 * 7 = 42", "thinking", "length", 20, 30, 0.25, 1.5)
    store.record(
        run.id,
        Outcome(Slot(1, 3), completion, None, 2, SHA, (), False, 1000.0, 1001.5),
        Answer("42", "42", 8, 10),
        Judgement(Verdict.RIGHT, VerdictSource.EXACT, 0.5, "so it is"),
        "lab",
    )
    assert store.chain(run.id, Slot(1, 3)) == Chain(
        id=store.chains(run.id)[2].id,
        slot=Slot(1, 3),
        kind=PromptKind.SAMPLE,
        status=ChainStatus.DONE,
        text="6 * 7 = 42",
        reasoning="thinking",
        characters=10,
        answer="42",
        answer_key="42",
        answer_start=8,
        answer_end=10,
        verdict=Verdict.RIGHT,
        verdict_source=VerdictSource.EXACT,
        verdict_why="so it is",
        score=0.5,
        temperature=0.5,
        seed=103,
        prompt_sha256=SHA,
        finish_reason="length",
        tokens_in=20,
        tokens_out=30,
        first_token_s=0.25,
        latency_s=1.5,
        started_at=1000.0,
        ended_at=1001.5,
        attempts=2,
        endpoint="lab",
    )


def test_chains_are_read_without_their_texts_unless_asked(store: Store) -> None:
    run = small_run(store)
    finish_small_run(store, run.id)
    assert {(chain.text, chain.reasoning) for chain in store.chains(run.id)} == {(None, None)}
    assert [chain.characters for chain in store.chains(run.id)] == [10, 10, 0, 10, 10, 10]
    assert [chain.text for chain in store.chains(run.id, text=True, t=1)] == ["6 * 7 = 42", "6 * 7 = 42", None]
    assert store.chains(run.id, t=3) == []
    assert store.texts(run.id, [Slot(2, 2), Slot(1, 3)]) == {Slot(2, 2): "6 * 7 = 42", Slot(1, 3): None}
    assert store.texts(run.id, []) == {}


def test_a_failed_parent_stays_linked_and_is_marked_unavailable(store: Store) -> None:
    run = small_run(store)
    finish_small_run(store, run.id)
    child = store.chain(run.id, Slot(2, 2))
    assert child.parents == (Slot(1, 2), Slot(1, 3))
    assert child.available == (Slot(1, 2),)
    lost = store.chain(run.id, Slot(1, 3))
    assert (lost.status, lost.error, lost.attempts, lost.text) == (ChainStatus.FAILED, "the server said 500", 6, None)


def test_a_child_that_lost_all_its_parents_is_fresh(store: Store) -> None:
    run = small_run(store)
    store.record(run.id, failed(1, 1), None, UNKNOWN, "lab")
    outcome = Outcome(Slot(2, 3), Completion("alone"), None, 1, SHA, (), True, 1.0, 2.0)
    store.record(run.id, outcome, None, UNKNOWN, "lab")
    child = store.chain(run.id, Slot(2, 3))
    assert (child.fresh, child.parents, child.available) == (True, (Slot(1, 1),), ())


def test_counts_and_revision_grow_with_each_recorded_chain(store: Store) -> None:
    run = small_run(store)
    seen = [store.revision(run.id)]
    for outcome in (done(1, 1), failed(1, 2), done(1, 3)):
        store.record(run.id, outcome, None, UNKNOWN, "lab")
        seen.append(store.revision(run.id))
    assert seen == sorted(set(seen))
    counted = store.run(run.id)
    assert (counted.done, counted.failed, counted.calls, counted.revision) == (2, 1, 6, seen[-1])


@pytest.mark.parametrize("second", [done(1, 1, "another text"), failed(1, 1)])
@pytest.mark.parametrize("first", [done(1, 1), failed(1, 1)])
def test_what_is_recorded_is_never_replaced(store: Store, first: Outcome, second: Outcome) -> None:
    run = small_run(store)
    store.record(run.id, first, None, UNKNOWN, "lab")
    before = (store.run(run.id), store.chains(run.id, text=True))
    with pytest.raises(StoreError, match=r"chain 1\.1 .* recorded before"):
        store.record(run.id, second, None, UNKNOWN, "lab")
    assert (store.run(run.id), store.chains(run.id, text=True)) == before


@pytest.mark.parametrize(
    "available", [(Slot(1, 1), Slot(1, 2)), (Slot(1, 3),), (Slot(1, 2), Slot(1, 2))], ids=["order", "stranger", "twice"]
)
def test_an_outcome_with_parents_that_were_not_drawn_is_refused(store: Store, available: tuple[Slot, ...]) -> None:
    run = small_run(store)
    with pytest.raises(InvalidInput, match=r"chain 2\.1"):
        store.record(run.id, done(2, 1, available=available), None, UNKNOWN, "lab")
    assert store.chain(run.id, Slot(2, 1)).status is ChainStatus.PLANNED
    assert store.run(run.id).done == 0


def test_a_verdict_without_a_source_is_refused(store: Store) -> None:
    run = small_run(store)
    for judgement in (
        Judgement(Verdict.WRONG, VerdictSource.NONE, None, ""),
        Judgement(Verdict.WRONG, VerdictSource.EXACT, 1.5, ""),
        Judgement(Verdict.WRONG, VerdictSource.EXACT, math.nan, ""),
    ):
        with pytest.raises(InvalidInput, match=r"chain 1\.1"):
            store.record(run.id, done(1, 1), None, judgement, "lab")
    assert store.run(run.id).done == 0


def test_a_failure_without_a_reason_is_refused(store: Store) -> None:
    run = small_run(store)
    with pytest.raises(InvalidInput, match="reason"):
        store.record(run.id, Outcome(Slot(1, 1), None, None, 1, SHA, (), False, 1.0, 2.0), None, UNKNOWN, "lab")


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_any_text_that_a_model_can_write_survives(store: Store, text: str) -> None:
    problem = Problem("text", f"? {text}", text, text, {"words": text})
    run = store.create_run(problem, CONFIG, PLAIN, PLAN, note=text)
    outcome = Outcome(Slot(1, 1), Completion(text, text, text), None, 1, SHA, (), False, 1.0, 2.0)
    store.record(run.id, outcome, Answer(text, text, 0, len(text)), Judgement.unknown(text), text)
    store.record(run.id, Outcome(Slot(1, 2), None, f"error {text}", 1, SHA, (), False, 1.0, 2.0), None, UNKNOWN, "lab")
    store.claim(run.id, owner_name())
    store.exchange(owner_name(), {run.id: [InFlight(Slot(1, 3), 1, 1.0, 2.0, len(text), 0, text, None, text)]})
    whole = store.run(run.id)
    assert (whole.problem, whole.note) == (problem, text)
    chain = store.chain(run.id, Slot(1, 1))
    assert (chain.text, chain.reasoning, chain.finish_reason, chain.answer, chain.answer_key) == (text,) * 5
    assert (chain.verdict_why, chain.endpoint, chain.characters) == (text, text, len(text))
    assert store.chain(run.id, Slot(1, 2)).error == f"error {text}"
    (flying,) = store.in_flight(run.id)
    assert (flying.tail, flying.error) == (text, text)


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_storable_text_has_no_nul_and_no_half_character(text: str) -> None:
    stored = storable(text)
    assert "\x00" not in stored
    assert stored.encode("utf-8").decode("utf-8") == stored
    assert original(stored) == text


def test_children_are_listed_in_slot_order(store: Store) -> None:
    run = small_run(store)
    assert store.children(run.id, Slot(1, 1)) == (Slot(2, 1), Slot(2, 3))
    assert store.children(run.id, Slot(1, 3)) == (Slot(2, 2),)
    assert store.children(run.id, Slot(2, 1)) == ()


def test_runs_are_listed_newest_first(store: Store) -> None:
    ids = [small_run(store).id for _ in range(5)]
    assert [run.id for run in store.runs()] == ids[::-1]
    assert [run.id for run in store.runs(limit=2, offset=1)] == [ids[3], ids[2]]
    assert store.runs(limit=0) == []
    assert store.count_runs() == 5


def test_runs_are_found_by_any_word_of_theirs(store: Store) -> None:
    plain = small_run(store, note="before lunch")
    other = store.create_run(
        Problem("text", "Name a prime_number above 100 %", title="Primes"),
        RunConfig(ModelChoice("synthetic/reasoner"), strategy="majority-vote", n=3, k=2, t=2),
        PLAIN,
        PLAN,
    )
    for words, found in {
        "SIX sevens": {plain.id},
        "times": {plain.id},
        "openai": {plain.id},
        "lunch": {plain.id},
        plain.id[2:9]: {plain.id},
        "majority": {other.id},
        "prime_number": {other.id},
        "primeXnumber": set(),
        "100 %": {other.id},
        "%": {other.id},
        "synthetic lunch": set(),
        "  ": {plain.id, other.id},
        "'; DROP TABLE run; --": set(),
    }.items():
        assert {run.id for run in store.runs(search=words)} == found, words
        assert store.count_runs(words) == len(found), words


def test_a_note_can_be_replaced(store: Store) -> None:
    run = small_run(store)
    store.set_note(run.id, "kept for the talk")
    assert store.run(run.id).note == "kept for the talk"
    assert store.revision(run.id) > run.revision


def test_a_deleted_run_leaves_nothing_behind(store: Store) -> None:
    kept, gone = small_run(store), small_run(store)
    finish_small_run(store, gone.id)
    dead = "elsewhere:1:aaaa"
    store.claim(kept.id, dead)
    store.exchange(dead, {kept.id: [InFlight(Slot(1, 1), 1, 1.0, 2.0, 3, 4, "so")]})
    with store.database.write() as connection:
        connection.exec_driver_sql("UPDATE run SET heartbeat_at = 1")
    store.delete_run(gone.id)
    assert [run.id for run in store.runs()] == [kept.id]
    assert store.plan(kept.id) == PLAN
    store.delete_run(kept.id)
    with store.database.read() as connection:
        for table in ("problem", "run", "chain", "parent_link", "in_flight"):
            assert connection.exec_driver_sql(f"SELECT COUNT(*) FROM {table}").scalar() == 0, table


def test_chains_in_flight_are_replaced_and_land_when_recorded(store: Store) -> None:
    run = small_run(store)
    first = InFlight(Slot(1, 1), 1, 1.0, 2.0, 300, 70, "the last words")
    second = InFlight(Slot(1, 2), 3, 1.0, 2.0, 0, 0, "", 9.5, "429")
    third = InFlight(Slot(1, 3), 1, 1.0, 2.0, 1, 1, "x")
    store.claim(run.id, owner_name())
    store.exchange(owner_name(), {run.id: [second, first]})
    assert store.in_flight(run.id) == [first, second]
    store.record(run.id, done(1, 1), None, UNKNOWN, "lab")
    assert store.in_flight(run.id) == [second]
    before = store.revision(run.id)
    store.exchange(owner_name(), {run.id: [first, third]})  # 1.1 has ended: the word came late
    assert store.in_flight(run.id) == [third]
    assert store.revision(run.id) == before
    store.exchange(owner_name(), {run.id: []})
    assert store.in_flight(run.id) == []


def test_the_typical_length_of_a_models_chains_is_that_of_its_last_three_runs(store: Store) -> None:
    def told(tokens: list[int | None], model: str = "openai/small") -> None:
        run = small_run(store, replace(CONFIG, model=ModelChoice(model)))
        for i, tokens_out in enumerate(tokens, start=1):
            outcome = Outcome(Slot(1, i), Completion("x", tokens_out=tokens_out), None, 1, SHA, (), False, 1.0, 2.0)
            store.record(run.id, outcome, None, UNKNOWN, "lab")

    assert store.typical_tokens_out("openai/small", "text") == (None, 0)
    told([None])
    assert store.typical_tokens_out("openai/small", "text") == (None, 0)
    told([999, 999])
    told([10, None, 20])
    told([30])
    told([900], "openai/large")
    told([40])
    told([])  # a run without a chain that is done says nothing
    assert store.typical_tokens_out("openai/small", "text") == (25.0, 4)
    assert store.typical_tokens_out("openai/small", "program") == (None, 0)


def test_what_is_not_there_is_not_found(store: Store) -> None:
    run = small_run(store)
    store.claim(run.id, owner_name())
    there, nowhere = Slot(1, 1), Slot(1, 9)
    for ask in (
        lambda name: store.run(name),
        lambda name: store.plan(name),
        lambda name: store.chains(name),
        lambda name: store.chain(name, there),
        lambda name: store.texts(name, [there]),
        lambda name: store.children(name, there),
        lambda name: store.record(name, done(1, 1), None, UNKNOWN, "lab"),
        lambda name: store.in_flight(name),
        lambda name: store.claim(name, "me"),
        lambda name: store.release(name, "me", RunStatus.DONE),
        lambda name: store.ask(name, "stop"),
        lambda name: store.revision(name),
        lambda name: store.set_note(name, ""),
        lambda name: store.delete_run(name),
    ):
        for name in ("000000000000", "", "\x00", "\udcff"):
            with pytest.raises(NotFound):
                ask(name)
    for ask_slot in (
        lambda: store.chain(run.id, nowhere),
        lambda: store.texts(run.id, [there, nowhere]),
        lambda: store.children(run.id, nowhere),
        lambda: store.record(run.id, done(1, 9), None, UNKNOWN, "lab"),
        lambda: store.exchange(owner_name(), {run.id: [InFlight(nowhere, 1, 1.0, 2.0, 0, 0, "")]}),
    ):
        with pytest.raises(NotFound, match=r"1\.9"):
            ask_slot()


def test_metadata_that_are_no_json_are_refused(store: Store) -> None:
    for bad in ({"x": math.nan}, {"x": object()}, {"x": {1, 2}}):
        with pytest.raises(InvalidProblem, match="JSON"):
            store.create_run(Problem("text", "?", metadata=bad), CONFIG, PLAIN, PLAN)
    assert store.runs() == []


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs.db")
    store.close()
    store.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        store.runs()


def test_many_threads_record_at_once(store: Store) -> None:
    run = drawn_run(store, 64, 1, 1)
    errors: list[BaseException] = []

    def record(first: int) -> None:
        try:
            for i in range(first, 65, 8):
                store.record(run.id, done(1, i, f"text {i}"), None, UNKNOWN, "lab")
                store.chains(run.id)
        except BaseException as error:  # noqa: BLE001  the thread's errors are what is tested
            errors.append(error)

    threads = [threading.Thread(target=record, args=(first,)) for first in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert store.run(run.id).done == 64
    assert [chain.text for chain in store.chains(run.id, text=True)] == [f"text {i}" for i in range(1, 65)]


def test_a_right_answer_is_counted_as_recorded(store: Store) -> None:
    run = small_run(store)
    finish_small_run(store, run.id)
    assert [chain.verdict for chain in store.chains(run.id)] == [
        Verdict.RIGHT,
        Verdict.RIGHT,
        Verdict.UNKNOWN,
        Verdict.RIGHT,
        Verdict.RIGHT,
        Verdict.RIGHT,
    ]
    assert store.chains(run.id)[0].verdict_why == RIGHT.why
