"""Reading standings and codes."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.standards.types import DecisionId
from bihuan.kernel.tools.codes.models import CodeRow, StandingRow
from bihuan.kernel.tools.codes.types import CodeId, Colour, Standing


def to_standing(row: StandingRow) -> Standing:
    """Return the row as a value."""
    return Standing(
        subject=Ref(row.subject_kind, row.subject_key),
        colour=Colour(row.colour),
        score=row.score,
        decision_id=DecisionId(row.decision_id),
        since=row.since,
        computed_at=row.computed_at,
        awaits_person=row.awaits_person,
    )


def get_standing(subject: Ref) -> Standing | None:
    """Return the standing of a subject, or None when it has none yet."""
    row = _of(subject).order_by("-pk").first()
    return to_standing(row) if row else None


def list_history(subject: Ref, *, limit: int = 50) -> tuple[Standing, ...]:
    """Return the standings of a subject, the newest first."""
    return tuple(to_standing(row) for row in _of(subject).order_by("-pk")[:limit])


def _of(subject: Ref) -> QuerySet[StandingRow]:
    return StandingRow.objects.filter(subject_kind=subject.kind, subject_key=subject.key)


def standings_of(subjects: Iterable[Ref]) -> dict[Ref, Standing]:
    """Return the standings of several subjects of one kind, in one statement."""
    wanted = set(subjects)
    rows = (
        StandingRow.objects.filter(
            subject_kind__in={ref.kind for ref in wanted},
            subject_key__in={ref.key for ref in wanted},
        )
        .order_by("subject_kind", "subject_key", "-pk")
        .distinct("subject_kind", "subject_key")
    )
    return {(s := to_standing(row)).subject: s for row in rows}


def find_code(kind: str, subject: Ref) -> CodeId | None:
    """Return the living code of a kind for a subject."""
    rows = CodeRow.objects.filter(
        kind=kind, subject_kind=subject.kind, subject_key=subject.key, revoked_at__isnull=True
    )
    found = rows.values_list("pk", flat=True).first()
    return CodeId(found) if found is not None else None


def living_codes(subjects: Iterable[Ref]) -> dict[Ref, tuple[CodeId, ...]]:
    """Return the living codes of several subjects, of every kind, in one statement."""
    wanted = set(subjects)
    rows = CodeRow.objects.filter(
        subject_kind__in={ref.kind for ref in wanted},
        subject_key__in={ref.key for ref in wanted},
        revoked_at__isnull=True,
    )
    found: dict[Ref, tuple[CodeId, ...]] = {}
    for row in rows.order_by("pk"):
        ref = Ref(row.subject_kind, row.subject_key)
        found[ref] = (*found.get(ref, ()), CodeId(row.pk))
    return found
