"""Which rows of a period hold on a day."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from bihuan.kernel.ground.registry.rules.areas import day_of


def in_force(at: datetime) -> Q:
    """Return the filter of rows whose period holds the day of `at`."""
    day = day_of(at)
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))
