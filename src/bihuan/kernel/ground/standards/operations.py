"""Loading rules and keeping decisions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from bihuan.kernel.ground.events.types import Ref, plain
from bihuan.kernel.ground.standards import kinds, queries
from bihuan.kernel.ground.standards.models import DecisionRow, StandardRow
from bihuan.kernel.ground.standards.rules import Given, by_code, hash_inputs, read_entries
from bihuan.kernel.ground.standards.types import Decision, Reason, Standard


class UnableToLoadStandard(ValueError):
    """A loaded entry contradicts what stands; a new value needs a new day from which it holds."""


def load_folder(folder: Path) -> int:
    """Load every YAML file of a folder; return how many versions are new."""
    entries: list[Given] = []
    for path in sorted(folder.glob("*.yaml")):
        raw = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        entries += read_entries(raw, where=path.name)
    return load_entries(entries, brought_by=folder.parent.name)


def load_entries(entries: Iterable[Given], *, brought_by: str) -> int:
    """Load entries; what stands already stays, a later value ends the one before it.

    Raises:
        UnableToLoadStandard: an entry of the same day has another value or source.
    """
    made = 0
    with transaction.atomic():
        for (code, county), given in by_code(entries).items():
            standing = {
                row.valid_from: row
                for row in StandardRow.objects.select_for_update().filter(code=code, county=county)
            }
            for entry in given:
                made += _load_one(entry, standing, brought_by)
        queries.forget()
    return made


def _load_one(entry: Given, standing: dict[Any, StandardRow], brought_by: str) -> int:
    row = standing.get(entry.valid_from)
    if row is not None:
        if (row.value, row.source) != (entry.value, entry.source):
            raise UnableToLoadStandard(
                f"{entry.code} of {entry.valid_from} stands with another value or source"
            )
        return 0
    for earlier in standing.values():
        open_end = earlier.valid_to is None or earlier.valid_to > entry.valid_from
        if earlier.valid_from < entry.valid_from and open_end:
            earlier.valid_to = entry.valid_from
            earlier.save(update_fields=["valid_to"])
    standing[entry.valid_from] = StandardRow.objects.create(
        code=entry.code,
        county=entry.county,
        version=max((r.version for r in standing.values()), default=0) + 1,
        value=entry.value,
        source=entry.source,
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        brought_by=brought_by,
    )
    return 1


def decide(rule: str, *, standard: Standard, subject: Ref, inputs: Any, at: datetime) -> Decision:
    """Apply a registered rule and keep the result with version, inputs and reasons."""
    kept = plain(inputs)
    outcome = kinds.get_rule(rule)(standard.value, kept)
    row = DecisionRow.objects.create(
        rule=rule,
        standard_id=standard.id,
        subject_kind=subject.kind,
        subject_key=subject.key,
        inputs=kept,
        inputs_hash=hash_inputs(kept),
        value=plain(outcome.value),
        reasons=[_plain_reason(reason) for reason in outcome.reasons],
        at=at,
    )
    return queries.to_decision(row)


def _plain_reason(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "points": reason.points,
        "params": plain(dict(reason.params)),
        "evidence": str(reason.evidence) if reason.evidence else None,
    }
