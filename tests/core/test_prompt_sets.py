"""Prompt sets that users write: which templates can be meant, and which are refused with what is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rsa_viz.core.errors import InvalidInput
from rsa_viz.core.prompts import LONGEST_NAME, LONGEST_TEMPLATE, PLACEHOLDERS, PROMPT_SETS, PromptSet, check_prompts

MINE = PromptSet(
    "my set", 1, "{{question}}", "{{question}} {{candidates}}", "{{question}} {{candidates}}", "{{number}}: {{text}}"
)


@pytest.mark.parametrize("prompts", [*PROMPT_SETS.values(), MINE], ids=lambda prompts: prompts.name)
def test_what_comes_with_the_app_and_the_shortest_set_of_all_are_good(prompts: PromptSet) -> None:
    check_prompts(prompts)


@pytest.mark.parametrize(
    ("purpose", "template", "says"),
    [
        ("sample", "Answer!", r"the sample template has no \{\{question\}\}"),
        ("sample", "{{question}} {{candidates}}", r"sample template has \{\{candidates\}\}, which nothing fills in"),
        ("sample", "{{question}} {{x}}", r"\{\{x\}\}, which nothing fills in; it may have \{\{noun\}\}, \{\{hint\}\}"),
        ("sample", "{{ question }}", r"has \{\{ question \}\}; write \{\{question\}\}, without blanks"),
        ("sample", "{{Question}} {{question}}", r"\{\{Question\}\}"),
        ("aggregate", "{{candidates}}", r"the aggregate template has no \{\{question\}\}"),
        ("aggregate", "{{question}}", r"the aggregate template has no \{\{candidates\}\}"),
        ("refine", "{{question}}", r"the refine template has no \{\{candidates\}\}"),
        ("refine", "{{question}} {{candidates}} {{text}}", r"refine template has \{\{text\}\}"),
        ("candidate", "{{number}}", r"the candidate template has no \{\{text\}\}"),
        ("candidate", "{{text}} {{question}}", r"candidate template has \{\{question\}\}"),
        ("verify", "{{question}}", r"the verify template has no \{\{candidates\}\}"),
        ("summarise", "{{text}}", r"the summarise template has \{\{text\}\}"),
        ("sample", "{{question}}" + "x" * LONGEST_TEMPLATE, r"100,012 characters; it may have up to 100,000"),
    ],
)
def test_a_template_that_cannot_be_meant_is_refused_with_what_is_wrong(purpose: str, template: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        check_prompts(replace(MINE, **{purpose: template}))


@pytest.mark.parametrize("template", ["{{question}} \\frac{1}{2} {{}} {{…}} {x} {{1, 2}}", "{{{question}}}"])
def test_braces_that_name_nothing_are_plain_text(template: str) -> None:
    check_prompts(replace(MINE, sample=template))


@pytest.mark.parametrize("name", ["", " ", "a ", " a", "-x", "a/b", "a\nb", "a@2", "x" * (LONGEST_NAME + 1)])
def test_a_name_that_could_not_be_written_again_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="is no name of a prompt set"):
        check_prompts(replace(MINE, name=name))


@pytest.mark.parametrize("name", ["plain", "Für den Kurs 2", "v1.2+x", "数学", "x" * LONGEST_NAME])
def test_names_may_be_of_any_script(name: str) -> None:
    check_prompts(replace(MINE, name=name))


def test_every_template_is_checked_and_named_with_its_version() -> None:
    assert (
        tuple(MINE.templates)
        == tuple(PLACEHOLDERS)
        == (
            *("sample", "aggregate", "refine", "candidate"),
            *("verify", "summarise"),
        )
    )
    assert MINE.templates["candidate"] == "{{number}}: {{text}}"
    assert replace(MINE, version=3).label == "my set, version 3"
