"""The duty of a hall: taking it, keeping its log, handing it over."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from bihuan.kernel.affairs.fieldwork.facts import (
    DutyEntryWritten,
    HandoverEnded,
    HandoverOffered,
    ShiftBegan,
)
from bihuan.kernel.affairs.fieldwork.models import DutyEntryRow, HandoverRow, ShiftRow
from bihuan.kernel.affairs.fieldwork.policies import require_keeper
from bihuan.kernel.affairs.fieldwork.queries.duty import keepers, to_entry, to_handover, to_shift
from bihuan.kernel.affairs.fieldwork.rules import holds_long_number
from bihuan.kernel.affairs.fieldwork.types import (
    DUTY_ENTRY,
    HANDOVER,
    SHIFT,
    DutyEntry,
    EntryKind,
    Gathered,
    Handover,
    HandoverId,
    NewEntry,
    Shift,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref, plain
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import PersonId, Scope
from bihuan.platform.web.errors import Conflict, NotAllowed, NotFound, Refused

MOST_WORDS = 80
LATER = frozenset({EntryKind.CORRECTION, EntryKind.FOLLOW_UP})


class UnableToKeepDuty(Refused):
    """It does not hold; the words say what to mend."""


def take_shift(reason: str = "", *, scope: Scope, at: datetime) -> Shift:
    """Take the duty of one's unit: when nobody has it, or, with a reason, from who handed nothing.

    Raises:
        NotAllowed: the post does not keep duty.
        UnableToKeepDuty: one has it already, or somebody else has it and no reason is given.
    """
    unit_id, person_id = require_keeper(scope)
    with transaction.atomic():
        now = ShiftRow.objects.select_for_update().filter(unit_id=unit_id, ended_at=None).first()
        if now is not None:
            if now.person_id == person_id:
                raise UnableToKeepDuty("You have the duty already.")
            if not reason.strip():
                raise UnableToKeepDuty(
                    "Somebody else has the duty. Say why it is taken without a hand-over.",
                    field="reason",
                )
            _end(now, at=at)
        return _begin(scope, reason=reason.strip()[:200] if now else "", after=0, at=at)


def _begin(scope: Scope, *, reason: str, after: int, at: datetime) -> Shift:
    unit_id, person_id = require_keeper(scope)
    unit = registry.get_unit(unit_id)
    try:
        with transaction.atomic():
            row = ShiftRow.objects.create(
                unit_id=unit_id,
                area_path=unit.area_path,
                person_id=person_id,
                account_id=scope.origin.account_id,
                began_at=at,
                reason=reason,
            )
    except IntegrityError as error:
        raise Conflict("Somebody was quicker and took the duty. Look again.") from error
    fact = ShiftBegan(
        subject=Ref(SHIFT, str(row.pk)), unit=unit_id, area_path=unit.area_path, after=after
    )
    events.record(fact, origin=scope.origin, at=at)
    return to_shift(row)


def _end(row: ShiftRow, *, at: datetime) -> None:
    """End a shift; what it offered and nobody accepted is taken back."""
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    HandoverRow.objects.filter(shift=row, accepted_at=None, withdrawn_at=None).update(
        withdrawn_at=at
    )


def _own_shift(scope: Scope) -> ShiftRow:
    """Lock the shift that one has.

    Raises:
        UnableToKeepDuty: one does not have the duty.
    """
    unit_id, person_id = require_keeper(scope)
    rows = ShiftRow.objects.select_for_update(of=("self",)).select_related("unit")
    row = rows.filter(unit_id=unit_id, person_id=person_id, ended_at=None).first()
    if row is None:
        raise UnableToKeepDuty("You do not have the duty now. Take it first.")
    return row


def write_entry(new: NewEntry, *, scope: Scope, at: datetime) -> DutyEntry:
    """Write a line into the log of one's shift. A correction is a new line about an old one.

    Raises:
        NotAllowed: the post does not keep duty.
        UnableToKeepDuty: one has not the duty, the line says nothing, says too much for a wall,
            or corrects a line that does not stand in this unit's log.
    """
    words = new.words.strip()
    if not words or len(words) > MOST_WORDS:
        raise UnableToKeepDuty("Say it in one sentence of at most 80 characters.", field="words")
    if holds_long_number(words):
        raise UnableToKeepDuty(
            "This sentence hangs on the wall: write telephone and identity numbers below it.",
            field="words",
        )
    with transaction.atomic():
        shift = _own_shift(scope)
        row = DutyEntryRow.objects.create(
            shift=shift,
            kind=new.kind.value,
            words=words,
            detail=new.detail.strip()[:2000],
            of=_earlier(new, shift),
            about_kind=new.about.kind if new.about else "",
            about_key=new.about.key if new.about else "",
            about_number=new.about_number[:40],
            person_id=shift.person_id,
            at=at,
        )
        fact = DutyEntryWritten(
            subject=Ref(DUTY_ENTRY, str(row.pk)),
            shift=shift.pk,
            kind=row.kind,
            area_path=shift.area_path,
        )
        events.record(fact, origin=scope.origin, at=at)
    return to_entry(row)


def _earlier(new: NewEntry, shift: ShiftRow) -> DutyEntryRow | None:
    if new.of is None:
        if new.kind in LATER:
            raise UnableToKeepDuty("Say which line it belongs to.", field="of")
        return None
    row = DutyEntryRow.objects.filter(pk=new.of, shift__unit_id=shift.unit_id).first()
    if row is None:
        raise UnableToKeepDuty("There is no such line in the log of this hall.", field="of")
    return row


def offer_handover(
    to: PersonId, notes: str, gathered: Sequence[Gathered], *, scope: Scope, at: datetime
) -> Handover:
    """Hand one's shift to the next person, with what is open; it is theirs once they accept.

    Raises:
        NotAllowed: the post does not keep duty.
        UnableToKeepDuty: to oneself, to somebody who keeps no duty here, or one waits already.
    """
    unit_id, person_id = require_keeper(scope)
    if to == person_id:
        raise UnableToKeepDuty("You cannot hand over to yourself. Choose another.", field="to")
    with transaction.atomic():
        shift = _own_shift(scope)
        if to not in {one.person.id for one in keepers(unit_id, but=person_id, at=at)}:
            raise UnableToKeepDuty("Choose somebody of this hall who keeps duty.", field="to")
        if HandoverRow.objects.filter(shift=shift, accepted_at=None, withdrawn_at=None).exists():
            raise UnableToKeepDuty("A hand-over waits already. Take it back first.")
        row = HandoverRow.objects.create(
            shift=shift,
            by_person=person_id,
            to_person=to,
            notes=notes.strip()[:4000],
            gathered=[_kept(one) for one in gathered],
            offered_at=at,
        )
        fact = HandoverOffered(
            subject=Ref(HANDOVER, str(row.pk)),
            shift=shift.pk,
            to_person=str(to),
            gathered=len(gathered),
        )
        events.record(fact, origin=scope.origin, at=at)
    return to_handover(row)


def _kept(one: Gathered) -> dict[str, Any]:
    return {name: plain(value) for name, value in dataclasses.asdict(one).items()}


def accept_handover(handover_id: HandoverId, *, scope: Scope, at: datetime) -> Shift:
    """Take the shift that was offered to oneself: the old one ends, one's own begins.

    Raises:
        NotAllowed: it was offered to somebody else.
        NotFound: there is none, or it is no longer offered.
    """
    _unit, person_id = require_keeper(scope)
    with transaction.atomic():
        row = _waiting(handover_id, scope)
        if row.to_person != person_id:
            raise NotAllowed("This hand-over waits for somebody else.")
        row.accepted_at = at
        row.save(update_fields=["accepted_at"])
        _end(row.shift, at=at)
        _ended(row, accepted=True, scope=scope, at=at)
        return _begin(scope, reason="", after=row.shift_id, at=at)


def withdraw_handover(handover_id: HandoverId, *, scope: Scope, at: datetime) -> None:
    """Take an offered hand-over back, to offer it to another.

    Raises:
        NotAllowed: somebody else offered it.
        NotFound: there is none, or it is no longer offered.
    """
    _unit, person_id = require_keeper(scope)
    with transaction.atomic():
        row = _waiting(handover_id, scope)
        if row.by_person != person_id:
            raise NotAllowed("Only who offered it takes it back.")
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
        _ended(row, accepted=False, scope=scope, at=at)


def _waiting(handover_id: HandoverId, scope: Scope) -> HandoverRow:
    """Lock the shift of an offered hand-over, then the hand-over."""
    unit_id, _person = require_keeper(scope)
    shift = ShiftRow.objects.select_for_update().filter(unit_id=unit_id, ended_at=None).first()
    rows = HandoverRow.objects.select_for_update(of=("self",)).select_related("shift__unit")
    row = rows.filter(pk=handover_id, shift=shift, accepted_at=None, withdrawn_at=None).first()
    if shift is None or row is None:
        raise NotFound("This hand-over is no longer offered.")
    return row


def _ended(row: HandoverRow, *, accepted: bool, scope: Scope, at: datetime) -> None:
    fact = HandoverEnded(subject=Ref(HANDOVER, str(row.pk)), shift=row.shift_id, accepted=accepted)
    events.record(fact, origin=scope.origin, at=at)
