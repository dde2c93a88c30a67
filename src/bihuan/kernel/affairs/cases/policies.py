"""Who may see and move a matter, from a Scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from bihuan.kernel.affairs.cases.models import Application, Case, Part, Round
from bihuan.kernel.affairs.cases.rules import AT_WORK, IN_PLAY, Standing, others_open
from bihuan.kernel.affairs.cases.types import (
    MAY_ACCEPT,
    MAY_DISPATCH,
    MAY_HANDLE,
    MAY_SAY_DONE,
    MAY_SEE,
    MAY_SEE_OWN,
    MAY_SUPERVISE,
    MAY_VERIFY,
    PartState,
    Role,
    State,
    Terms,
)
from bihuan.kernel.ground.registry.types import Scope, UnitId, person_ref
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform import clock

AT_THE_CENTRE = (MAY_ACCEPT, MAY_DISPATCH, MAY_SUPERVISE, MAY_VERIFY)
"""Powers that show every matter of the scope's areas, sensitive ones too."""
BY_AREA = (MAY_SEE, *AT_THE_CENTRE)
"""Powers that show matters of the scope's areas."""


def visible(scope: Scope) -> Q:
    """Return the condition under which `scope` sees a matter; nothing unless a power says so.

    A matter of a sensitive class is seen by those who work on it, not by all who may look.
    """
    condition = at_work(scope)
    if scope.has(MAY_SEE_OWN) and scope.person_id is not None:
        condition |= Q(raised_by_kind="registry.person", raised_by_key=str(scope.person_id))
    if scope.has(MAY_SAY_DONE) and scope.organisation_ids:
        condition |= Q(concerns__in=scope.organisation_ids)
    return condition


def at_work(scope: Scope) -> Q:
    """Return the condition under which `scope` works on a matter: by area, unit or duty.

    Who raised it and the firm concerned see their own pages, not what officers write to another.
    """
    condition = Q(pk__in=[])
    if any(scope.has(power) for power in BY_AREA):
        plain = Q() if any(scope.has(p) for p in AT_THE_CENTRE) else Q(sensitive=False)
        for path in scope.area_paths:
            condition |= Q(area_path__startswith=path) & plain
    if scope.has(MAY_HANDLE) and scope.unit_ids:
        theirs = Part.objects.filter(unit_id__in=scope.unit_ids)
        condition |= Q(pk__in=theirs.values("case_id"))
    return condition


def terms_of(case: Case) -> Terms:
    """Return the class's rules as they stood when the matter was raised."""
    return Terms.from_value(case.terms, version=case.terms_version)


def most(case: Case, what: str) -> int:
    """Return how often something may happen to a matter: returns, reopenings."""
    on: date = clock.business_date(case.raised_at)
    found = standards.get_standard("cases.most", on=on, county=case.area_path[5:11] or None)
    return int(found.value[what])


def standing_of(
    scope: Scope,
    case: Case,
    round_: Round | None,
    part: Part | None,
    *,
    parts: Sequence[Part] = (),
    asked: Iterable[Application] = (),
    at: datetime | None = None,
) -> Standing:
    """Return what the guards look at, for `scope` before locked rows.

    Without `at` no time has run out: a page may then show a move that is refused when made.
    """
    mine = [p for p in parts if UnitId(p.unit_id) in scope.unit_ids]
    active = [p for p in parts if p.state in IN_PLAY]
    about = [a for a in asked if a.part_id in {None, part.pk if part else None}]
    raiser = scope.person_id is not None and (case.raised_by_kind, case.raised_by_key) == _pair(
        scope
    )
    return Standing(
        covers_area=scope.covers(case.area_path),
        own_unit=part is not None and UnitId(part.unit_id) in scope.unit_ids,
        lead_unit=any(p.role == Role.LEAD and p.state in IN_PLAY for p in mine),
        handling_unit=bool(mine),
        concerned_firm=case.concerns is not None and case.concerns in scope.organisation_ids,
        raiser=raiser,
        raiser_known=bool(case.raised_by_key),
        had_a_hand=round_ is not None and scope.person_id in round_.hands,
        heard=not case.unheard,
        returns=case.returns,
        most_returns=most(case, "returns"),
        asked=frozenset(a.kind for a in about),
        asked_by_me=frozenset(a.kind for a in about if a.asked_by == scope.person_id),
        parts=len(active),
        others_open=others_open((Role(p.role), PartState(p.state)) for p in active),
        supervised=case.supervised,
        appealed=case.appealed,
        redone=case.redos > 0,
        reopenings=case.reopenings,
        most_reopenings=most(case, "reopenings"),
        within_window=_before(at, case.reopen_until),
        look_back_due=at is not None and case.look_back_at is not None and case.look_back_at <= at,
        review_due=_review_due(case, at),
        **_of_round(round_, scope),
        **_of_part(part, case, at),
    )


def _of_round(round_: Round | None, scope: Scope) -> dict[str, Any]:
    if round_ is None:
        return {}
    return {
        "drafted": bool(round_.draft),
        "drafted_by_me": round_.drafted_by is not None and round_.drafted_by == scope.person_id,
        "answer_approved": round_.approved_at is not None,
    }


def _of_part(part: Part | None, case: Case, at: datetime | None) -> dict[str, Any]:
    if part is None:
        return {}
    return {
        "forced": part.forced,
        "extended": part.extended,
        "in_time_to_return": _before(at, part.return_until),
        "overdue": part.state in AT_WORK and not _before(at, part.due_at),
        "contacted": part.contacted_at is not None,
        "stages_left": max(0, len(terms_of(case).stages) - part.stage),
    }


def _before(at: datetime | None, moment: datetime | None) -> bool:
    return at is None or moment is None or at <= moment


def _review_due(case: Case, at: datetime | None) -> bool:
    waits = case.state == State.SUSPENDED and case.review_at is not None
    return bool(waits and at is not None and case.review_at and case.review_at <= at)


def _pair(scope: Scope) -> tuple[str, str]:
    assert scope.person_id is not None
    ref = person_ref(scope.person_id)
    return ref.kind, ref.key
