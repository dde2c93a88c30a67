"""Reads on matters: frozen values; a list takes the same few statements at any size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from bihuan.kernel.affairs.cases import kinds, numbers
from bihuan.kernel.affairs.cases.models import ENDED, Case, EntryRow, Part, Round
from bihuan.kernel.affairs.cases.policies import standing_of, visible
from bihuan.kernel.affairs.cases.rules import failing_guards, link_of, open_transitions
from bihuan.kernel.affairs.cases.types import (
    CaseId,
    CaseRow,
    CaseView,
    Entry,
    Filter,
    KindCode,
    MoveName,
    On,
    PageOf,
    PartId,
    PartState,
    PartView,
    Role,
    State,
    case_ref,
)
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import (
    EVERYBODY,
    AreaPath,
    OrganisationId,
    PersonId,
    Scope,
    Unit,
    UnitId,
)
from bihuan.kernel.tools.documents import api as documents
from bihuan.platform.web.errors import NotFound

PAGE = 50
COUNTED_TO = 10_000

TRAYS = {
    "accept": Q(state__in=[State.REPORTED, State.VERIFYING]),
    "dispatch": Q(state__in=[State.FILED, State.RETURNED]),
    "handle": Q(state__in=[State.DISPATCHED, State.SIGNED, State.IN_PROGRESS, State.REWORK]),
    "verify": Q(state=State.FED_BACK),
    "open": ~Q(state__in=ENDED),
    "closed": Q(state__in=[State.CLOSED, State.EVALUATED]),
}
"""Whose turn it is, as a condition."""


class UnableToFind(NotFound):
    """There is no such matter, or none that the asker may know of."""


# -- one matter -----------------------------------------------------------------------------------


def get_case(case_id: CaseId, *, scope: Scope) -> CaseView:
    """Return a matter with its parts and history, as far as `scope` sees.

    Raises:
        UnableToFind: there is none, or none for this scope.
    """
    case = Case.objects.select_related("area").filter(visible(scope), pk=case_id).first()
    if case is None:
        raise UnableToFind("There is no such matter, or it is not in your care.")
    return _view(case, scope)


def get_case_of_part(part_id: PartId, *, scope: Scope) -> CaseView:
    """Return the matter to which a part belongs, as far as `scope` sees.

    Raises:
        UnableToFind: there is none, or none for this scope.
    """
    found = Part.objects.filter(pk=part_id).values_list("case_id", flat=True).first()
    return get_case(CaseId(found or 0), scope=scope)


def find_by_number(number: str, *, scope: Scope) -> CaseId | None:
    """Return the matter with `number`, if `scope` sees it."""
    rows = Case.objects.filter(visible(scope), number=number.strip().upper())
    found = rows.values_list("pk", flat=True).first()
    return CaseId(found) if found is not None else None


def standing_source_keys(source: str, keys: Iterable[str]) -> set[str]:
    """Return those of a source's numbers that stand as matters already; it tells nothing else."""
    rows = Case.objects.filter(source=source, source_key__in=set(keys) - {""})
    return set(rows.values_list("source_key", flat=True))


def get_case_by_receipt(number: str, code: str, *, scope: Scope) -> CaseView:
    """Return a matter to whoever holds its number and receipt code; no account is needed.

    Raises:
        UnableToFind: number or code is wrong; which of them is not said.
    """
    case = Case.objects.select_related("area").filter(number=number.strip().upper()).first()
    salt = case.receipt_salt if case else "0" * 32
    right = numbers.same_code(code, number.strip().upper(), salt)
    if case is None or not right:
        raise UnableToFind("Number and receipt code do not belong together. Check both.")
    return _view(case, scope)


def _view(case: Case, scope: Scope) -> CaseView:
    rounds = {round_.no: round_ for round_ in Round.objects.filter(case=case)}
    current = rounds.get(case.round_no)
    parts = list(Part.objects.select_related("unit").filter(case=case).order_by("pk"))
    here = [part for part in parts if current and part.round_id == current.pk]
    entries = EntryRow.objects.select_related("unit").filter(case=case).order_by("pk")
    ref = case_ref(CaseId(case.pk))
    evidence = documents.list_evidence([ref]).get(ref, ())
    return CaseView(
        id=CaseId(case.pk),
        number=case.number,
        kind=KindCode(case.kind),
        class_code=case.class_code,
        class_title=kinds.class_title(KindCode(case.kind), case.class_code),
        title=case.title,
        text=case.text,
        state=State(case.state),
        link=link_of(State(case.state)),
        area_path=AreaPath(case.area_path),
        area_name=case.area.name,
        place=case.place,
        source=case.source,
        round_no=case.round_no,
        raised_at=case.raised_at,
        due_at=case.due_at,
        timer_id=case.timer_id,
        closed_at=case.closed_at,
        longitude=case.longitude,
        latitude=case.latitude,
        concerns=OrganisationId(case.concerns) if case.concerns else None,
        raised_by=Ref(case.raised_by_kind, case.raised_by_key) if case.raised_by_key else None,
        answer=case.answer,
        rating=case.rating,
        version=case.version,
        parts=tuple(_part(part, case, current, scope) for part in here),
        history=tuple(_entry(row) for row in entries),
        moves=_moves(case, current, None, scope),
        photos_before=tuple(e.id for e in evidence if e.kind == "before"),
        photos_after=tuple(e.id for e in evidence if e.kind == "after"),
    )


def _moves(
    case: Case, round_: Round | None, part: Part | None, scope: Scope
) -> tuple[MoveName, ...]:
    """Return the moves that are open to `scope` now; what each needs is asked for on its form."""
    life = kinds.get_kind(KindCode(case.kind)).life
    standing = standing_of(scope, case, round_, part)
    state = PartState(part.state) if part else State(case.state)
    if part and case.state == State.SUSPENDED:
        return ()
    rows = open_transitions(life, state, on=On.PART if part else On.CASE)
    mine = [row for row in rows if scope.has(row.power) and not failing_guards(row, standing)]
    return tuple(row.name for row in mine)


def _part(part: Part, case: Case, round_: Round | None, scope: Scope) -> PartView:
    return PartView(
        id=PartId(part.pk),
        unit_id=UnitId(part.unit_id),
        unit_name=part.unit.name,
        role=Role(part.role),
        task=part.task,
        state=PartState(part.state),
        due_at=part.due_at,
        timer_id=part.timer_id,
        grade=part.grade,
        answer=part.answer,
        returned_basis=part.returned_basis,
        moves=_moves(case, round_, part, scope),
    )


def _entry(row: EntryRow) -> Entry:
    return Entry(
        at=row.at,
        what=row.move,
        person_id=PersonId(row.person_id) if row.person_id else None,
        words=row.words,
        reason=row.reason,
        unit_name=row.unit.name if row.unit else "",
        claimed_at=row.claimed_at,
    )


# -- lists ----------------------------------------------------------------------------------------


def list_cases(*, scope: Scope, wanted: Filter, at: datetime, after: str = "") -> PageOf:
    """Return fifty matters by deadline, the count and the counts by colour.

    Four statements, whatever the rows: page, parts of the page, count, colours.
    """
    base = Case.objects.filter(visible(scope), _condition(wanted, scope))
    narrowed = base.filter(band_condition(wanted.band, at)) if wanted.band else base
    count = narrowed.order_by()[: COUNTED_TO + 1].count()
    rows = list(_from(_ordered(narrowed), after)[: PAGE + 1])
    shown = rows[:PAGE]
    holders = _holders(shown)
    return PageOf(
        rows=tuple(_row(case, holders, scope) for case in shown),
        count=min(count, COUNTED_TO),
        more_than_counted=count > COUNTED_TO,
        after=_cursor(shown[-1]) if len(rows) > PAGE else "",
        bands=_band_counts(base, at),
    )


def count_cases(*, scope: Scope, wanted: Filter) -> int:
    """Return the exact count of a list."""
    return Case.objects.filter(visible(scope), _condition(wanted, scope)).count()


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


def _condition(wanted: Filter, scope: Scope) -> Q:
    plain = {
        "kind": wanted.kind,
        "state__in": wanted.states,
        "area_path__startswith": wanted.area_path,
        "concerns": wanted.concerns,
        "raised_by_kind": wanted.raised_by and wanted.raised_by.kind,
        "raised_by_key": wanted.raised_by and wanted.raised_by.key,
    }
    condition = TRAYS.get(wanted.tray, Q()) & Q(**{k: v for k, v in plain.items() if v})
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
        condition &= named | Q(area__name__icontains=word)
    return condition


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


def _band_counts(rows: QuerySet[Case], at: datetime) -> tuple[tuple[str, int], ...]:
    bands = ("red", "orange", "yellow", "green", "paused")
    counts = rows.aggregate(**{b: Count("pk", filter=band_condition(b, at)) for b in bands})
    return tuple((band, counts[band]) for band in bands)


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
    )


# -- help for deciding ----------------------------------------------------------------------------


def may_see_ref(scope: Scope, ref: Ref) -> bool:
    """Return whether `scope` sees the matter that `ref` points to: the guard of its photos."""
    if not ref.key.isdigit() or not (scope.has(EVERYBODY) or scope.powers):
        return False
    return Case.objects.filter(visible(scope), pk=int(ref.key)).exists()


def suggest_units(case_id: CaseId, *, scope: Scope) -> tuple[Unit, ...]:
    """Return units whose line and area fit the class of the matter, nearest area first."""
    view = Case.objects.filter(visible(scope), pk=case_id).first()
    if view is None:
        return ()
    known = kinds.find_class(KindCode(view.kind), view.class_code)
    line = known.line if known else ""
    units = registry.list_units(line=line) if line else ()
    near = [unit for unit in units if view.area_path.startswith(unit.area_path)]
    return tuple(sorted(near, key=lambda unit: -len(unit.area_path)))
