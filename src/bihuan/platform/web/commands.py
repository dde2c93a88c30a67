"""Idempotent writes: same command id, same answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from bihuan.platform.database import prepared
from bihuan.platform.database.joining import whole
from bihuan.platform.web.errors import Mismatch

Answer = dict[str, Any]
"""What is stored and given again: plain JSON values."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One write as the client sent it.

    `sender` is who may replay it ("account:7", "device:3f…", "anonymous"); `contents` is all that
    must be equal when it comes again.
    """

    command_id: UUID
    name: str
    sender: str
    contents: Any

    def fingerprint(self) -> str:
        """Return a hash of name and contents."""
        text = json.dumps([self.name, self.contents], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Performed:
    """The answer, and whether this call made it or gave it again."""

    answer: Answer
    repeated: bool


_INSERT = """
    INSERT INTO web_command (scope_key, command_id, name, fingerprint, at)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (scope_key, command_id) DO NOTHING RETURNING id
"""
_FIND = "SELECT fingerprint, answer FROM web_command WHERE scope_key = $1 AND command_id = $2"
_KEEP = "UPDATE web_command SET answer = $1::jsonb WHERE id = $2"


def perform(sent: Sent, effect: Callable[[], Answer], *, at: datetime) -> Performed:
    """Carry out `effect` once and keep its answer in the same transaction.

    A second sender of the same id waits for the first and is given its answer. A refusal
    (an exception) rolls the row back, so that the same id may be tried again after mending.

    Raises:
        Mismatch: the id was used for other contents.
    """
    key = (sent.sender, sent.command_id)
    with whole(), connection.cursor() as cursor:
        prepared.execute(cursor, _INSERT, (*key, sent.name, sent.fingerprint(), at))
        made = cursor.fetchone()
        if made is None:
            prepared.execute(cursor, _FIND, key)
            fingerprint, answer = cursor.fetchone()
            return _again(sent, fingerprint, answer)
        answer = effect()
        prepared.execute(cursor, _KEEP, (json.dumps(answer), made[0]))
        return Performed(answer, repeated=False)


def _again(sent: Sent, fingerprint: str, answer: Any) -> Performed:
    if fingerprint != sent.fingerprint():
        raise Mismatch(
            "This form was already sent with other contents. Open it afresh and send it again."
        )
    kept = json.loads(answer) if isinstance(answer, str) else answer
    return Performed(kept, repeated=True)
