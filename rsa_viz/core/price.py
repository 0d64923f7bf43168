"""What tokens cost. Knows no provider; a price is what the operator wrote down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .chain import Chain, ChainOrigin

PER = 1_000_000  # tokens that a price is of


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a million tokens, read (``tokens_in``) and written (``tokens_out``), in ``currency``."""

    tokens_in: float
    tokens_out: float
    currency: str

    def of(self, tokens_in: float, tokens_out: float) -> float:
        """The amount that so many tokens cost."""
        return (tokens_in * self.tokens_in + tokens_out * self.tokens_out) / PER

    def in_words(self, amount: float) -> str:
        """``0.42 USD``: two digits after the point, or the first two that are not zero; ``0 USD`` for nothing."""
        if amount == 0:
            return f"0 {self.currency}"
        if amount >= 0.1:
            return f"{amount:,.2f} {self.currency}"
        return f"{amount:.2g} {self.currency}" if amount >= 1e-4 else f"under 0.0001 {self.currency}"


@dataclass(frozen=True, slots=True)
class Spent:
    """What the recorded calls of a run cost: ``amount`` by the counts that ``counted`` chains have. ``uncounted`` ended
    without a count: with any, the amount is a lower bound. Tries that failed are in neither, no server counts them."""

    amount: float
    counted: int
    uncounted: int


def spent(chains: Iterable[Chain], price: Price) -> Spent:
    """Sum over the chains that have both token counts; what a fork took over, or a person planted, was not paid by this
    run. Nothing and nobody for no chain."""
    amount, counted, uncounted = 0.0, 0, 0
    for chain in chains:
        if chain.origin is not ChainOrigin.MADE:
            continue
        if chain.tokens_in is not None and chain.tokens_out is not None:
            amount += price.of(chain.tokens_in, chain.tokens_out)
            counted += 1
        elif chain.ended:
            uncounted += 1
    return Spent(amount, counted, uncounted)


def spent_in_words(chains: Iterable[Chain], price: Price) -> str:
    """What a run cost, as one sentence without its end."""
    found = spent(chains, price)
    if not found.counted:
        return "Spent: unknown, no token count was recorded" if found.uncounted else "Spent: nothing yet"
    words = f"Spent: {price.in_words(found.amount)}"
    if found.uncounted:
        words = f"Spent: at least {price.in_words(found.amount)} ({found.uncounted:,} chains without a token count)"
    return f"{words}, at today's price of the endpoint, without failed tries"
