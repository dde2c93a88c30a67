"""Reading the duty: who has it, what the log says, what waits to be accepted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.kernel.affairs.fieldwork.models import DutyEntryRow, HandoverRow, ShiftRow
from bihuan.kernel.affairs.fieldwork.policies import readable, require_keeper
from bihuan.kernel.affairs.fieldwork.types import (
    MAY_KEEP_LOG,
    DutyEntry,
    DutyEntryId,
    EntryKind,
    Gathered,
    Handover,
    HandoverId,
    Shift,
    ShiftId,
)
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import AreaPath, Holder, PersonId, Scope, UnitId
from bihuan.platform import clock


def duty_log(*, scope: Scope, day: date) -> tuple[DutyEntry, ...]:
    """Return the lines that the halls of the scope's areas wrote on a day, the newest first.

    One statement. `words` may be shown on a wall; `detail` may not.

    Raises:
        NotAllowed: the post does not read duty logs.
    """
    begins = clock.midnight(day)
    rows = _entries(readable(scope, "shift__area_path"))
    rows = rows.filter(at__gte=begins, at__lt=begins + timedelta(days=1))
    return tuple(to_entry(row) for row in rows.order_by("-at", "-pk"))


def shift_log(shift_id: ShiftId, *, scope: Scope) -> tuple[DutyEntry, ...]:
    """Return the lines of one shift, the newest first.

    Raises:
        NotAllowed: the post does not read duty logs.
    """
    rows = _entries(readable(scope, "shift__area_path")).filter(shift_id=shift_id)
    return tuple(to_entry(row) for row in rows.order_by("-at", "-pk"))


def find_shift(*, scope: Scope) -> Shift | None:
    """Return who has the duty of one's own unit now, or None.

    Raises:
        NotAllowed: the post does not keep duty.
    """
    unit_id, _person = require_keeper(scope)
    row = ShiftRow.objects.select_related("unit").filter(unit_id=unit_id, ended_at=None).first()
    return to_shift(row) if row else None


def find_handover(*, scope: Scope) -> Handover | None:
    """Return the hand-over that waits in one's own unit, or None; nothing for who keeps no duty."""
    if not scope.has(MAY_KEEP_LOG) or scope.unit_id is None:
        return None
    rows = HandoverRow.objects.select_related("shift", "shift__unit")
    row = rows.filter(
        shift__unit_id=scope.unit_id, accepted_at__isnull=True, withdrawn_at__isnull=True
    ).first()
    return to_handover(row) if row else None


def list_next(*, scope: Scope, at: datetime) -> tuple[Holder, ...]:
    """Return to whom one may hand over: who keeps duty in one's unit, oneself left out; masked.

    Raises:
        NotAllowed: the post does not keep duty.
    """
    unit_id, person_id = require_keeper(scope)
    return keepers(unit_id, but=person_id, at=at)


def keepers(unit_id: UnitId, *, but: PersonId, at: datetime) -> tuple[Holder, ...]:
    """Return each person of a unit whose post keeps duty, once, without `but`."""
    found: dict[PersonId, Holder] = {}
    for holder in registry.list_holders(at=at, unit_id=unit_id):
        if MAY_KEEP_LOG in registry.powers_of([holder.post.duty]) and holder.person.id != but:
            found.setdefault(holder.person.id, holder)
    return tuple(found.values())


def _entries(condition: Q) -> QuerySet[DutyEntryRow]:
    later = DutyEntryRow.objects.filter(of=OuterRef("pk"), kind=EntryKind.CORRECTION.value)
    rows = DutyEntryRow.objects.select_related("shift", "shift__unit").filter(condition)
    return rows.annotate(corrected=Exists(later))


def to_entry(row: DutyEntryRow) -> DutyEntry:
    """Return the row as a value."""
    return DutyEntry(
        id=DutyEntryId(row.pk),
        shift_id=ShiftId(row.shift_id),
        kind=EntryKind(row.kind),
        at=row.at,
        words=row.words,
        detail=row.detail,
        by=PersonId(row.person_id),
        unit_name=row.shift.unit.name,
        of=DutyEntryId(row.of_id) if row.of_id else None,
        about=Ref(row.about_kind, row.about_key) if row.about_key else None,
        about_number=row.about_number,
        corrected=bool(getattr(row, "corrected", False)),
    )


def to_shift(row: ShiftRow) -> Shift:
    """Return the row as a value."""
    return Shift(
        id=ShiftId(row.pk),
        unit_id=UnitId(row.unit_id),
        unit_name=row.unit.name,
        area_path=AreaPath(row.area_path),
        person_id=PersonId(row.person_id),
        began_at=row.began_at,
        ended_at=row.ended_at,
        reason=row.reason,
    )


def to_handover(row: HandoverRow) -> Handover:
    """Return the row as a value."""
    return Handover(
        id=HandoverId(row.pk),
        shift=to_shift(row.shift),
        to=PersonId(row.to_person),
        notes=row.notes,
        gathered=_gathered(row.gathered),
        offered_at=row.offered_at,
        accepted_at=row.accepted_at,
        withdrawn_at=row.withdrawn_at,
    )


def _gathered(kept: Iterable[dict[str, Any]]) -> tuple[Gathered, ...]:
    return tuple(
        Gathered(
            **{**one, "due_at": datetime.fromisoformat(one["due_at"]) if one["due_at"] else None}
        )
        for one in kept
    )
