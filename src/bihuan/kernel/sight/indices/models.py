"""What is counted once a day so that it need not be counted at every look."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class DayRow(models.Model):
    """How many matters of an area stood and moved on one day; made of records, never by hand."""

    personal_data = "none"

    day = models.DateField()
    area_path = models.CharField(max_length=120)
    open = models.PositiveIntegerField(default=0)
    """Not ended at the end of the day."""
    overdue = models.PositiveIntegerField(default=0)
    """Of those: past their deadline by then, and not waiting."""
    raised = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)
    back = models.PositiveIntegerField(default=0)
    """Ended before, and brought back: done again, reopened, appealed, let go its own way."""
    aside = models.PositiveIntegerField(default=0)
    """Ended otherwise: not taken on, merged, taken back, entered in error."""

    class Meta:
        """One row for each area and day on which there was anything; areas hold those below."""

        db_table = "indices_day"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area_path", "day"], name="indices_day_once"),
            models.CheckConstraint(
                condition=Q(overdue__lte=models.F("open")), name="indices_day_overdue_is_open"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["day", "area_path"], name="indices_day_day")]


class DayMade(models.Model):
    """That a day was counted, when, and which fact was the last one known then."""

    personal_data = "none"

    day = models.DateField(primary_key=True)
    made_at = models.DateTimeField()
    last_fact = models.BigIntegerField()

    class Meta:
        """A day without any matter has this row alone."""

        db_table = "indices_day_made"
