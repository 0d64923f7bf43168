"""Engine, models, tasks and store put together: what pages and the command line call."""

from __future__ import annotations

from ..exports.training import Recipe
from .batch import MOST as MOST_IN_BATCH
from .batch import Batch, batch_names, unfinished_batches
from .comparison import write_comparison
from .examples import EXAMPLES, examples_by_problem, open_example
from .exchange import FORMATS, file_ending
from .fork import Prepared, foresee_prepared, prepare_fork, prepare_leave_one_out
from .led_view import LedView, lead, led_view, led_view_place, stop_leading
from .many import Written, chosen_runs, write_tables, write_training, zip_tables
from .prompt_sets import find_prompts, prompt_sets, read_prompts
from .result import facts, result
from .service import RebuiltPrompt, Service
from .trials import MOST_COMPARED, arm_names, read_evidence, read_trial, runs_of_batches, runs_of_experiment
from .ways import Keys

__all__ = [
    "EXAMPLES",
    "FORMATS",
    "MOST_COMPARED",
    "MOST_IN_BATCH",
    "Batch",
    "Keys",
    "LedView",
    "Prepared",
    "RebuiltPrompt",
    "Recipe",
    "Service",
    "Written",
    "arm_names",
    "batch_names",
    "chosen_runs",
    "examples_by_problem",
    "facts",
    "file_ending",
    "find_prompts",
    "foresee_prepared",
    "lead",
    "led_view",
    "led_view_place",
    "open_example",
    "prepare_fork",
    "prepare_leave_one_out",
    "prompt_sets",
    "read_evidence",
    "read_prompts",
    "read_trial",
    "result",
    "runs_of_batches",
    "runs_of_experiment",
    "stop_leading",
    "unfinished_batches",
    "write_comparison",
    "write_tables",
    "write_training",
    "zip_tables",
]
