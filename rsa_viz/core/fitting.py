"""Whether a run's prompts will fit the model's context, foreseen before anything is called. Knows no tokenizer."""

from __future__ import annotations

from dataclasses import dataclass

from .foresight import Foresight, Load

MARGIN = 0.3  # estimates of prompt lengths are good to about 30 %


@dataclass(frozen=True, slots=True)
class Fit:
    """The longest prompt (an estimate) and the most tokens of an answer, against the context; all in tokens."""

    longest_prompt: int
    max_tokens: int
    context: int

    @property
    def needed(self) -> int:
        """Longest prompt and longest answer together."""
        return self.longest_prompt + self.max_tokens

    @property
    def fits(self) -> bool:
        """The estimate is not above the context."""
        return self.needed <= self.context

    @property
    def tight(self) -> bool:
        """It fits by the estimate, and would not if the prompt were longer by the estimate's uncertainty."""
        return self.fits and self.needed + MARGIN * self.longest_prompt > self.context

    @property
    def warning(self) -> str:
        """What is to be expected and what to do, in plain sentences; empty when the run fits."""
        numbers = (
            f"the longest prompt is about {self.longest_prompt:,} tokens, an answer may have {self.max_tokens:,}, "
            f"together {self.needed:,}; the endpoint's context is {self.context:,}"
        )
        if self.max_tokens >= self.context:
            return (
                f"Most servers will refuse every call: an answer may have {self.max_tokens:,} tokens and the "
                f"endpoint's context is {self.context:,}, prompt included. Take a smaller max tokens."
            )
        if not self.fits:
            return (
                f"Calls with the longest prompts will probably not fit: {numbers}. "
                "Those that do not fit are recorded as failed. Take a smaller K, a smaller max tokens, "
                "or let children read tails or summaries of their candidates."
            )
        return f"This may be too long for the model's context: {numbers}." if self.tight else ""


def fit(foreseen: Foresight | Load, max_tokens: int, context: int | None) -> Fit | None:
    """The fit of a foreseen run, or of what one model of it is asked; None where the context is unknown."""
    return None if context is None else Fit(foreseen.longest_prompt, max_tokens, context)
