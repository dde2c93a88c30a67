"""What a row becomes: a matter to be raised, or the cells that must be mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bihuan.kernel.affairs.cases.types import APPEAL, Raise
from bihuan.kernel.ground.registry.types import AreaPath, Scope
from bihuan.scenes.appeals.importing import cells
from bihuan.scenes.appeals.importing.placing import Placed, Placer
from bihuan.scenes.appeals.importing.types import (
    NUMBER_LONGEST,
    TEXT_LONGEST,
    WRITTEN_LONGEST,
    Columns,
    Fault,
    Field,
    Options,
    Row,
    RowFault,
)
from bihuan.scenes.appeals.learning import suggest_each
from bihuan.scenes.appeals.operations import find_class_code
from bihuan.scenes.appeals.rules import title_of

TITLE_IF_NONE = 28


@dataclass(frozen=True, slots=True)
class Judged:
    """One row: the matter and when it was received, or its faults."""

    row: int
    what: Raise | None
    received: datetime
    faults: tuple[RowFault, ...] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """The cells of one row as words, with its key."""

    row: Row
    title: str
    text: str
    number: str
    date: object
    place: str
    klass: str
    key: str


class Judge:
    """Judges the rows of one import, in order. It knows how often the same words came."""

    def __init__(
        self, columns: Columns, options: Options, *, whole: int, scope: Scope, at: datetime
    ) -> None:
        """Take what the rows have in common."""
        self.columns, self.options, self.whole, self.at = columns, options, whole, at
        self.placer = Placer(options, scope)
        self.times: dict[int, int] = {}

    def pass_over(self, row: Row) -> None:
        """Note a row that an earlier run has taken in."""
        self._read(row)

    def judge(self, rows: Sequence[Row]) -> list[Judged]:
        """Return what each row becomes."""
        read = [self._read(row) for row in rows]
        placed = self.placer.place([(r.place, f"{r.title}。{r.text}", r.key) for r in read])
        guesses = suggest_each([f"{r.title}\n{r.text}" for r in read], reasons=False)
        return [
            self._one(one, place, guess.class_code)
            for one, place, guess in zip(read, placed, guesses, strict=True)
        ]

    def _read(self, row: Row) -> _Read:
        title, text, number, place, klass = (
            cells.words_of(self.columns.cell(row.cells, name))
            for name in (Field.TITLE, Field.TEXT, Field.NUMBER, Field.PLACE, Field.CLASS)
        )
        date = self.columns.cell(row.cells, Field.DATE)
        key = number or self._key(title, text, cells.words_of(date), place)
        return _Read(row, title, text or title, number, date, place, klass, key)

    def _key(self, *contents: str) -> str:
        """Return the key of a row without a number; the same words again are another matter.

        Who writes the same twice may be two people: a clerk merges matters, an import does not.
        """
        key = cells.content_key(*contents)
        short = int(key[2:18], 16)
        times = self.times[short] = self.times.get(short, 0) + 1
        return key if times == 1 else f"{key}#{times}"

    def _one(self, read: _Read, placed: Placed, guess: str) -> Judged:
        received = self._received(read)
        faults = tuple(self._faults(read, placed, received))
        if faults or received is None:
            return Judged(read.row.no, None, self.at, faults)
        title = read.title or title_of(read.text) or " ".join(read.text[:TITLE_IF_NONE].split())
        what = Raise(
            kind=APPEAL,
            title=title,
            text=read.text,
            class_code=find_class_code(read.klass) or guess,
            area_path=AreaPath(placed.path),
            source=self.options.source,
            place="" if read.place.isdigit() else read.place,
            source_key=read.key,
            claimed_at=received if received != self.at else None,
        )
        return Judged(read.row.no, what, received)

    def _received(self, read: _Read) -> datetime | None:
        """Return when the row was received where it comes from; now, where nothing says it."""
        if cells.words_of(read.date):
            return cells.moment_of(read.date)
        if self.options.first is not None:
            last = self.options.last or self.at.astimezone(cells.CHINA).date()
            moment = cells.spread_moment(
                read.row.no, self.whole, self.options.first, last, read.key
            )
            return min(moment, self.at)
        return self.at

    def _faults(self, read: _Read, placed: Placed, received: datetime | None) -> list[RowFault]:
        found: list[tuple[Field | None, object, Fault, str]] = []
        text = Field.TEXT if Field.TEXT in self.columns.places else Field.TITLE
        if not read.text:
            found.append((text, "", Fault.EMPTY, ""))
        if len(read.text) > TEXT_LONGEST:
            found.append((text, read.text, Fault.TOO_LONG, f"{len(read.text):,}"))
        if len(read.number) > NUMBER_LONGEST:
            found.append((Field.NUMBER, read.number, Fault.NUMBER_TOO_LONG, ""))
        if received is None:
            found.append((Field.DATE, read.date, Fault.NO_DATE, ""))
        elif received > self.at:
            found.append((Field.DATE, read.date, Fault.FUTURE, ""))
        if placed.fault is not None:
            where = Field.PLACE if Field.PLACE in self.columns.places else text
            found.append((where, read.place or read.text, placed.fault, placed.hint))
        more = [c for c in read.row.cells[len(self.columns.headers) :] if cells.words_of(c)]
        if more:
            found.append((None, more[0], Fault.MORE_CELLS, ""))
        return [
            RowFault(
                row=read.row.no,
                column=self.columns.header(name) if name else "",
                written=cells.words_of(written)[:WRITTEN_LONGEST],
                fault=fault,
                hint=hint[:WRITTEN_LONGEST],
            )
            for name, written, fault, hint in found
        ]
