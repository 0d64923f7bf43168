"""Compare: arms of many runs at equal budgets, differences and whether they are more than noise, and advice."""

from __future__ import annotations

import streamlit as st

from pages.parts.advising import advising
from pages.parts.compare_arms import arm_table, choose_arms, read_arms, run_table
from pages.parts.compare_choice import chosen_to_compare, name_of_choice, names_of_arms
from pages.parts.compare_pictures import comparing, equal_budgets, over_generations, over_problems
from pages.parts.compare_published import choose_reference, published_tables
from pages.parts.compare_report import comparison_file
from pages.parts.frame import simulation_notice, through_the_entry
from pages.parts.ruled import rulings_notice
from pages.parts.spoken import said
from pages.parts.unread_verifications import warn_of_unread_verifications

through_the_entry()
st.title(said("Compare"))
runs = chosen_to_compare()
if runs:
    simulation_notice(runs)
    rulings_notice([run.id for run in runs])
    everyone = read_arms(runs, names_of_arms(runs))
    shown, against = choose_arms(everyone)
    if shown:
        warn_of_unread_verifications(shown)
        comparing(shown, against)
        arm_table(shown)
        equal_budgets(shown)
        reference = choose_reference()
        over_generations(shown, reference)
        published_tables(reference)
        over_problems(shown)
        run_table(shown)
        comparison_file(runs, shown, against, *name_of_choice())
        advising(shown)
