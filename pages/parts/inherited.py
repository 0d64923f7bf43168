"""How much of each chain stands in which of its parents, for pictures of the genealogy. Knows no widget."""

from __future__ import annotations

from pages.parts.cut_steps import cut_steps
from rsa_viz.analysis.genealogy import Shares
from rsa_viz.core.run import Run


def inherited_shares(run: Run) -> Shares:
    """The share of each recorded link (child, parent) in the child's steps; links of chains without steps are left out.

    Reads the texts of chains that have ended since the last call, whoever called.
    """
    return {
        (child, parent): share
        for child, found in cut_steps(run).inherited.items()
        if found.steps
        for parent, share in found.shares.items()
    }
