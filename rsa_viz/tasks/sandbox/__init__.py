"""Running untrusted Python inside bubblewrap, or refusing to. Knows no task, no problem and no verdict."""

from .available import sandbox_available
from .confined import Confined, Ending, Limits
from .runner import run_confined

__all__ = ["Confined", "Ending", "Limits", "run_confined", "sandbox_available"]
