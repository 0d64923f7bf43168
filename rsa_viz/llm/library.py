"""LiteLLM, brought in when the first call is made: quiet, without telemetry, without a look at the network."""

from __future__ import annotations

import atexit
import logging
import os
import threading
import warnings
from functools import cache
from typing import Any

LEAVING_S = 20.0  # the longest that an ending process waits for a library that is being loaded

_lock = threading.Lock()


def library() -> Any:
    """The litellm module, with the embedded models registered. Takes seconds the first time; any thread may ask."""
    with _lock:
        return _load()


def _let_it_load() -> None:
    # A process that ends while one of its threads imports would stop for good: what the library tidies up at the end
    # waits for the lock of a module whose thread is no more.
    if _lock.acquire(timeout=LEAVING_S):
        _lock.release()


@cache
def _load() -> Any:
    atexit.register(_let_it_load)
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")  # else it fetches a price list on import
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries' own, while they are imported
        import litellm

        from . import provider, tiny
        from .in_process import SYNTHETIC, TINY, provider_row

        litellm.ModelResponse()  # builds the schemas that would warn on the first call
    # Some providers' schemas are built on their first call; pydantic has nothing to say of them that concerns a user.
    warnings.filterwarnings("ignore", ".*`ReadOnly` qualifier", UserWarning, r"pydantic\._internal")
    known: Any = litellm
    known.telemetry = False
    known.suppress_debug_info = True
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    known.custom_provider_map += [provider_row(SYNTHETIC, provider.write), provider_row(TINY, tiny.write)]
    known.utils.custom_llm_setup()
    return known
