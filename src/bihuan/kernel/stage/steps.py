"""`step`: a view with a power, a Scope and one moment. `perform_command`: a write by name, once."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.kernel.ground.registry.types import EVERYBODY, Scope
from bihuan.kernel.ground.registry.web import (
    StepRequest,
    perform_form,
    scope_of,
    step,
    with_command,
)
from bihuan.kernel.stage import catalogue
from bihuan.platform.web.commands import Performed, Sent, perform
from bihuan.platform.web.errors import NotAllowed, NotFound


def perform_command(
    name: str, payload: dict[str, Any], *, scope: Scope, at: datetime, command_id: UUID
) -> Performed:
    """Carry out the command `name` that a phone has kept, once, in one transaction.

    Raises:
        NotFound: no scene brings such a command.
        NotAllowed: the scope lacks its power.
        Refused: what the command itself refuses.
    """
    found = catalogue.find_command(name)
    if found is None:
        raise NotFound("This app is too old or too new for the centre. Update it and send again.")
    command, function = found
    if command.power != EVERYBODY and not scope.has(command.power):
        raise NotAllowed("Your post may not do this. What you wrote is kept on the phone.")
    sender = f"account:{scope.origin.account_id}"
    sent = Sent(command_id=command_id, name=name, sender=sender, contents=payload)
    marked = with_command(scope, command_id)
    return perform(sent, lambda: function(payload, marked, at, command_id), at=at)


__all__ = ["StepRequest", "perform_command", "perform_form", "scope_of", "step"]
