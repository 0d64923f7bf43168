"""Run: ask a question and watch the population evolve."""

from __future__ import annotations

from pages.parts.frame import run_in_view
from pages.parts.live import live_view
from pages.parts.new_run import new_run

run = run_in_view(newest=False)
if run is None:
    new_run()
else:
    live_view(run)
