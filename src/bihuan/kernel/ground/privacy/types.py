"""Words of privacy: purposes and their basis, consents, looks, and what an asker has in care."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NewType

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import (
    DutyCode,
    Field,
    Keep,
    PersonCard,
    PersonId,
    Power,
    PurposeCode,
)

LookId = NewType("LookId", int)

MandateId = NewType("MandateId", int)

LOOK = "privacy.look"
MANDATE = "privacy.mandate"
TELLING = PurposeCode("telling")
"""The sending of notices."""
AUDITING = PurposeCode("audit")

MAY_REVEAL = Power("privacy.reveal")
"""See one clear value of a person in one's care, with a purpose and a reason."""
MAY_BREAK_GLASS = Power("privacy.break_glass")
"""See it out of one's care, in danger; the person and the auditor are told."""
MAY_AUDIT = Power("privacy.audit")
"""See who looked at whose data; never the data."""

SENSITIVE = frozenset({Field.PHONE, Field.ID_NUMBER})
"""Looks at these count towards the alarm."""


class Basis(enum.StrEnum):
    """On which legal basis a purpose stands (PIPL arts. 13 and 29)."""

    STATUTORY_DUTY = "statutory_duty"
    EMERGENCY = "emergency"
    CONSENT = "consent"
    SEPARATE_CONSENT = "separate_consent"

    @property
    def needs_consent(self) -> bool:
        """Whether the person must have agreed."""
        return self in {Basis.CONSENT, Basis.SEPARATE_CONSENT}


class Audience(enum.StrEnum):
    """Before whose eyes a value is masked."""

    DISPLAY = "display"
    PUBLIC_NOTICE = "public_notice"


class LookKind(enum.StrEnum):
    """What came of an asking."""

    REVEALED = "revealed"
    GLASS = "glass"
    """Revealed out of care, in danger."""
    REFUSED = "refused"
    SYSTEM = "system"
    """A program used the value: a notice was sent."""
    FOUND = "found"
    """Somebody was looked for by a number; without a person: nobody has it."""
    EXPORT = "export"
    """The lines of looks themselves were exported."""


SHOWN = (LookKind.REVEALED, LookKind.GLASS, LookKind.SYSTEM, LookKind.FOUND)


@dataclass(frozen=True, slots=True)
class Purpose:
    """One version of a purpose: words, basis, which fields, by which duties, for how long."""

    code: PurposeCode
    version: int
    valid_from: date
    title: str
    words: str
    basis: Basis
    law: str
    fields: frozenset[Field]
    duties: frozenset[DutyCode]
    keep_months: int
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class MaskPolicy:
    """How much of each kind of value an audience sees, from a day on.

    A kind maps to a Keep, to None (nothing), or to the word of a level (``village``).
    """

    valid_from: date
    keeps: dict[Audience, dict[str, Keep | str | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Care:
    """What a subject's room says of an asker: whose data hangs on it, and whose turn."""

    people: frozenset[PersonId]
    in_care: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One asking for one clear value."""

    person_id: PersonId
    field: Field
    purpose: PurposeCode
    reason: str
    subject: Ref
    """The matter for which it is needed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One search for people by a number that somebody says or shows."""

    value: str
    field: Field
    purpose: PurposeCode
    reason: str


@dataclass(frozen=True, slots=True)
class Revealed:
    """A clear value for one screen. Keep it nowhere."""

    look_id: LookId
    field: Field
    value: str
    """Empty where none is known."""
    until: datetime
    glass: bool


@dataclass(frozen=True, slots=True)
class Agreement:
    """Where a person stands with a purpose that needs consent."""

    purpose: Purpose
    person: PersonCard
    is_own: bool
    given: bool
    at: datetime | None = None
    """When it was last given or withdrawn; None: never asked."""
    stale: bool = False
    """Given for older words; counts no longer."""


@dataclass(frozen=True, slots=True)
class LookRow:
    """One line of the log: who, whose, what, for what, when; never the value."""

    id: LookId
    kind: LookKind
    at: datetime
    field: str
    purpose: PurposeCode
    reason: str
    refusal: str
    asker: PersonCard | None
    """None: a program."""
    duty: DutyCode
    unit_name: str
    person: PersonCard | None
    """None where the line is about an export."""
    subject: Ref | None
    alarmed: bool


@dataclass(frozen=True, slots=True)
class LookFilter:
    """Which lines an auditor wants."""

    asker: PersonId | None = None
    person: PersonId | None = None
    kind: LookKind | None = None
    since: date | None = None
    until: date | None = None
    """The last day that counts."""


@dataclass(frozen=True, slots=True)
class LookPage:
    """Lines, the newest first, and the mark of the next page."""

    rows: tuple[LookRow, ...]
    after: str = ""


@dataclass(frozen=True, slots=True)
class Mandate:
    """One person lets another act for them in their own matters (代办), until a day."""

    id: MandateId
    principal: PersonCard
    agent: PersonCard
    subject: Ref | None
    """The one matter for which it holds; None: all of the principal's own matters."""
    given_at: datetime
    until: datetime
    at_counter: bool
    """A clerk wrote it down while the person stood there."""
    ended_at: datetime | None = None


def mandate_ref(mandate_id: MandateId) -> Ref:
    """Return the pointer to a mandate."""
    return Ref(MANDATE, str(mandate_id))


def look_ref(look_id: LookId) -> Ref:
    """Return the pointer to a look."""
    return Ref(LOOK, str(look_id))
