"""Tables of the web's manners."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Command(models.Model):
    """A write that came in under an id of the client's making, and the answer it was given.

    The row commits with its effect. The same id with the same contents gets the same answer
    again; with other contents it is refused. Rows never expire: ours is for truth, not transport.
    """

    personal_data = "The stored answer holds ids and addresses of pages, no personal text."

    scope_key = models.CharField(max_length=80)
    command_id = models.UUIDField()
    name = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        """One row for each id of one sender."""

        db_table = "web_command"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope_key", "command_id"], name="web_command_once")
        ]


class Try(models.Model):
    """How often something was tried in one span of time."""

    personal_data = "Keyed hashes of network addresses and numbers; removed after a day."

    key = models.CharField(max_length=64)
    began_at = models.DateTimeField()
    n = models.PositiveIntegerField()

    class Meta:
        """One count for each key and span."""

        db_table = "web_try"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "began_at"], name="web_try_once")
        ]
