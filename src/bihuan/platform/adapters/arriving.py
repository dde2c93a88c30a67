"""What systems give: taken once under its number there, with the answer kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from bihuan.platform.adapters.models import Arrival
from bihuan.platform.adapters.types import Body, Received
from bihuan.platform.database.locks import lock_words
from bihuan.platform.web.errors import Mismatch, Refused

NUMBER_LONGEST = 60

Effect = Callable[[], tuple[str, Body]]
"""What taking it in does: it returns what the thing became, as one word, and the answer."""


def take(system: str, number: str, body: Body, effect: Effect, *, at: datetime) -> Received:
    """Carry out `effect` once for a number, and keep its answer in the same transaction.

    What was refused before may come again, mended or not. A refusal is kept too, so that people
    see it.

    Raises:
        Mismatch: the number was taken before with other contents.
        Refused: what the effect refuses, after it was noted.
    """
    wanted = fingerprint(body)
    try:
        with transaction.atomic():
            _lock(system, number)
            row = Arrival.objects.filter(system=system, number=number).first()
            if row is not None and row.state == Arrival.State.TAKEN:
                return _again(row, wanted)
            subject, answer = effect()
            _keep(system, number, wanted, at, Arrival.State.TAKEN, subject=subject, answer=answer)
            return Received(answer, repeated=False)
    except Mismatch:
        raise
    except Refused as error:
        said: Body = {"error": error.code, "words": error.words, "field": error.field}
        with transaction.atomic():
            _lock(system, number)
            if not Arrival.objects.filter(
                system=system, number=number, state=Arrival.State.TAKEN
            ).exists():
                _keep(system, number, wanted, at, Arrival.State.REFUSED, answer=said)
        raise


def _lock(system: str, number: str) -> None:
    """Let a second sender of the same number wait for the first."""
    lock_words(f"adapters.{system}:{number}")


def _again(row: Arrival, wanted: str) -> Received:
    if row.fingerprint != wanted:
        raise Mismatch(
            "This number was taken in before with other contents.", code="other_contents"
        )
    return Received(row.answer, repeated=True)


def _keep(
    system: str,
    number: str,
    wanted: str,
    at: datetime,
    state: str,
    *,
    answer: Body,
    subject: str = "",
) -> None:
    values = {
        "fingerprint": wanted,
        "state": state,
        "subject": subject,
        "answer": answer,
        "at": at,
    }
    Arrival.objects.update_or_create(system=system, number=number, defaults=values)


def fingerprint(body: Body) -> str:
    """Return a hash of the contents."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def origins_of(subject: str) -> tuple[tuple[str, str], ...]:
    """Return the systems, with their numbers, that something here came from."""
    rows = Arrival.objects.filter(subject=subject, state=Arrival.State.TAKEN)
    return tuple(rows.order_by("pk").values_list("system", "number"))


def find_subject(system: str, number: str) -> str:
    """Return what a number of a system became here; empty when it was not taken."""
    row = Arrival.objects.filter(system=system, number=number, state=Arrival.State.TAKEN).first()
    return row.subject if row is not None else ""


def list_refused(*, limit: int = 50) -> tuple[tuple[str, str, str, datetime], ...]:
    """Return what could not be taken in, the newest first: system, number, words, when."""
    rows = Arrival.objects.filter(state=Arrival.State.REFUSED).order_by("-at")[:limit]
    return tuple((row.system, row.number, str(row.answer.get("words", "")), row.at) for row in rows)
