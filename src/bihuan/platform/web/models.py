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
