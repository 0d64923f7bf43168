"""The tiny model as a plain Llama: the same distribution over every next token, without its sums of embeddings.

A token of the Llama is a token of the tiny model *at its place*: its embedding is the whole sum. Which place comes next
follows from the present one, so the stream of every block is widened by a code of the next place. No block reads or
writes it (its rows and columns there are zero), no norm feels it (its square is taken off the epsilon), and in the end
each row of the head is very low wherever the code is not that of its own place. So only tokens of the right place can
follow, and among them the scores are the tiny model's own. Knows no file format and needs no torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .puzzles import OPERATIONS
from .tokens import (
    COLUMNS,
    MARK_COLUMN,
    NUMBER_COLUMNS,
    OPERATION_COLUMNS,
    PROBLEM_WIDTH,
    RESULT_COLUMNS,
    WIDTH,
    Vocabulary,
    layout,
)

Floats = NDArray[np.float32]

UNKNOWN, START, END = 0, 1, 2
BYTES = 3
"""The first of 256 tokens for single bytes, which other text is made of; nothing follows it but the end."""

FIRST_PIECE = BYTES + 256
"""The number of the first piece's token."""

EPSILON = 1e-5
ROTARY_BASE = 10_000.0
CODE = 0.01
"""How large each one of a code is in the stream."""

LOW = 10_000.0
"""How much lower a score is, before it is divided by the size of the stream, for each part of a place that differs."""

ROUND = 32
"""The width is a multiple of it."""

HEAD_SIZE = 64
"""Of an attention head. Servers have kernels for few sizes; ours is spread within it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a token stands: part (0 problem, 1 candidate, 2 solution), line (0 for the mark before it), column, and the
    lines ``of`` the whole problem, which only the places of a solution know."""

    part: int
    line: int
    column: int
    of: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """A token of the Llama: the tiny model's token, its place, its text with the name of the place, and the place that
    comes next, where that is one to be written at (else the end)."""

    token: int
    place: Place
    text: str
    following: Place | None


def pieces(vocabulary: Vocabulary, lines: int) -> tuple[Piece, ...]:
    """The Llama's tokens after those of single bytes: what problems and candidates may hold at each place, and at the
    places of a solution each of the tiny model's tokens, since it is never held within the grammar."""
    found = [
        _piece(vocabulary, token, Place(0, line, column))
        for line in range(1, lines + 1)
        for column in range(PROBLEM_WIDTH)
        for token in _problem_tokens(vocabulary, column)
    ]
    found.append(_piece(vocabulary, vocabulary.candidate, Place(1, 0, COLUMNS - 1)))
    found += [
        _piece(vocabulary, token, Place(1, line, PROBLEM_WIDTH + column))
        for line in range(1, lines + 1)
        for column in range(WIDTH)
        for token in _solution_tokens(vocabulary, column)
    ]
    for of in range(1, lines + 1):
        found.append(_piece(vocabulary, vocabulary.solution, Place(2, 0, COLUMNS - 1, of)))
        found += [
            _piece(vocabulary, token, Place(2, line, PROBLEM_WIDTH + column, of))
            for line in range(1, of + 1)
            for column in range(WIDTH)
            for token in range(vocabulary.size)
        ]
    return tuple(found)


def _problem_tokens(vocabulary: Vocabulary, column: int) -> range:
    if column == 0:
        return range(vocabulary.modulus)
    if column == PROBLEM_WIDTH - 1:
        return range(vocabulary.result, vocabulary.operation)
    return range(vocabulary.hole, vocabulary.result)


def _solution_tokens(vocabulary: Vocabulary, column: int) -> range:
    if column in NUMBER_COLUMNS:
        return range(vocabulary.modulus)
    if column in OPERATION_COLUMNS:
        return range(vocabulary.operation, vocabulary.operation + len(OPERATIONS))
    if column in RESULT_COLUMNS:
        return range(vocabulary.result, vocabulary.operation)
    return range(vocabulary.fails, vocabulary.fits + 1)


def _piece(vocabulary: Vocabulary, token: int, place: Place) -> Piece:
    return Piece(token, place, _text(vocabulary, token, place), _following(place))


def _following(place: Place) -> Place | None:
    if place.part < 2:
        return None
    if place.line == 0:
        return Place(2, 1, PROBLEM_WIDTH, place.of)
    if place.column < PROBLEM_WIDTH + MARK_COLUMN:
        return Place(2, place.line, place.column + 1, place.of)
    return Place(2, place.line + 1, PROBLEM_WIDTH, place.of) if place.line < place.of else None


def _text(vocabulary: Vocabulary, token: int, place: Place) -> str:
    """The token's words as they stand in the whole text, and the place in letters: part, lines of the problem, line,
    column. Digits would be read as numbers of the solution."""
    word = vocabulary.word(token)
    of = "abcdefghi"[place.of - 1] if place.of else ""
    if place.line == 0:
        return f"\n{word}\n⟨{'pcs'[place.part]}{of}⟩"
    column = place.column - (PROBLEM_WIDTH if place.part else 0)
    if column == 0:
        before = f"({place.line}) " if place.line == 1 else f"\n({place.line}) "
    else:
        comma = place.part and (column == MARK_COLUMN or (column in OPERATION_COLUMNS and column > 1))
        before = ", " if comma else " "
    return f"{before}{word}⟨{'pcs'[place.part]}{of}{'abcdefghi'[place.line - 1]}{'abcdefghijk'[column]}⟩"


@dataclass(frozen=True, slots=True)
class Llama:
    """A Llama's sizes and arrays (by Hugging Face's names, float32), and its tokens after those of single bytes."""

    width: int
    layers: int
    heads: int
    hidden: int
    epsilon: float
    context: int
    lines: int
    pieces: tuple[Piece, ...]
    arrays: Mapping[str, Floats]

    @property
    def first_piece(self) -> int:
        """The number of the first piece's token."""
        return FIRST_PIECE

    @property
    def size(self) -> int:
        """The number of tokens."""
        return FIRST_PIECE + len(self.pieces)

    def tokens(self, base: NDArray[np.int64], lines: int, candidates: int) -> list[int]:
        """The Llama's tokens of a sequence of the tiny model's: a prompt and any part of its solution. Raises KeyError
        for a prompt that is none."""
        known = {(one.token, one.place): FIRST_PIECE + at for at, one in enumerate(self.pieces)}
        places = layout(lines, candidates)
        rows = zip(base.tolist(), places.parts, places.lines, places.columns, strict=False)
        return [
            known[token, Place(int(part), int(line), int(column), lines if part == 2 else 0)]
            for token, part, line, column in rows
        ]


def as_llama(weights: Mapping[str, Any], *, modulus: int, heads: int, lines: int, candidates: int) -> Llama:
    """The Llama of a tiny model's weights, for problems of up to ``lines`` lines and ``candidates`` candidates."""
    base = {name: np.asarray(value, np.float32) for name, value in weights.items()}
    narrow = base["token"].shape[1]
    code_size = len(_code(None, lines))
    width = -(-(narrow + code_size) // ROUND) * ROUND
    layers = sum(name.endswith(".qkv") for name in base)
    found = pieces(Vocabulary(modulus), lines)
    code = slice(narrow, narrow + code_size)
    rows = FIRST_PIECE + len(found)

    embedding, head = np.zeros((rows, width), np.float32), np.zeros((rows, width), np.float32)
    at = np.array([(one.token, one.place.part, one.place.line, one.place.column) for one in found]).T
    embedding[FIRST_PIECE:, :narrow] = base["token"][at[0]] + (
        base["part"][at[1]] + base["line"][at[2]] + base["column"][at[3]]
    )
    embedding[:, code] = CODE * _code(None, lines)
    embedding[FIRST_PIECE:, code] = [CODE * _code(one.following, lines) for one in found]
    head[:, code] = -LOW
    head[END, code] = LOW * (_code(None, lines) - 1)
    for row, one in enumerate(found, FIRST_PIECE):
        if one.place.part == 2 and one.place.line:
            head[row, :narrow] = base["head"][one.token]
            head[row, code] = LOW * (_code(one.place, lines) - 1)

    # A norm divides by the root of the mean square over all of the width: more of it, and the code, whose square is
    # always the same, are made good by the scale and the epsilon.
    grown = np.float32(np.sqrt(narrow / width))
    arrays = {"model.embed_tokens.weight": embedding}
    for layer in range(layers):
        name = f"model.layers.{layer}"
        query, key, value = base[f"{layer}.qkv"].reshape(3, heads, narrow // heads, narrow)
        gate, up = np.split(base[f"{layer}.gate_up"], 2)
        arrays |= {
            f"{name}.input_layernorm.weight": _wide(grown * base[f"{layer}.norm1"], width),
            f"{name}.self_attn.q_proj.weight": _wide(_spread(query * _louder(narrow // heads)), width),
            f"{name}.self_attn.k_proj.weight": _wide(_spread(key), width),
            f"{name}.self_attn.v_proj.weight": _wide(_spread(value), width),
            f"{name}.self_attn.o_proj.weight": _wide(_spread(_by_head(base[f"{layer}.out"], heads)), width).T.copy(),
            f"{name}.post_attention_layernorm.weight": _wide(grown * base[f"{layer}.norm2"], width),
            f"{name}.mlp.gate_proj.weight": _wide(gate, width),
            f"{name}.mlp.up_proj.weight": _wide(up, width),
            f"{name}.mlp.down_proj.weight": _wide(base[f"{layer}.down"].T, width).T.copy(),
        }
    last = _wide(grown * base["norm"], width)
    last[code] = grown / CODE
    arrays |= {"model.norm.weight": last, "lm_head.weight": head}
    length = lines * PROBLEM_WIDTH + (candidates + 1) * (1 + lines * WIDTH)
    epsilon = (EPSILON * narrow - CODE**2 * 3) / width
    hidden = len(base["0.gate_up"]) // 2
    return Llama(width, layers, heads, hidden, epsilon, -(-length // 256) * 256, lines, found, arrays)


def _code(place: Place | None, lines: int) -> Floats:
    """The code of a place to be written at, or of the end: three ones, for its line, its column and the number of
    lines."""
    line, column, of = (
        (lines, WIDTH, lines) if place is None else (place.line - 1, place.column - PROBLEM_WIDTH, place.of - 1)
    )
    code = np.zeros(lines + 1 + WIDTH + 1 + lines + 1, np.float32)
    code[[line, lines + 1 + column, lines + 1 + WIDTH + 1 + of]] = 1
    return code


def _louder(size: int) -> np.float32:
    """What queries are multiplied with, since scores are divided by the root of the head's size."""
    return np.float32(np.sqrt(HEAD_SIZE / size))


def _by_head(weight: Floats, heads: int) -> Floats:
    """The output projection's columns by head, as rows: (heads, size, width)."""
    return weight.T.reshape(heads, -1, len(weight))


def _spread(weight: Floats) -> Floats:
    """Rows (heads, size, width) as rows of larger heads (heads * HEAD_SIZE, width): turned pairs go where the larger
    head turns at the same rate, all else is zero."""
    heads, size, width = weight.shape
    each = HEAD_SIZE // size
    spread = np.zeros((heads, 2, size // 2, each, width), np.float32)
    spread[:, :, :, 0] = weight.reshape(heads, 2, size // 2, width)
    return spread.reshape(heads * HEAD_SIZE, width)


def _wide(array: Floats, width: int) -> Floats:
    """The array with zeros after its last axis, up to the width."""
    return np.pad(array, [(0, 0)] * (array.ndim - 1) + [(0, width - array.shape[-1])])
