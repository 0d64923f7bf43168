"""The comparison in view as one HTML file to hand out."""

from __future__ import annotations

import io
from collections.abc import Sequence

import streamlit as st

from pages.parts.frame import the_service
from pages.parts.spoken import said
from rsa_viz.analysis.arms import Arm
from rsa_viz.core.ruling import rulings_of_runs_in_words
from rsa_viz.core.run import Run
from rsa_viz.service import write_comparison


def comparison_file(runs: Sequence[Run], shown: Sequence[Arm], against: Arm | None, title: str, note: str) -> None:
    """Offer the arms that are shown, with their differences, pictures, problems and runs, as a file."""
    if against is None:
        return
    ids = {one.run_id for arm in shown for one in arm.trials}
    chosen = [run for run in runs if run.id in ids]

    def written() -> bytes:
        out = io.BytesIO()
        ruled = rulings_of_runs_in_words(the_service().store.ruling_counts(ids), len(chosen))
        write_comparison(chosen, shown, against, out, title=title, note=note, ruled=ruled)
        return out.getvalue()

    st.download_button(
        said("Report to hand out (HTML)"),
        data=written,
        file_name="comparison.html",
        mime="text/html",
        icon=":material/description:",
        key="compare-report",
        help=said(
            "One file that opens without network: the arms shown, what differs by more than noise, every picture."
        ),
        on_click="ignore",
    )
