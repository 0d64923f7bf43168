"""Problems from elsewhere: files that a user drops, and data sets of the Hugging Face hub. Knows no model or page."""

from .found import Columns, ReadProblems, Refused
from .hub import read_hub
from .reading import read_problems
from .tables import FORMATS

__all__ = ["FORMATS", "Columns", "ReadProblems", "Refused", "read_hub", "read_problems"]
