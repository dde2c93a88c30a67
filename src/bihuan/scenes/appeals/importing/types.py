"""Words of an import: what a column may hold, how to read a file, what is wrong with a cell."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NewType

ImportId = NewType("ImportId", int)

TEXT_LONGEST = 60_000
NUMBER_LONGEST = 60
WRITTEN_LONGEST = 60
"""How much of a wrong cell is shown: enough to find it, no more of what people wrote."""

SOURCES = (
    "hotline",
    "petitions",
    "livelihood",
    "city_order",
    "fire_safety",
    "firm_safety",
    "traffic",
    "mailbox",
    "import",
)
"""Feeds of the one inbox: the 12345 hotline, six “smart” platforms, a mailbox, other files."""


class Field(enum.StrEnum):
    """What a column may hold."""

    TEXT = "text"
    TITLE = "title"
    NUMBER = "number"
    DATE = "date"
    PLACE = "place"
    CLASS = "class"


class Fault(enum.StrEnum):
    """What may be wrong with a cell."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NUMBER_TOO_LONG = "number_too_long"
    NO_DATE = "no_date"
    FUTURE = "future"
    NO_PLACE = "no_place"
    UNSURE_PLACE = "unsure_place"
    OTHER_PLACE = "other_place"
    MORE_CELLS = "more_cells"


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is to be read. Together with the file's hash it is what an import is."""

    source: str = "import"
    mapping: tuple[tuple[Field, str], ...] = ()
    """Columns that a person named, before the usual names are tried."""
    area: str = ""
    """Code of the area in which everything lies; named places inside it are more exact."""
    spread_over: str = ""
    """Code of an area over whose villages the rows are spread by their contents (for trials)."""
    first: date | None = None
    last: date | None = None
    """Rows without a date column are spread over these days, by their order."""

    def plain(self) -> dict[str, object]:
        """Return the options as JSON holds them."""
        return {
            "source": self.source,
            "mapping": {str(name): header for name, header in self.mapping},
            "area": self.area,
            "spread_over": self.spread_over,
            "first": self.first.isoformat() if self.first else "",
            "last": self.last.isoformat() if self.last else "",
        }

    @classmethod
    def from_plain(cls, kept: Mapping[str, object]) -> Options:
        """Return the options that `plain` made JSON of."""
        mapping = kept.get("mapping") or {}
        assert isinstance(mapping, Mapping)
        first, last = str(kept.get("first") or ""), str(kept.get("last") or "")
        return cls(
            source=str(kept["source"]),
            mapping=tuple((Field(name), str(header)) for name, header in mapping.items()),
            area=str(kept.get("area") or ""),
            spread_over=str(kept.get("spread_over") or ""),
            first=date.fromisoformat(first) if first else None,
            last=date.fromisoformat(last) if last else None,
        )


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what, by place; and the headers as they are written."""

    places: Mapping[Field, int]
    headers: tuple[str, ...]

    def cell(self, cells: tuple[object, ...], wanted: Field) -> object:
        """Return the cell of a row, or nothing."""
        place = self.places.get(wanted)
        return cells[place] if place is not None and place < len(cells) else ""

    def header(self, wanted: Field) -> str:
        """Return how the file calls the column, or nothing."""
        place = self.places.get(wanted)
        return self.headers[place] if place is not None else ""


@dataclass(frozen=True, slots=True)
class RowFault:
    """One cell that cannot be taken, and what helps to mend it."""

    row: int
    """As a spreadsheet counts: the headers are row 1."""
    column: str
    written: str
    fault: Fault
    hint: str = ""
    """Names that may have been meant."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file with its number in the sheet."""

    no: int
    cells: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How far an import has come, in rows."""

    done: int = 0
    made: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen, before anything is written."""

    rows: int
    fresh: int
    standing: int
    refused: int
    faults: tuple[RowFault, ...]
    samples: tuple[Sample, ...]
    classes: tuple[tuple[str, int], ...] = ()
    encoding: str = ""
    used: tuple[tuple[Field, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """One row as it would be taken in."""

    row: int
    title: str
    class_code: str
    place: str
    received: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """An import as pages and the terminal show it."""

    id: ImportId
    name: str
    source: str
    state: str
    whole: int
    counts: Counts
    encoding: str
    options: Options
    digest: str
    began_at: datetime
    moved_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    account_id: int | None = None
    post_id: int | None = None
    preview: Mapping[str, Any] = field(default_factory=dict)
    trouble: str = ""
