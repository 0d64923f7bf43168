"""The Problems page: find, read, load, use one, and run many one after the other."""

from __future__ import annotations

import json
import re
from concurrent.futures import wait
from pathlib import Path

import pytest
from pictures import OpenApp, opened, said
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from pages.parts import frame
from pages.parts.problem_pool import BUNDLED, RECORDED, Pooled, bundled, pool
from pages.parts.problem_table import ALL, CHOSEN, EVERY, WITH, WITHOUT, listed
from rsa_viz.core.problem import Problem
from rsa_viz.core.run import ModelChoice, RunConfig, RunStatus
from rsa_viz.service import Service
from rsa_viz.store import Store
from rsa_viz.tasks import TASKS, find_task, opening_problem

PROGRAMS = find_task("program").problems()[:2]
HARM = "<img src=x onerror=\"document.title='owned'\"> **bold** $x$ :material/home:"
ROWS = (
    {"question": "What is 2 + 3?", "answer": "5", "solution": "2 and 3 more."},
    {"question": HARM, "answer": "<b>7</b>"},
    {"question": "Which one is even?", "options": ["three", "four"], "answer": "B"},
)
FILE = "\n".join([json.dumps(ROWS[0]), "nonsense", *(json.dumps(row) for row in ROWS[1:]), '{"question": " "}'])


def rows(at: AppTest, column: str = "Problem") -> list[str]:
    """What the table of problems lists."""
    return [str(value) for value in at.dataframe[-1].value[column]]


def ticked(at: AppTest, *problems: Problem) -> AppTest:
    """The page with these problems ticked."""
    at.session_state[CHOSEN] = [problem.key for problem in problems]
    return at.run()


def small(at: AppTest) -> AppTest:
    """The form with N = 3, K = 2, T = 2 and the fast simulation, if it is one of the choices."""
    for knob, value in (("n", 3), ("k", 2), ("t", 2)):
        at.number_input(key=f"knob-{knob}").set_value(value)
    return at.run()


def load(at: AppTest, content: str = FILE) -> AppTest:
    """The page with a file loaded."""
    at.file_uploader(key="problems-file").set_value([("mine.jsonl", content.encode(), "application/jsonl")])
    button = next(one for one in at.button if one.label == "Load the file")
    return button.click().run()


def test_filters_let_through_what_fits_all_of_them() -> None:
    problems = [
        Problem("math", "Find the Area of a circle", "3", "Circle"),
        Problem("text", "An AREA code", None),
        Problem("text", "Nothing", "area", "Half"),
    ]
    known = {str(place): Pooled(str(place), one, BUNDLED) for place, one in enumerate(problems)}
    known["3"] = Pooled("3", Problem("text", "Area", "1"), "mine.csv")

    def found(task: str = EVERY, words: str = "", gold: str = ALL, source: str = EVERY) -> str:
        return "".join(one.name for one in listed(known, task, words, gold, source))

    assert found() == "0123"
    assert found(task="text") == "123"
    assert found(words=" area  ") == "0123"
    assert found(words="CIRCLE area") == "0"
    assert found(words="half") == "2"
    assert found(gold=WITH) == "023"
    assert found(gold=WITHOUT) == "1"
    assert found(source="mine.csv") == found(words="mine.csv") == "3"
    assert found(task="math", gold=WITHOUT) == ""


def test_every_bundled_problem_of_every_family_is_listed(app: OpenApp, tmp_path: Path) -> None:
    at = opened(app, tmp_path / "fresh.db", "problems")
    assert rows(at) == [problem.label for problem in bundled()]
    assert len(rows(at)) >= 40
    assert len({problem.task for problem in bundled()}) >= 6
    assert set(rows(at, "From")) == {BUNDLED}
    at.selectbox(key="problems-kind").select("math").run()
    assert rows(at) == [problem.label for problem in find_task("math").problems()]
    at.text_input(key="problems-search").set_value("no problem has these words").run()
    assert rows(at) == []
    assert "0 problems of" in said(at)
    at = opened(app, tmp_path / "fresh.db", "problems")
    at.button_group(key="problems-gold").set_value(WITHOUT).run()
    assert set(rows(at, "Gold answer")) <= {"tests", "–"}


def test_problems_of_recorded_runs_are_listed_once(app: OpenApp, tmp_path: Path) -> None:
    own = Problem("text", "How many legs has a spider?", "8")
    with Store(tmp_path / "a.db") as store:
        service = Service(store)
        for problem in (own, own, PROGRAMS[0]):
            service.create(problem, RunConfig(ModelChoice("synthetic/fast"), n=2, k=1, t=1))
        service.close()
    at = opened(app, tmp_path / "a.db", "problems")
    assert rows(at).count(own.label) == 1
    assert rows(at).count(PROGRAMS[0].label) == 1
    assert dict(zip(rows(at), rows(at, "From"), strict=True))[own.label] == RECORDED


@pytest.mark.parametrize("task", [task for task in TASKS if TASKS[task].problems()])
def test_a_problem_of_any_family_is_read_whole_and_used_on_the_run_page(
    app: OpenApp, tmp_path: Path, task: str
) -> None:
    problem = find_task(task).problems()[-1]
    at = opened(app, tmp_path / "fresh.db", "problems", problem=problem.key)
    words = said(at)
    assert problem.question in words
    assert f"Gold answer: {problem.gold}" in words or problem.gold is None
    if options := problem.metadata.get("options"):
        assert all(str(option) in words for option in options)  # type: ignore[attr-defined]
    if solution := problem.metadata.get("solution"):
        assert str(solution) in words
    if tests := problem.metadata.get("tests"):
        assert f"Judged by {len(tests)} tests." in words  # type: ignore[arg-type]
    at.button(key="use-problem").click().run()
    assert not at.exception
    at.switch_page("pages/run.py").run()
    assert at.selectbox(key="problem-family").value == find_task(task).title
    assert problem.question in said(at)
    assert not at.button(key="start").disabled


def test_the_run_page_offers_a_family_then_its_problems_and_opens_with_the_opening_one(
    app: OpenApp, tmp_path: Path
) -> None:
    at = opened(app, tmp_path / "fresh.db", "run")
    families = at.selectbox(key="problem-family")
    assert families.options[0] == families.value == find_task("holes").title
    assert sorted(families.options) == sorted({find_task(one.task).title for one in bundled()})
    assert at.selectbox(key=f"problem-of-{families.value}").value == opening_problem().key
    programs = find_task("program").title
    families.select(programs).run()
    assert at.selectbox(key=f"problem-of-{programs}").value == opening_problem("program").key
    families = at.selectbox(key="problem-family")
    title = find_task("gsm8k").title
    families.select(title).run()
    labels = [problem.label for problem in find_task("gsm8k").problems()]
    assert at.selectbox(key=f"problem-of-{title}").options == labels
    assert find_task("gsm8k").problems()[0].question in said(at)


def test_an_own_multiple_choice_question_brings_its_options(app: OpenApp, tmp_path: Path) -> None:
    at = opened(app, tmp_path / "fresh.db", "run")
    at.button_group(key="problem-source").set_value("Your own question").run()
    at.selectbox(key="own-task").select("multiple_choice").run()
    at.text_area(key="own-question").set_value("Which is even?").run()
    assert at.button(key="start").disabled
    assert len(at.error) == 1
    at.text_area(key="own-options").set_value("three\n\n four ")
    at.text_input(key="own-gold").set_value("four").run()
    assert not at.error
    assert not at.button(key="start").disabled


def test_generated_puzzles_are_listed(app: OpenApp, tmp_path: Path) -> None:
    pytest.importorskip("reasoning_gym", reason="the extra 'reasoning-gym' is not installed")
    at = opened(app, tmp_path / "fresh.db", "problems")
    at.selectbox(key="gym-generator").select("leg_counting")
    at.number_input(key="gym-count").set_value(3)
    next(one for one in at.button if one.label == "Generate").click().run(timeout=120)
    assert not at.exception
    assert rows(at)[:4] == ["leg_counting 0.1", "leg_counting 0.2", "leg_counting 0.3", bundled()[0].label]
    assert rows(at, "From")[0] == "leg_counting, seed 0"


def test_a_file_is_loaded_with_a_report_of_what_was_refused_and_lasts(app: OpenApp, tmp_path: Path) -> None:
    at = load(opened(app, tmp_path / "fresh.db", "problems"))
    assert not at.exception
    assert "**mine\\.jsonl**: 3 problems loaded, 2 rows refused. Question from “question”, gold from “answer”" in said(
        at
    )
    report = at.dataframe[-1].value
    assert list(report["Row"]) == [2, 5]
    assert "no JSON" in report["Reason"][0]
    at.button(key="close-report").click().run()
    assert rows(at)[:3] == ["What is 2 + 3?", HARM, "Which one is even?"]
    at.switch_page("pages/runs.py").run().switch_page("pages/problems.py").run()
    assert rows(at)[:3] == ["What is 2 + 3?", HARM, "Which one is even?"], "a page change loses nothing"
    at.button(key="tick-mine.jsonl").click().run()
    assert len(at.session_state[CHOSEN]) == 3
    at.session_state[CHOSEN] = at.session_state[CHOSEN][:1]
    at.run()
    assert "2 and 3 more." in said(at)
    at.button(key="use-problem").click().run()
    at.switch_page("pages/run.py").run()
    assert at.selectbox(key="problem-family").value == "mine.jsonl"
    assert "What is 2 + 3?" in said(at)
    at.switch_page("pages/problems.py").run()
    at.button(key="drop-mine.jsonl").click().run()
    assert rows(at) == [problem.label for problem in bundled()]


def test_of_very_many_problems_the_first_are_listed_and_the_others_found(app: OpenApp, tmp_path: Path) -> None:
    content = "".join(json.dumps({"question": f"What is {place} + 3?"}) + "\n" for place in range(2_500))
    at = load(opened(app, tmp_path / "fresh.db", "problems"), content)
    assert len(rows(at)) == 2_000
    assert "the first 2,000 listed" in said(at)
    at.text_input(key="problems-search").set_value("2499").run()
    assert rows(at) == ["What is 2499 + 3?"]
    at.button(key="tick-mine.jsonl").click().run()
    assert "2,500 ticked, 2,499 of them not listed now" in said(at)
    assert at.button(key="run-all").disabled
    assert "at most 1\\,000" in at.error[0].value or "at most 1,000" in at.error[0].value


def test_a_file_that_cannot_be_read_is_one_clear_line(app: OpenApp, tmp_path: Path) -> None:
    at = load(opened(app, tmp_path / "fresh.db", "problems"), '{"sum": 5}')
    assert not at.exception
    assert "no column holds the question" in at.error[0].value
    at = opened(app, tmp_path / "fresh.db", "problems")
    next(one for one in at.button if one.label == "Load the file").click().run()
    assert "Choose a file first." in at.error[0].value


def test_what_the_hub_and_the_generators_need_is_said_at_once(
    app: OpenApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.parts.problem_loading.hub_missing", lambda: "the library datasets is missing")
    monkeypatch.setattr("rsa_viz.tasks.sources.hub.missing", lambda: "the library datasets is missing")
    monkeypatch.setattr("rsa_viz.tasks.reasoning_gym.catalog.library_folder", lambda: None)
    at = opened(app, tmp_path / "fresh.db", "problems")
    assert "the library datasets is missing" in said(at)
    assert "Reasoning Gym is not installed" in said(at)
    assert next(one for one in at.button if one.label == "Generate").disabled
    at.text_input(key="hub-name").set_value("openai/gsm8k")
    next(one for one in at.button if one.label == "Load the data set").click().run()
    assert not at.exception
    assert "the library datasets is missing" in at.error[0].value


def test_several_ticked_problems_become_a_batch_that_runs_to_its_end(app: OpenApp, tmp_path: Path) -> None:
    at = small(ticked(opened(app, tmp_path / "a.db", "problems"), *PROGRAMS))
    assert "Run 2 problems" in said(at)
    assert "**2 runs, 12 calls in all**, each 6 calls in 2 generations (1 aggregation)" in said(at)
    at.text_input(key="batch-note").set_value("for *class*")
    at.button(key="run-all").click().run()
    assert not at.exception
    assert not at.error
    name = at.query_params["batch"]
    service = frame._service(str(tmp_path / "a.db"), False)
    wait([crew.going for crew in service._crews], timeout=60)
    at.run()
    assert f"**Batch {name}**: 2 of 2 runs done" in said(at)
    assert "no language model" in said(at)
    table = at.dataframe[0].value
    assert list(table["Problem"]) == [problem.label for problem in PROGRAMS]
    assert list(table["State"]) == ["✓ done"] * 2
    assert list(table["Calls"]) == ["6 of 6"] * 2
    runs = service.batch(name).runs
    assert [(run.note, run.config.n, run.status) for run in runs] == [
        (f"batch {name}: for *class*", 3, RunStatus.DONE)
    ] * 2
    at.button(key="batch-close").click().run()
    assert "batch" not in at.query_params
    service.close()


def test_a_batch_that_was_left_is_offered_and_goes_on(app: OpenApp, tmp_path: Path) -> None:
    with Store(tmp_path / "a.db") as store:
        batch = Service(store).create_all(PROGRAMS, RunConfig(ModelChoice("synthetic/fast"), n=2, k=1, t=1))
    at = opened(app, tmp_path / "a.db", "problems")
    assert f"**Batch {batch.name}**: 0 of 2 runs done" in said(at)
    at.button(key=f"look-{batch.name}").click().run()
    assert at.query_params["batch"] == batch.name
    assert list(at.dataframe[0].value["State"]) == ["○ planned"] * 2
    at.button(key="batch-go-on").click().run()
    assert not at.exception
    service = frame._service(str(tmp_path / "a.db"), False)
    wait([crew.going for crew in service._crews], timeout=60)
    at.run()
    assert list(at.dataframe[0].value["State"]) == ["✓ done"] * 2
    assert not [one for one in at.button if one.key in ("batch-go-on", "batch-pause")]
    service.close()


def test_a_paused_batch_leaves_the_rest_planned(app: OpenApp, tmp_path: Path) -> None:
    config = RunConfig(ModelChoice("synthetic/speed=100"), n=2, k=1, t=3, concurrency=1)
    with Store(tmp_path / "a.db") as store:
        batch = Service(store).create_all(PROGRAMS, config)
    at = opened(app, tmp_path / "a.db", "problems", batch=batch.name)
    at.button(key="batch-go-on").click().run()
    service = frame._service(str(tmp_path / "a.db"), False)
    while service.store.run(batch.runs[0].id).status is RunStatus.PLANNED:
        assert batch.runs[1].id in service.waiting
    at.run()
    assert list(at.dataframe[0].value["State"]) == ["▶ running", "○ waiting"]
    at.button(key="batch-pause").click().run()
    wait([crew.going for crew in service._crews], timeout=60)
    at.run()
    assert not at.exception
    assert list(at.dataframe[0].value["State"]) == ["❚❚ paused", "○ planned"]
    assert [one.label for one in at.button if one.key in ("batch-go-on", "batch-pause")] == ["Go on"]
    service.close()


def test_a_typed_key_goes_to_the_batch_and_into_no_file(
    app: OpenApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str | None] = []
    monkeypatch.setenv("RSA_VIZ_VISITOR_ADDRESS", "1")
    monkeypatch.setattr(Service, "start_all", lambda self, run_ids, *, api_key=None, **_: started.append(api_key))
    at = ticked(opened(app, tmp_path / "a.db", "problems"), *PROGRAMS)
    at.selectbox(key="model").set_value("another").run()
    at.text_input(key="other-model").set_value("openai/some-model")
    at.text_input(key="other-base").set_value("http://127.0.0.1:9/v1")
    at.text_input(key="other-key").set_value("sk-typed-by-a-viewer").run()
    at.button(key="run-all").click().run()
    assert not at.exception
    at.button(key="batch-go-on").click().run()
    assert started == ["sk-typed-by-a-viewer"] * 2
    assert not any(b"sk-typed" in file.read_bytes() for file in tmp_path.iterdir())


def test_a_batch_that_nobody_made_is_one_clear_line(app: OpenApp, tmp_path: Path) -> None:
    at = opened(app, tmp_path / "a.db", "problems", batch="<b>")
    assert not at.exception
    assert "There is no batch \\<b\\>" in at.error[0].value
    assert "batch" not in at.query_params


def test_a_problem_that_cannot_be_run_holds_up_its_batch_with_the_reason(app: OpenApp, tmp_path: Path) -> None:
    stray = Problem("astrology", "What will be?", None)
    with Store(tmp_path / "a.db") as store:
        run = Service(store).create(PROGRAMS[0], RunConfig(ModelChoice("synthetic/fast"), n=2, k=1, t=1))
        store.create_run(stray, run.config, run.prompts, store.plan(run.id))
    at = ticked(opened(app, tmp_path / "a.db", "problems"), PROGRAMS[0], stray)
    assert not at.exception
    assert at.button(key="run-all").disabled
    assert "no task 'astrology'" in at.error[0].value
    at = ticked(at, stray)
    assert at.button(key="use-problem").disabled
    assert "astrology" in rows(at, "Kind")


def test_more_problems_of_one_name_can_be_told_apart(tmp_path: Path) -> None:
    with Store(tmp_path / "a.db") as store:
        known = pool(store)
    assert len(known) == len(bundled())
    assert all(name == one.name == one.problem.key for name, one in known.items())


# In a real browser


def tick(page: Page, row: int) -> None:
    """Tick a row of the table of problems, and wait until the page knows."""
    before = page.get_by_text(re.compile(r"\d+ problems? of \d+")).inner_text()
    box = page.locator(".st-key-problem-table canvas").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 15, box["y"] + 56 + 37 * row)
    expect(page.get_by_text(re.compile(r"\d+ problems? of \d+"))).not_to_have_text(before)


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
def test_one_is_read_and_used_and_started(tabs, server, run_id_in, dark: bool) -> None:
    page = tabs.open(f"{server.url}/problems", dark=dark)
    page.get_by_role("textbox", name="Search").fill("program 3: lines")
    page.get_by_role("textbox", name="Search").press("Enter")
    expect(page.get_by_text(re.compile(r"^2 problems of \d+"))).to_be_visible()
    tick(page, 0)
    expect(page.get_by_role("heading", name="Program 3:")).to_be_visible()
    page.wait_for_url(re.compile(r"problem="))
    page.locator(".st-key-use-problem button").click()
    page.locator(".st-key-start button").wait_for()
    expect(page.get_by_text(PROGRAMS[0].question.splitlines()[0]).first).to_be_visible()
    expect(page.get_by_role("combobox", name="Problem of this family")).to_have_value(re.compile("Program 3:"))
    field = page.get_by_role("spinbutton", name="Generations T")
    field.fill("2")
    field.press("Enter")
    page.get_by_text(re.compile("32 calls, 2 generations")).wait_for()
    page.locator(".st-key-start button").click()
    page.wait_for_url(re.compile(r"run="))
    with Store(server.database, read_only=True) as store:
        assert store.run(run_id_in(page.url)).problem == find_task("program").problems()[2]


@pytest.mark.browser
def test_a_file_is_dropped_and_all_of_it_is_run(tabs, server, run_id_in) -> None:
    page = tabs.open(f"{server.url}/problems")
    page.get_by_text("Load more problems").click()
    lines = [
        json.dumps({"question": one.question, "answer": one.gold, "title": f"Mine {one.title}"}) for one in PROGRAMS
    ]
    lines += [json.dumps({"question": HARM, "answer": "7"}), "nonsense"]
    page.locator("input[type=file]").first.set_input_files(
        {"name": "mine.jsonl", "mimeType": "application/jsonl", "buffer": "\n".join(lines).encode()}
    )
    expect(page.get_by_test_id("stFileChipName")).to_have_text("mine.jsonl")
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.get_by_role("button", name="Load the file").click()
    expect(page.get_by_text("3 problems loaded, 1 row refused")).to_be_visible()
    page.locator("[class*=st-key-tick-mine] button").click()
    expect(page.get_by_text("Run 3 problems")).to_be_visible()
    expect(page.get_by_text("it will give no answer to 1 of these questions")).to_be_visible()
    for name, value in (("Population N", "2"), ("Aggregation K", "1"), ("Generations T", "1")):
        field = page.get_by_role("spinbutton", name=name)
        field.fill(value)
        field.press("Enter")
    page.get_by_text("3 runs, 6 calls in all").wait_for()
    page.locator(".st-key-run-all button").click()
    page.wait_for_url(re.compile(r"batch=[0-9a-f]{6}"))
    expect(page.get_by_text("3 of 3 runs done")).to_be_visible(timeout=60_000)
    assert page.title() != "owned"
    page.reload()  # another session of the same browser sees the same batch
    expect(page.get_by_text("3 of 3 runs done")).to_be_visible()
    box = page.locator("[class*=st-key-batch-runs] canvas").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 15, box["y"] + 56)
    page.wait_for_url(re.compile(r"run="))
    with Store(server.database, read_only=True) as store:
        run = store.run(run_id_in(page.url))
    assert (run.problem.title, run.status) == (f"Mine {PROGRAMS[0].title}", RunStatus.DONE)
