"""Learn: a lesson in ten steps, to walk alone or to project."""

from __future__ import annotations

import streamlit as st

from pages.parts.frame import through_the_entry
from pages.parts.learn_aggregation import aggregation
from pages.parts.learn_budgets import budgets, enough
from pages.parts.learn_chains import one_chain, votes
from pages.parts.learn_failures import failures
from pages.parts.learn_frame import head, step_in_view, words
from pages.parts.learn_population import drift, knobs, recursion
from pages.parts.learn_training import training

STEPS = {
    "chain": one_chain,
    "vote": votes,
    "aggregation": aggregation,
    "recursion": recursion,
    "knobs": knobs,
    "drift": drift,
    "failures": failures,
    "enough": enough,
    "budgets": budgets,
    "training": training,
}

through_the_entry()
say = words()
step = step_in_view(len(STEPS))
name = list(STEPS)[step - 1]
with st.container(key="lesson"):
    head([say.say(f"{one}.title") for one in STEPS], step, say)
    st.title(say.say(f"{name}.title"), anchor=False)
    STEPS[name](say)
