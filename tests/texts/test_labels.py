"""Labels are looked up by their English; the most particular line wins, and pieces stay what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from rsa_viz.core.errors import InvalidInput
from rsa_viz.texts.labels import Labels, labels_of


def made(folder: Path, **files: str) -> Labels:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return labels_of(folder)


def test_without_a_folder_everything_is_said_in_english(tmp_path: Path) -> None:
    labels = labels_of(tmp_path / "nowhere")
    assert labels.say("Runs") == "Runs"
    assert labels.find("Runs") is None


def test_a_piece_is_put_where_the_translation_has_it(tmp_path: Path) -> None:
    labels = made(tmp_path, a='"{} of {} calls" = "von {2} Aufrufen {1}"\n"Run {}" = "Lauf {}"\n')
    assert labels.say("3 of 5 calls") == "von 5 Aufrufen 3"
    assert labels.say("Run a\nb") == "Lauf a\nb"
    assert labels.say("Running") == "Running"


def test_a_plural_ending_may_be_left_out_by_numbers(tmp_path: Path) -> None:
    labels = made(tmp_path, a='"{} chain{} left" = "还剩 {1} 条"\n')
    assert labels.say("1 chain left") == "还剩 1 条"
    assert labels.say("3 chains left") == "还剩 3 条"


def test_only_a_marked_piece_is_looked_up_in_turn(tmp_path: Path) -> None:
    labels = made(tmp_path, a='"right" = "对"\n"answer {}" = "答案 {}"\n"verdict {}" = "判定 {~}"\n')
    assert labels.say("answer right") == "答案 right"  # a model's word
    assert labels.say("verdict right") == "判定 对"


def test_a_line_with_more_letters_wins_and_a_number_is_no_other_piece(tmp_path: Path) -> None:
    labels = made(tmp_path, a='"{#} chains" = "{} Ketten"\n"{} chains" = "Ketten: {}"\n"All chains" = "Alle"\n')
    assert labels.say("1,200 chains") == "1,200 Ketten"
    assert labels.say("Most chains") == "Ketten: Most"
    assert labels.say("All chains") == "Alle"
    assert labels.say("chains") == "chains"


@pytest.mark.parametrize(
    ("english", "translation", "label", "expected"),
    [
        ("{}chains", "{}ketten", "subchains", "subketten"),
        ("chain{}", "Kette{}", "chains", "Kettes"),
        ("({})", "<{}>", "(a)", "<a>"),
        ("{}", "„{}“", "?!", "„?!“"),
        ("**{}** right", "richtig: {}", "**3** right", "richtig: 3"),
    ],
)
def test_a_line_is_found_whatever_its_english_begins_and_ends_with(
    tmp_path: Path, english: str, translation: str, label: str, expected: str
) -> None:
    assert made(tmp_path, a=f'"{english}" = "{translation}"\n').say(label) == expected


def test_pieces_within_pieces_come_to_an_end(tmp_path: Path) -> None:
    assert made(tmp_path, a='"a {}" = "b {~}"\n').say("a a a a a a") == "b b b b a a"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a": '"chain {}" = "Kette"\n'}, "use each once"),
        ({"a": '"chain {}" = "Kette {2}"\n'}, "from 1 to 1"),
        ({"a": '"{} of {}" = "{1} von {}"\n'}, "number all"),
        ({"a": '"chain" = ""\n'}, "has no translation"),
        ({"a": '"chain" = 3\n'}, "has no translation"),
        ({"a": "chain = Kette\n"}, "cannot be read"),
        ({"a": '"chain" = "Kette"\n', "b": '"chain" = "Strang"\n'}, r"b.toml and a.toml say 'chain' differently"),
    ],
)
def test_a_catalogue_that_cannot_be_used_is_refused_with_its_file_and_line(
    tmp_path: Path, files: dict[str, str], said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        made(tmp_path, **files)
