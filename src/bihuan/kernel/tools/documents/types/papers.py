"""Words of papers: letters and files that are issued, printed, and verified by a code."""

from __future__ import annotations

import enum
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NewType

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import EVERYBODY, Power, UnitId

PaperId = NewType("PaperId", int)

PAPER = "documents.paper"
MAY_WITHDRAW = Power("documents.withdraw")
"""Declare an issued paper invalid; whoever verifies it is told so."""


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A kind of paper that a room or scene declares."""

    code: str
    title: str
    letter: str
    """What follows the number of its subject: ``HY-2606-01902-A1``."""
    power: Power = EVERYBODY
    """Needed to fetch one, besides seeing its subject."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values, one below the other."""

    rows: tuple[tuple[str, str], ...]
    heading: str = ""
    shape: str = "facts"


@dataclass(frozen=True, slots=True)
class Words:
    """Paragraphs under a heading."""

    paragraphs: tuple[str, ...]
    heading: str = ""
    shape: str = "words"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; `shares` are the widths in relation to each other."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...]
    heading: str = ""
    shape: str = "table"


@dataclass(frozen=True, slots=True)
class Pictures:
    """Small photos with what is said below each; a photo is named by the hash of its bytes."""

    items: tuple[tuple[str, str], ...]
    heading: str = ""
    shape: str = "pictures"


Block = Facts | Words | Table | Pictures


@dataclass(frozen=True, slots=True)
class Content:
    """What a paper says. Frozen with it: what was printed can be read again word by word."""

    unit: str
    title: str
    blocks: tuple[Block, ...]
    opening: str = ""
    signed: str = ""
    foot: str = ""

    def to_value(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class NewPaper:
    """A paper to be issued."""

    kind: str
    subject: Ref
    subject_number: str
    content: Content
    root: str
    """Where it can be verified: ``https://…/d/``, to which the code is added."""
    unit_id: UnitId | None = None
    """Which unit issues it; None: the county's centre."""
    clear: Content | None = None
    """What is printed instead, with clear values. Printed once; only `content` is kept."""


class PaperState(enum.StrEnum):
    """Whether a paper still holds."""

    VALID = "valid"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Paper:
    """An issued paper."""

    id: PaperId
    kind: str
    title: str
    number: str
    version: int
    subject: Ref
    code: str
    digest: str
    issued_at: datetime
    unit_name: str
    state: PaperState
    kept: bool
    """False: it was printed once with clear values, and nobody can have it again."""
    repeated: bool = False
    """True when nothing had changed and this is the paper that stood."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper just issued, and the file that leaves the house."""

    paper: Paper
    body: bytes


@dataclass(frozen=True, slots=True)
class CheckedPaper:
    """What anybody is told of a paper by its code: never what it says, nor about whom."""

    kind_title: str
    number: str
    issued_at: datetime
    unit_name: str
    state: PaperState
    digest: str
    ended_at: datetime | None = None
    replaced_by: str = ""
    """The number of the paper that replaced it."""


def paper_ref(paper_id: PaperId) -> Ref:
    """Return the pointer to a paper."""
    return Ref(PAPER, str(paper_id))
