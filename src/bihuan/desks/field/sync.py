"""Receiving what a phone has kept: each command once, in a transaction of its own.

One command that cannot be taken in holds up no other; the answer says of each what became of it,
and a batch that comes again is answered the same.
"""

from __future__ import annotations

import json
import logging
from typing import Any
from uuid import UUID

from django.db import DataError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from bihuan.kernel.ground.events.types import Door
from bihuan.kernel.ground.registry.types import SIGNED_IN
from bihuan.kernel.stage import api as stage
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform.web.errors import Conflict, Refused

MOST = 50
"""Commands in a batch. A phone sends ten; who sends hundreds is no phone of ours."""
LARGEST = 512 * 1024
TRY_AGAIN = frozenset({"photo_missing"})
logger = logging.getLogger(__name__)


@step(power=SIGNED_IN, methods=("POST",), door=Door.PHONE)
def receive(request: StepRequest) -> HttpResponse:
    """Take in a batch and answer for each command.

    Signed in is enough to be heard; whether a post may do it, each command says for itself, so that
    somebody who lost the post meanwhile reads why, and keeps the work on the phone.
    """
    commands = read_batch(request)
    answers = [_one(command, request) for command in commands]
    answer = JsonResponse({"at": request.at, "answers": answers})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def read_batch(request: StepRequest) -> list[Any]:
    """Return the commands of the body.

    Raises:
        Refused: the body is none of ours, too much at once, or of another account.
    """
    try:
        given = json.loads(request.body if len(request.body) <= LARGEST else b"")
    except (ValueError, RecursionError) as error:
        raise Refused("The centre could not read this. Update the app.", code="json") from error
    commands = given.get("commands") if isinstance(given, dict) else None
    if not isinstance(commands, list):
        raise Refused("The centre could not read this. Update the app.", code="json")
    if len(commands) > MOST:
        raise Refused("Send at most %(n)s things at once.", code="too_many", n=MOST)
    check_account(request, given)
    return commands


def check_account(request: StepRequest, given: dict[str, Any]) -> None:
    """Refuse what was kept under another account than the one that is signed in now.

    Raises:
        Conflict: the phone changed hands.
    """
    if given.get("account") != request.user.pk:
        raise Conflict(
            "This was kept by another account. It stays sealed on the phone until that account"
            " signs in.",
            code="other_account",
        )


def _one(command: Any, request: StepRequest) -> dict[str, Any]:
    if not isinstance(command, dict):
        return _told(None, "refused", _("The centre could not read this. Update the app."), "shape")
    key, name, payload = (command.get(part) for part in ("command_id", "name", "payload"))
    try:
        command_id = UUID(key)
        if not isinstance(name, str) or not isinstance(payload, dict):
            raise TypeError(name)
    except (ValueError, TypeError, AttributeError):
        return _told(key, "refused", _("The centre could not read this. Update the app."), "shape")
    return _perform(command_id, name, payload, request)


def _perform(
    command_id: UUID, name: str, payload: dict[str, Any], request: StepRequest
) -> dict[str, Any]:
    key = str(command_id)
    try:
        done = stage.perform_command(
            name, payload, scope=request.scope, at=request.at, command_id=command_id
        )
    except Refused as refused:
        outcome = "conflict" if isinstance(refused, Conflict) else "refused"
        if refused.code in TRY_AGAIN:
            outcome = "retry"
        return _told(key, outcome, refused.spoken(), refused.code, refused.field)
    except (DataError, ValueError):
        logger.exception("a command that the database cannot hold: %s", name)
        words = _("Something in it cannot be kept. Write it again in other words.")
        return _told(key, "refused", words, "unreadable")
    except OperationalError:
        logger.warning("a command that will be sent again: %s", name, exc_info=True)
        return _told(key, "retry", _("The centre is busy. It will be sent again."), "busy")
    answer = done.answer
    number = answer.get("number", "")
    return {
        "command_id": key,
        "outcome": "received",
        "number": number,
        "answer": answer,
        "repeated": done.repeated,
    }


def _told(key: Any, outcome: str, words: str, code: str, field: str = "") -> dict[str, Any]:
    return {
        "command_id": key,
        "outcome": outcome,
        "words": words,
        "code": code,
        "field": field,
    }
