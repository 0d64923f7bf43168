"""Who may do what: whoever uses the command line is the operator himself; whoever opens the app is a visitor.

What visitors may do the operator says by environment variables when he starts the app. Knows no page and no model.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace

from .errors import InvalidInput, ReadOnly

READ_ONLY = "RSA_VIZ_READ_ONLY"
EDIT_ENDPOINTS = "RSA_VIZ_EDIT_ENDPOINTS"
VISITOR_ADDRESS = "RSA_VIZ_VISITOR_ADDRESS"
PRESENTER_KEY = "RSA_VIZ_PRESENTER_KEY"

_YES, _NO = frozenset({"1", "true", "yes", "on"}), frozenset({"", "0", "false", "no", "off"})


@dataclass(frozen=True, slots=True)
class Access:
    """What those who use a service may do; without arguments: the operator, who may do everything.

    ``visitors``: whoever asks is not the operator, so that a run never takes a key of the environment to anything but
    an endpoint of the operator's. ``addresses``: visitors may type a model and an address of their own. ``editing``:
    endpoints may be added and edited in the app. ``read_only``: nothing may be started, changed, deleted or ruled.
    """

    visitors: bool = False
    addresses: bool = True
    editing: bool = False
    read_only: bool = False

    def check_change(self) -> None:
        """Raise ReadOnly where nothing may be changed."""
        if self.read_only:
            raise ReadOnly(
                "this app only shows what is recorded to those who watch, or to everybody where "
                f"{READ_ONLY} is set; nothing can be started or changed here"
            )

    @property
    def watching(self) -> Access:
        """The access of somebody who only watches an app that gives others this one."""
        return replace(self, visitors=True, addresses=False, editing=False, read_only=True)


def presenter_key(environment: Mapping[str, str] | None = None) -> str | None:
    """The key without which those who open the app only watch; None when everybody is the presenter."""
    environment = os.environ if environment is None else environment
    return environment.get(PRESENTER_KEY, "").strip() or None


def app_access(environment: Mapping[str, str] | None = None) -> Access:
    """What the visitors of the app may do, by its environment. Raises InvalidInput for a flag that is neither yes nor
    no."""
    environment = os.environ if environment is None else environment
    read_only = _flag(environment, READ_ONLY)
    return Access(
        visitors=True,
        addresses=_flag(environment, VISITOR_ADDRESS) and not read_only,
        editing=_flag(environment, EDIT_ENDPOINTS) and not read_only,
        read_only=read_only,
    )


def _flag(environment: Mapping[str, str], name: str) -> bool:
    said = environment.get(name, "").strip().lower()
    if said not in _YES | _NO:
        raise InvalidInput(f"{name} is {said!r}; set it to 1 or 0")
    return said in _YES
