"""Saved filters, ready words, and the plan for several matters at once."""

from __future__ import annotations

from collections.abc import Sequence

from bihuan.kernel.affairs.cases import kinds
from bihuan.kernel.affairs.cases.models import Case, ReplyTemplate, SavedFilter
from bihuan.kernel.affairs.cases.policies import visible
from bihuan.kernel.affairs.cases.queries.deciding import alike_of
from bihuan.kernel.affairs.cases.types import (
    CaseId,
    KindCode,
    Planned,
    Saved,
    State,
    Template,
)
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Scope, Unit, UnitId


def list_filters(*, scope: Scope) -> tuple[Saved, ...]:
    """Return one's own saved lists, by name."""
    if scope.origin.account_id is None:
        return ()
    rows = SavedFilter.objects.filter(account_id=scope.origin.account_id).order_by("name")
    return tuple(Saved(row.pk, row.name, row.query) for row in rows)


def list_templates(*, scope: Scope) -> tuple[Template, ...]:
    """Return the ready words of one's unit, by name."""
    if scope.unit_id is None:
        return ()
    rows = ReplyTemplate.objects.filter(unit_id=scope.unit_id).order_by("name")
    return tuple(Template(row.pk, row.name, row.words) for row in rows)


def plan_together(case_ids: Sequence[CaseId], *, scope: Scope) -> tuple[Planned, ...]:
    """Return for each matter the units that fit it and what may be the same, in few statements."""
    rows = list(
        Case.objects.select_related("area").filter(visible(scope), pk__in=case_ids).order_by("pk")
    )
    if not rows:
        return ()
    units = registry.list_units(below=_common([row.area_path for row in rows]))
    alike = alike_of(rows, scope=scope)
    return tuple(
        Planned(
            id=CaseId(row.pk),
            number=row.number,
            title=row.title,
            place=f"{row.area.name} {row.place}".strip(),
            class_title=kinds.class_title(KindCode(row.kind), row.class_code),
            state=State(row.state),
            version=row.version,
            raised_at=row.raised_at,
            units=_fitting(row, units),
            alike=alike.get(CaseId(row.pk), ()),
        )
        for row in rows
    )


def _common(paths: Sequence[str]) -> str:
    """Return the county of the matters, or the city when there are several."""
    counties = {"/".join(path.split("/")[:2]) + "/" for path in paths}
    return counties.pop() if len(counties) == 1 else ""


def _fitting(row: Case, units: Sequence[Unit]) -> tuple[tuple[UnitId, str], ...]:
    known = kinds.find_class(KindCode(row.kind), row.class_code)
    line = known.line if known else ""
    near = [unit for unit in units if row.area_path.startswith(unit.area_path)]
    near.sort(key=lambda unit: (not line or unit.line != line, -len(unit.area_path), unit.name))
    return tuple((unit.id, unit.name) for unit in near)
