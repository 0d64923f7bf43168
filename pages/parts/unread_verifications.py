"""Compare's word on arms whose verifications could not be read: they are no rejection sampling. Knows no picture."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.frame import the_service
from pages.parts.spoken import said
from pages.parts.words import escaped
from rsa_viz.analysis.acceptance import acceptance
from rsa_viz.analysis.arms import Arm
from rsa_viz.core.strategies import FinalAnswer, find_strategy
from rsa_viz.service import MOST_COMPARED


def warn_of_unread_verifications(shown: Sequence[Arm]) -> None:
    """Name the arms in some of whose finished runs no verification could be read; nothing where there is none."""
    for arm in shown:
        if find_strategy(arm.settings.strategy).final is not FinalAnswer.ACCEPTED:
            continue
        path = str(the_service().store.path)
        unread = sum(_nothing_read(path, one.run_id) for one in arm.finished)
        if unread:
            runs, label = len(arm.finished), escaped(said(arm.label))
            st.warning(
                said(
                    f"{label}: in {unread:,} of {runs:,} runs no verification could be read, so nothing was chosen: "
                    "that is the reference at twice the price."
                ),
                icon=":material/warning:",
            )


@st.cache_data(max_entries=2 * MOST_COMPARED, show_spinner=False)
def _nothing_read(path: str, run_id: str) -> bool:
    """Of a finished run, of which nothing changes any more."""
    del path  # it tells the cached answers apart
    return acceptance(the_service().store.asides(run_id)).nothing_read
