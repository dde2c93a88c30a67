"""What open matters say, for those who look for the same in many: one statement, bounded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from bihuan.kernel.affairs.cases.models import ENDED, Case
from bihuan.kernel.affairs.cases.policies import visible
from bihuan.kernel.affairs.cases.types import CaseId, KindCode, State
from bihuan.kernel.ground.registry.types import Scope


@dataclass(frozen=True, slots=True)
class SaidOpen:
    """An open matter as it was told, and how many others follow it."""

    case_id: CaseId
    number: str
    title: str
    text: str
    class_code: str
    state: State
    area_path: str
    place: str
    longitude: float | None
    latitude: float | None
    raised_at: datetime
    version: int
    raiser: str
    """The same word for the same raiser; empty when nobody knows who it was."""
    followers: int


def list_said(
    kind: KindCode,
    *,
    scope: Scope,
    since: datetime | None = None,
    case_ids: Iterable[CaseId] | None = None,
    most: int,
) -> tuple[SaidOpen, ...]:
    """Return the latest `most` open matters that `scope` sees, the earliest first."""
    follow = Case.objects.filter(master=OuterRef("pk"), state=State.MERGED).order_by()
    counted = follow.values("master").annotate(n=Count("pk")).values("n")
    rows = Case.objects.filter(visible(scope), kind=kind).exclude(state__in=ENDED)
    if since is not None:
        rows = rows.filter(raised_at__gte=since)
    if case_ids is not None:
        rows = rows.filter(pk__in=set(case_ids))
    rows = rows.annotate(
        followers=Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    ).order_by("-raised_at", "-pk")[:most]
    return tuple(_said(row) for row in reversed(rows))


def _said(row: Case) -> SaidOpen:
    return SaidOpen(
        case_id=CaseId(row.pk),
        number=row.number,
        title=row.title,
        text=row.text,
        class_code=row.class_code,
        state=State(row.state),
        area_path=row.area_path,
        place=row.place,
        longitude=row.longitude,
        latitude=row.latitude,
        raised_at=row.raised_at,
        version=row.version,
        raiser=row.raised_by_key,
        followers=row.followers,  # type: ignore[attr-defined]  # annotated above
    )
