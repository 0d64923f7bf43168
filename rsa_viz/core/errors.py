"""Every error that rsa_viz raises on purpose, as one tree.

::

    RsaVizError
    ├── InvalidInput            something given was refused before anything was paid
    │   ├── InvalidPlan         N, K, T or another knob of a run is out of range
    │   ├── InvalidProblem      a problem that its task cannot read
    │   ├── InvalidBundle       an import file that cannot be read whole
    │   ├── InvalidEndpoint     an endpoint or model name that cannot be used
    │   └── UnknownName         no such task, strategy, format, …
    ├── NotFound                no such run or chain in this database
    ├── ModelError              a call to a model failed
    │   ├── Retryable           worth another try
    │   │   ├── RateLimited     429
    │   │   ├── TimedOut        no answer in time
    │   │   ├── ServerFailed    5xx, or an answer that is no answer
    │   │   └── ConnectionLost  refused, reset, cut in mid-stream
    │   ├── ContextOverflow     the prompt does not fit this model
    │   ├── RequestRefused      another 4xx: this one call will never work
    │   └── EndpointUnusable    bad key, no such model: no call will ever work
    └── StoreError              the database
        ├── StoreUnavailable    cannot be opened, locked for too long, disk full, read-only
        ├── ReadOnly            this app only shows what is recorded
        ├── SchemaFromFuture    written by a newer rsa_viz
        ├── AlreadyRecorded     this call's end stands there; what is recorded is never replaced
        └── RunHeld             another living process drives this run

A message says what was wrong, the value, and what to do.
"""

from __future__ import annotations


class RsaVizError(Exception):
    """Base of every error that rsa_viz raises on purpose."""


class InvalidInput(RsaVizError):
    """Something given by a person or a file was refused; nothing was changed."""


class InvalidPlan(InvalidInput):
    """N, K, T or another knob of a run is out of range."""


class InvalidProblem(InvalidInput):
    """A problem that its task cannot read."""


class InvalidBundle(InvalidInput):
    """An import file that cannot be read whole; nothing of it was kept."""


class InvalidEndpoint(InvalidInput):
    """An endpoint or model name that cannot be used."""


class UnknownName(InvalidInput):
    """No such task, strategy, export format, prompt set or analysis."""

    def __init__(self, what: str, name: str, known: object) -> None:
        names = ", ".join(sorted(str(one) for one in known))  # type: ignore[attr-defined]
        super().__init__(f"no {what} is called {name!r}; there are: {names}")


class NotFound(RsaVizError):
    """No such run or chain in this database."""


class ModelError(RsaVizError):
    """A call to a model failed."""


class Retryable(ModelError):
    """A failed call that is worth another try.

    ``retry_after_s`` is the wait that the server asked for, in seconds, or None if it asked for none.
    """

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class RateLimited(Retryable):
    """The server said 429."""


class TimedOut(Retryable):
    """No answer, or no further token, within the time allowed."""


class ServerFailed(Retryable):
    """A 5xx, or an answer that cannot be read as one."""


class ConnectionLost(Retryable):
    """The connection was refused, reset or cut in mid-stream."""


class ContextOverflow(ModelError):
    """The prompt and the answer asked for do not fit the model's context."""


class RequestRefused(ModelError):
    """The server refused this one request for good (another 4xx)."""


class EndpointUnusable(ModelError):
    """Bad key, unknown model, unknown provider: no call to this endpoint will ever work."""


class StoreError(RsaVizError):
    """The database could not do what was asked; what was committed before is intact."""


class StoreUnavailable(StoreError):
    """The database cannot be opened or written: missing folder, read-only, locked, disk full."""


class ReadOnly(StoreError):
    """This app only shows what is recorded: nothing is started, changed, deleted or ruled."""


class SchemaFromFuture(StoreError):
    """The database was written by a newer rsa_viz than this one."""


class AlreadyRecorded(StoreError):
    """The end of this call has been recorded before; what is recorded is never replaced."""


class RunHeld(StoreError):
    """Another living process drives this run."""
