"""The generators of Reasoning Gym 0.1.25 that work, by category, and how the answers of each are judged.

A table of names: it can be read without the library, which takes seconds to import. The paper (arXiv 2509.26626)
evaluates on the games category and on cognition together with ARC; those are the groups. Left out: ``composite``,
which only mixes the others.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path

# A name with "=" has no scorer of its own: only the reference answer itself scores full.
_TABLE = {
    "algebra": (
        "complex_arithmetic intermediate_integration polynomial_equations polynomial_multiplication simple_equations= "
        "simple_integration"
    ),
    "algorithmic": (
        "ab base_conversion= binary_alternation= binary_matrix caesar_cipher= count_primes= cryptarithm game_of_life "
        "game_of_life_halting graph_color group_anagrams isomorphic_strings= jugs letter_counting= letter_jumble "
        "manipulate_matrix number_filtering= number_sorting palindrome_generation palindrome_partitioning pool_matrix "
        "ransom_note= rotate_matrix= rotten_oranges= sentence_reordering spell_backward spiral_matrix string_insertion "
        "string_manipulation= string_splitting= string_synthesis= word_ladder word_sequence_reversal= word_sorting"
    ),
    "arc": "arc_1d= arc_agi rearc",
    "arithmetic": (
        "basic_arithmetic= bitwise_arithmetic calendar_arithmetic chain_sum count_bits= decimal_arithmetic "
        "decimal_chain_sum dice fraction_simplification gcd= gsm_symbolic lcm= leg_counting= number_format "
        "power_function prime_factorization products time_intervals"
    ),
    "code": "bf= codeio",
    "cognition": (
        "color_cube_rotation figlet_font modulo_grid= needle_haystack number_sequence= rectangle_count rubiks_cube"
    ),
    "games": (
        "boxnet countdown emoji_mystery futoshiki kakurasu knight_swap mahjong_puzzle= maze= mini_sudoku n_queens "
        "puzzle24 rush_hour sokoban sudoku survo tower_of_hanoi tsumego"
    ),
    "geometry": "advanced_geometry simple_geometry=",
    "graphs": "course_schedule= family_relationships largest_island= path_star quantum_lock shortest_path",
    "induction": "acre= list_functions=",
    "logic": "aiw= circuit_logic knights_knaves propositional_logic self_reference syllogism= zebra_puzzles",
    "probability": "coin_flip",
}

CATEGORIES: Mapping[str, tuple[str, ...]] = {
    category: tuple(name.rstrip("=") for name in names.split()) for category, names in _TABLE.items()
}
"""The generators' names by category, 105 in all."""

CATEGORY_OF: Mapping[str, str] = {name: category for category, names in CATEGORIES.items() for name in names}

GROUPS: Mapping[str, tuple[str, ...]] = {
    **CATEGORIES,
    "paper: games": CATEGORIES["games"],
    "paper: cognition and ARC": CATEGORIES["cognition"] + CATEGORIES["arc"],
}
"""What can be chosen from: every category, and the two groups of the paper."""

COMPARED_AS_TEXT = frozenset(
    name.rstrip("=") for names in _TABLE.values() for name in names.split() if name.endswith("=")
)
"""Generators without a scorer of their own."""

WITHOUT_REFERENCE = frozenset({"boxnet", "graph_color", "propositional_logic", "rubiks_cube", "rush_hour"})
"""Generators that give no reference answer: their scorer alone judges."""

PLAIN_NUMBERS = frozenset({
    "basic_arithmetic", "chain_sum", "coin_flip", "count_primes", "countdown", "decimal_arithmetic",
    "decimal_chain_sum", "dice", "fraction_simplification", "gcd", "gsm_symbolic", "lcm", "leg_counting",
    "number_sequence", "polynomial_equations", "power_function", "prime_factorization", "products", "puzzle24",
    "simple_equations", "simple_geometry",
})  # fmt: skip
"""Generators in whose solutions ``101 + 11 = 112`` is what it says: no other base, clock, bits, remainders or grid."""

_MODULES = {
    "acre": "acre.acre",
    "figlet_font": "figlet_fonts",
    "gsm_symbolic": "gsm_symbolic.gsm_symbolic",
    "list_functions": "list_functions.list_functions",
    "mahjong_puzzle": "mahjong",
    "number_sequence": "number_sequences",
    "syllogism": "syllogisms",
}


def module_of(name: str) -> str:
    """The library's module in which a generator stands."""
    return f"reasoning_gym.{CATEGORY_OF[name]}.{_MODULES.get(name, name)}"


def library_folder() -> Path | None:
    """The folder of packages in which the library is installed, or None. Imports nothing."""
    spec = importlib.util.find_spec("reasoning_gym")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]).parent


def missing() -> str | None:
    """How to add the library, or None when it is there."""
    if library_folder() is not None:
        return None
    return (
        "Reasoning Gym is not installed; add it with: .venv/bin/python -m pip install 'reasoning-gym>=0.1.25,<0.2' "
        "(about 345 MB with what it needs, and a C compiler)"
    )
