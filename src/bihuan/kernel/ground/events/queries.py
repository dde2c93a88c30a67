"""Reading the record."""

from __future__ import annotations

from collections.abc import Iterable

from bihuan.kernel.ground.events.models import Delivery, FactRow
from bihuan.kernel.ground.events.types import Door, FactId, Origin, RecordedFact, Ref


def to_recorded(row: FactRow) -> RecordedFact:
    """Return the row as a value."""
    return RecordedFact(
        id=FactId(row.pk),
        name=row.name,
        subject=Ref(row.subject_kind, row.subject_key),
        payload=row.payload,
        origin=Origin(
            door=Door(row.door),
            account_id=row.account_id,
            post_id=row.post_id,
            unit_id=row.unit_id,
            command_id=row.command_id,
            words=row.words,
        ),
        at=row.at,
    )


def list_facts(*, subject: Ref) -> tuple[RecordedFact, ...]:
    """Return all facts of `subject`, oldest first."""
    rows = FactRow.objects.filter(subject_kind=subject.kind, subject_key=subject.key)
    return tuple(to_recorded(row) for row in rows.order_by("id"))


def list_facts_of(*, subjects: Iterable[Ref]) -> dict[Ref, tuple[RecordedFact, ...]]:
    """Return the facts of several subjects of one kind, in one statement."""
    wanted = list(subjects)
    found: dict[Ref, list[RecordedFact]] = {ref: [] for ref in wanted}
    kinds = {ref.kind for ref in wanted}
    keys = {ref.key for ref in wanted}
    rows = FactRow.objects.filter(subject_kind__in=kinds, subject_key__in=keys).order_by("id")
    for row in rows:
        ref = Ref(row.subject_kind, row.subject_key)
        if ref in found:
            found[ref].append(to_recorded(row))
    return {ref: tuple(facts) for ref, facts in found.items()}


def count_facts(*, name: str | None = None) -> int:
    """Return how many facts the record holds, of one name or of all."""
    rows = FactRow.objects.all()
    return (rows.filter(name=name) if name else rows).count()


def count_deliveries(*, state: str) -> int:
    """Return how many deliveries are pending, done or dead."""
    return Delivery.objects.filter(state=state).count()
