"""What pictures and analyses say in Chinese, sentence by sentence: exact examples of the trickiest."""

# ruff: noqa: E501  # Chinese letters count as two

from __future__ import annotations

import pytest

from pages.parts import spoken
from rsa_viz.analysis.telling import mentions
from rsa_viz.texts import texts_in

LABELS = texts_in("zh").labels


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            "From generation 1 to generation 10: right 7/16 → 16/16 (100 %, 95 % interval 81 % to 100 %). The largest "
            "step is generation 2: right 7/16 → 14/16; 2 rescues (chain 2.1 and chain 2.7), 1 corruption (chain 2.3).",
            "从第 1 代到第 10 代：正确 7/16 → 16/16（100%，95% 区间 81% 至 100%）。变化最大的是第 2 代：正确 7/16 → 14/16；"
            "救回 2 次（推理链 2.1、推理链 2.7），改坏 1 次（推理链 2.3）。",
        ),
        (
            "1 different answer in 1 chain. Generation 1: the largest answer is St. Louis, U.S. and Canada, with 1 of 1.",
            "1 条推理链中有 1 种不同的答案。第 1 代：最多的答案是 St. Louis, U.S. and Canada，得 1 票中的 1 票。",
        ),
        (
            "Chain 3.2: 9 steps, 3 right, 5 arithmetic consistent and 1 unknown. Similarity, not proof.",
            "推理链 3.2 共 9 步：正确 3、算术自洽 5、未知 1。这是相似，不是证明。",
        ),
        (
            "160 of 176 chains have ended: 100 right, 59 wrong, 1 no answer. 2 were cut at the token limit (…).",
            "176 条推理链中已有 160 条结束：正确 100、错误 59、没有答案 1。2 条在词元上限处被截断（…）。",
        ),
        (
            "Right answers: RSA, N=8, K=4, a: b. c: 50 % → over 99 % after 3 aggregations; Majority vote, N=24: 98 %; "
            "and 2 arms more. Means over 1 to 3 problems, not the same for all. Bands: 95 %, over problems and seeds.",
            "答对的比例：RSA, N=8, K=4, a: b. c：50% → 超过 99%（3 次聚合后）；多数投票, N=24：98%；另有 2 个方案。"
            "对 1 至 3 道题取平均，各方案的题目不尽相同。带：95%，涵盖题目和随机种子。",
        ),
        (
            "RSA, N=8, K=4 is right 31 points more often than Reference, N=4 (95 % interval −3 to 62, 8 problems, "
            "2 seeds): could be noise. 1 problem not answered by both left out.",
            "RSA, N=8, K=4 比参照, N=4 多答对 31 个百分点（95% 区间 −3 至 62，8 道题，2 个随机种子）：可能只是噪声。"
            "并非两者都答过的 1 道题不计在内。",
        ),
        (
            "In generation 3, written from the same population, right 5/8 in the fork against 2/8 (+38 points, 95 % "
            "interval -9 to +68): this could be noise.",
            "在第 3 代，两边由同一种群写出，分支运行正确 5/8，原运行 2/8（相差 +38 个百分点，95% 区间 -9 至 +68）：可能只是噪声。",
        ),
        (
            "The right answer died in generation 3. It was last held in generation 2 by chain 2.1 and chain 2.4. None of "
            "their 5 children kept it.",
            "正确答案在第 3 代消失了。最后持有它的是第 2 代的推理链 2.1、推理链 2.4。它们的 5 条子链都没有保住正确答案。",
        ),
        (
            "Votes for it: 6 (8 in generation 3); for right: 7. No: 7 (6 in generation 3). Chain 4.4 had 3 right parents of "
            "4 and wrote right. The others: chain 4.1 and chain 4.7.",
            "投给它的票：6（第 3 代为 8）；投给 right: 7. No 的票：7（第 3 代为 6）。推理链 4.4 的 4 条父链中有 3 条正确，"
            "它写出了 right。其余的：推理链 4.1、推理链 4.7。",
        ),
        (
            "Chain 4.2 answers wrong, right, right, like 2 of its 4 parents: chain 3.1 and chain 3.9.",
            "推理链 4.2 回答 wrong, right，正确，与它的 4 条父链中的 2 条一样：推理链 3.1、推理链 3.9。",
        ),
        (
            "Chain 2.6 failed after 5 tries: The server said: Too busy. Try later.",
            "推理链 2.6 尝试 5 次后失败：The server said: Too busy. Try later。",
        ),
        (
            "For 160 calls a problem: N = 16, K = 4, T = 5 (4 aggregations), about 80 calls. A prediction, not a "
            "measurement: right 93 % of the time (90 % band 85 % to 99 %), from 144 children of 1 run. Beside it: as "
            "run, N = 16, K = 4, T = 10: 92 %, the same within what the forecast can tell, for 160 calls; a sample "
            "without aggregation: 44 %. K = 4 is what was measured; no other K is advised, since what it would do is "
            "not known.",
            "每题 160 次调用：N = 16，K = 4，T = 5（4 次聚合），约 80 次调用。这是预测，不是测量：有 93% 的机会正确（90% 带 85% "
            "至 99%），依据 1 次运行的 144 条子链。与之相比：照原样 N = 16，K = 4，T = 10：92%，在预测可分辨的范围内相同，需 "
            "160 次调用；不做聚合的单次采样：44%。测过的是 K = 4；不建议别的 K，因为不知道它会怎样。",
        ),
        (
            "With all parents, 6 of 8 are right. Without parent 2 (chain 2.7), 1 of 8: this child needs it (-62 points, "
            "interval -89 to -9). For parent 1 (chain 2.1) and parent 3 (chain 2.9) the difference could be noise.",
            "读全部父链时，8 次中有 6 次正确。去掉父链 2（推理链 2.7）时，8 次中有 1 次正确：这条子链需要它（-62 个百分点，"
            "区间 -89 至 -9）。对父链 1（推理链 2.1）、父链 3（推理链 2.9），差别可能只是噪声。",
        ),
    ],
)
def test_a_caption_is_told_in_chinese_and_what_others_wrote_stays(english: str, chinese: str) -> None:
    assert LABELS.tell(english) == chinese


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("chain 3.12: no answer<br>cut at the token limit", "推理链 3.12：没有答案<br>在词元上限处被截断"),
        ("chain 3.12: right<br>answer right", "推理链 3.12：正确<br>答案 right"),
        (
            "chain 2.1, step 1 of 9 · right<br>chain 3.1: right<br>no answer",  # a step that reads like a label
            "推理链 2.1，第 1 步（共 9 步）· 正确<br>chain 3.1: right<br>no answer",
        ),
        (
            "chain 2.1, step 1 of 9 · wrong<br>d = 44<br>d is 3<br>\u2060d is 43, not 44",  # why it is wrong
            "推理链 2.1，第 1 步（共 9 步）· 错误<br>d = 44<br>d is 3<br>d 是 43，不是 44",
        ),
        ("chain 2.1 · failed<br>no answer", "推理链 2.1 · 失败<br>no answer"),
        (
            "chain 2.1 · ● right<br>answer no answer<br>1,204 tokens",
            "推理链 2.1 · ● 正确<br>答案 no answer<br>1,204 个词元",
        ),
        (
            "step 2 of 9<br>wrong<br>50 %: from chain 1.3 (position 2), step 1<br>right",
            "第 2 步（共 9 步）<br>wrong<br>50%：来自推理链 1.3（位置 2）第 1 步<br>right",
        ),
        ("generation 3<br>no answer: 1 of 16 chains (6 %)", "第 3 代<br>没有答案：16 条推理链中有 1 条（6%）"),
        ("generation 3<br>● right: 1 of 16 chains (6 %)", "第 3 代<br>● right：16 条推理链中有 1 条（6%）"),
        (
            "chain 3.2, step 4: chain 2.1 50 %, 3 other chains under 1 %",
            "推理链 3.2，第 4 步：推理链 2.1 50%、其他 3 条推理链不到 1%",
        ),
        ("chain %{customdata[1]}, near step %{x}", "推理链 %{customdata[1]}，第 %{x} 步附近"),
    ],
)
def test_a_hover_is_said_in_chinese_and_what_others_wrote_stays(english: str, chinese: str) -> None:
    assert LABELS.say_lines(english) == chinese


def test_chains_and_generations_in_a_caption_are_found_for_links(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken, "language", lambda: "zh")
    english = (
        "The largest step is generation 2: right 3/8 → 5/8; 1 rescue (chain 2.7), 0 corruptions. "
        "The right answer was last held in generation 12 by chain 12.3 and chain 12.10."
    )
    found = [
        (words, chain or generation) for words, chain, generation in mentions(spoken.told(english), spoken.mention())
    ]
    assert "".join(words for words, _ in found) == spoken.told(english)
    assert [one for one in found if one[1]] == [
        ("第 2 代", "2"),
        ("推理链 2.7", "2.7"),
        ("第 12 代", "12"),
        ("推理链 12.3", "12.3"),
        ("推理链 12.10", "12.10"),
    ]
