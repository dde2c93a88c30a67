"""Sealing old rows again with the newest key, so that an old key can be put away."""

from __future__ import annotations

from django.apps import apps
from django.db import models, transaction

from bihuan.platform.crypto import sealing
from bihuan.platform.crypto.fields import EncryptedText, Sealed

BATCH = 500


def reseal_all() -> dict[str, int]:
    """Seal every value that an older key holds again; return how many by ``table.column``.

    Safe to stop and run again; each batch is one transaction.
    """
    counts: dict[str, int] = {}
    for model in apps.get_models():
        for column in model._meta.fields:
            if isinstance(column, EncryptedText):
                name = f"{model._meta.db_table}.{column.column}"
                counts[name] = _reseal(model, column)
    return counts


def _reseal(model: type[models.Model], column: EncryptedText) -> int:
    rows = model._base_manager.filter(**{f"{column.attname}__isnull": False})
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    batches = (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))
    return sum(_reseal_batch(model, column, batch) for batch in batches)


def _reseal_batch(model: type[models.Model], column: EncryptedText, keys: list[object]) -> int:
    done = 0
    with transaction.atomic():
        for row in model._base_manager.select_for_update().filter(pk__in=keys).order_by("pk"):
            value = getattr(row, column.attname)
            if isinstance(value, Sealed) and sealing.is_old(value.raw):
                setattr(row, column.attname, value.open())
                row.save(update_fields=[column.attname])
                done += 1
    return done
