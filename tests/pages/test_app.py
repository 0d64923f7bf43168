"""Every page on an empty database, on a full one, and on none that can be opened."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.frame import link, linked
from pages.parts.registry import PAGES, PageKind
from pages.parts.words import ago, duration, escaped, generations, large
from rsa_viz.store import Store

OpenApp = Callable[[Path], AppTest]
OF_NO_RUN = {"learn", "problems", "models", "experiments"}  # show no run in view
by_name = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
of_runs = pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name not in OF_NO_RUN], ids=lambda page: page.name
)


def words(app: AppTest) -> str:
    """Everything that the page says, as one text."""
    elements = [*app.markdown, *app.caption, *app.title, *app.subheader, *app.header, *app.text, *app.error, *app.info]
    return "\n".join(str(element.value) for element in elements)


@by_name
def test_every_page_offers_something_to_do_on_a_fresh_database(app: OpenApp, tmp_path: Path, page: PageKind) -> None:
    at = app(tmp_path / "fresh.db").run().switch_page(page.file).run()
    assert not at.exception
    assert not at.error
    if page.name == "run":
        assert not at.button(key="start").disabled
    elif page.name == "learn":
        assert not at.button(key="learn-next").disabled
    elif page.name == "models":
        assert "No server is configured yet" in words(at)
        assert at.selectbox(key="preset").options
    elif page.name == "problems":
        assert len(at.dataframe[0].value) >= 40
    elif page.name == "experiments":
        assert "No experiment yet" in words(at)
        assert at.text_input(key="experiment-name").value == ""
    else:
        assert "No run yet" in words(at)
        assert [one.page for one in at.get("page_link")] == [""] or at.get("page_link")


@by_name
def test_every_page_draws_a_full_database(app: OpenApp, full_database: Path, page: PageKind) -> None:
    at = app(full_database).run().switch_page(page.file).run()
    assert not at.exception
    assert not at.error


@of_runs
def test_every_page_that_shows_simulated_output_says_so(app: OpenApp, full_database: Path, page: PageKind) -> None:
    with Store(full_database) as store:
        newest = store.runs(limit=1)[0].id
    at = app(full_database).run().switch_page(page.file)
    at.query_params["run"] = newest
    at.run()
    assert not at.exception
    assert "no language model" in words(at)


@of_runs
def test_a_run_without_a_gold_answer_is_unknown_and_never_wrong(
    app: OpenApp, full_database: Path, page: PageKind
) -> None:
    with Store(full_database) as store:
        run = next(run for run in store.runs() if run.problem.gold is None)
    at = app(full_database).run().switch_page(page.file)
    at.query_params["run"] = run.id
    at.query_params["chain"] = "3.1"
    at.run()
    assert not at.exception
    said = words(at).lower()
    said = re.sub(r"\d+ steps[^.]*\.", "", said)  # a step whose own equation fails is wrong whoever is right
    assert not re.search(r"\b[1-9]\d* (is |are |were )?wrong", said)
    assert "unknown" in said


@of_runs
def test_an_unknown_run_in_the_url_is_one_clear_line(app: OpenApp, full_database: Path, page: PageKind) -> None:
    at = app(full_database).run().switch_page(page.file)
    at.query_params["run"] = "00000000dead"
    at.run()
    assert not at.exception
    if page.name not in ("runs", "compare"):  # show many runs, whichever is in view
        assert "00000000dead" in at.error[0].value


@by_name
def test_a_database_that_cannot_be_opened_is_one_clear_line(app: OpenApp, tmp_path: Path, page: PageKind) -> None:
    broken = tmp_path / "broken.db"
    broken.write_text("this is no database " * 100)
    at = app(broken).run().switch_page(page.file).run()
    assert not at.exception
    assert len(at.error) == 1
    assert "broken" in at.error[0].value


def test_the_path_to_the_first_paint_loads_no_heavy_library() -> None:
    code = (
        "import sys, streamlit.web.bootstrap, pages.parts.new_run, pages.parts.live\n"
        "heavy = {'litellm', 'networkx', 'pandas', 'openai', 'pyarrow', 'scipy'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_a_link_carries_the_view() -> None:
    assert link("population", "abc", t=3) == "/population?run=abc&t=3"
    assert link("run", "abc") == "/?run=abc"


def test_captions_link_chains_and_generations_and_escape_all_else() -> None:
    made = linked("generation 3: chain 3.12 says <b>*x*</b> in chain 5", "abc")
    assert '<a href="/population?run=abc&amp;t=3" target="_self">generation 3</a>' in made
    assert '<a href="/chain?run=abc&amp;chain=3.12" target="_self">chain 3\\.12</a>' in made
    assert "\\<b\\>\\*x\\*\\</b\\>" in made
    assert made.endswith("in chain 5")


def test_numbers_and_times_are_said_as_people_say_them() -> None:
    assert generations(10) == "10 generations (9 aggregations)"
    assert generations(2) == "2 generations (1 aggregation)"
    assert [duration(seconds) for seconds in (0.44, 12.4, 185, 7800)] == ["0.4 s", "12 s", "3 min 5 s", "2 h 10 min"]
    assert [large(number) for number in (950, 12_437, 1_310_720)] == ["950", "12,400", "1.3 million"]
    assert [ago(0.0, now) for now in (5.0, 300.0, 10_800.0)] == ["just now", "5 min ago", "3 h ago"]
    assert escaped("a*b_<i>") == "a\\*b\\_\\<i\\>"
