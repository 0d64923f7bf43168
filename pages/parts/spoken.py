"""The language of this view, and what the app says in it. Knows no page.

The URL is the view here too: ``lang``. Pages are written in English; ``said`` gives a label its wording in the language
of the viewer. What a model or a person wrote is never looked up.
"""

from __future__ import annotations

import re
from enum import Enum

import streamlit as st

from rsa_viz.analysis.telling import MENTION
from rsa_viz.figures.spoken import in_words
from rsa_viz.figures.style import Figure
from rsa_viz.texts import LANGUAGES, Texts, texts_in

_DRAWN = "language-drawn"  # the one in which this session's page stands before its browser
_KEPT = "language"  # pages that are navigated to come without the URL's parameters
_ENGLISH = next(iter(LANGUAGES))
_SWITCH = """<style>
.st-key-language { position: fixed; top: 0.85rem; right: 3.4rem; width: auto !important; z-index: 999991; }
.st-key-language button { min-height: 2rem; padding: 0 0.5rem; }
</style>"""


def language() -> str:
    """The language of the URL, else the last chosen, else the browser's if there are texts in it, else English."""
    if asked := chosen_language():
        return asked["lang"]
    browser = (st.context.locale or "").partition("-")[0].lower()
    return browser if browser in LANGUAGES else _ENGLISH


def chosen_language() -> dict[str, str]:
    """What a link needs so that it opens in the language that was chosen; empty where the browser's own is shown."""
    asked = st.query_params.get("lang") or st.session_state.get(_KEPT)
    return {"lang": str(asked)} if asked in LANGUAGES else {}


def texts() -> Texts:
    """All texts in the language of this view."""
    return texts_in(language())


def said(english: str) -> str:
    """A label in the language of this view; the English where the language has no line for it.

    Write the English out where this is called, as a string or an f-string: a test reads it there and asks every
    language for it.
    """
    return texts().labels.say(english)


def told(english: str) -> str:
    """Sentences in the language of this view, each looked up for itself; in English, what they are."""
    return texts().labels.tell(english)


def mention() -> re.Pattern[str]:
    """How sentences in this language name a chain and a generation."""
    if language() == _ENGLISH:
        return MENTION
    say = texts().labels.say
    chain = re.escape(say("chain 0.0")).replace(r"0\.0", r"(?P<chain>\d+\.\d+)")
    generation = re.escape(say("generation 0")).replace("0", r"(?P<generation>\d+)")
    return re.compile(f"{chain}|{generation}")


def language_switch() -> None:
    """Draw, at the right end of the header, a button for every other language; and remember that of the URL."""
    if (asked := st.query_params.get("lang")) in LANGUAGES:
        st.session_state[_KEPT] = asked
    _keep_choices()
    st.html(_SWITCH)
    with st.container(key="language", horizontal=True):
        for name, title in LANGUAGES.items():
            if name != language():
                st.button(title, key=f"language-{name}", on_click=_speak, args=(name,), type="tertiary")


def _keep_choices() -> None:
    """Keep what is chosen in lists when the language changes.

    Browsers name a choice by its label. What is chosen is put in anew, so that they are told its label in the language
    that is drawn now; else they would send the old one, which no list knows any more.
    """
    if st.session_state.get(_DRAWN, language()) != language():
        for key, value in list(st.session_state.items()):
            if _is_choice(value) or (isinstance(value, list | tuple) and all(map(_is_choice, value))):
                st.session_state[str(key)] = value
    st.session_state[_DRAWN] = language()


def _is_choice(value: object) -> bool:
    return isinstance(value, str | int | Enum) and not isinstance(value, bool)  # buttons are bool and cannot be set


def _speak(name: str) -> None:
    st.query_params["lang"] = st.session_state[_KEPT] = name


def said_picture(figure: Figure) -> Figure:
    """The figure with its labels in the language of this view; in English, the figure itself."""
    labels = texts().labels
    return in_words(figure, labels.say_lines) if labels.whole else figure
