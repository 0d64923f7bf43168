"""Experiments: named sets of runs; make one, watch it, pause it, go on with it, compare it, take its file along."""

from __future__ import annotations

import streamlit as st

from pages.parts.experiment_list import experiment_list, new_experiment_notice
from pages.parts.experiment_making import make_experiment
from pages.parts.experiment_view import experiment_in_view
from pages.parts.frame import may_change, the_service, through_the_entry
from pages.parts.spoken import said

through_the_entry()
service = the_service()
st.title(said("Experiments"))
new_experiment_notice(service)
if not experiment_in_view(service):
    experiment_list(service)
    if may_change():
        make_experiment(service)
