"""Signs of foreign text that act where it is shown, and do not stand for themselves. Knows no terminal and no page."""

from __future__ import annotations

import re

STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What moves a cursor, rings, colours, reorders what stands on the line, or cannot be encoded; new lines are none."""
