"""Fragments of privacy: the form that asks for a clear value, one's consents, lines of looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.privacy import api as privacy
from bihuan.kernel.ground.privacy.types import (
    Agreement,
    Asked,
    Basis,
    LookKind,
    LookRow,
    Mandate,
    Purpose,
)
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Field, PersonCard, PersonId, PurposeCode, Scope
from bihuan.platform import clock
from bihuan.platform.ui.words import due_words, moment_words
from bihuan.platform.web.errors import NotFound, Refused

FIELD_WORDS = {
    "name": gettext_lazy("Full name"),
    "phone": gettext_lazy("Phone number"),
    "id_number": gettext_lazy("Identity number"),
    "": gettext_lazy("Lines of looks"),
}
KIND_WORDS = {
    LookKind.REVEALED: gettext_lazy("Shown"),
    LookKind.GLASS: gettext_lazy("Shown in danger"),
    LookKind.REFUSED: gettext_lazy("Refused"),
    LookKind.SYSTEM: gettext_lazy("Used by the system"),
    LookKind.FOUND: gettext_lazy("Looked for by this number"),
    LookKind.EXPORT: gettext_lazy("Lines exported"),
}
REFUSAL_WORDS = {
    "duty": gettext_lazy("not for this post or purpose"),
    "short": gettext_lazy("without a reason"),
    "number": gettext_lazy("a long number in the reason"),
    "own": gettext_lazy("one's own or the family's data"),
    "no_subject": gettext_lazy("no such matter in care"),
    "not_of_subject": gettext_lazy("nothing to do with the matter"),
    "out_of_care": gettext_lazy("out of care"),
    "no_consent": gettext_lazy("no consent"),
}


# -- asking for a clear value ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that may be asked for, and the mask that stands now."""

    value: str
    words: str
    masked: str
    checked: bool


@dataclass(frozen=True, slots=True)
class PurposeChoice:
    """A purpose with what may be asked for by it."""

    title: str
    choices: tuple[Choice, ...]
    in_danger: bool


@dataclass(frozen=True, slots=True)
class UnmaskCard:
    """The form on the page of a matter."""

    action: str
    name: str
    purposes: tuple[PurposeChoice, ...]
    closed: tuple[str, ...]
    """Purposes to which the person has not agreed."""
    reason: str = ""
    fault: str = ""


def unmask_card(
    person_id: PersonId,
    subject: Ref,
    *,
    action: str,
    scope: Scope,
    at: datetime,
    chosen: Mapping[str, str] | None = None,
    fault: str = "",
) -> UnmaskCard | None:
    """Return the form by which the asker may see a clear value, or None where there is none."""
    usable = [
        purpose
        for purpose in privacy.list_purposes(on=clock.business_date(at))
        if purpose.fields and privacy.may_use(scope, purpose)
    ]
    care = privacy.care_of(subject, scope=scope, at=at) if usable else None
    if care is None or person_id not in care.people or scope.person_id == person_id:
        return None
    open_ones = [p for p in usable if care.in_care or p.basis is Basis.EMERGENCY]
    if not open_ones:
        return None
    card = registry.get_person_card(person_id)
    given = chosen or {}
    wish = given.get("what") or _first_wish(open_ones)
    agreed = [purpose for purpose in open_ones if privacy.has_consent(person_id, purpose)]
    return UnmaskCard(
        action,
        card.name,
        tuple(_group(purpose, card, wish) for purpose in agreed),
        tuple(purpose.title for purpose in open_ones if purpose not in agreed),
        given.get("reason", ""),
        fault,
    )


def _first_wish(purposes: list[Purpose]) -> str:
    """Return what is asked for most: the phone, for the first purpose that has it."""
    found = next((p for p in purposes if Field.PHONE in p.fields), purposes[0])
    field = Field.PHONE if Field.PHONE in found.fields else min(found.fields)
    return f"{found.code}:{field}"


def _group(purpose: Purpose, card: PersonCard, wish: str) -> PurposeChoice:
    choices = tuple(
        Choice(
            value := f"{purpose.code}:{field.value}",
            str(FIELD_WORDS[field.value]),
            str(getattr(card, field.value)),
            value == wish,
        )
        for field in Field
        if field in purpose.fields and getattr(card, field.value)
    )
    return PurposeChoice(purpose.title, choices, purpose.basis is Basis.EMERGENCY)


def read_asked(posted: Mapping[str, str], *, person_id: PersonId, subject: Ref) -> Asked:
    """Return what a form asks for.

    Raises:
        Refused: it does not say which value.
    """
    purpose, _colon, field = posted.get("what", "").partition(":")
    if field not in {known.value for known in Field}:
        raise Refused("Choose what you need to see.", code="what", field="what")
    reason = posted.get("reason", "")
    return Asked(person_id, Field(field), PurposeCode(purpose), reason, subject)


# -- lines ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LookLine:
    """One look in words."""

    when: str
    who: str
    where: str
    what: str
    why: str
    reason: str
    whose: str
    kind: str
    about: str
    in_danger: bool
    refused: bool
    alarmed: bool
    asker_key: str
    person_key: str


def look_lines(
    rows: tuple[LookRow, ...], *, now: datetime, titles: Mapping[Ref, str] | None = None
) -> tuple[LookLine, ...]:
    """Return looks in words; `titles` are those of the matters that the reader may know."""
    purposes = {p.code: p.title for p in privacy.list_purposes(on=clock.business_date(now))}
    return tuple(_line(row, now, purposes, titles or {}) for row in rows)


def _line(
    row: LookRow, now: datetime, purposes: Mapping[PurposeCode, str], titles: Mapping[Ref, str]
) -> LookLine:
    duty = registry.find_duty(row.duty)
    kind = str(KIND_WORDS[row.kind])
    if row.refusal:
        kind = f"{kind}: {REFUSAL_WORDS.get(row.refusal, row.refusal)}"
    post = " · ".join(part for part in (row.unit_name, _(duty.title) if duty else "") if part)
    return LookLine(
        when=moment_words(row.at, now),
        who=row.asker.name if row.asker else _("The system, by itself"),
        where=post,
        what=str(FIELD_WORDS[row.field]),
        why=purposes.get(row.purpose, row.purpose),
        reason=row.reason,
        whose=row.person.name if row.person else "",
        kind=kind,
        about=titles.get(row.subject, "") if row.subject else "",
        in_danger=row.kind is LookKind.GLASS,
        refused=row.kind is LookKind.REFUSED,
        alarmed=row.alarmed,
        asker_key=str(row.asker.id) if row.asker else "",
        person_key=str(row.person.id) if row.person else "",
    )


# -- consents -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One purpose that needs consent: its words, where it stands, what the button does."""

    purpose: str
    version: int
    person: str
    whose: str
    title: str
    words: str
    law: str
    given: bool
    stale: bool
    since: str
    separate: bool


def agreement_line(agreement: Agreement, *, now: datetime) -> AgreementLine:
    """Return an agreement in words."""
    purpose = agreement.purpose
    return AgreementLine(
        purpose=purpose.code,
        version=purpose.version,
        person=str(agreement.person.id),
        whose="" if agreement.is_own else agreement.person.name,
        title=purpose.title,
        words=purpose.words,
        law=purpose.law,
        given=agreement.given,
        stale=agreement.stale,
        since=moment_words(agreement.at, now) if agreement.at else "",
        separate=purpose.basis is Basis.SEPARATE_CONSENT,
    )


def person_of(posted: Mapping[str, str]) -> PersonId:
    """Return for whom a form agrees.

    Raises:
        NotFound: the form does not name a person.
    """
    try:
        return PersonId(UUID(posted.get("person", "")))
    except ValueError as error:
        raise NotFound("There is no such person.", code="no_person") from error


# -- mandates -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MandateLine:
    """Who acts for whom, until when."""

    key: str
    agent: str
    whose: str
    until: str


def mandate_lines(
    mandates: tuple[Mandate, ...], *, own: PersonId | None
) -> tuple[MandateLine, ...]:
    """Return in words who acts for somebody and those in their guardianship."""
    return tuple(
        MandateLine(
            str(one.id),
            one.agent.name,
            "" if one.principal.id == own else one.principal.name,
            due_words(one.until),
        )
        for one in mandates
    )


def day_of(posted: Mapping[str, str]) -> date:
    """Return the day of a form.

    Raises:
        Refused: it holds none.
    """
    try:
        return date.fromisoformat(posted.get("until", ""))
    except ValueError as error:
        raise Refused("Choose a day from today to at most a year ahead.", field="until") from error
