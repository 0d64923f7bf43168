"""What tokens cost. Knows no provider; a price is what the operator wrote down."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .chain import Chain, ChainOrigin, PromptKind

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
class Bill:
    """What the tokens of several models cost together: an amount for each currency, by name, since nothing is
    converted. ``unpriced`` says that one of them has no price: then the amounts are a lower bound, and unknown without
    any."""

    amounts: tuple[tuple[Price, float], ...] = ()
    unpriced: bool = False

    @property
    def by_currency(self) -> dict[str, float]:
        """The amounts by currency."""
        return {price.currency: amount for price, amount in self.amounts}

    @property
    def in_words(self) -> str:
        """``0.42 USD``, ``0.42 USD + 1.20 EUR``; empty where nothing has a price."""
        return " + ".join(price.in_words(amount) for price, amount in self.amounts)


def bill(parts: Iterable[tuple[Price | None, float, float]]) -> Bill:
    """The bill for tokens read and written, each part at its own price, None for one that nobody knows."""
    amounts: dict[str, tuple[Price, float]] = {}
    unpriced = False
    for price, tokens_in, tokens_out in parts:
        if price is None:
            unpriced = True
            continue
        first, before = amounts.get(price.currency, (price, 0.0))
        amounts[price.currency] = first, before + price.of(tokens_in, tokens_out)
    return Bill(tuple(amount for _, amount in sorted(amounts.items())), unpriced)


@dataclass(frozen=True, slots=True)
class Spent:
    """What the recorded calls of a run cost: the ``bill`` by the counts that ``counted`` chains have. ``uncounted``
    ended without a count: with any, its amounts are a lower bound. Tries that failed are in neither, no server counts
    them."""

    bill: Bill
    counted: int
    uncounted: int


def spent(chains: Iterable[Chain], price: Callable[[PromptKind], Price | None]) -> Spent:
    """Sum over the chains that have both token counts; what a fork took over, or a person planted, was not paid by this
    run. ``price`` is that of who writes a chain of which this is asked. Nothing and nobody for no chain."""
    parts: list[tuple[Price | None, float, float]] = []
    uncounted = 0
    for chain in chains:
        if chain.origin is not ChainOrigin.MADE:
            continue
        if chain.tokens_in is not None and chain.tokens_out is not None:
            parts.append((price(chain.asked), chain.tokens_in, chain.tokens_out))
        elif chain.ended:
            uncounted += 1
    return Spent(bill(parts), len(parts), uncounted)


def spent_in_words(chains: Iterable[Chain], price: Callable[[PromptKind], Price | None]) -> str:
    """What a run cost, as one sentence without its end."""
    found = spent(chains, price)
    if not found.counted:
        return "Spent: unknown, no token count was recorded" if found.uncounted else "Spent: nothing yet"
    if not found.bill.amounts:
        return "Spent: nothing yet that has a price"
    words = f"Spent: {found.bill.in_words}"
    if found.uncounted:
        words = f"Spent: at least {found.bill.in_words} ({found.uncounted:,} chains without a token count)"
    if found.bill.unpriced:
        words += ", without what the model cost that has no price"
    return f"{words}, at today's price of the endpoint, without failed tries"
