"""Matters under petition procedure (信访), as references with the limits of their own regulation.

There is nothing here that accepts, closes or evaluates one: what its own system reports is noted,
and that is all.
"""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import IntegrityError, transaction

from bihuan.kernel.affairs.cases.facts import ReferenceNoted
from bihuan.kernel.affairs.cases.models import Case, LinkedReference
from bihuan.kernel.affairs.cases.policies import visible
from bihuan.kernel.affairs.cases.types import MAY_ACCEPT, NewReference, ReferenceId
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks.types import Budget, Unit
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform.clock import CHINA
from bihuan.platform.web.errors import NotAllowed, NotFound, Refused


class UnableToLink(Refused):
    """What was given does not describe a reference; the words say what to mend."""


def link_reference(new: NewReference, *, scope: Scope, at: datetime) -> ReferenceId:
    """Show a petition in the one inbox, with its regulation's dates.

    Raises:
        NotAllowed, UnableToLink.
    """
    _require(scope, new.area_path)
    if not new.number.strip() or not new.title.strip():
        raise UnableToLink("Give the petition's number and title.", field="number")
    if new.registered_on > at.astimezone(CHINA).date():
        raise UnableToLink("It cannot be registered on a day to come.", field="registered_on")
    limits = standards.get_standard("cases.petition", on=new.registered_on).value
    try:
        with transaction.atomic():
            row = LinkedReference.objects.create(
                number=new.number.strip()[:40],
                title=new.title.strip()[:120],
                area_path=new.area_path,
                unit_id=new.unit_id,
                case=_case(new.case_number, scope),
                registered_on=new.registered_on,
                answer_by=_day_after(new.registered_on, limits["tell"]),
                complete_by=_day_after(new.registered_on, limits["complete"]),
                linked_at=at,
            )
            _note(row, "linked", scope=scope, at=at)
    except IntegrityError as error:
        raise UnableToLink("This petition stands here already.", field="number") from error
    return ReferenceId(row.pk)


def _case(number: str, scope: Scope) -> Case | None:
    if not number.strip():
        return None
    found = Case.objects.filter(visible(scope), number=number.strip().upper()).first()
    if found is None:
        raise UnableToLink("There is no matter with this number in your care.", field="case_number")
    return found


def _day_after(first: date, days: int) -> date:
    start = datetime.combine(first, time(9), tzinfo=CHINA)
    due = clocks.due_for(Budget(days, Unit.DAYS), start, clocks.get_calendar())
    return due.at.astimezone(CHINA).date()


def extend_reference(
    reference_id: ReferenceId, *, days: int, words: str, scope: Scope, at: datetime
) -> None:
    """Note that the procedure extended its limit, once, by at most 30 days, with the reason.

    Raises:
        NotFound, NotAllowed, UnableToLink.
    """
    with transaction.atomic():
        row = _locked(reference_id, scope)
        most = standards.get_standard("cases.petition", on=row.registered_on).value["extend"]
        if row.completed_on is not None or row.extended_days:
            raise UnableToLink("It is completed, or was extended already.")
        if not 0 < days <= most:
            raise UnableToLink("It is extended by at most 30 days.", field="days")
        if not words.strip():
            raise UnableToLink("Give the reason.", field="words")
        row.extended_days, row.extension_words = days, words.strip()
        row.complete_by = _day_after(row.complete_by, days)
        row.save()
        _note(row, "extended", scope=scope, at=at)


def note_reference(
    reference_id: ReferenceId,
    *,
    told_on: date | None = None,
    completed_on: date | None = None,
    scope: Scope,
    at: datetime,
) -> None:
    """Note what the procedure's own system reports: that its raiser was told, that it is done.

    Raises:
        NotFound, NotAllowed, UnableToLink.
    """
    with transaction.atomic():
        row = _locked(reference_id, scope)
        told = told_on or row.told_on
        given = [day for day in (told_on, completed_on) if day is not None]
        if not given:
            raise UnableToLink("Give the day.", field="told_on")
        if any(not row.registered_on <= day <= at.astimezone(CHINA).date() for day in given):
            raise UnableToLink("The day lies between the registration and today.", field="told_on")
        if completed_on is not None and told is None:
            raise UnableToLink("First its raiser is told.", field="told_on")
        row.told_on, row.completed_on = told, completed_on or row.completed_on
        row.save()
        _note(row, "noted", scope=scope, at=at)


def _locked(reference_id: ReferenceId, scope: Scope) -> LinkedReference:
    row = LinkedReference.objects.select_for_update().filter(pk=reference_id).first()
    if row is None or not scope.covers(row.area_path):
        raise NotFound("There is no such petition in your care.")
    _require(scope, row.area_path)
    return row


def _require(scope: Scope, area_path: str) -> None:
    if not scope.has(MAY_ACCEPT) or not scope.covers(area_path):
        raise NotAllowed("Your post may not do this.", code="power")


def _note(row: LinkedReference, what: str, *, scope: Scope, at: datetime) -> None:
    fact = ReferenceNoted(subject=Ref("cases.reference", str(row.pk)), what=what, number=row.number)
    events.record(fact, origin=scope.origin, at=at)
