"""Money and context: hand-worked numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rsa_viz.core.chain import Chain, ChainStatus, PromptKind, Slot
from rsa_viz.core.fitting import Fit, fit
from rsa_viz.core.foresight import Foresight
from rsa_viz.core.price import Bill, Price, Spent, bill, spent, spent_in_words

PRICE = Price(0.4, 1.6, "USD")


def chain(i: int, status: ChainStatus, tokens_in: int | None, tokens_out: int | None) -> Chain:
    return Chain(i, Slot(1, i), PromptKind.SAMPLE, status=status, tokens_in=tokens_in, tokens_out=tokens_out)


def test_tokens_cost_what_a_million_of_them_cost() -> None:
    assert PRICE.of(1_000_000, 500_000) == pytest.approx(0.4 + 0.8)
    assert PRICE.of(0, 0) == 0


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0, "0 USD"), (1234.5, "1,234.50 USD"), (0.42, "0.42 USD"), (0.0421, "0.042 USD"), (1e-9, "under 0.0001 USD")],
)
def test_an_amount_is_said_in_two_digits_that_count(amount: float, words: str) -> None:
    assert PRICE.in_words(amount) == words


def test_what_was_spent_is_a_lower_bound_where_a_server_told_no_count() -> None:
    chains = [
        chain(1, ChainStatus.DONE, 100_000, 50_000),
        chain(2, ChainStatus.DONE, None, 50_000),
        chain(3, ChainStatus.FAILED, None, None),
        chain(4, ChainStatus.PLANNED, None, None),
    ]
    assert spent(chains, lambda _: PRICE) == Spent(bill([(PRICE, 100_000, 50_000)]), 1, 2)
    assert spent(chains, lambda _: PRICE).bill.by_currency == {"USD": pytest.approx(0.04 + 0.08)}
    assert spent([], lambda _: PRICE) == Spent(Bill(), 0, 0)
    assert "at least 0.12 USD (2 chains without a token count)" in spent_in_words(chains, lambda _: PRICE)
    assert spent_in_words(chains[1:3], lambda _: PRICE) == "Spent: unknown, no token count was recorded"
    assert spent_in_words(chains[3:], lambda _: PRICE) == "Spent: nothing yet"


def test_each_model_is_paid_at_its_own_price_and_nothing_is_converted() -> None:
    child = replace(chain(1, ChainStatus.DONE, 1_000_000, 0), slot=Slot(2, 1), available=(Slot(1, 1), Slot(1, 2)))
    orphan = replace(child, slot=Slot(2, 2), available=(), fresh=True)
    chains = [chain(1, ChainStatus.DONE, 1_000_000, 0), orphan, child]
    dear = Price(3.0, 9.0, "EUR")

    def price(kind: PromptKind) -> Price | None:
        return PRICE if kind is PromptKind.SAMPLE else dear

    assert spent(chains, price).bill.by_currency == {"EUR": pytest.approx(3.0), "USD": pytest.approx(0.8)}
    assert spent_in_words(chains, price).startswith("Spent: 3.00 EUR + 0.80 USD, at today's price")
    partly = spent_in_words(chains, lambda kind: PRICE if kind is PromptKind.SAMPLE else None)
    assert partly.startswith("Spent: 0.80 USD, without what the model cost that has no price, at today's price")
    assert spent_in_words(chains[2:], lambda _: None) == "Spent: nothing yet that has a price"
    assert bill([(None, 1, 1)]) == Bill(unpriced=True)


def test_a_prompt_fits_when_it_and_the_longest_answer_are_not_more_than_the_context() -> None:
    assert Fit(3000, 1000, 4000).fits
    assert not Fit(3001, 1000, 4000).fits
    assert Fit(3000, 1000, 4899).tight
    assert not Fit(3000, 1000, 4900).tight
    assert Fit(3000, 1000, 4900).warning == ""
    assert "together 4,001; the endpoint's context is 4,000" in Fit(3001, 1000, 4000).warning
    assert "Take a smaller K" in Fit(3001, 1000, 4000).warning
    assert "refuse every call" in Fit(10, 4000, 4000).warning


def test_nothing_is_said_of_a_context_that_nobody_knows() -> None:
    foreseen = Foresight(1, 1, 0, 0, 10, 10, 10, 10.0, 0)
    assert fit(foreseen, 100, None) is None
    assert fit(foreseen, 100, 200) == Fit(10, 100, 200)
