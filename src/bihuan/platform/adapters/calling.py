"""Calls to the outside: written with their cause, carried by a job, tried for three days."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from bihuan.platform.adapters import connecting, hooks, links, signing, speaking
from bihuan.platform.adapters.models import Call
from bihuan.platform.adapters.types import Body, Tried, UnableToReach, UnableToSend
from bihuan.platform.jobs import queue

logger = logging.getLogger(__name__)

RETRY_AFTER = (5, 30, 120, 600, 3600, 6 * 3600, 24 * 3600, 48 * 3600)
"""Seconds until the next try: over three days; then the call is dead and people see it."""
LEASE = timedelta(seconds=60)
"""How long a worker that was killed while it spoke keeps a call from the others."""


def to_system(code: str) -> str:
    """Return the target that names a system."""
    return f"system:{code}"


def call(target: str, action: str, *, key: str, body: Body, at: datetime) -> bool:
    """Have `body` brought to `target`, once for each `key`; return whether it is new.

    Joins the open transaction: a rollback takes the call back too.
    """
    values = {"action": action, "body": body, "made_at": at, "due_at": at}
    _, fresh = Call.objects.get_or_create(target=target, key=key, defaults=values)
    transaction.on_commit(_wake, robust=True)
    return fresh


def _wake() -> None:
    queue.wake("adapters.carry")


def carry_pending(*, at: datetime, limit: int = 200) -> int:
    """Bring what is due; return how many were tried. A target that fails waits for the next round.

    A call is claimed in one transaction and carried outside of any: a worker killed between sends
    it again, under the same key, and the other side answers it as the same.
    """
    tried, failing = 0, set[str]()
    while tried < limit:
        row = _claim(at, failing)
        if row is None:
            break
        tried += 1
        if not _carry(row, at):
            failing.add(row.target)
    return tried


def _claim(at: datetime, failing: set[str]) -> Call | None:
    with transaction.atomic():
        row = (
            Call.objects.select_for_update(skip_locked=True)
            .filter(state=Call.State.PENDING, due_at__lte=at)
            .exclude(target__in=failing)
            .order_by("due_at", "pk")
            .first()
        )
        if row is not None:
            row.attempts += 1
            row.due_at = at + LEASE
            row.save(update_fields=["attempts", "due_at"])
    return row


def _carry(row: Call, at: datetime) -> bool:
    try:
        answer = _send(row, at)
    except UnableToSend as error:
        _fail(row, str(error), at, dead=True)
        return False
    except Exception as error:  # whatever an adapter raises, the call must not be lost
        if not isinstance(error, UnableToReach):
            logger.exception("call %s to %s failed", row.pk, row.target)
        _fail(row, str(error) or type(error).__name__, at)
        return False
    mine = Call.objects.filter(pk=row.pk, attempts=row.attempts)
    mine.update(state=Call.State.DONE, done_at=at, answer=answer, error="")
    links.note_success(row.target, at=at)
    return True


def _send(row: Call, at: datetime) -> Body:
    kind, _, name = row.target.partition(":")
    if kind == "system":
        return connecting.adapter_of(name).send(row.action, row.key, row.body)
    hook, secret = hooks.open_hook(name, at=at)
    raw = json.dumps(row.body, ensure_ascii=False, sort_keys=True).encode()
    headers = signing.headers_for(secret, row.key, raw, at=at)
    headers["Content-Type"] = "application/json"
    return speaking.ask("POST", hook.url, body=raw, headers=headers)


def _fail(row: Call, words: str, at: datetime, *, dead: bool = False) -> None:
    mine = Call.objects.filter(pk=row.pk, attempts=row.attempts)
    if dead or row.attempts > len(RETRY_AFTER):
        mine.update(state=Call.State.DEAD, error=words[:300])
    else:
        due = at + timedelta(seconds=RETRY_AFTER[row.attempts - 1])
        mine.update(due_at=due, error=words[:300])
    links.note_failure(row.target, words, at=at)


def try_again(call_id: int, *, at: datetime) -> bool:
    """Let a dead call be tried anew, from the foot of the ladder."""
    rows = Call.objects.filter(pk=call_id, state=Call.State.DEAD)
    moved = rows.update(state=Call.State.PENDING, attempts=0, due_at=at, error="")
    transaction.on_commit(_wake, robust=True)
    return bool(moved)


def list_calls(*, states: Sequence[str] = (), limit: int = 100) -> tuple[Tried, ...]:
    """Return calls, the newest first."""
    rows = Call.objects.filter(state__in=states) if states else Call.objects.all()
    return tuple(
        Tried(
            id=row.pk,
            target=row.target,
            action=row.action,
            key=row.key,
            state=row.state,
            attempts=row.attempts,
            due_at=row.due_at,
            done_at=row.done_at,
            error=row.error,
        )
        for row in rows.order_by("-pk")[:limit]
    )
