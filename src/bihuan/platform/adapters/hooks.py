"""Addresses that want to hear of things."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from bihuan.platform.adapters import keys, speaking
from bihuan.platform.adapters.models import ApiKey, HookRow
from bihuan.platform.adapters.types import Hook, Key, UnableToReach, UnableToSend
from bihuan.platform.web.errors import NotFound, Refused


class UnableToHook(Refused):
    """The address cannot be told anything."""


def make_hook(key_id: UUID, *, url: str, topics: tuple[str, ...], at: datetime) -> Hook:
    """Let an address hear of `topics`, as far as the key sees them.

    Raises:
        NotFound: there is no such living key.
        UnableToHook: the address is none we may speak to, or stands already.
    """
    row = ApiKey.objects.filter(pk=key_id).first()
    if row is None or not keys.to_key(row).stands(at):
        raise NotFound("There is no such key.")
    _require_address(url)
    if not topics:
        raise UnableToHook("Choose what it wants to hear of.", field="topics")
    try:
        with transaction.atomic():
            made = HookRow.objects.create(key=row, url=url, topics=list(topics), made_at=at)
    except IntegrityError as error:
        raise UnableToHook("This address stands already.", field="url") from error
    return to_hook(made)


def _require_address(url: str) -> None:
    if len(url) > 400:
        raise UnableToHook("The address is longer than 400 characters.", field="url")
    try:
        speaking.look_at(url)
    except (UnableToSend, UnableToReach) as error:
        raise UnableToHook(
            "Nothing may be sent to this address: it must be https, known by name and public.",
            field="url",
        ) from error


def end_hook(hook_id: UUID, *, at: datetime) -> None:
    """Tell an address nothing more. Safe to repeat."""
    HookRow.objects.filter(pk=hook_id, ended_at__isnull=True).update(ended_at=at)


def list_hooks(*, topic: str = "", at: datetime | None = None) -> tuple[tuple[Hook, Key], ...]:
    """Return living addresses with their keys; with `topic` and `at`, those to be told now."""
    rows = HookRow.objects.select_related("key").filter(ended_at__isnull=True).order_by("made_at")
    found = [(to_hook(row), keys.to_key(row.key)) for row in rows]
    return tuple(
        (hook, key)
        for hook, key in found
        if (not topic or topic in hook.topics) and (at is None or key.stands(at))
    )


def open_hook(name: str, *, at: datetime) -> tuple[Hook, str]:
    """Return an address and the secret that signs what it is told.

    Raises:
        UnableToSend: it has ended, or its key has.
    """
    row = HookRow.objects.select_related("key").filter(pk=name).first()
    if row is None or row.ended_at is not None or not keys.to_key(row.key).stands(at):
        raise UnableToSend("this address or its key has ended")
    return to_hook(row), row.key.secret.open()


def to_hook(row: HookRow) -> Hook:
    """Return the row as a value."""
    return Hook(row.pk, row.key_id, row.url, tuple(row.topics), row.made_at, row.ended_at)
