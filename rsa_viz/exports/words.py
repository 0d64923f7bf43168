"""Text in HTML: escaped, writable as UTF-8, and captions whose chains and generations are links within the file."""

from __future__ import annotations

import html
import re

from ..analysis.telling import mentions

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def escaped(text: object) -> str:
    """Any text as HTML that shows it sign by sign, also inside a quoted attribute.

    Control characters, and halves of surrogate pairs, which HTML and UTF-8 cannot carry, become U+FFFD.
    """
    return html.escape(_UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", str(text)))


def linked(caption: str) -> str:
    """A caption as HTML, escaped; "chain 3.12" and "generation 3" lead to where the file has that chain's text."""
    return "".join(
        f'<a href="#{"chain" if chain else "generation"}-{chain or generation}">{escaped(words)}</a>'
        if chain or generation
        else escaped(words)
        for words, chain, generation in mentions(caption)
    )
