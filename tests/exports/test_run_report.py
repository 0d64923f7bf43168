"""The report of a run: one HTML file that loads nothing, runs nothing of a model's, and names no server."""

from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser

import plotly.graph_objects as go
import pytest

from rsa_viz.core.chain import Slot, Verdict
from rsa_viz.core.fork import Written
from rsa_viz.core.run import ModelChoice, Run
from rsa_viz.exports.chain_texts import marked
from rsa_viz.exports.page import Section, Table, page
from rsa_viz.figures.style import LIBRARY
from rsa_viz.service import Service
from rsa_viz.service.exchange import write_run
from rsa_viz.store import Store
from rsa_viz.tasks import find_task
from tests.exports.recorded_runs import OPEN, SUM, recorded, sevens

HOSTILE = (
    "</script></pre></details><script>document.title = 'taken'</script><img src=//evil.example/x onerror=alert(1)>"
    "<style>@import url(//evil.example/y)</style><!-- <b>bold</b> &lt; \x00\ud83d \u202eesrever $x$ {{question}} "
    "chain 1.1\n\n6 * 7 = 41\n\nThe answer is \\boxed{<b>41</b></script>}."
)


class Parsed(HTMLParser):
    """What a reader of HTML finds: tags with attributes, each script's and style's content, the text of ``pre``."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": [], "pre": [], "figcaption": [], "dd": [], "p": []}
        self._inside: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in self.texts:
            self.texts[tag].append("")
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[self._inside[-1]][-1] += data

    def every(self, attribute: str) -> list[str]:
        """The values of an attribute, wherever it stands."""
        return [values[attribute] or "" for _, values in self.tags if attribute in values]


def report(store: Store, run: Run) -> str:
    out = io.BytesIO()
    write_run(store, run.id, "html", out)
    return out.getvalue().decode("utf-8")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("reports") / "runs.db")


@pytest.fixture(scope="module")
def hostile_run(store: Store) -> Run:
    """16 x 10 chains of which one in five attacks whoever reads it."""
    return recorded(store, SUM, lambda slot: HOSTILE if slot.i % 5 == 0 else sevens(slot), n=16, k=4, t=10)


@pytest.fixture(scope="module")
def text(store: Store, hostile_run: Run) -> str:
    return report(store, hostile_run)


@pytest.fixture(scope="module")
def parsed(text: str) -> Parsed:
    return Parsed(text)


def test_nothing_is_loaded_from_anywhere(parsed: Parsed) -> None:
    assert not parsed.every("src")
    assert {link[:1] for link in parsed.every("href")} == {"#"}
    assert {tag for tag, _ in parsed.tags} & {
        "img",
        "link",
        "iframe",
        "object",
        "embed",
        "base",
        "form",
        "svg",
    } == set()
    assert len(parsed.texts["style"]) == 1
    assert not re.search(r"url\(|@import", parsed.texts["style"][0])
    policy = next(values["content"] or "" for tag, values in parsed.tags if "http-equiv" in values)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "http" not in policy


def test_the_plotting_library_stands_in_it_once_and_no_script_is_a_models(parsed: Parsed) -> None:
    kinds = [values.get("type") for tag, values in parsed.tags if tag == "script"]
    assert kinds.count(None) == 2
    assert set(kinds) == {None, "application/json"}
    assert parsed.texts["script"][-2] == LIBRARY.read_text(encoding="utf-8")
    assert not [name for _, values in parsed.tags for name in values if name.startswith("on")]
    for kind, content in zip(kinds, parsed.texts["script"], strict=True):
        if kind is not None:
            assert json.loads(content)["data"] is not None
            assert "<" not in content


def test_every_figure_is_there_for_light_and_for_dark_with_its_caption(parsed: Parsed) -> None:
    themes = [values["class"] for tag, values in parsed.tags if tag == "script" and "class" in values]
    assert themes == ["light", "dark"] * 10
    assert len(parsed.texts["figcaption"]) == 10
    assert all(parsed.texts["figcaption"])


def test_model_text_is_shown_letter_by_letter(parsed: Parsed, store: Store, hostile_run: Run) -> None:
    written = [chain.text for chain in store.chains(hostile_run.id, text=True) if chain.text]
    shown = HOSTILE.replace("\x00", "\ufffd").replace("\ud83d", "\ufffd")
    assert parsed.texts["pre"] == [SUM.question, *(text.replace(HOSTILE, shown) for text in written)]


def test_addresses_endpoints_and_keys_are_left_out(text: str) -> None:
    for secret in ("gpu7", "lab.example", ":8123", "basement", "LAB_SECRET_KEY"):
        assert secret not in text
    assert "no answer from (address left out) in 5 s" in text


def test_every_link_of_a_caption_leads_to_a_place_in_the_file(parsed: Parsed) -> None:
    targets = set(parsed.every("id"))
    links = [link[1:] for link in parsed.every("href")]
    assert any(link.startswith("chain-") for link in links)
    assert any(link.startswith("generation-") for link in links)
    assert set(links) <= targets
    assert len(targets) == len(parsed.every("id"))


def test_the_facts_name_what_was_run(parsed: Parsed) -> None:
    facts = " | ".join(parsed.texts["dd"])
    for said in (
        "42",
        "openai/small",
        "N 16 chains",
        "K 4 parents",
        "10 generations (9 aggregations)",
        "plain, version 1",
    ):
        assert said in facts


def test_a_report_of_16_by_10_chains_stays_below_7_megabytes(text: str) -> None:
    assert LIBRARY.stat().st_size < len(text.encode()) < 7e6


def test_only_a_simulated_model_is_called_a_simulation(store: Store, text: str) -> None:
    simulated = recorded(store, SUM, sevens, n=2, k=2, t=2, model=ModelChoice("synthetic/written"))
    assert '<p class="notice">Simulation.' in report(store, simulated)
    assert 'class="notice"' not in text


def test_what_persons_ruled_is_said_under_the_figures_and_listed(store: Store) -> None:
    run = recorded(store, SUM, sevens, n=4, k=2, t=2)
    store.rule_verdict(run.id, Slot(2, 1), Verdict.RIGHT, "misread <b>it</b>")
    text = report(store, run)
    found = Parsed(text)
    assert all(caption.endswith("1 verdict set by a person.") for caption in found.texts["figcaption"])
    assert "1 verdict set by a person" in found.texts["dd"]
    assert "What persons ruled" in text
    assert "misread &lt;b&gt;it&lt;/b&gt;" in text


def test_a_run_of_which_nothing_is_done_has_a_report(store: Store) -> None:
    found = Parsed(report(store, recorded(store, SUM, sevens, n=3, k=2, t=2, until=0)))
    assert "There is none yet: the last generation is not complete." in found.texts["p"]
    assert "stopped, 0 of 6 calls" in found.texts["dd"]


def test_without_a_gold_answer_nothing_is_called_wrong(store: Store) -> None:
    found = Parsed(report(store, recorded(store, OPEN, lambda slot: "It is \\boxed{warm}.", n=3, k=2, t=2)))
    assert "unknown" in found.texts["dd"]
    assert not [values for _, values in found.tags if values.get("class") in ("right", "wrong")]
    assert any("which nobody judged" in words for words in found.texts["p"])


def test_the_report_of_a_fork_says_which_chains_no_model_wrote_for_it(store: Store) -> None:
    run = recorded(store, SUM, sevens, n=3, k=2, t=2, model=ModelChoice("synthetic/fast"))
    service = Service(store)
    fork = service.fork(run.id, 1, Written(Slot(1, 2), "6 * 7 = 42, so it is \\boxed{42}"))
    given = f"2 chains taken over from run {run.id} and 1 chain planted by a person, which no model wrote."
    found = [words for words in Parsed(report(store, fork)).texts["p"] if given in words]
    assert found[0] == f"The answers of every chain are shown, also of {given}"
    assert {words.split()[1] for words in found} == {"answers", "steps", "fragments"}
    assert not [words for words in Parsed(report(store, run)).texts["p"] if "every chain are shown" in words]
    service.close()


def test_an_unknown_run_writes_nothing(store: Store) -> None:
    out = io.BytesIO()
    with pytest.raises(Exception, match="no run"):
        write_run(store, "0" * 12, "html", out)
    assert out.getvalue() == b""


def test_marks_and_the_answer_lie_over_the_text_and_change_no_letter_of_it() -> None:
    text = "6 * 7 = 41 & so\n\nthe <answer> is \\boxed{41}."
    steps = find_task("text").steps(text, SUM)
    answer = find_task("text").extract(text, SUM)
    assert answer is not None
    html = marked(text, steps, (answer.start, answer.end))
    assert re.sub(r"<[^>]*>", "", html).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text
    assert html.count("<mark>41</mark>") == 1
    assert 'class="wrong"' in html


def test_a_page_is_made_of_any_sections() -> None:
    table = Table(("Strategy", "Right"), [("rsa <1>", 0.5), ("vote", None)], frozenset({1}))
    html = "".join(page("A & B", [Section("Compared", "compared", ["One <lead>."], table=table)], notice="Simulation."))
    found = Parsed(html)
    assert found.texts["p"] == ["Simulation.", "One <lead>."]
    assert '<td>vote</td><td class="number">–</td>' in html
    assert "rsa &lt;1&gt;" in html
    assert "<title>A &amp; B</title>" in html
    assert len(html) < 20_000  # the plotting library is left out where nothing is drawn


def test_figures_are_drawn_as_svg_which_needs_no_script_made_of_text() -> None:
    figure = go.Figure(go.Scattergl(x=[1], y=[1], text=['"type":"scattergl"']))
    html = "".join(page("Many", [Section("Marks", "marks", figure=lambda theme: figure, caption="One.")]))
    traces = [json.loads(text)["data"][0] for text in Parsed(html).texts["script"][:2]]
    assert [(trace["type"], trace["text"]) for trace in traces] == [("scatter", ['"type":"scattergl"'])] * 2


def test_the_file_is_written_piece_by_piece(store: Store, hostile_run: Run) -> None:
    pieces: list[int] = []

    class Out(io.BytesIO):
        def write(self, piece: bytes) -> int:  # type: ignore[override]
            pieces.append(len(piece))
            return len(piece)

    write_run(store, hostile_run.id, "html", Out())
    largest = sorted(pieces)[-2]  # the largest is the library
    assert largest < 700_000
