"""The report of a comparison: one HTML file with numbers from the runs, that loads nothing and names no server."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest

from rsa_viz.analysis.arms import arms
from rsa_viz.analysis.held_against import usual_other
from rsa_viz.core.problem import Problem
from rsa_viz.core.run import ModelChoice, Run, RunConfig
from rsa_viz.service import Service, read_trial, write_comparison
from rsa_viz.store import Store
from rsa_viz.tasks import find_task
from tests import processes
from tests.servers.openai_server import OpenAIServer

HOSTILE = "</script><script>document.title = 'taken'</script><img src=//evil.example/x onerror=alert(1)> \x00 <b>"


def compared(store: Store, runs: list[Run], *, note: str = "") -> str:
    found = arms(read_trial(store, run) for run in runs)
    out = io.BytesIO()
    write_comparison(runs, found, usual_other(found), out, title=f"Mine {HOSTILE}", note=note)
    return out.getvalue().decode("utf-8")


def driven(store: Store, problems: list[Problem], *configs: RunConfig) -> list[Run]:
    service = Service(store)
    made = [service.create(problem, config) for problem in problems for config in configs]
    for run in made:
        service.start(run.id)
    ended = [service.wait(run.id, timeout=60) for run in made]
    service.close()
    return ended


@pytest.fixture(scope="module")
def two_arms(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Three programs under RSA and under a vote of twelve samples."""
    path = tmp_path_factory.mktemp("compared") / "runs.db"
    base = RunConfig(ModelChoice("synthetic/fast"), n=4, k=2, t=3)
    with Store(path) as store:
        vote = replace(base, strategy="majority-vote", n=12)
        ids = [run.id for run in driven(store, find_task("program").problems()[:3], base, vote)]
    return path, ids


def test_it_holds_the_arms_their_differences_and_every_run(two_arms: tuple[Path, list[str]]) -> None:
    path, ids = two_arms
    with Store(path) as store:
        text = compared(store, [store.run(run_id) for run_id in ids], note=HOSTILE)
        found = arms(read_trial(store, store.run(run_id)) for run_id in ids)
    assert "6 runs of 3 problems in 2 arms" in text
    assert "Simulation. The synthetic reasoner is no language model." in text
    assert "Each arm is held against Majority vote, N=12" in text
    for arm in found:
        right = sum(one.end.answered for one in arm.trials if one.end is not None) / 3
        assert re.search(rf"<td>{arm.label}</td><td[^>]*>3</td><td[^>]*>1</td><td[^>]*>{100 * right:.1f}</td>", text)
    assert all(run_id in text for run_id in ids)
    assert text.count('class="plot"') == len(re.findall(r"<figure>", text)) >= 8


def test_nothing_in_it_comes_from_elsewhere_and_hostile_words_stay_words(two_arms: tuple[Path, list[str]]) -> None:
    path, ids = two_arms
    with Store(path) as store:
        text = compared(store, [store.run(run_id) for run_id in ids], note=HOSTILE)
    assert "<script>document.title" not in text
    assert "<img" not in text.replace("&lt;img", "")
    tags = re.findall(r"<[a-z][^<>]*>", re.sub(r"<script[^>]*>.*?</script>", "", text, flags=re.DOTALL))
    assert len(tags) > 50
    assert not [tag for tag in tags if re.search(r"(?:src|href|action)=(?![\"']?#)", tag)]
    assert "default-src 'none'" in text


def test_servers_are_told_apart_and_not_named(tmp_path: Path) -> None:
    problem = Problem("text", "What is 6 times 7?", "42")
    with OpenAIServer(script=lambda messages: "\\boxed{42}") as one, OpenAIServer(script=lambda messages: "41") as two:
        with Store(tmp_path / "runs.db") as store:
            choices = [ModelChoice("openai/m", api_base=server.address) for server in (one, two)]
            runs = driven(store, [problem], *(RunConfig(choice, n=2, k=2, t=2) for choice in choices))
            text = compared(store, runs)
        assert one.address not in text
        assert two.address not in text
        assert "127.0.0.1" not in text
    assert "RSA, N=2, K=2, server 1" in text
    assert "RSA, N=2, K=2, server 2" in text


def test_unfinished_runs_alone_give_a_report_that_says_so(tmp_path: Path) -> None:
    with Store(tmp_path / "runs.db") as store:
        service = Service(store)
        run = service.create(
            find_task("program").problems()[0], RunConfig(ModelChoice("synthetic/fast"), n=2, k=2, t=2)
        )
        text = compared(store, [run])
    assert "1 unfinished run left out" in text
    assert "<figure>" not in text


def test_the_command_writes_it_whole(two_arms: tuple[Path, list[str]], tmp_path: Path) -> None:
    path, ids = two_arms
    ran = processes.run("compare", "--db", path, "--runs", *ids, "--html", tmp_path / "out.html")
    assert ran.returncode == 0, ran.stderr
    text = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert text.rstrip().endswith("</html>")
    assert list(tmp_path.iterdir()) == [tmp_path / "out.html"]
