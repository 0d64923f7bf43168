"""What makes two steps the same, and how alike they are."""

from __future__ import annotations

import time

import pytest

from rsa_viz.analysis.step_keys import StepKey, carried, closest, fragment_of, plain_words, step_key, words_of
from rsa_viz.core.chain import Judgement, Slot, Step

NOBODY = Judgement.unknown("nobody says")


@pytest.mark.parametrize(
    "written",
    [
        "2. Bahati scored x + 20 points.",
        "**Step 2.** Bahati scored x + 20 points.",
        "Step 2: Bahati scored  x + 20\npoints.",
        "(b) Bahati scored x + 20 points.",
        "- **Bahati** scored x + 20 points.",
        "### 2) Bahati scored x + 20 points.",
        "**2. Bahati scored x + 20 points.**",
    ],
)
def test_marks_of_a_list_and_emphasis_are_no_words(written: str) -> None:
    assert plain_words(written) == "bahati scored x + 20 points."


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("60*2 and 3*4", "60*2 and 3*4"),
        ("2**3 is 8, 4**2 is 16", "2**3 is 8, 4**2 is 16"),
        ("3.5 apples", "3.5 apples"),
        ("a = 4", "a = 4"),
        ("1.", "1."),
        ("- 2.", "2."),
        ("step 2 is to add", "step 2 is to add"),
        ("", ""),
    ],
)
def test_what_is_no_mark_stays(written: str, words: str) -> None:
    assert plain_words(written) == words


def test_marks_without_end_take_no_time() -> None:
    begun = time.process_time()
    for hostile in ("- " * 50_000, "**" * 50_000, "step 1. " * 20_000, "1" * 100_000, "** a" * 20_000):
        plain_words(hostile)
    assert time.process_time() - begun < 2


def test_a_key_is_the_fragment_or_else_the_words_and_knows_how_it_is_written() -> None:
    text = "1. So 2 * 3 = 6."
    stating = step_key(Step(0, len(text), NOBODY, "2*3=6"), text)
    silent = step_key(Step(0, len(text), NOBODY), text)
    assert (stating, words_of(stating), fragment_of(stating)) == ("fragment 2*3=6", "text so 2 * 3 = 6.", "2*3=6")
    assert silent == words_of(silent) == "text so 2 * 3 = 6."
    assert stating.letters == silent.letters != step_key(Step(3, len(text), NOBODY), text).letters
    assert words_of("text so") == "text so"


def test_the_closest_parents_have_the_letters_or_the_words_or_the_key() -> None:
    def key(words: str, letters: int) -> StepKey:
        return StepKey("fragment a", words, letters)

    parents = {
        Slot(1, 1): carried([key("so", 1)]), Slot(1, 2): carried([key("so", 2)]),
        Slot(1, 3): carried([key("thus", 3)]), Slot(1, 4): carried(["fragment b"]),
    }  # fmt: skip
    assert closest(key("so", 2), parents) == (Slot(1, 2),)
    assert closest(key("so", 9), parents) == (Slot(1, 1), Slot(1, 2))
    assert closest(key("hence", 9), parents) == closest("fragment a", parents) == tuple(parents)[:3]
    assert closest("fragment c", parents) == ()
