"""Steps of real model text: markdown, formulas, code; nothing lost, and fragments where equations stand."""

from __future__ import annotations

import random

from rsa_viz.core.chain import Verdict, VerdictSource
from rsa_viz.tasks.segments import pieces, stated_steps


def cut(text: str) -> list[str]:
    return [text[one.start : one.end] for one in pieces(text)]


def test_lines_sentences_list_items_and_headings_are_steps() -> None:
    text = "## Step 1: Count\nFirst we count. Then 1 + 1 = 2.\n\n* one\n* two\n1. First. Second.\n"
    assert cut(text) == [
        "## Step 1: Count", "First we count.", "Then 1 + 1 = 2.", "* one", "* two", "1. First.", "Second.",
    ]  # fmt: skip


def test_a_displayed_formula_stays_whole_and_joins_what_leads_into_it() -> None:
    text = "We have that\n\\[\nx = 2\n+ 3.\n\\]\nDone.\n$$ a = b. C = d $$\n\nAlone:\n\n$$ e $$."
    assert cut(text) == [
        "We have that\n\\[\nx = 2\n+ 3.\n\\]", "Done.", "$$ a = b. C = d $$", "Alone:", "$$ e $$.",
    ]  # fmt: skip
    aligned = "So\n\\begin{align*}\na &= 1 \\\\\n &= 2\n\\end{align*}\nnext."
    assert cut(aligned) == [aligned.removesuffix("\nnext."), "next."]


def test_a_code_block_is_one_step_and_states_nothing() -> None:
    text = "Look:\n```python\nx = 2*13\n\ny = 5*3 = 15\n```\nSo 2*13 = 26."
    assert cut(text) == ["Look:", "```python\nx = 2*13\n\ny = 5*3 = 15\n```", "So 2*13 = 26."]
    assert [step.fragment for step in stated_steps(text)] == [None, None, "2*13=26"]


def test_marks_that_are_never_closed_are_text() -> None:
    assert cut("```\nOne. Two.\nThree") == ["```", "One.", "Two.", "Three"]
    assert cut("\\[ One. Two.\n\nThree \\]") == ["\\[ One.", "Two.", "Three \\]"]
    assert cut("$$5 and more. Then\n\n$$6.") == ["$$5 and more.", "Then", "$$6."]


def test_a_step_of_several_equations_is_cut_before_each_further_one() -> None:
    text = "She sells 3*4=12 eggs and 12*2=$24."
    steps = stated_steps(text)
    assert [(text[one.start : one.end], one.fragment) for one in steps] == [
        ("She sells 3*4=12 eggs and", "3*4=12"),
        ("12*2=$24.", "2*12=24"),
    ]


def test_an_equation_that_holds_is_consistent_and_not_right() -> None:
    (holds,) = stated_steps("So 2*13 = 26.")
    assert holds.judgement.verdict is Verdict.UNKNOWN
    assert holds.judgement.source is VerdictSource.ARITHMETIC
    assert holds.judgement.why == "arithmetic consistent: 2*13 is 26"
    (fails,) = stated_steps("So 2*13 = 27.")
    assert (fails.judgement.verdict, fails.judgement.source) == (Verdict.WRONG, VerdictSource.ARITHMETIC)
    assert fails.judgement.why == "2*13 is 26, not 27"
    (rounded,) = stated_steps("7/3 = 2.33.")
    assert rounded.judgement.why == "arithmetic consistent: 7/3 is 2.33333, rounded"
    (letters,) = stated_steps("x = 5.")
    assert (letters.judgement.verdict, letters.judgement.source) == (Verdict.UNKNOWN, VerdictSource.NONE)


def test_a_number_that_ends_the_text_may_be_cut() -> None:
    (cut_off,) = stated_steps("So 2*13 = 2")
    assert (cut_off.judgement.verdict, cut_off.fragment) == (Verdict.UNKNOWN, None)
    (whole,) = stated_steps("So 2*13 = 26")
    assert whole.fragment == "2*13=26"
    (rounded,) = stated_steps("So 2/3 = 0.6")  # 0.67, perhaps: a result that nobody may have written
    assert (rounded.judgement.verdict, rounded.fragment) == (Verdict.UNKNOWN, None)
    (ended,) = stated_steps("So 2/3 = 0.67.")
    assert ended.fragment == "2/3=0.67"


def test_no_character_but_blanks_is_lost() -> None:
    rng = random.Random(5)
    parts = [
        "```", "```py", "\n", "\n\n", "$$", "\\[", "\\]", " ", "One. ", "Two! ", "2*13 = 26 ", "x = 5, ",
        "\\begin{align}", "\\end{align}", "- ", "1. ", "~~~", "#### 5", "\t", "€", "\\boxed{3}",
    ]  # fmt: skip
    for _ in range(400):
        text = "".join(rng.choice(parts) for _ in range(rng.randint(0, 40)))
        place, kept = 0, []
        for step in stated_steps(text):
            assert place <= step.start < step.end
            kept.append(text[place : step.start])
            place = step.end
        kept.append(text[place:])
        assert not "".join(kept).strip(), text
