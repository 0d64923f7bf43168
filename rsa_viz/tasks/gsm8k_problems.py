"""Bundled problems of the gsm8k task: of our own composing, with worked solutions, easiest first."""

from __future__ import annotations

from ..core.problem import Problem

_ROWS = (
    (
        "Honey jars",
        "A beekeeper fills 14 jars with honey in the morning and 19 in the afternoon. She gives 5 jars to her "
        "neighbours and "
        "sells the rest at 6 dollars a jar. How many dollars does she get?",
        "168",
        "She fills 14 + 19 = 33 jars.\nShe sells 33 - 5 = 28 of them.\nShe gets 28 * 6 = 168 dollars.\n#### 168",
    ),
    (
        "The ferry",
        "A ferry takes 12 cars and 45 passengers on foot. Each car carries 3 people, and the crew has 8 members. "
        "How many "
        "people are on board?",
        "89",
        "The cars carry 12 * 3 = 36 people.\nWith those on foot there are 36 + 45 = 81.\n"
        "With the crew 81 + 8 = 89.\n#### 89",
    ),
    (
        "Half a loaf",
        "A baker needs 2.5 kg of flour for 4 loaves. How many kilograms does she need for 18 loaves?",
        "11.25",
        "One loaf needs 2.5 / 4 = 0.625 kg.\n18 loaves need 18 * 0.625 = 11.25 kg.\n#### 11.25",
    ),
    (
        "Pages before Sunday",
        "Mara reads a book of 320 pages. She reads 25 pages on Monday and on each following day 10 pages more than "
        "on the "
        "day before. How many pages are left after Friday?",
        "95",
        "From Monday to Friday she reads 25, 35, 45, 55 and 65 pages.\n25 + 35 = 60, 60 + 45 = 105, 105 + 55 = 160, "
        "160 + 65 = 225.\n320 - 225 = 95 pages are left.\n#### 95",
    ),
    (
        "A leaking tank",
        "A tank holds 600 litres and is three quarters full. Rain adds 4 litres an hour, and a leak loses 13 litres "
        "an hour. "
        "After how many hours is the tank empty?",
        "50",
        "It holds 600 * 3 / 4 = 450 litres.\nIt loses 13 - 4 = 9 litres an hour.\n"
        "It is empty after 450 / 9 = 50 hours.\n#### 50",
    ),
    (
        "Two discounts",
        "A coat costs 240 dollars. The shop takes off 25%, and at the till another 10% of the lower price. How many "
        "dollars "
        "does a customer pay?",
        "162",
        "After the first discount it costs 240 * 0.75 = 180 dollars.\nThe second takes off 180 * 0.10 = 18 dollars.\n"
        "The customer pays 180 - 18 = 162 dollars.\n#### 162",
    ),
    (
        "Older sisters",
        "Ines is 4 years older than Jo, and Jo is twice as old as Kim. Together they are 49 years old. How old is "
        "Ines?",
        "22",
        "If Kim is k, Jo is 2k and Ines 2k + 4.\nTogether 5k + 4 = 49, so 5k = 45 and k = 9.\n"
        "Ines is 2 * 9 + 4 = 22.\n#### 22",
    ),
    (
        "There and back",
        "A cyclist rides 36 km to a lake at 18 km an hour, rests for 90 minutes, and rides home by the same road at "
        "24 km an "
        "hour. How many minutes is she away?",
        "300",
        "The way there takes 36 / 18 = 2 hours, or 120 minutes.\n"
        "The way back takes 36 / 24 = 1.5 hours, or 90 minutes.\n"
        "Altogether 120 + 90 + 90 = 300 minutes.\n#### 300",
    ),
    (
        "Tiles for the hall",
        "A hall is 7.2 m long and 4.8 m wide. It is laid with square tiles whose sides are 40 cm, sold in boxes of "
        "20 at 35 "
        "dollars a box. What do the boxes for the hall cost, in dollars?",
        "385",
        "Along the length there are 720 / 40 = 18 tiles, along the width 480 / 40 = 12.\n"
        "That makes 18 * 12 = 216 tiles.\n"
        "216 / 20 = 10.8, so 11 boxes are needed.\n11 * 35 = 385 dollars.\n#### 385",
    ),
)

BUNDLED = tuple(
    Problem("gsm8k", question, gold, title, {"solution": solution}) for title, question, gold, solution in _ROWS
)
