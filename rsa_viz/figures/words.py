"""Words in pictures: model text made harmless, counts in plain English. Knows no figure.

Plotly renders a small HTML (``<b>``, ``<a href>``, ``<br>``, …) and TeX between dollars in every label and hover, so
text that a model wrote goes through ``safe`` before it comes near one.
"""

from __future__ import annotations

import html
import textwrap
import unicodedata
from functools import lru_cache

from ..analysis.telling import counted, joined
from ..core.chain import Chain, ChainOrigin, ChainStatus, Judgement, Verdict, VerdictSource
from .style import MARKS

OWN = "\u2060"
"""Before a line that the app says after lines of a model's: nobody sees it, and ``safe`` takes it out of texts."""
NO_ANSWER = "no answer"
ORIGINS = {ChainOrigin.COPIED: "taken over from the original", ChainOrigin.PLANTED: "planted by a person"}
_VERDICT_WORDS = {Verdict.RIGHT: "right", Verdict.WRONG: "wrong", Verdict.UNKNOWN: "unknown"}


def safe(text: str, cap: int = 200) -> str:
    """Text as one line that Plotly shows letter by letter: capped at ``cap`` characters, then escaped."""
    return _escaped(one_line(text, cap))


def safe_lines(text: str, cap: int = 200, width: int = 56) -> str:
    """Like ``safe``, broken into lines of ``width`` characters with ``<br>``, the only markup in it."""
    return _safe_lines(text[: 4 * cap + 1], cap, width)  # one_line reads no more of it


@lru_cache(maxsize=20_000)  # a child repeats many of its parents' lines, and a picture is drawn again and again
def _safe_lines(head: str, cap: int, width: int) -> str:
    lines = textwrap.wrap(one_line(head, cap), width, break_long_words=True)
    return "<br>".join(_escaped(line) for line in lines)


def one_line(text: str, cap: int = 200) -> str:
    """Text on one line of at most ``cap`` characters, not escaped: for captions, which their page escapes.

    Control and direction-changing characters become spaces; runs of white space become one.
    """
    head = text[: 4 * cap]  # enough for cap characters after white space has shrunk; a text may be megabytes long
    line = " ".join("".join(" " if unicodedata.category(sign) in _HIDDEN else sign for sign in head).split())
    return line if len(line) <= cap and len(text) <= 4 * cap else line[: cap - 1] + "…"


_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def _escaped(line: str) -> str:
    return html.escape(line).replace("$", "&#36;")


def percent(share: float) -> str:
    """A share in 0..1 as whole percent; what is not quite 0 or 1 never reads as 0 % or 100 %."""
    whole = round(100 * share)
    if whole == 0 and share > 0:
        return "under 1 %"
    if whole == 100 and share < 1:
        return "over 99 %"
    return f"{whole} %"


def why_line(judgement: Judgement) -> str:
    """Why a step has its verdict, as a hover's last line with its break; nothing where nobody said. Safe for Plotly."""
    if not judgement.why:
        return ""
    return f"<br>{'' if judgement.source is VerdictSource.JUDGE else OWN}{safe(judgement.why, 90)}"


def told(chain: Chain) -> str:
    """A chain's hover: where it stands, its verdict and answer, what it cost. Safe for Plotly."""
    lines = [f"chain {chain.slot}"]
    if chain.status is ChainStatus.PLANNED:
        return lines[0] + " · planned"
    if chain.status is ChainStatus.FAILED:
        return lines[0] + " · failed" + (f"<br>{safe_lines(chain.error, 160)}" if chain.error else "")
    lines[0] += f" · {MARKS[chain.verdict]} {_VERDICT_WORDS[chain.verdict]}"
    lines.append(NO_ANSWER if chain.answer is None else f"answer {safe(chain.answer, 60)}")
    if chain.tokens_out is not None:
        lines.append(counted(chain.tokens_out, "token"))
    flags = [word for word, is_so in (("truncated", chain.truncated), ("empty", chain.empty)) if is_so]
    if flags:
        lines.append(joined(flags))
    if chain.fresh:
        lines.append("sampled afresh: its parents failed" if chain.parents else "sampled afresh, as planned")
    if chain.origin is not ChainOrigin.MADE:
        lines.append(ORIGINS[chain.origin])
    return "<br>".join(lines)
