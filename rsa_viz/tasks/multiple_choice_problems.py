"""Bundled questions of the multiple_choice task: of our own composing, from several fields, easiest first."""

from __future__ import annotations

from string import ascii_uppercase

from ..core.problem import Problem

_ROWS: tuple[tuple[str, str, tuple[str, ...], str, str], ...] = (
    (
        "Astronomy: the Moon's phases",
        "Why does the Moon show phases?",
        (
            "The Earth's shadow covers a part of it",
            "From the Earth we see a changing part of its sunlit half",
            "It turns a different side to us each night",
            "Clouds on the Moon drift across its face",
        ),
        "B",
        "Half of the Moon is always lit by the Sun.\nAs it goes round the Earth we see that half from changing "
        "angles.\n"
        "The Earth's shadow reaches it only in an eclipse. So the answer is \\boxed{B}.",
    ),
    (
        "Probability: a fair coin",
        "A fair coin has shown heads five times in a row. What is the probability that the next toss shows heads?",
        ("1/64", "1/32", "1/6", "1/2", "5/6"),
        "D",
        "The tosses are independent.\nThe past does not change the next one. So the answer is \\boxed{D}.",
    ),
    (
        "Chemistry: balancing",
        "Propane burns completely: C3H8 + x O2 -> 3 CO2 + 4 H2O. What is x?",
        ("3", "4", "5", "7", "10"),
        "C",
        "The right side has 3 * 2 + 4 = 10 oxygen atoms.\nThat takes 10 / 2 = 5 molecules of O2. So the answer is "
        "\\boxed{C}.",
    ),
    (
        "Logic: all and some",
        "All poets are dreamers. Some dreamers are bakers. What follows?",
        (
            "Some poets are bakers",
            "No poets are bakers",
            "All dreamers are poets",
            "Some bakers are dreamers",
        ),
        "D",
        "The dreamers who are bakers need not be poets, so nothing follows about poets and bakers.\n"
        "That some dreamers are bakers says that some bakers are dreamers. So the answer is \\boxed{D}.",
    ),
    (
        "Biology: a cross",
        "A trait is recessive. Two parents who do not show it have a child who does. What is the probability that "
        "their next "
        "child shows it too?",
        ("0", "1/4", "1/2", "3/4", "1"),
        "B",
        "The child has two recessive copies, so each parent carries one.\n"
        "The next child gets both with probability 1/2 * 1/2 = 1/4. So the answer is \\boxed{B}.",
    ),
    (
        "Computing: halving",
        "A sorted list has 1,000,000 entries. How many comparisons does binary search need at most to find out "
        "whether a "
        "value is in it?",
        ("10", "20", "1,000", "500,000", "1,000,000"),
        "B",
        "Each comparison with a middle entry leaves less than half of the entries.\n"
        "2^19 = 524,288 and 2^20 = 1,048,576, so 20 are enough and 19 are not. So the answer is \\boxed{B}.",
    ),
    (
        "Physics: a floating ice cube",
        "An ice cube floats in a glass of water that is filled to the brim. What happens while it melts?",
        (
            "Water runs over the brim",
            "The level falls",
            "The level stays where it is",
            "The level first falls and then rises above the brim",
        ),
        "C",
        "The floating cube displaces water of its own weight.\n"
        "Molten, it takes just the room of that water. So the answer is \\boxed{C}.",
    ),
    (
        "Economics: a price ceiling",
        "A ceiling is set above the price at which supply meets demand in a competitive market. What happens first?",
        (
            "A shortage arises",
            "A surplus arises",
            "The price rises to the ceiling",
            "Nothing changes",
            "Demand falls to zero",
        ),
        "D",
        "The market's price is below the ceiling, so it is allowed.\n"
        "The ceiling does not bind. So the answer is \\boxed{D}.",
    ),
    (
        "Medicine: a rare disease",
        "One person in 1,000 has a disease. A test finds 99% of those who have it and wrongly reports 5% of those "
        "who do "
        "not. Someone tests positive. About how likely is it that they have the disease?",
        ("0.1%", "2%", "50%", "95%", "99%"),
        "B",
        "Of 100,000 people 100 have it, and 99 of them test positive.\n"
        "Of the other 99,900 about 4,995 test positive.\n99 / (99 + 4995) is about 0.019. So the answer is \\boxed{B}.",
    ),
)


def _problem(title: str, question: str, options: tuple[str, ...], gold: str, solution: str) -> Problem:
    listed = "\n".join(f"{letter}) {option}" for letter, option in zip(ascii_uppercase, options, strict=False))
    metadata = {"options": list(options), "solution": solution}
    return Problem("multiple_choice", f"{question}\n\n{listed}", gold, title, metadata)


BUNDLED = tuple(_problem(*row) for row in _ROWS)
