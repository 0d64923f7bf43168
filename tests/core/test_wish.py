"""What may be asked of whoever drives a run."""

from __future__ import annotations

import pytest

from rsa_viz.core.errors import InvalidInput
from rsa_viz.core.wish import check_wish, last_generation, outweighs, pause_after


def test_the_generation_of_a_wish_is_read_back() -> None:
    assert last_generation(pause_after(12)) == 12
    assert [last_generation(wish) for wish in ("pause", "stop", "run", "pause after 0", "pause after x")] == [None] * 5


@pytest.mark.parametrize("wish", ["run", "", "pause after 0", "pause after", "stop after 3"])
def test_what_nobody_can_ask_is_refused(wish: str) -> None:
    with pytest.raises(InvalidInput, match="can be asked to"):
        check_wish(wish)
    with pytest.raises(InvalidInput, match="from 1 on"):
        pause_after(0)


def test_a_stop_is_never_softened_and_a_generation_may_be_changed() -> None:
    rising = [None, "pause after 2", "pause", "stop"]
    assert [[outweighs(str(wish), standing) for wish in rising[1:]] for standing in rising] == [
        [True, True, True],
        [True, True, True],
        [False, True, True],
        [False, False, True],
    ]
