"""Verdicts on steps by a worked solution, the other chains or a judge, and how far they agree with what is known."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping

import pytest

from rsa_viz.analysis.agreement import Agreement, agreement, agreement_in_words
from rsa_viz.analysis.consensus import by_consensus, claim_of, votes_of
from rsa_viz.analysis.judged_steps import by_judge
from rsa_viz.analysis.reference import Reference
from rsa_viz.analysis.verdicts_by import (
    CONSENSUS,
    KNOWN,
    PROVEN,
    REFERENCE,
    Source,
    VerdictsBy,
    found_among,
    offered,
    steps_by,
)
from rsa_viz.core.chain import Chain, ChainStatus, Judgement, Slot, Step, Verdict, VerdictSource
from rsa_viz.core.errors import InvalidInput
from rsa_viz.core.step_judging import StepJudging, StepVerdict
from rsa_viz.tasks.segments import stated_steps
from tests.analysis.drawn import chains_from

R, W, U = Verdict.RIGHT, Verdict.WRONG, Verdict.UNKNOWN


def step(place: int, fragment: str | None, verdict: Verdict = U, source: VerdictSource = VerdictSource.NONE) -> Step:
    """A step of ten characters."""
    return Step(10 * place, 10 * place + 9, Judgement(verdict, source, None, "known"), fragment)


def steps(*fragments: str | None) -> tuple[Step, ...]:
    return tuple(step(place, fragment) for place, fragment in enumerate(fragments))


def verdicts(found: Mapping[Slot, tuple[Step, ...]], t: int, i: int) -> list[Verdict]:
    return [one.judgement.verdict for one in found[Slot(t, i)]]


# reference


def test_what_stands_in_the_worked_solution_is_right_and_what_does_not_is_unknown() -> None:
    reference = Reference(stated_steps("16 - 3 - 4 = 9\n9 * 2 = 18"))
    judged = reference.judged(stated_steps("16 - 7 = 9\n2 × 9 = 18\nSo it is 18."))
    assert [one.judgement.verdict for one in judged] == [U, R, U]
    assert judged[1].judgement.source is VerdictSource.REFERENCE
    assert judged[0].judgement.source is VerdictSource.NONE
    assert "may go another way" in judged[0].judgement.why


def test_another_value_is_wrong_only_when_the_own_check_fails_too() -> None:
    reference = Reference(stated_steps("25 * 4 = 100\n10 / 3 = 3.33\n3 * 60 = 180\nk = 9.\n"))
    text = "25 * 4 = 110\n10 / 3 = 3.333\n3 * 60 minutes = 3 hours\nk = 8.\n"
    judged = reference.judged(stated_steps(text))
    assert [one.fragment for one in judged] == ["4*25=110", "10/3=3.333", "3*60=3", "k=8"]
    assert [one.judgement.verdict for one in judged] == [W, U, U, U]  # rounded; a unit; a letter may be another thing
    assert judged[0].judgement.why == "the worked solution has 4*25=100"


def test_a_misprint_in_the_solution_proves_nothing() -> None:
    reference = Reference(stated_steps("25 * 4 = 110"))
    assert not reference
    assert [one.judgement.verdict for one in reference.judged(stated_steps("25 * 4 = 110\n25 * 4 = 100"))] == [U, U]


# consensus


def test_a_claim_is_a_name_or_an_expression_and_a_number() -> None:
    assert claim_of("c=55") == ("c", "55")
    assert claim_of("2*x+3=13") == ("2*x+3", "13")
    assert claim_of("10/4=5/2") == ("10/4", "5/2")
    assert claim_of("x=2*13") is None
    assert claim_of(None) is None
    assert votes_of(steps("n=4", "c=1", "n=8", "c=1")) == {"n": None, "c": "1"}


def test_the_others_decide_and_a_chain_does_not_vote_on_itself() -> None:
    chains = chains_from("1+ 1+ 1+ 1+ 1x")
    said = {chain.slot: steps("c=55") for chain in chains[:4]} | {Slot(1, 5): steps("c=56", None, "d=1")}
    found = by_consensus(chains, said, share=0.75, carriers=3, lineages=3)
    assert verdicts(found, 1, 1) == [R]  # 3 of the 4 others say so
    assert verdicts(found, 1, 5) == [W, U, U]
    assert found[Slot(1, 5)][0].judgement.why == "4 of 4 other chains of its generation say 55"
    assert found[Slot(1, 5)][0].judgement.source is VerdictSource.CONSENSUS
    assert found[Slot(1, 5)][1].judgement.source is VerdictSource.NONE
    assert verdicts(by_consensus(chains, said, share=0.8, carriers=3), 1, 1) == [U]  # 3 of 4 is less than 0.8


def test_copies_of_one_chain_are_one_lineage() -> None:
    # All children have c = 55 from chain 1, and c = 56 was found three times.
    chains = chains_from("1+ 1x 1x 1x 1x\n1+(1) 1+(1) 1+(1) 1+(1) 1x(2)")
    said = {chain.slot: steps("c=56") for chain in chains}
    for slot in [Slot(1, 1), *(Slot(2, i) for i in range(1, 5))]:
        said[slot] = steps("c=55")
    strict = by_consensus(chains, said, share=0.7, carriers=3, lineages=3)
    assert verdicts(strict, 2, 5) == [U]
    loose = by_consensus(chains, said, share=0.7, carriers=3, lineages=1)
    assert verdicts(loose, 2, 5) == [W]
    assert verdicts(loose, 1, 1) == [W]  # generation 1 has its own consensus: 56
    assert verdicts(strict, 1, 1) == [W]


def test_without_others_or_at_a_tie_there_is_no_consensus() -> None:
    alone = chains_from("1+")
    assert verdicts(by_consensus(alone, {Slot(1, 1): steps("c=1")}, share=0.0, carriers=1, lineages=1), 1, 1) == [U]
    three = chains_from("1+ 1+ 1+")
    said = {Slot(1, 1): steps("c=1"), Slot(1, 2): steps("c=2"), Slot(1, 3): steps("c=3")}
    assert verdicts(by_consensus(three, said, share=0.0, carriers=1, lineages=1), 1, 1) == [U]
    assert by_consensus([], {}) == {}


def slow_consensus(
    chains: list[Chain], said: Mapping[Slot, tuple[Step, ...]], share: float, carriers: int, lineages: int
) -> dict[Slot, list[Verdict]]:
    """The definition, chain by chain."""

    def states(slot: Slot) -> set[tuple[str, str]]:
        claims = {claim for one in said.get(slot, ()) if (claim := claim_of(one.fragment)) is not None}
        topics = Counter(topic for topic, _ in claims)
        return {claim for claim in claims if topics[claim[0]] == 1}

    done = [chain for chain in chains if chain.status is ChainStatus.DONE]
    found: dict[Slot, list[Verdict]] = {}
    for chain in done:
        found[chain.slot] = []
        others = [one.slot for one in done if one.slot.t == chain.slot.t and one.slot != chain.slot]
        for one in said[chain.slot]:
            claim = claim_of(one.fragment)
            verdict = U
            if claim is not None and claim in states(chain.slot):
                counts = Counter(value for slot in others for topic, value in states(slot) if topic == claim[0])
                tops = [value for value, count in counts.items() if count == max(counts.values())]
                if len(tops) == 1:
                    top = (claim[0], tops[0])
                    begun = sum(
                        top in states(other.slot) and not any(top in states(parent) for parent in other.available)
                        for other in done
                        if other.slot.t <= chain.slot.t
                    )
                    if counts[tops[0]] >= max(carriers, share * len(others)) and begun >= lineages:
                        verdict = R if claim == top else W
            found[chain.slot].append(verdict)
    return found


def test_consensus_is_as_its_definition_on_random_populations() -> None:
    rng = random.Random(5)
    judged = Counter[Verdict]()
    for _ in range(150):
        n = rng.randint(2, 6)
        rows = [" ".join(rng.choice(["1+", "1+", "1+", "!"]) for _ in range(n))]
        for _ in range(2):
            rows.append(" ".join(f"1+({','.join(map(str, rng.sample(range(1, n + 1), min(n, 2))))})" for _ in range(n)))
        chains = chains_from("\n".join(rows))
        said = {
            chain.slot: steps(
                *(rng.choice([None, "a=1", "a=1", "a=1", "a=2", "b=1"]) for _ in range(rng.randint(0, 3)))
            )
            for chain in chains
            if chain.status is ChainStatus.DONE
        }
        share, carriers, lineages = rng.choice([0.0, 0.5, 0.8]), rng.randint(1, 3), rng.randint(1, 3)
        found = by_consensus(chains, said, share=share, carriers=carriers, lineages=lineages)
        shown = {slot: [one.judgement.verdict for one in row] for slot, row in found.items()}
        assert shown == slow_consensus(chains, said, share, carriers, lineages)
        judged.update(verdict for row in shown.values() for verdict in row)
    assert min(judged[verdict] for verdict in Verdict) > 20, judged


# judge


def test_a_judges_verdicts_are_found_by_their_offsets() -> None:
    said = {Slot(1, 1): steps("a=1", "b=2", None), Slot(1, 2): steps("a=1"), Slot(1, 3): steps("a=1")}
    whole = StepJudging(
        1, Slot(1, 1), "m", "p", 0.0, "", (StepVerdict(0, 9, W, "no"), StepVerdict(10, 19, U, "who knows")), "reply"
    )
    failed = StepJudging(2, Slot(1, 2), "m", "p", 0.0, "", error="the server said 500")
    found = by_judge(said, {Slot(1, 1): whole, Slot(1, 2): failed})
    assert verdicts(found, 1, 1) == [W, U, U]
    assert [one.judgement.source for one in found[Slot(1, 1)]] == [
        VerdictSource.JUDGE,
        VerdictSource.JUDGE,
        VerdictSource.NONE,
    ]
    assert "the server said 500" in found[Slot(1, 2)][0].judgement.why
    assert "not asked about this chain" in found[Slot(1, 3)][0].judgement.why


# agreement


def test_agreement_counts_what_is_known_and_kappa_is_cohens() -> None:
    # Known right 50: says right 45, wrong 3, unknown 2. Known wrong 20: says right 5, wrong 15.
    table = {(R, R): 45, (R, W): 3, (R, U): 2, (W, R): 5, (W, W): 15, (W, U): 0}
    found = Agreement(table)
    assert (found.known, found.both, found.agreed) == (70, 68, 60)
    assert found.share == pytest.approx(60 / 68)
    # p = 60/68; e = 48/68 * 50/68 + 20/68 * 18/68 = (2400 + 360) / 4624
    assert found.kappa == pytest.approx((60 / 68 - 2760 / 4624) / (1 - 2760 / 4624))
    assert agreement_in_words(found, "The judge m") == (
        "The judge m agrees with what is known on 60 of 68 steps (Cohen's kappa 0.71); of 2 more it says nothing."
    )


def test_agreement_of_nothing_and_of_one_thing_only() -> None:
    empty = agreement({}, {})
    assert (empty.known, empty.share, empty.kappa) == (0, None, None)
    known = {Slot(1, 1): (step(0, "a=1", R, VerdictSource.EXACT), step(1, "b=1"))}
    same = agreement(known, known)
    assert (same.known, same.agreed, same.kappa) == (1, 1, None)  # both always say right: chance agrees as well
    silent = agreement(known, {Slot(1, 1): steps("a=1", "b=1")})
    assert (
        agreement_in_words(silent, "The judge m")
        == "The judge m says nothing of the 1 step of which the truth is known."
    )


# whose verdicts


def test_a_source_is_written_and_read() -> None:
    for by in (KNOWN, REFERENCE, CONSENSUS, VerdictsBy(Source.JUDGE, "openai/a:b")):
        assert VerdictsBy.parse(str(by)) == by
    for written in ("", "oracle", "known:x", "Judge"):
        with pytest.raises(InvalidInput, match="no source of verdicts"):
            VerdictsBy.parse(written)


def test_a_run_offers_what_it_has_and_sources_are_never_mixed() -> None:
    chains = chains_from("1+ 1+")
    said = {Slot(1, i): (step(0, "a=1", R, VerdictSource.EXACT), step(1, "b=2")) for i in (1, 2)}
    judging = StepJudging(1, Slot(1, 1), "m", "p", 0.0, "", (StepVerdict(10, 19, W, "no"),), "reply")
    bare = offered(Reference(()), [])
    assert bare == (KNOWN, CONSENSUS)
    with pytest.raises(InvalidInput, match="no worked solution"):
        found_among("reference", bare)
    with pytest.raises(InvalidInput, match="no judge has judged"):
        found_among("judge", bare)
    offers = offered(Reference(steps("b=2")), [judging])
    by = found_among("judge", offers)
    assert by == VerdictsBy(Source.JUDGE, "m")
    seen = {
        str(one): verdicts(steps_by(one, chains, said, reference=Reference(steps("b=2")), judgings=[judging]), 1, 1)
        for one in offers
    }
    alone = {"known": [R, U], "reference": [U, R], "consensus": [U, U], "judge:m": [U, W]}
    assert seen == {"proven": [R, R], **alone}
    assert offers[0] == PROVEN  # what is shown where nobody chose


def test_a_worked_solution_beside_what_is_known_takes_nothing_back() -> None:
    reference = Reference(steps("b=2", "c=3"))
    own = (
        step(0, "b=2", U, VerdictSource.ARITHMETIC),
        step(1, "c=4", W, VerdictSource.ARITHMETIC),
        step(2, "e=5", W, VerdictSource.ARITHMETIC),
        step(3, "f=6", U, VerdictSource.ARITHMETIC),
        step(4, "a=1", R, VerdictSource.EXACT),
    )
    found = reference.added(own)
    assert [one.judgement.verdict for one in found] == [R, W, W, U, R]
    assert found[0].judgement.source is VerdictSource.REFERENCE
    assert found[1:] == own[1:]  # what is known stays as it is, with its reason
