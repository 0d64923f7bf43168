"""A run as one file: out of one database, into another, and nothing taken on trust."""

from __future__ import annotations

import io
import itertools
import json
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stored_runs import CONFIG, SHA, UNKNOWN, done, drawn_run, failed, finish_small_run, small_run

from rsa_viz.core.chain import Answer, Completion, Judgement, Outcome, Slot
from rsa_viz.core.errors import InvalidBundle, NotFound
from rsa_viz.core.run import ModelChoice, RunStatus
from rsa_viz.store import ImportedRun, Store, bundle_reader, export_bundle, import_bundle, owner_name

pytestmark = pytest.mark.usefixtures("unflushed")

ODD = 'NUL \x00 half \ud83d line \u2028 \x85 \r\n end "quoted" \\u0000 😀 \x10'


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "other.db") as opened:
        yield opened


@pytest.fixture(scope="module")
def finished_bundle(tmp_path_factory: pytest.TempPathFactory) -> str:
    with Store(tmp_path_factory.mktemp("finished") / "runs.db") as opened:
        return finished(opened)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A database in which nothing that is refused may leave anything."""
    with Store(tmp_path_factory.mktemp("empty") / "runs.db") as opened:
        yield opened


def exported(store: Store, run_id: str, *, addresses: bool = False) -> str:
    out = io.StringIO()
    export_bundle(store, run_id, out, addresses=addresses)
    return out.getvalue()


def finished(store: Store) -> str:
    """The bundle of the small run, done."""
    run = small_run(store, note="mine")
    store.claim(run.id, owner_name())
    finish_small_run(store, run.id)
    store.release(run.id, owner_name(), RunStatus.DONE)
    return exported(store, run.id)


def changed(bundle: str, line: int, change: Callable[[Any], None]) -> str:
    """The bundle with its line (from 1) changed."""
    lines = bundle.splitlines()
    value = json.loads(lines[line - 1])
    change(value)
    lines[line - 1] = json.dumps(value)
    return "\n".join(lines) + "\n"


def comparable(store: Store, run_id: str) -> object:
    """All that a run holds but the chains' ids and the run's revision."""
    chains = [replace(chain, id=0) for chain in store.chains(run_id, text=True)]
    return replace(store.run(run_id), revision=0), store.plan(run_id), chains


def test_a_bundle_brings_a_run_whole_into_another_database(store: Store, other: Store) -> None:
    bundle = finished(store)
    (run,) = store.runs()
    small_run(other)  # so that chain ids differ
    assert import_bundle(other, bundle.splitlines(keepends=True)) == ImportedRun(run.id, created=True)
    assert comparable(other, run.id) == comparable(store, run.id)
    assert other.chains(run.id)[0].id != store.chains(run.id)[0].id
    assert exported(other, run.id) == bundle


def test_a_bundle_is_one_line_a_thing(store: Store) -> None:
    lines = [json.loads(line) for line in finished(store).splitlines()]
    assert lines[0] == {"format": "rsa_viz-run", "version": 1}
    assert [line.get("record") for line in lines[1:]] == ["problem", "run", *["chain"] * 6, "end"]
    assert lines[-1] == {"record": "end", "chains": 6, "links": 5}
    child = lines[7]
    assert (child["t"], child["i"]) == (2, 2)
    assert child["parents"] == [{"t": 1, "i": 2, "available": True}, {"t": 1, "i": 3, "available": False}]
    assert child["verdict"] == {
        "verdict": "right",
        "source": "reference",
        "score": 1.0,
        "why": "equals the gold answer",
    }


def test_importing_twice_changes_nothing(store: Store, other: Store) -> None:
    bundle = finished(store)
    first = import_bundle(other, io.StringIO(bundle))
    other.set_note(first.run_id, "my own words")
    before = comparable(other, first.run_id), other.revision(first.run_id)
    for home in (other, store):
        assert import_bundle(home, io.StringIO(bundle)) == ImportedRun(first.run_id, created=False)
    assert (comparable(other, first.run_id), other.revision(first.run_id)) == before
    assert other.count_runs() == 1


@pytest.mark.parametrize(
    ("line", "change"),
    [
        (2, lambda problem: problem.update(gold="43")),
        (3, lambda run: run.update(code_version="9.9")),
        (3, lambda run: run["config"].update(seed=12)),
        (4, lambda chain: chain.update(text="6 * 7 = 43")),
        (8, lambda chain: chain["parents"].reverse()),
        (8, lambda chain: chain["verdict"].update(score=0.5)),
    ],
)
def test_another_content_under_the_same_id_is_refused(store: Store, line: int, change: Callable[[Any], None]) -> None:
    bundle = finished(store)
    (run,) = store.runs()
    before = comparable(store, run.id)
    with pytest.raises(InvalidBundle, match=rf"line {line} .*{run.id} .*another content"):
        import_bundle(store, io.StringIO(changed(bundle, line, change)))
    assert comparable(store, run.id) == before


def test_a_run_that_has_gone_on_is_not_taken_for_its_older_bundle(store: Store) -> None:
    run = small_run(store)
    bundle = exported(store, run.id)
    store.record(run.id, done(1, 2), None, UNKNOWN, "lab")
    with pytest.raises(InvalidBundle, match="line 5 "):
        import_bundle(store, io.StringIO(bundle))


def test_whatever_a_model_wrote_comes_through(store: Store, other: Store) -> None:
    run = small_run(store, note=ODD)
    outcome = Outcome(Slot(1, 1), Completion(ODD, ODD, ODD), None, 1, SHA, (), False, 1.0, 2.0)
    store.record(run.id, outcome, Answer(ODD, ODD, 0, 3), Judgement.unknown(ODD), ODD)
    bundle = exported(store, run.id)
    assert bundle.isascii()
    assert len(bundle.splitlines()) == bundle.count("\n") == 10  # no other line end is left in it
    import_bundle(other, io.StringIO(bundle))
    assert replace(other.run(run.id), revision=0) == replace(store.run(run.id), revision=0)
    assert other.chain(run.id, Slot(1, 1)).text == ODD
    assert exported(other, run.id) == bundle


def test_a_running_run_is_exported_as_interrupted_and_goes_on_elsewhere(store: Store, other: Store) -> None:
    run = small_run(store)
    store.claim(run.id, owner_name())
    store.record(run.id, done(1, 1), None, UNKNOWN, "lab")
    bundle = exported(store, run.id)
    import_bundle(other, io.StringIO(bundle))
    imported = other.run(run.id)
    assert (imported.status, imported.owner, imported.done) == (RunStatus.INTERRUPTED, None, 1)
    assert exported(other, run.id) == bundle
    assert import_bundle(store, io.StringIO(bundle)).created is False
    other.claim(run.id, owner_name())
    other.record(run.id, done(2, 3, available=(Slot(1, 1),)), None, UNKNOWN, "lab")
    assert other.run(run.id).done == 2


def test_addresses_and_key_names_stay_at_home(store: Store, other: Store) -> None:
    model = ModelChoice("openai/small", "http://user:pw@gpu.internal:8000/v1", "LAB_KEY", "lab")
    run = small_run(store, replace(CONFIG, model=model))
    error = "cannot connect to gpu.internal:8000 at http://user:pw@gpu.internal:8000/v1"
    outcome = Outcome(Slot(1, 1), None, error, 6, SHA, (), False, 1.0, 2.0)
    store.record(run.id, outcome, None, UNKNOWN, "http://user:pw@gpu.internal:8000/v1")
    store.claim(run.id, owner_name())
    store.release(run.id, owner_name(), RunStatus.FAILED, error)
    bundle = exported(store, run.id)
    for private in ("gpu.internal", "user:pw", "LAB_KEY"):
        assert private not in bundle
    import_bundle(other, io.StringIO(bundle))
    assert other.run(run.id).config.model == ModelChoice("openai/small", endpoint="lab")
    assert import_bundle(store, io.StringIO(bundle)).created is False

    whole = exported(store, run.id, addresses=True)
    assert "gpu.internal" in whole
    assert "LAB_KEY" not in whole
    assert import_bundle(other, io.StringIO(whole)).created is False
    other.delete_run(run.id)
    import_bundle(other, io.StringIO(whole))
    assert other.run(run.id).config.model == ModelChoice("openai/small", model.api_base)  # no key goes there by name
    assert other.chain(run.id, Slot(1, 1)).error == error
    assert import_bundle(other, io.StringIO(bundle)).created is False


def test_a_bundle_that_is_cut_anywhere_is_refused_and_nothing_is_kept(finished_bundle: str, empty: Store) -> None:
    bundle = finished_bundle
    lines = bundle.splitlines(keepends=True)
    for kept in range(len(lines)):
        with pytest.raises(InvalidBundle, match="cut off"):
            import_bundle(empty, lines[:kept])
    rng = random.Random(5)
    for _ in range(40):
        with pytest.raises(InvalidBundle):
            import_bundle(empty, io.StringIO(bundle[: rng.randrange(len(bundle) - 2)]))
    assert empty.count_runs() == 0


BAD: dict[str, tuple[int, Callable[[Any], None], str]] = {
    "other format": (1, lambda header: header.update(format="zip"), "no bundle of rsa_viz"),
    "newer version": (1, lambda header: header.update(version=5), "bundle version 5 is not known"),
    "no question": (2, lambda problem: problem.update(question=" "), "the problem: the question is empty"),
    "unknown field": (2, lambda problem: problem.update(colour="blue"), "'colour'"),
    "missing field": (2, lambda problem: problem.pop("gold"), "has no field 'gold'"),
    "metadata": (2, lambda problem: problem.update(metadata=[1]), "metadata: must be an object"),
    "id": (3, lambda run: run.update(id="../../etc/pw"), "id: must be 12 hex digits"),
    "running": (3, lambda run: run.update(status="running"), "status: must be one of"),
    "status type": (3, lambda run: run.update(status=["done"]), "status: must be one of"),
    "config": (3, lambda run: run["config"].update(n="16"), r"N \(population size\)"),
    "config future": (3, lambda run: run["config"].update(telepathy=1), "telepathy"),
    "config model": (3, lambda run: run["config"].update(model=3), "the model choice must be an object"),
    "config no model": (3, lambda run: run["config"].pop("model"), "the model choice must be an object"),
    "config list": (3, lambda run: run.update(config=[]), "config: must be an object"),
    "key": (3, lambda run: run["config"]["model"].update(api_key_env="HOME"), "environment variable"),
    "prompts": (3, lambda run: run["prompts"].update(sample=None), "'sample'"),
    "prompts gone": (3, lambda run: run["prompts"].pop("refine"), "'refine'"),
    "time": (3, lambda run: run.update(created_at="now"), "created_at: must be a number"),
    "no number": (3, lambda run: run.update(created_at=math.inf), "Infinity is no number in JSON"),
    "slot zero": (4, lambda chain: chain.update(t=0), "t: must be a whole number"),
    "slot true": (4, lambda chain: chain.update(i=True), "i: must be a whole number"),
    "slot order": (5, lambda chain: chain.update(i=1), "slot order"),
    "generation gap": (7, lambda chain: chain.update(t=3), "slot order"),
    "kind": (4, lambda chain: chain.update(kind="guess"), "kind: must be one of sample, aggregate, refine"),
    "parent unknown": (7, lambda chain: chain["parents"][0].update(i=9), r"chain 2\.1: its parent 1\.9"),
    "parent sibling": (8, lambda chain: chain["parents"][0].update(t=2, i=1), r"its parent 2\.1"),
    "parent twice": (7, lambda chain: chain["parents"].append(chain["parents"][0]), "a parent twice"),
    "parent shape": (7, lambda chain: chain.update(parents=["1.2"]), "parents: must be an object"),
    "parents shape": (7, lambda chain: chain.update(parents={}), "parents: must be a list"),
    "availability": (7, lambda chain: chain["parents"][0].update(available=None), "'available'"),
    "no text": (4, lambda chain: chain.update(text=None), "done and must have a text"),
    "text type": (4, lambda chain: chain.update(text=["42"]), "text: must be text"),
    "failed with text": (6, lambda chain: chain.update(text="42"), "must have an error and no text"),
    "failed without why": (6, lambda chain: chain.update(error=""), "must have an error and no text"),
    "planned with text": (4, lambda chain: chain.update(status="planned"), "planned and must have neither text"),
    "answer": (4, lambda chain: chain["answer"].pop("key"), "answer: has no field 'key'"),
    "answer offset": (4, lambda chain: chain["answer"].update(start=-1), "answer: start: must be a whole number"),
    "verdict": (4, lambda chain: chain["verdict"].update(verdict="maybe"), "verdict: verdict: must be one of"),
    "no source": (4, lambda chain: chain["verdict"].update(source="none"), "nobody who says so"),
    "score": (4, lambda chain: chain["verdict"].update(score=2), "score: must be a number from 0 to 1"),
    "tokens": (4, lambda chain: chain.update(tokens_in=10**30), "tokens_in: must be a whole number"),
    "seed": (4, lambda chain: chain.update(seed=1.5), "seed: must be a whole number"),
    "record": (4, lambda chain: chain.update(record="verdict"), "a record 'chain' belongs here"),
    "count": (10, lambda end: end.update(chains=7), "the end: it counts 7 chains, but there are 6"),
    "links": (10, lambda end: end.update(links=4), "the end: it counts 4 links, but there are 5"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_does_not_fit_is_refused_with_its_line(finished_bundle: str, empty: Store, what: str) -> None:
    line, change, why = BAD[what]
    with pytest.raises(InvalidBundle, match=rf"line {line} of the bundle: .*{why}"):
        import_bundle(empty, io.StringIO(changed(finished_bundle, line, change)))
    assert empty.count_runs() == 0


def test_a_number_too_large_to_keep_is_refused(finished_bundle: str, empty: Store) -> None:
    bundle = finished_bundle.replace('"latency_s":1.5', '"latency_s":1e400')
    with pytest.raises(InvalidBundle, match=r"chain 1\.1: latency_s: must be a number"):
        import_bundle(empty, io.StringIO(bundle))


def test_a_run_that_says_done_with_planned_chains_is_refused(store: Store, other: Store) -> None:
    run = small_run(store)
    bundle = changed(exported(store, run.id), 3, lambda run: run.update(status="done"))
    with pytest.raises(InvalidBundle, match="6 of its calls are still planned"):
        import_bundle(other, io.StringIO(bundle))


@pytest.mark.parametrize(
    "bundle",
    [
        "",
        "\n\n",
        "PK\x03\x04",
        "[]\n",
        "null\n",
        "[" * 100_000,
        '{"format": "rsa_viz-run", "version": NaN}\n',
        '{"format": "rsa_viz-run", "version": true}\n',
        '{"format": "rsa_viz-run", "version": 1}\n{"record": "problem", "task": ' + "9" * 5000 + "}\n",
        '{"format": "rsa_viz-run", "version": 1}\n{"record": ["problem"]}\n',
    ],
)
def test_what_is_no_bundle_is_refused(empty: Store, bundle: str) -> None:
    with pytest.raises(InvalidBundle):
        import_bundle(empty, io.StringIO(bundle))


def test_bytes_that_are_no_text_are_refused(other: Store) -> None:
    source = io.TextIOWrapper(io.BytesIO(b'{"format": "rsa_viz-run", "version": 1}\n\xff\xfe\n'), encoding="utf-8")
    with pytest.raises(InvalidBundle, match="no text"):
        import_bundle(other, source)


def test_anything_after_the_count_line_is_refused(store: Store, other: Store) -> None:
    bundle = finished(store)
    with pytest.raises(InvalidBundle, match=r"line 11 .* after the count line"):
        import_bundle(other, io.StringIO(bundle + bundle.splitlines()[-1]))


def test_blank_lines_a_byte_order_mark_and_other_line_ends_do_no_harm(store: Store, other: Store) -> None:
    bundle = "\ufeff" + finished(store).replace("\n", "\r\n\r\n")
    assert import_bundle(other, bundle.split("\n")).created


def test_what_is_too_long_is_refused_unread(other: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle_reader, "MAX_LINE", 100)
    with pytest.raises(InvalidBundle, match=r"line 1 .* too long"):
        import_bundle(other, ["x" * 101])
    monkeypatch.setattr(bundle_reader, "MAX_BUNDLE", 1000)
    endless = itertools.chain(['{"format": "rsa_viz-run", "version": 1}\n'], itertools.repeat(" " * 99 + "\n"))
    with pytest.raises(InvalidBundle, match=r"line 11 .* too long"):
        import_bundle(other, endless)


def test_a_source_that_fails_leaves_nothing_behind(store: Store, other: Store) -> None:
    def source() -> Iterator[str]:
        yield from finished(store).splitlines(keepends=True)[:-1]
        raise OSError("the disk was pulled out")

    with pytest.raises(OSError, match="pulled out"):
        import_bundle(other, source())
    assert other.count_runs() == 0


def test_a_slow_source_holds_nobody_up(store: Store, other: Store) -> None:
    mine = small_run(other)

    def source() -> Iterator[str]:
        for line in finished(store).splitlines(keepends=True):
            other.set_note(mine.id, line[:20])  # a write in the middle of the import
            yield line

    assert import_bundle(other, source()).created


def test_a_whole_rsa_run_comes_through(store: Store, other: Store) -> None:
    run = drawn_run(store, 32, 4, 20)  # more chains than are written at once
    for i in range(1, 33):
        outcome = failed(1, i) if i % 7 == 0 else done(1, i, f"text {i}")
        store.record(run.id, outcome, None, UNKNOWN, "lab")
    bundle = exported(store, run.id)
    import_bundle(other, io.StringIO(bundle))
    assert comparable(other, run.id) == comparable(store, run.id)
    assert exported(other, run.id) == bundle


def test_a_run_that_is_not_there_cannot_be_exported(store: Store) -> None:
    with pytest.raises(NotFound):
        exported(store, "000000000000")
