"""Help for deciding: who may look, which unit fits, which matters are about the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from bihuan.kernel.affairs.cases import kinds
from bihuan.kernel.affairs.cases.models import ENDED, Case
from bihuan.kernel.affairs.cases.policies import visible
from bihuan.kernel.affairs.cases.rules import likeness
from bihuan.kernel.affairs.cases.types import Alike, CaseId, KindCode, Raise, State
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import EVERYBODY, Scope, Unit
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform import clock

MOST_ALIKE = 5


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


def list_alike(case_id: CaseId, *, scope: Scope) -> tuple[Alike, ...]:
    """Return open matters that may be the same, the most alike first.

    The same town, the days before and after that the rule names, and a share of pairs of
    characters; the same person with the same class in the same place needs no like words.
    """
    case = Case.objects.filter(visible(scope), pk=case_id).first()
    if case is None:
        return ()
    return alike_of([case], scope=scope).get(CaseId(case.pk), ())


def list_alike_to(what: Raise, *, scope: Scope, at: datetime) -> tuple[Alike, ...]:
    """Return open matters that may be the same as one that is not raised yet."""
    case = Case(
        kind=what.kind,
        class_code=what.class_code,
        title=what.title,
        text=what.text,
        place=what.place,
        area_path=what.area_path,
        raised_at=at,
        raised_by_key=what.raised_by.key if what.raised_by else "",
    )
    found = alike_of([case], scope=scope)
    return next(iter(found.values()), ())


def alike_of(cases: Sequence[Case], *, scope: Scope) -> dict[CaseId, tuple[Alike, ...]]:
    """Return for each matter those that may be the same, in one statement."""
    rule = standards.get_standard(
        "cases.duplicates", on=max(clock.business_date(case.raised_at) for case in cases)
    ).value
    span = timedelta(days=int(rule["days"]))
    near = Q(pk__in=[])
    for town in {town_of(case.area_path) for case in cases}:
        near |= Q(area_path__startswith=town)
    first, last = (f(case.raised_at for case in cases) for f in (min, max))
    rows = list(
        Case.objects.filter(visible(scope), near)
        .filter(raised_at__gte=first - span, raised_at__lte=last + span)
        .exclude(state__in=ENDED)
        .order_by("raised_at", "pk")
    )
    return {CaseId(case.pk): _alike(case, rows, span, float(rule["likeness"])) for case in cases}


def town_of(area_path: str) -> str:
    """Return the path down to the town: far enough to be the same place, near enough to know."""
    return "/".join(area_path.strip("/").split("/")[:3]) + "/"


def _alike(case: Case, rows: Sequence[Case], span: timedelta, least: float) -> tuple[Alike, ...]:
    text, town = _words(case), town_of(case.area_path)
    found = []
    for row in rows:
        far = not row.area_path.startswith(town) or abs(row.raised_at - case.raised_at) > span
        if row.pk == case.pk or row.kind != case.kind or far:
            continue
        same = bool(case.raised_by_key) and case.raised_by_key == row.raised_by_key
        alike = likeness(text, _words(row))
        repeated = same and row.class_code == case.class_code and row.area_path == case.area_path
        if repeated or alike >= least:
            found.append(_alike_row(row, alike, same))
    return tuple(sorted(found, key=lambda a: (-a.likeness, a.id))[:MOST_ALIKE])


def _words(case: Case) -> str:
    return f"{case.title} {case.text} {case.place}"


def _alike_row(row: Case, alike: float, same: bool) -> Alike:
    return Alike(
        id=CaseId(row.pk),
        number=row.number,
        title=row.title,
        place=row.place,
        state=State(row.state),
        raised_at=row.raised_at,
        likeness=alike,
        same_person=same,
        attached=row.repeats,
    )
