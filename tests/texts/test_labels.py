"""Labels are looked up by their English; the most particular line wins, and pieces stay what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from rsa_viz.core.errors import InvalidInput
from rsa_viz.texts.catalogue import labels_of
from rsa_viz.texts.labels import Labels


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
    assert labels.say("verdict right") == "判定对"  # no blank between two wide letters
    assert labels.say("verdict 42") == "判定 42"


LISTS = """
"A, B" = "A、B"
"A and B" = "A 和 B"
"; " = "；"
": " = "："
"{#} right" = "正确 {}"
"no answer" = "没有答案"
"{#} %" = "{}%"
"{#} more" = "另 {} 个"
"Vote, {}" = "投票, {}"
"Of {}." = "其中 {,}。"
"Arms: {}." = "方案：{;}。"
"Wrote {}." = "写出 {&}。"
"""


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("Of 3 right, 2 right and no answer.", "其中正确 3、正确 2、没有答案。"),
        ("Of 3 right.", "其中正确 3。"),
        ("Arms: Vote, N=2: 50 %; b: c: 7 %; and 2 more.", "方案：投票, N=2：50%；b: c：7%；另 2 个。"),
        ("Arms: a: b.", "方案：a: b。"),
        ("Wrote 3, right and no answer.", "写出 3, right 和没有答案。"),
        ("Wrote cats and dogs and birds.", "写出 cats and dogs and birds。"),
        ("Wrote 4.", "写出 4。"),
    ],
)
def test_a_list_is_taken_apart_where_its_line_says_so(tmp_path: Path, english: str, said: str) -> None:
    assert made(tmp_path, a=LISTS).say(english) == said


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("Won by a. Lost by 3.", "a 赢。输 3。"),
        ("Won by St. Louis. Lost by 3.", "St. Louis 赢。输 3。"),
        ("Nobody knows. Lost by 3.", "Nobody knows. 输 3。"),
        ("Lost by 3. Nobody knows.", "输 3。Nobody knows."),
        ("In all. Of it.", "总的。"),
        ("a part", "一部分"),
        ("Won by a part. B.", "a part. B 赢。"),
        ("", ""),
    ],
)
def test_sentences_are_told_one_by_one_and_others_words_are_not_taken_for_some(
    tmp_path: Path, english: str, said: str
) -> None:
    lines = '"Won by {}." = "{} 赢。"\n"Lost by {#}." = "输 {}。"\n"In all. Of it." = "总的。"\n"a part" = "一部分"\n'
    assert made(tmp_path, a=lines).tell(english) == said


def test_lines_of_a_label_are_said_by_one_line_for_all_or_each_for_itself(tmp_path: Path) -> None:
    lines = '"chain {#}" = "链 {}"\n"right" = "对"\n"{}: {}" = "{}：{~}"\n"step {#}<br>{}" = "第 {} 步<br>{}"\n'
    labels = made(tmp_path, a=lines)
    assert labels.say_lines("chain 3<br>right") == "链 3<br>对"
    assert labels.say_lines("step 3<br>right<br>chain 4") == "第 3 步<br>right<br>chain 4"  # a model's words
    assert labels.say_lines("right<br>chain 4", {"right"}) == "right<br>链 4"
    assert labels.say_lines("right", {"right"}) == "right"
    assert labels.say_lines("a: right<br>b") == "a：对<br>b"


def test_lines_with_numbers_of_their_own_and_others_are_told_apart_whatever_was_asked_before(tmp_path: Path) -> None:
    lines = '"{#} % of {}" = "{2} 的 {1}%"\n"95 % of {}" = "{} 的绝大部分"\n"{} of {#}" = "{2} 中的 {1}"\n'
    labels = made(tmp_path, a=lines)
    for _ in range(2):
        assert labels.say("94 % of a") == "a 的 94%"
        assert labels.say("95 % of a") == "a 的绝大部分"
        assert labels.say("1 of 2") == "2 中的 1"
        assert labels.say("+1.5 % of a") == "a 的 +1.5%"
        assert labels.say("1. % of a") == "1. % of a"


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
