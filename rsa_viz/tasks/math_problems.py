"""Bundled problems of the math task: of our own composing, with worked solutions, easiest first."""

from __future__ import annotations

from ..core.problem import Problem

_ROWS = (
    (
        "Around a missing corner",
        "A robot walks on a grid from (0,0) to (5,4). Each step goes one unit right or one unit up. In how many "
        "ways can it "
        "walk if it must never visit (2,2)?",
        "66",
        "Without the condition there are C(9,4) = 126 ways.\n"
        "Ways through (2,2): C(4,2) to reach it and C(5,2) from there to (5,4), so 6 * 10 = 60.\n"
        "126 - 60 = 66. The answer is \\boxed{66}.",
    ),
    (
        "Three of nine",
        "Three different numbers are drawn at random from 1, 2, ..., 9. What is the probability that their sum is "
        "even?",
        "\\frac{11}{21}",
        "There are C(9,3) = 84 draws, and 4 even and 5 odd numbers.\n"
        "The sum is even with three even numbers, C(4,3) = 4 draws, or with one even and two odd ones, 4 * C(5,2) = "
        "40.\n"
        "So the probability is 44/84 = 11/21. The answer is \\boxed{\\frac{11}{21}}.",
    ),
    (
        "Unit fractions",
        "How many ordered pairs (a, b) of positive integers satisfy 1/a + 1/b = 1/12?",
        "15",
        "Multiplying by 12ab gives 12a + 12b = ab, so (a - 12)(b - 12) = 144.\n"
        "Both factors must be positive: were both negative, each would exceed -12 and the product would be below 144.\n"
        "144 = 2^4 * 3^2 has 5 * 3 = 15 divisors, one pair for each. The answer is \\boxed{15}.",
    ),
    (
        "Its reciprocal plus one",
        "A positive number x exceeds its reciprocal by exactly 1. What is x^3?",
        "2+\\sqrt{5}",
        "x - 1/x = 1 gives x^2 = x + 1, so x = (1 + sqrt(5))/2.\n"
        "x^3 = x * x^2 = x^2 + x = 2x + 1.\n"
        "2x + 1 = 1 + sqrt(5) + 1 = 2 + sqrt(5). The answer is \\boxed{2+\\sqrt{5}}.",
    ),
    (
        "A telescope",
        "Compute the sum of 1/(k(k+2)) for k = 1, 2, ..., 20.",
        "\\frac{325}{462}",
        "1/(k(k+2)) = (1/k - 1/(k+2))/2, so all but four terms cancel.\n"
        "The sum is (1 + 1/2 - 1/21 - 1/22)/2.\n"
        "1 + 1/2 = 693/462 and 1/21 + 1/22 = 43/462, so it is (650/462)/2 = 325/462. The answer is "
        "\\boxed{\\frac{325}{462}}.",
    ),
    (
        "Four solutions",
        "Find all real numbers x with (x^2 - 3x)^2 = 2(x^2 - 3x) + 8.",
        "-1, 1, 2, 4",
        "With y = x^2 - 3x the equation is y^2 - 2y - 8 = 0, so y = 4 or y = -2.\n"
        "x^2 - 3x = 4 gives x = 4 or x = -1.\n"
        "x^2 - 3x = -2 gives x = 1 or x = 2. The answer is \\boxed{-1, 1, 2, 4}.",
    ),
    (
        "Every other midpoint",
        "A regular hexagon has side length 2. The midpoints of three of its sides, no two of them adjacent, are "
        "joined to a "
        "triangle. What is the area of the triangle?",
        "\\frac{9\\sqrt{3}}{4}",
        "Each midpoint is at distance sqrt(3) from the hexagon's centre, and the three directions are 120 degrees "
        "apart.\n"
        "So the triangle is equilateral with circumradius sqrt(3) and side sqrt(3) * sqrt(3) = 3.\n"
        "Its area is 3^2 * sqrt(3)/4. The answer is \\boxed{\\frac{9\\sqrt{3}}{4}}.",
    ),
    (
        "Odd cubes",
        "Write 1^3 + 3^3 + 5^3 + ... + (2n-1)^3 as a polynomial in n.",
        "2n^4-n^2",
        "The cubes from 1 to 2n add up to (2n(2n+1)/2)^2 = n^2 (2n+1)^2.\n"
        "The even ones among them add up to 8 (n(n+1)/2)^2 = 2 n^2 (n+1)^2.\n"
        "The difference is n^2 (4n^2 + 4n + 1 - 2n^2 - 4n - 2) = n^2 (2n^2 - 1). The answer is \\boxed{2n^4-n^2}.",
    ),
    (
        "Last three digits",
        "What are the last three digits of 7^2026, as an integer?",
        "649",
        "7^4 = 2401 = 1 + 2400. By the binomial theorem 7^20 = (1 + 2400)^5 = 1 + 12000 + ..., and every later term is "
        "divisible by 1000, so 7^20 leaves 1.\n"
        "2026 = 20 * 101 + 6, so 7^2026 leaves the same as 7^6.\n"
        "7^6 = 117649. The answer is \\boxed{649}.",
    ),
    (
        "Two neighbours and fifteen",
        "Find the sum of all positive integers n less than 100 for which (n+1)(n+2) is divisible by 15.",
        "1326",
        "Divisibility by 3 means that n leaves 1 or 2; by 5, that n leaves 3 or 4.\n"
        "Modulo 15 these are n = 4, 8, 13, 14, with sum 39.\n"
        "The blocks from 15k for k = 0, ..., 5 give 6 * 39 + 15 * 4 * (0+1+2+3+4+5) = 234 + 900 = 1134.\n"
        "Above 90 there are 94 and 98 (103 is too large). 1134 + 94 + 98 = 1326. The answer is \\boxed{1326}.",
    ),
)

BUNDLED = tuple(
    Problem("math", question, gold, title, {"solution": solution}) for title, question, gold, solution in _ROWS
)
