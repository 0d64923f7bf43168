"""The one place where the pages cut texts into steps."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from pictures import OpenApp, opened, recorded

from rsa_viz.core.chain import Chain, Slot, Step
from rsa_viz.core.run import Run
from rsa_viz.service import Service


def test_a_text_is_cut_once_however_many_pages_look_at_it(
    app: OpenApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, cut, steps = recorded(tmp_path / "a.db"), Counter[Slot](), Service.steps

    def counted(service: Service, run: Run, chain: Chain) -> tuple[Step, ...]:
        cut[chain.slot] += 1
        return steps(service, run, chain)

    monkeypatch.setattr(Service, "steps", counted)
    for page in ("chain", "genealogy", "fragments", "chain"):
        assert not opened(app, tmp_path / "a.db", page, run=run.id, chain="3.2").exception
    assert len(cut) == 29  # 6 x 5, of which 2.6 failed
    assert set(cut.values()) == {1}
