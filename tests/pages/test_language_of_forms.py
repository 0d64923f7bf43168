"""What is chosen stays chosen when the language changes: browsers name a choice in a list by its label."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from rsa_viz.core.run import Candidates


def test_choices_outlast_a_change_of_language_and_the_browser_is_told_their_new_labels(
    app: Callable[[Path], AppTest], tmp_path: Path
) -> None:
    at = app(tmp_path / "fresh.db").run()
    at.selectbox(key="strategy").select("self-refinement").run()
    at.number_input(key="knob-n").set_value(5).run()
    at.button(key="language-zh").click().run()
    assert not at.exception
    strategy, prompts = at.selectbox(key="strategy"), at.selectbox(key="prompt-set")
    assert at.session_state["strategy"] == "self-refinement"
    assert (strategy.proto.set_value, strategy.proto.raw_value) == (True, "自我改进")
    assert (prompts.proto.set_value, prompts.proto.raw_value) == (True, "plain，第 1 版")
    assert at.session_state["candidates"] is Candidates.WHOLE
    assert at.session_state["knob-n"] == 5
    assert at.query_params["lang"] == "zh"
