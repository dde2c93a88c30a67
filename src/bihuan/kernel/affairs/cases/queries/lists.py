"""Lists of matters: the same few statements at any size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)

from bihuan.kernel.affairs.cases import kinds
from bihuan.kernel.affairs.cases.models import (
    ENDED,
    Application,
    Bigrams,
    Case,
    Part,
    Round,
)
from bihuan.kernel.affairs.cases.policies import visible
from bihuan.kernel.affairs.cases.types import (
    CASE,
    CaseId,
    CaseRow,
    Filter,
    KindCode,
    PageOf,
    PartState,
    Role,
    State,
    case_ref,
)
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import (
    OrganisationId,
    Scope,
    UnitId,
)
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform import clock

PAGE = 50
COUNTED_TO = 10_000
AT_ONCE = 200
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)

TRAYS = {
    "accept": Q(state__in=[State.REPORTED, State.VERIFYING, State.APPEALED]),
    "dispatch": Q(state__in=[State.FILED, State.RETURNED]),
    "handle": Q(state__in=[State.DISPATCHED, State.SIGNED, State.IN_PROGRESS, State.REWORK]),
    "verify": Q(state=State.FED_BACK),
    "open": ~Q(state__in=ENDED),
    "call_back": Q(state=State.CLOSED, malicious=False) & ~Q(raised_by_key=""),
    "supervised": Q(supervised=True),
    "closed": Q(state__in=[State.CLOSED, State.EVALUATED]),
}
"""Whose turn it is, as a condition."""


# -- lists ----------------------------------------------------------------------------------------


def list_cases(*, scope: Scope, wanted: Filter, at: datetime, after: str = "") -> PageOf:
    """Return fifty matters by deadline, the count and the counts by colour.

    Four statements, whatever the rows (page, parts of the page, count, colours), and two more for
    each word searched. Nothing reads more than 10,000 matters to count them.
    """
    base = Case.objects.filter(visible(scope), _condition(wanted, scope, at))
    narrowed = base.filter(band_condition(wanted.band, at)) if wanted.band else base
    bands, whole = _band_counts(base, at)
    count = narrowed.order_by()[: COUNTED_TO + 1].count() if wanted.band else whole
    rows = list(_from(_ordered(narrowed), after)[: PAGE + 1])
    shown = rows[:PAGE]
    holders = _holders(shown)
    return PageOf(
        rows=tuple(_row(case, holders, scope) for case in shown),
        count=min(count, COUNTED_TO),
        more_than_counted=count > COUNTED_TO,
        after=_cursor(shown[-1]) if len(rows) > PAGE else "",
        bands=bands,
        more_in_bands=whole > COUNTED_TO,
    )


def list_every_case(*, scope: Scope, wanted: Filter, at: datetime) -> tuple[CaseRow, ...]:
    """Return all matters of a list, page after page: for lists that must not end at fifty.

    Three statements for each two hundred rows; whoever calls it knows that the list is bounded by
    a firm, a grid or a tray.
    """
    rows: list[CaseRow] = []
    narrowed = _ordered(Case.objects.filter(visible(scope), _condition(wanted, scope, at)))
    after = ""
    while True:
        found = list(_from(narrowed, after)[:AT_ONCE])
        holders = _holders(found)
        rows += [_row(case, holders, scope) for case in found]
        if len(found) < AT_ONCE:
            return tuple(rows)
        after = _cursor(found[-1])


def titles_of(refs: Iterable[Ref], *, scope: Scope) -> dict[Ref, str]:
    """Return the titles of those of many matters that `scope` sees, in one statement."""
    keys = {int(ref.key) for ref in refs if ref.kind == CASE and ref.key.isdigit()}
    rows = Case.objects.filter(visible(scope), pk__in=keys) if keys else Case.objects.none()
    return {case_ref(CaseId(pk)): title for pk, title in rows.values_list("pk", "title")}


def places_of(
    case_ids: Iterable[CaseId], *, scope: Scope
) -> dict[CaseId, tuple[str, float | None, float | None]]:
    """Return place, longitude and latitude of those matters that `scope` sees, in one statement."""
    keys = set(case_ids)
    rows = Case.objects.filter(visible(scope), pk__in=keys) if keys else Case.objects.none()
    columns = rows.values_list("pk", "place", "longitude", "latitude")
    return {CaseId(pk): (place, x, y) for pk, place, x, y in columns}


def count_cases(*, scope: Scope, wanted: Filter, at: datetime | None = None) -> int:
    """Return the exact count of a list; `at` is needed for trays that depend on the moment."""
    moment = at or EARLIEST
    return Case.objects.filter(visible(scope), _condition(wanted, scope, moment)).count()


def band_condition(band: str, at: datetime) -> Q:
    """Return the condition for a colour at `at`."""
    running = Q(due_at__isnull=False, paused=False)
    return {
        "red": running & Q(due_at__lte=at),
        "orange": running & Q(due_at__gt=at, orange_at__lte=at),
        "yellow": running & Q(orange_at__gt=at, yellow_at__lte=at),
        "green": running & Q(yellow_at__gt=at),
        "paused": Q(paused=True),
    }.get(band, Q())


def _tray(tray: str, at: datetime) -> Q:
    """Return the condition of a tray; some depend on the moment or on what was asked for."""
    if tray == "look_back":
        return Q(look_back_at__lte=at)
    if tray == "decide":
        waiting = Application.objects.filter(decided_at__isnull=True)
        most = standards.get_standard("cases.most", on=clock.business_date(at)).value["returns"]
        assigned = Q(state=State.RETURNED, returns__gte=most)
        return Q(pk__in=waiting.values("case_id")) | assigned
    if tray == "answer":
        here = Round.objects.filter(case=OuterRef("pk"), no=OuterRef("round_no"))
        drafted = here.filter(approved_at__isnull=True).exclude(draft="")
        return Q(Exists(drafted), state=State.FED_BACK)
    return TRAYS.get(tray, Q())


def _condition(wanted: Filter, scope: Scope, at: datetime) -> Q:
    plain = {
        "kind": wanted.kind,
        "state__in": wanted.states,
        "area_path__startswith": wanted.area_path,
        "concerns": wanted.concerns,
        "raised_by_kind": wanted.raised_by and wanted.raised_by.kind,
        "raised_by_key": wanted.raised_by and wanted.raised_by.key,
    }
    condition = _tray(wanted.tray, at) & Q(**{k: v for k, v in plain.items() if v})
    if wanted.unit_id is not None:
        condition &= Q(pk__in=Part.objects.filter(unit_id=wanted.unit_id).values("case_id"))
    if wanted.tray == "handle" and scope.unit_ids:
        condition &= _own_part_waits(scope)
    return condition & _matching(wanted.text)


def _own_part_waits(scope: Scope) -> Q:
    at_work = [PartState.DISPATCHED, PartState.SIGNED, PartState.IN_PROGRESS, PartState.REWORK]
    mine = Part.objects.filter(unit_id__in=scope.unit_ids, state__in=at_work)
    return Q(pk__in=mine.values("case_id"))


def _matching(text: str) -> Q:
    condition = Q()
    for word in text.split()[:5]:
        named = Q(title__icontains=word) | Q(place__icontains=word) | Q(number__iexact=word)
        condition &= (named & _holds_pairs(word)) | Q(area__in=_areas_called(word))
    return condition


def _holds_pairs(word: str) -> Q:
    """Return a wider condition that indexes answer; the exact one drops the little too much.

    A word of which every pair of neighbours stands in few matters is looked for among those. A
    common word needs no help: a walk by deadline meets it soon.
    """
    if len(word) < 2:
        return Q()
    holds = Func(
        Bigrams,
        Func(Value(word, TextField()), function="cases_bigrams"),
        template="%(expressions)s",
        arg_joiner=" @> ",
        output_field=BooleanField(),
    )
    found = Case.objects.filter(holds).values_list("pk", flat=True)[: COUNTED_TO + 1]
    keys = list(found)
    return Q() if len(keys) > COUNTED_TO else Q(pk__in=keys)


def _areas_called(word: str) -> list[int]:
    areas: Any = Case._meta.get_field("area").related_model
    return list(areas.objects.filter(name__icontains=word).values_list("pk", flat=True))


def _ordered(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.select_related("area").order_by(F("due_at").asc(nulls_last=True), "pk")


def _cursor(case: Case) -> str:
    return f"{case.due_at.isoformat() if case.due_at else ''}|{case.pk}"


def _from(rows: QuerySet[Case], after: str) -> QuerySet[Case]:
    due, bar, key = after.partition("|")
    if not bar or not key.isdigit():
        return rows
    if not due:
        return rows.filter(due_at__isnull=True, pk__gt=int(key))
    try:
        moment = datetime.fromisoformat(due)
    except ValueError:
        return rows
    later = Q(due_at__gt=moment) | Q(due_at=moment, pk__gt=int(key)) | Q(due_at__isnull=True)
    return rows.filter(later)


def _band_counts(rows: QuerySet[Case], at: datetime) -> tuple[tuple[tuple[str, int], ...], int]:
    """Count by colour among the first 10,001 by deadline, and how many there are of those."""
    bands = ("red", "orange", "yellow", "green", "paused")
    first = rows.order_by(F("due_at").asc(nulls_last=True), "pk")[: COUNTED_TO + 1]
    counts = first.aggregate(
        whole=Count("pk"), **{b: Count("pk", filter=band_condition(b, at)) for b in bands}
    )
    return tuple((band, counts[band]) for band in bands), counts["whole"]


def _holders(cases: Sequence[Case]) -> dict[int, list[Part]]:
    held: dict[int, list[Part]] = {}
    parts = Part.objects.select_related("unit", "round").filter(case__in=[c.pk for c in cases])
    for part in parts.order_by("pk"):
        held.setdefault(part.case_id, []).append(part)
    return held


def _row(case: Case, holders: dict[int, list[Part]], scope: Scope) -> CaseRow:
    parts = [p for p in holders.get(case.pk, []) if p.round.no == case.round_no]
    lead = next((p for p in reversed(parts) if p.role == Role.LEAD), None)
    own = next((p for p in reversed(parts) if UnitId(p.unit_id) in scope.unit_ids), None)
    return CaseRow(
        id=CaseId(case.pk),
        number=case.number,
        kind=KindCode(case.kind),
        class_title=kinds.class_title(KindCode(case.kind), case.class_code),
        title=case.title,
        state=State(case.state),
        area_name=case.area.name,
        place=case.place,
        raised_at=case.raised_at,
        due_at=case.due_at,
        yellow_at=case.yellow_at,
        orange_at=case.orange_at,
        paused=case.paused,
        timer_id=case.timer_id,
        holder=lead.unit.name if lead and case.state not in {State.FILED, State.RETURNED} else "",
        own_role=Role(own.role) if own else None,
        grade=case.grade,
        concerns=OrganisationId(case.concerns) if case.concerns else None,
        cause=Ref(case.cause_kind, case.cause_key) if case.cause_key else None,
        answer=lead.answer if lead else "",
        longitude=case.longitude,
        latitude=case.latitude,
        source=case.source,
    )
