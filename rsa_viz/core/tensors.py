"""The safetensors file format: eight bytes of length, a JSON header, then the numbers of every array.

The format is the one of github.com/huggingface/safetensors. Knows no numbers, only their bytes, and no model.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

from .errors import InvalidInput

SIZES = {"F16": 2, "F32": 4}
LONGEST_HEADER = 1_000_000


@dataclass(frozen=True, slots=True)
class Tensor:
    """One array: ``kind`` is F16 or F32, ``content`` its numbers, little end first, last axis fastest."""

    kind: str
    shape: tuple[int, ...]
    content: bytes


def read_tensors(data: bytes) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The arrays by name and the metadata. Raises InvalidInput, saying why, for bytes that are no such file."""
    try:
        length = int.from_bytes(data[:8], "little")
        if not 2 <= length <= min(LONGEST_HEADER, len(data) - 8):
            raise ValueError(f"a header of {length} bytes in a file of {len(data)}")
        header = json.loads(data[8 : 8 + length])
        metadata = {str(name): str(value) for name, value in header.pop("__metadata__", {}).items()}
        tensors = {name: _tensor(name, told, data, 8 + length) for name, told in header.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput(f"the file cannot be read as safetensors: {error}") from None
    return tensors, metadata


def write_tensors(tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> bytes:
    """The file's bytes, arrays in the order given."""
    header: dict[str, Any] = {"__metadata__": dict(metadata)}
    offset = 0
    for name, one in tensors.items():
        end = offset + len(one.content)
        header[name] = {"dtype": one.kind, "shape": list(one.shape), "data_offsets": [offset, end]}
        offset = end
    told = json.dumps(header, separators=(",", ":")).encode()
    told += b" " * (-len(told) % 8)
    return len(told).to_bytes(8, "little") + told + b"".join(one.content for one in tensors.values())


def _tensor(name: str, told: Mapping[str, Any], data: bytes, start: int) -> Tensor:
    kind, shape = str(told["dtype"]), tuple(int(size) for size in told["shape"])
    first, end = told["data_offsets"]
    if not 0 <= first <= end <= len(data) - start or end - first != prod(shape) * SIZES[kind]:
        raise ValueError(f"the array {name!r} does not lie where its header says")
    return Tensor(kind, shape, data[start + first : start + end])
