"""Pictures as pairs: ``x_data(...)`` gives what is shown and its caption, ``x_figure(data, theme)`` draws it.

``FIGURES`` lists them; a picture is one file and one line here. Every member draws from nothing, one chain or ten
thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from ..analysis.fragments import Spread
from .answers import answers_data, answers_figure, distribution_figure
from .beads import BeadsData, beads_figure
from .board import board_data, board_figure
from .compare import compare_budget_data, compare_figure, compare_gap_data, compare_n_data, compare_t_data
from .correctness import correctness_data, correctness_figure
from .courses import courses_data, courses_figure
from .descent import descent_data
from .diversity import diversity_data, diversity_figure
from .donors import DonorsData, donors_figure
from .events import events_data, events_figure
from .experiment_grid import experiment_grid_data, experiment_grid_figure
from .fates import fates_data, fates_figure
from .forks import forks_data, forks_figure
from .fragments import fragments_data, fragments_figure
from .genealogy import genealogy_data, genealogy_figure
from .leave_one_out import leave_one_out_data, leave_one_out_figure
from .lengths import lengths_data, lengths_figure
from .painted_generation import painted_generation_data, painted_generation_figure
from .painting import PaintingData, painting_figure
from .paired import paired_data, paired_figure
from .population_beads import population_beads_data, population_beads_figure
from .positions import positions_data, positions_figure
from .prediction import prediction_data, prediction_figure
from .problem_grid import problem_grid_data, problem_grid_figure
from .shares import shares_data, shares_figure
from .spread import kinds_data, kinds_figure, spread_data, spread_figure
from .style import Theme
from .synthesis import synthesis_data, synthesis_figure
from .synthesis_course import synthesis_course_data, synthesis_course_figure
from .transmission import transmission_data, transmission_figure
from .turning_points import turning_points_data, turning_points_figure


@dataclass(frozen=True, slots=True)
class FigureKind:
    """One picture: its name, the title over it, its data when there is nothing to show, and what draws it."""

    name: str
    title: str
    empty: Callable[[], Any]
    figure: Callable[[Any, Theme], go.Figure]


FIGURES: Mapping[str, FigureKind] = {
    kind.name: kind
    for kind in (
        FigureKind("board", "The board", lambda: board_data(()), board_figure),
        FigureKind("correctness", "Right chains by generation", lambda: correctness_data(()), correctness_figure),
        FigureKind("answers", "Answers over generations", lambda: answers_data(()), answers_figure),
        FigureKind("distribution", "Answers of one generation", lambda: answers_data(()), distribution_figure),
        FigureKind("diversity", "Diversity of answers", lambda: diversity_data(()), diversity_figure),
        FigureKind("lengths", "Lengths and mishaps", lambda: lengths_data(()), lengths_figure),
        FigureKind(
            "transmission", "From right parents to right children", lambda: transmission_data(()), transmission_figure
        ),
        FigureKind(
            "turning_points",
            "When did the right answer win or die?",
            lambda: turning_points_data(()),
            turning_points_figure,
        ),
        FigureKind("events", "Rescued, gained, lost, corrupted", lambda: events_data(()), events_figure),
        FigureKind("prediction", "What was to be expected", lambda: prediction_data(()), prediction_figure),
        FigureKind("courses", "Measured and expected", lambda: courses_data(()), courses_figure),
        FigureKind("shares", "A few shares", lambda: shares_data(()), shares_figure),
        FigureKind(
            "experiment_grid", "An experiment at a glance", lambda: experiment_grid_data(()), experiment_grid_figure
        ),
        FigureKind("fates", "Start and end of many runs", lambda: fates_data(()), fates_figure),
        FigureKind("compare_t", "Right answers by generation", lambda: compare_t_data(()), compare_figure),
        FigureKind("compare_n", "Right answers by population size", lambda: compare_n_data(()), compare_figure),
        FigureKind("compare_gap", "What a single draw still misses", lambda: compare_gap_data(()), compare_figure),
        FigureKind(
            "compare_budget", "Right answers for equal budgets", lambda: compare_budget_data(()), compare_figure
        ),
        FigureKind(
            "paired", "Differences, and whether they are more than noise", lambda: paired_data(()), paired_figure
        ),
        FigureKind("problem_grid", "Problem by problem", lambda: problem_grid_data(()), problem_grid_figure),
        FigureKind("forks", "What if: a run and its forks", lambda: forks_data(None, ()), forks_figure),
        FigureKind("leave_one_out", "Which parent mattered", lambda: leave_one_out_data(()), leave_one_out_figure),
        FigureKind("genealogy", "Who descends from whom", lambda: genealogy_data((), {}), genealogy_figure),
        FigureKind("descent", "Who descends from whom, so far", lambda: descent_data((), {}), genealogy_figure),
        FigureKind(
            "population_beads",
            "Every chain step by step",
            lambda: population_beads_data((), {}, {}),
            population_beads_figure,
        ),
        FigureKind(
            "fragments", "Fragments over generations", lambda: fragments_data((), Spread((), ())), fragments_figure
        ),
        FigureKind("spread", "How a fragment spread", lambda: spread_data((), Spread((), ()), ()), spread_figure),
        FigureKind("kinds", "Right and wrong fragments", lambda: kinds_data((), Spread((), ())), kinds_figure),
        FigureKind("beads", "Step by step", lambda: BeadsData((), "No step to show.", ""), beads_figure),
        FigureKind(
            "painting",
            "Painted in its parents' colours",
            lambda: PaintingData(None, (), (), "No step to paint.", ""),
            painting_figure,
        ),
        FigureKind(
            "painted_generation",
            "A generation in its donors' colours",
            lambda: painted_generation_data((), {}),
            painted_generation_figure,
        ),
        FigureKind("synthesis", "Copy or synthesis", lambda: synthesis_data((), ()), synthesis_figure),
        FigureKind(
            "synthesis_course",
            "Copy or synthesis by generation",
            lambda: synthesis_course_data((), ()),
            synthesis_course_figure,
        ),
        FigureKind(
            "positions", "Does the place in the prompt matter?", lambda: positions_data((), ()), positions_figure
        ),
        FigureKind(
            "donors", "Where its steps come from", lambda: DonorsData(None, (), 0.0, 0, "No parent.", ""), donors_figure
        ),
    )
}

__all__ = ["FIGURES", "FigureKind", "Theme"]
