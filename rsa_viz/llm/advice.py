"""What to do about an endpoint that fails, in one or two sentences. Knows the kinds of failure, no server."""

from __future__ import annotations

import re

from ..core.errors import (
    ConnectionLost,
    ContextOverflow,
    EndpointUnusable,
    InvalidEndpoint,
    RateLimited,
    RequestRefused,
    TimedOut,
)
from ..core.run import ModelChoice
from .endpoints import NO_KEY, Endpoint


def advice(error: BaseException, choice: ModelChoice, endpoint: Endpoint | None) -> str:
    """What the operator should look at first; empty where the error's own words say it."""
    if isinstance(error, InvalidEndpoint):
        return ""
    words = str(error)
    if isinstance(error, ConnectionLost):
        if re.search(r"name or service|getaddrinfo|resolve|nodename", words, re.IGNORECASE):
            return "This machine does not know the server's name. Look at the address for a slip."
        return (
            "Nothing answers there. Is the server started, has it loaded its model, and are host and port those that "
            "it printed? The presets of the Models page show how to start one. From inside a "
            "container, localhost is the container."
        )
    if isinstance(error, EndpointUnusable):
        status = re.search(r"answered (\d{3})", words)
        if "no key is set" in words or (status and status[1] in ("401", "402", "403")):
            return _about_the_key(choice, endpoint)
        return (
            "The server answers and does not know this model or this path. Compare the model's name with those that it "
            "lists; an address for OpenAI's protocol usually ends in /v1."
        )
    if isinstance(error, TimedOut | TimeoutError):
        return "It accepted the connection and sent nothing. It may still be loading its model, or be out of memory."
    if isinstance(error, RateLimited):
        return "It limits how much is asked of it. Lower the endpoint's concurrency, or wait."
    if isinstance(error, ContextOverflow):
        return "The prompt and the answer do not fit its context. Start it with a longer one, or take a smaller K."
    if isinstance(error, RequestRefused):
        return "It refuses this one request; its own words say why."
    return "It answers with an error of its own; look at its log."


def _about_the_key(choice: ModelChoice, endpoint: Endpoint | None) -> str:
    variable = endpoint.api_key_env if endpoint is not None else choice.api_key_env
    if variable == NO_KEY:
        return 'The server wants a key, and the endpoint says api_key_env = "none". Name the variable that holds one.'
    if variable:
        return f"Set the environment variable {variable} to a key that is valid there, and start the app again."
    if choice.api_base is None:
        return "Set the provider's key variable, name it as the endpoint's api_key_env, and start the app again."
    return "The server wants a key. Put it into an environment variable, and name that as the endpoint's api_key_env."
