"""How often verdicts on steps by the others, by a worked solution, or by a simulated judge, are right: the tables of
docs/step-verdicts.md.

    python -m benchmarks.step_verdicts [--quick] [--solutions FILE.jsonl]

On runs of the synthetic reasoner the exact verdict of every step is known. FILE holds real model solutions, one problem
a line, in the form of GSM8K's published model solutions (``question``, ``ground_truth``, and by model ``solution`` and
``is_correct``); there a step's truth is not known, only its chain's final answer and a worked solution. In brackets are
the steps that the share was counted on.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rsa_viz.analysis.agreement import Agreement
from rsa_viz.analysis.consensus import by_consensus
from rsa_viz.analysis.reference import Reference, left_side
from rsa_viz.core.chain import Chain, ChainStatus, Judgement, PromptKind, Slot, Step, Verdict, VerdictSource
from rsa_viz.core.genealogy import Streams
from rsa_viz.core.judge_prompts import JUDGE_STEPS, read_verdicts
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.strategies import find_strategy
from rsa_viz.llm.knobs import PRESETS
from rsa_viz.llm.synthetic import reason
from rsa_viz.llm.synthetic_judge import judge
from rsa_viz.tasks.gsm8k import GSM8K
from rsa_viz.tasks.program import PROGRAM
from rsa_viz.tasks.segments import stated_steps
from tests.llm.shape import programs

T = 10
SIZES = ((16, 4), (8, 4), (4, 2))
SHARES = (0.5, 0.6, 0.7, 0.8, 1.0)
LINEAGES = (1, 3)
JUDGED = 12  # programs that are judged: every chain is a prompt of its own
GENERATIONS = (("1", range(1, 2)), ("2 to 4", range(2, 5)), ("5 to 10", range(5, T + 1)))
RIGHT, WRONG, UNKNOWN = Verdict.RIGHT, Verdict.WRONG, Verdict.UNKNOWN

Steps = Mapping[Slot, tuple[Step, ...]]


def evolved(problem: Problem, preset: str, n: int, k: int, seed: int) -> tuple[list[Chain], Steps, Mapping[Slot, str]]:
    """One run of the synthetic reasoner, without the engine: its chains, their steps, their texts."""
    parts, texts = PROGRAM.parts(problem), dict[Slot, str]()
    chains = []
    for number, one in enumerate(find_strategy("rsa").plan(n, k, T, Streams(seed, problem.key)), start=1):
        (message,) = PLAIN.compose(one.kind, parts, problem, [texts[parent] for parent in one.parents])
        texts[one.slot] = reason(message["content"], PRESETS[preset], seed=one.seed)
        chains.append(Chain(number, one.slot, one.kind, one.parents, one.parents, status=ChainStatus.DONE))
    return chains, {slot: PROGRAM.steps(text, problem) for slot, text in texts.items()}, texts


def share(hits: int, of: int) -> str:
    """``93.1 % (1,204)``."""
    return f"{100 * hits / of:5.1f} % ({of:,})" if of else "–"


def against(exact: Steps, other: Steps, generations: range) -> Counter[tuple[Verdict, Verdict]]:
    """How often which exact verdict met which other one, over the steps of these generations."""
    return Counter(
        (mine.judgement.verdict, theirs.judgement.verdict)
        for slot, steps in exact.items()
        if slot.t in generations
        for mine, theirs in zip(steps, other[slot], strict=True)
        if mine.judgement.verdict is not UNKNOWN
    )


def row(met: Counter[tuple[Verdict, Verdict]]) -> str:
    """Precision of right and of wrong, and how many of the known steps get a verdict at all."""
    says = {one: sum(count for (_, other), count in met.items() if other is one) for one in Verdict}
    judged = met.total() - says[UNKNOWN]
    return (
        f"{share(met[RIGHT, RIGHT], says[RIGHT]):>20} {share(met[WRONG, WRONG], says[WRONG]):>20} "
        f"{share(judged, met.total()):>20}"
    )


def consensus_table(runs: Sequence[tuple[list[Chain], Steps]]) -> None:
    """Precision by generation, threshold and lineages."""
    print(f"{'generations':11} share lineages {'right is right':>20} {'wrong is wrong':>20} {'gets a verdict':>20}")
    for name, generations in GENERATIONS:
        for threshold in SHARES:
            for lineages in LINEAGES:
                met = Counter[tuple[Verdict, Verdict]]()
                for chains, exact in runs:
                    found = by_consensus(chains, exact, share=threshold, lineages=lineages)
                    met += against(exact, found, generations)
                print(f"{name:11} {threshold:5.1f} {lineages:8} {row(met)}")


def judge_table(count: int) -> None:
    """The synthetic reasoner as a judge of runs of synthetic/reasoner, by its preset."""
    print(f"\nThe simulated judge on {count} runs of synthetic/reasoner, N = 16, K = 4, T = {T}")
    drawn = programs(count)
    runs = [(problem, *evolved(problem, "reasoner", 16, 4, seed)) for seed, problem in enumerate(drawn)]
    for preset in ("careful", "reasoner", "sloppy"):
        met = Counter[tuple[Verdict, Verdict]]()
        for problem, _, exact, texts in runs:
            said = {slot: judged(problem, texts[slot], steps, preset) for slot, steps in exact.items()}
            met += against(exact, said, range(1, T + 1))
        found = Agreement({(one, other): met[one, other] for one in (RIGHT, WRONG) for other in Verdict})
        kappa = "–" if found.kappa is None else f"{found.kappa:.2f}"
        print(f"{preset:10} {row(met)}  kappa {kappa}  agrees on {share(found.agreed, found.both)}")


def judged(problem: Problem, text: str, steps: Sequence[Step], preset: str) -> tuple[Step, ...]:
    """The steps with the simulated judge's verdicts."""
    (message,) = JUDGE_STEPS.compose(PROGRAM.parts(problem), problem, [text[one.start : one.end] for one in steps])
    said = read_verdicts(judge(message["content"], PRESETS[preset]) or "", len(steps))
    return tuple(
        replace(step, judgement=Judgement(one.verdict, VerdictSource.JUDGE, None, one.why))
        for step, one in zip(steps, said, strict=True)
    )


def problems_of(path: Path) -> Iterator[tuple[Problem, list[tuple[str, bool]]]]:
    """Each problem with its model solutions and whether they are right."""
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        solutions = [(str(one["solution"]), bool(one["is_correct"])) for one in entry.values() if isinstance(one, dict)]
        yield (
            Problem("gsm8k", entry["question"], None, metadata={"solution": entry["ground_truth"]}),
            solutions,
        )


def real_tables(path: Path) -> None:
    """What consensus and reference say of real solutions, by whether their chains are right."""
    reference_met = Counter[tuple[bool, Verdict]]()
    ledger = Counter[str]()
    by: dict[tuple[float, int], Counter[tuple[str, Verdict]]] = {}
    for problem, solutions in problems_of(path):
        reference = Reference(stated_steps(str(problem.metadata["solution"])))
        steps = {Slot(1, i): GSM8K.steps(text, problem) for i, (text, _) in enumerate(solutions, start=1)}
        chains = [Chain(s.i, s, PromptKind.SAMPLE, status=ChainStatus.DONE) for s in steps]
        for slot, found in steps.items():
            right = solutions[slot.i - 1][1]
            for step in found:
                if step.fragment is None:
                    continue
                verdict = reference.judge(step).verdict
                reference_met[right, verdict] += 1
                same = any(left_side(step.fragment) == left_side(one) for one in reference.fragments)
                if same and step.fragment not in reference.fragments:
                    own = step.judgement
                    kind = (
                        "fails itself"
                        if own.verdict is WRONG
                        else ("holds itself" if own.source is VerdictSource.ARITHMETIC else "unclear")
                    )
                    ledger[f"same left side, other value, {kind}, chain {'right' if right else 'wrong'}"] += 1
        for threshold in SHARES:
            for carriers in (2, 3):
                met = by.setdefault((threshold, carriers), Counter())
                for slot, found in by_consensus(chains, steps, share=threshold, carriers=carriers, lineages=1).items():
                    for step in found:
                        if step.fragment is None:
                            continue
                        known = "reference" if step.fragment in reference.fragments else "absent"
                        met[known, step.judgement.verdict] += 1
                        met["right" if solutions[slot.i - 1][1] else "wrong", step.judgement.verdict] += 1
    print("\nReference on real solutions: steps with a fragment")
    for verdict in Verdict:
        of = reference_met[True, verdict] + reference_met[False, verdict]
        print(f"  {verdict.value:8} {of:6,} steps, in right chains {share(reference_met[True, verdict], of)}")
    for name, count in sorted(ledger.items()):
        print(f"  {name}: {count}")
    print(
        "\nConsensus on real solutions (3 others): share of right that stand in the worked solution; wrong that do not"
    )
    for (threshold, carriers), met in by.items():
        said_right = met["reference", RIGHT] + met["absent", RIGHT]
        said_wrong = met["reference", WRONG] + met["absent", WRONG]
        print(
            f"  {threshold:4.1f} {carriers:3} {share(met['reference', RIGHT], said_right):>20}"
            f" {share(met['absent', WRONG], said_wrong):>20}  in right chains: {share(met['right', RIGHT], said_right)}"
            f" wrong ones in wrong chains: {share(met['wrong', WRONG], said_wrong)}"
        )


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--solutions", type=Path)
    options = parser.parse_args(None if arguments is None else list(arguments))
    for preset in ("reasoner", "sloppy"):
        for n, k in SIZES:
            drawn = programs(6 if options.quick else 60)
            runs = [evolved(problem, preset, n, k, seed) for seed, problem in enumerate(drawn)]
            print(f"\nConsensus, synthetic/{preset}, {len(runs)} programs, N = {n}, K = {k}, T = {T}")
            consensus_table([(chains, exact) for chains, exact, _ in runs])
    judge_table(3 if options.quick else JUDGED)
    if options.solutions is not None:
        real_tables(options.solutions)


if __name__ == "__main__":
    main()
