"""Pure words about loading: how entries of a file are read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


class UnableToReadStandards(ValueError):
    """A file of standards does not hold; the text names the entry and the fault."""


@dataclass(frozen=True, slots=True)
class Given:
    """One entry of a file: a value of a rule from a day on."""

    code: str
    value: Any
    source: str
    valid_from: date
    valid_to: date | None = None
    county: str = ""


def read_entries(raw: Any, *, where: str) -> tuple[Given, ...]:
    """Return the entries of a file: a list of mappings with code, value, source, valid_from."""
    if not isinstance(raw, list):
        raise UnableToReadStandards(f"{where}: a list of entries is expected")
    return tuple(_entry(item, f"{where}, entry {n}") for n, item in enumerate(raw, 1))


def _entry(item: Any, where: str) -> Given:
    if not isinstance(item, Mapping):
        raise UnableToReadStandards(f"{where}: a mapping is expected")
    lacking = [key for key in ("code", "value", "source", "valid_from") if item.get(key) is None]
    if lacking:
        raise UnableToReadStandards(f"{where}: lacks {', '.join(lacking)}")
    for key in ("valid_from", "valid_to"):
        if item.get(key) is not None and not isinstance(item[key], date):
            raise UnableToReadStandards(f"{where}: {key} is no date")
    return Given(
        code=str(item["code"]),
        value=item["value"],
        source=str(item["source"]),
        valid_from=item["valid_from"],
        valid_to=item.get("valid_to"),
        county=str(item.get("county", "")),
    )


def hash_inputs(inputs: Any) -> str:
    """Return a hash of the inputs of a decision."""
    text = json.dumps(inputs, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def by_code(entries: Iterable[Given]) -> dict[tuple[str, str], list[Given]]:
    """Return the entries of each rule and county, the oldest first."""
    grouped: dict[tuple[str, str], list[Given]] = {}
    for entry in sorted(entries, key=lambda e: e.valid_from):
        grouped.setdefault((entry.code, entry.county), []).append(entry)
    return grouped
