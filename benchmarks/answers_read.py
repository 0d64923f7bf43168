"""How the answers of chat models are read and judged in word problems, multiple choice and questions in words.

    python -m benchmarks.answers_read [--show]

490 closing passages as Qwen, Llama and GPT models write them, in English and Chinese: reasoning before the answer,
several boxes, corrections, and passages that only speak of the right answer. Two batteries, ``benchmarks.answer_texts``
and ``more_answer_texts``, each written after the reader and run before anything was mended; how that went stands in
``docs/tasks.md``, and the reader has learned from both since. A text that gives the gold answer and is not judged right
is a false negative, one that does not give it and is judged right a false positive. It says which writings are covered,
not how often models use them.
"""

from __future__ import annotations

import argparse
from collections import Counter

from benchmarks.answer_texts import GROUPS
from benchmarks.more_answer_texts import MORE
from rsa_viz.core.chain import Verdict
from rsa_viz.core.problem import Problem
from rsa_viz.tasks import find_task


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--show", action="store_true", help="print every text that is misjudged")
    options = parser.parse_args()
    counts: Counter[tuple[str, str]] = Counter()
    for group in (*GROUPS, *MORE):
        task = find_task(group.task)
        metadata = {"options": list(group.options)} if group.options else {}
        problem = Problem(group.task, group.question, group.gold, metadata=metadata)
        task.check(problem)
        for texts, gives in ((group.right, True), (group.other, False)):
            for text in texts:
                answer = task.extract(text, problem)
                right = task.judge(answer, problem).verdict is Verdict.RIGHT
                counts[group.task, "giving" if gives else "others"] += 1
                if right != gives:
                    counts[group.task, "negatives" if gives else "positives"] += 1
                    if options.show:
                        print(f"{group.task}: gives it {gives}, read {answer and answer.text!r}: {text!r}")
    print("task             give it  negatives  do not  positives")
    for name in dict.fromkeys(group.task for group in GROUPS):
        giving, negatives, others, positives = (
            counts[name, sort] for sort in ("giving", "negatives", "others", "positives")
        )
        print(f"{name:15}  {giving:7}  {negatives:9}  {others:6}  {positives:9}")


if __name__ == "__main__":
    main()
