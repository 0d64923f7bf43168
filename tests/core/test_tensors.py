"""The safetensors format: written, read back, and refused where it is broken."""

from __future__ import annotations

import json

import pytest

from rsa_viz.core.errors import InvalidInput
from rsa_viz.core.tensors import Tensor, read_tensors, write_tensors

TWO = {"a": Tensor("F16", (2, 1), b"\x00\x3c\x00\x40"), "b": Tensor("F32", (1,), b"\x00\x00\x80\x3f")}


def test_what_was_written_is_read_back() -> None:
    assert read_tensors(write_tensors(TWO, {"modulus": "13"})) == (TWO, {"modulus": "13"})


def test_the_bytes_are_laid_out_as_the_format_says() -> None:
    data = write_tensors(TWO, {})
    length = int.from_bytes(data[:8], "little")
    assert length % 8 == 0
    assert json.loads(data[8 : 8 + length])["b"] == {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}
    assert data[8 + length :] == TWO["a"].content + TWO["b"].content


@pytest.mark.parametrize("length", range(0, len(write_tensors(TWO, {})), 7))
def test_a_file_that_was_cut_short_is_refused(length: int) -> None:
    with pytest.raises(InvalidInput, match="cannot be read as safetensors"):
        read_tensors(write_tensors(TWO, {})[:length])


@pytest.mark.parametrize(
    ("old", "new"), [('"F16"', '"F99"'), ("[0,4]", "[2,4]"), ("[0,4]", "[0,9]"), ("[2,1]", "[3,1]")]
)
def test_a_header_that_does_not_match_its_numbers_is_refused(old: str, new: str) -> None:
    data = write_tensors(TWO, {})
    broken = data.replace(old.encode(), new.encode())
    assert broken != data
    with pytest.raises(InvalidInput, match="cannot be read as safetensors"):
        read_tensors(broken)
