"""A contract over the pages and the formats: wherever numbers of a run stand, what persons ruled on it is said."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from pictures import RIGHT, WRONG, OpenApp, opened, recorded, said

from pages.parts.registry import PAGES
from rsa_viz.core.chain import Slot, Verdict
from rsa_viz.core.experiment import Experiment
from rsa_viz.core.ruling import RulingCount
from rsa_viz.core.run import Run
from rsa_viz.service import FORMATS, Service
from rsa_viz.store import Store
from rsa_viz.texts import texts_in

ONE = "1 verdict set by a person, 1 merged answer class"
NO_RUN = {"learn", "models", "problems"}  # nothing there is a figure of a run that somebody ruled on
MANY = {"compare", "runs", "experiments"}


def judged(slot: Slot, prompt: str, seed: int) -> str | None:
    if slot.i == 4:
        return "\\boxed{45}"
    return WRONG if slot == Slot(1, 2) else RIGHT


@pytest.fixture
def ruled(tmp_path: Path) -> Run:
    """A run of the database a.db on which a chain was overruled and two classes merged, and another one beside it."""
    run = recorded(tmp_path / "a.db", write=judged, n=4, k=2, t=2)
    recorded(tmp_path / "a.db", write=judged, n=4, k=2, t=2)
    with Store(tmp_path / "a.db") as store:
        store.rule_verdict(run.id, Slot(1, 1), Verdict.WRONG, "it guessed")
        store.merge_answers(run.id, "45", "43", "a slip of the pen")
    return run


def of_experiment(database: Path, runs: list[Run]) -> str:
    with Store(database) as store:
        service = Service(store)
        made: Experiment = service.experiments.store.save("Both", "", {})
        service.experiments.store.set_runs(made.id, [run.id for run in runs])
        return made.id


@pytest.mark.parametrize("page", [page.name for page in PAGES if page.name not in NO_RUN])
def test_every_page_that_shows_numbers_of_a_ruled_run_says_so(
    app: OpenApp, tmp_path: Path, ruled: Run, page: str
) -> None:
    query = {} if page in MANY else {"run": ruled.id, "chain": "1.1"}
    if page == "experiments":
        query = {"experiment": of_experiment(tmp_path / "a.db", [ruled])}
    at = opened(app, tmp_path / "a.db", page, **query)
    assert not at.exception
    words = said(at)
    assert ONE in words, page
    assert f"/audit?run={ruled.id}" in words or page == "audit"
    if page == "compare":
        assert words.count(f"{ONE}, in 1 of 2 runs") > 2, "at the head and under each picture"


@pytest.mark.parametrize("page", sorted(MANY))
def test_a_page_of_many_runs_says_nothing_when_nothing_is_ruled(app: OpenApp, tmp_path: Path, page: str) -> None:
    recorded(tmp_path / "a.db", write=judged, n=4, k=2, t=2)
    assert "set by a person" not in said(opened(app, tmp_path / "a.db", page))


def text(data: bytes) -> str:
    return data.decode()


def lines_of(data: bytes) -> str:
    """The rulings of a bundle."""
    rows = [json.loads(line) for line in data.decode().splitlines()]
    return " ".join(f"{row['kind']}:{row['verdict']}" for row in rows if row.get("record") == "ruling")


def ruled_rows(data: bytes) -> str:
    import pyarrow.parquet as pq

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        name = next(name for name in archive.namelist() if "chains" in name)
        rows = pq.read_table(io.BytesIO(archive.read(name))).to_pylist()
    return " ".join(f"{row['t']}.{row['i']}:{row['ruled']}" for row in rows if row["t"] == 1)


SAID: Mapping[str, tuple[Callable[[bytes], str], str]] = {
    "jsonl": (lines_of, "verdict:wrong merge:right"),
    "csv": (text, "it guessed"),
    "graphml": (text, "it guessed"),
    "gexf": (text, "it guessed"),
    "html": (text, ONE),
    "evolution": (text, ONE),
    "parquet": (ruled_rows, "1.1:True 1.2:False 1.3:False 1.4:True"),
}


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_says_what_is_ruled(tmp_path: Path, ruled: Run, format: str) -> None:
    read, words = SAID[format]
    out = io.BytesIO()
    with Store(tmp_path / "a.db") as store:
        Service(store).export(ruled.id, format, out)
    assert words in read(out.getvalue())


@pytest.mark.parametrize("tail", ["", ", in 1 of 8 runs", ", in 2 of 1,234 runs. Every figure here counts them."])
@pytest.mark.parametrize("counts", [RulingCount(1, 0), RulingCount(0, 2), RulingCount(1, 1), RulingCount(3, 2)])
def test_nothing_of_what_is_ruled_is_lost_in_another_language(counts: RulingCount, tail: str) -> None:
    labels = texts_in("zh").labels
    for words in (labels.say(f"{counts}{tail}"), labels.tell(f"{counts}{tail}")):
        assert re.findall(r"\d+", words.replace("1,234", "1234")) == [
            *(str(number) for number in (counts.verdicts, counts.merges) if number),
            *reversed(re.findall(r"\d+", tail.replace("1,234", "1234"))),
        ]
        assert not re.search("[a-z]", words)
        assert ("每张图" in words) == ("figure" in tail)
