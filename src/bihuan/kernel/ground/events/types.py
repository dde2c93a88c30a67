"""Words of the record: who did it, to what, and what happened."""

from __future__ import annotations

import dataclasses
import enum
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, ClassVar, NewType
from uuid import UUID

FactId = NewType("FactId", int)


class Door(enum.StrEnum):
    """Through which door an act came into the house."""

    WEB = "web"
    PHONE = "phone"
    API = "api"
    CLI = "cli"
    IMPORT = "import"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Ref:
    """An opaque pointer to a thing of some room: its kind ("cases.case") and its key there."""

    kind: str
    key: str

    def __str__(self) -> str:
        """Return the pointer as one word."""
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True, slots=True)
class Origin:
    """Who acts: the account, the post it acts by, the unit, the door, and the command's id.

    `account_id` is None for the public without an account and for the system itself;
    `words` then names it ("anonymous", "jobs").
    """

    door: Door
    account_id: int | None = None
    post_id: int | None = None
    unit_id: int | None = None
    command_id: UUID | None = None
    words: str = ""


SYSTEM = Origin(door=Door.SYSTEM, words="system")


@dataclass(frozen=True, slots=True)
class Fact:
    """What a room announces. A subclass names it on the wire (``cases.case_moved.v1``).

    The payload holds ids, codes, numbers and dates, never personal text: facts cannot be erased.
    """

    name: ClassVar[str] = ""

    subject: Ref

    def payload(self) -> dict[str, Any]:
        """Return the values that are kept with the fact, ready for JSON."""
        return {name: plain(getattr(self, name)) for name in _names(type(self))}  # type: ignore[arg-type]


@lru_cache(maxsize=512)
def _names(fact: type[Fact]) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(fact) if f.name != "subject")


@dataclass(frozen=True, slots=True)
class RecordedFact:
    """A fact as it stands in the record, and as subscribers receive it."""

    id: FactId
    name: str
    subject: Ref
    payload: dict[str, Any]
    origin: Origin
    at: datetime


_AS_IT_IS = frozenset({str, int, bool, float})


def plain(value: object) -> Any:
    """Return `value` as JSON can hold it; times and dates as ISO text, pointers as one word."""
    return value if value is None or type(value) in _AS_IT_IS else _plain(value)


def _plain(value: object) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Ref):
        return str(value)
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, tuple | list | frozenset | set):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    return value


def to_ref(word: str) -> Ref:
    """Return the pointer that `word` spells, as made by ``str(ref)``."""
    kind, _, key = word.partition(":")
    return Ref(kind, key)
