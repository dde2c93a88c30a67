"""Units, and who holds which post."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry import kinds
from bihuan.kernel.ground.registry.facts import PersonAppointed, PostEnded, UnitAdded, UnitClosed
from bihuan.kernel.ground.registry.models import Person
from bihuan.kernel.ground.registry.models import Post as PostRow
from bihuan.kernel.ground.registry.models import Unit as UnitRow
from bihuan.kernel.ground.registry.operations.common import area_row, lock_words
from bihuan.kernel.ground.registry.policies import require_area, require_power
from bihuan.kernel.ground.registry.queries.units import to_post, to_unit
from bihuan.kernel.ground.registry.rules.areas import day_of
from bihuan.kernel.ground.registry.rules.posts import clashing_duty
from bihuan.kernel.ground.registry.types import (
    APPOINT,
    MANAGE_UNITS,
    DutyCode,
    PersonId,
    Post,
    PostId,
    Scope,
    Unit,
    UnitId,
    person_ref,
    unit_ref,
)
from bihuan.platform.accounts import operations as accounts
from bihuan.platform.web.errors import NotFound, Refused


class UnableToAddUnit(Refused):
    """The unit's code is taken, or its parent is not there."""


class UnableToAppoint(Refused):
    """The post cannot be given as asked."""


def add_unit(
    *,
    code: str,
    name: str,
    area_code: str,
    parent_code: str = "",
    line: str = "",
    phone: str = "",
    scope: Scope,
    at: datetime,
) -> Unit:
    """Add a unit of an area, below another unit or at the top."""
    with transaction.atomic():
        lock_words(f"unit:{code}")
        require_power(scope, MANAGE_UNITS)
        area = area_row(area_code)
        require_area(scope, area.path)
        if not code or "/" in code or not name.strip():
            raise UnableToAddUnit("A unit needs a code and a name.", code="unit_incomplete")
        if UnitRow.objects.filter(code=code).exists():
            raise UnableToAddUnit("There is a unit with this code.", code="unit_known")
        parent = _unit_row(parent_code) if parent_code else None
        row = UnitRow.objects.create(
            code=code,
            name=name.strip(),
            parent=parent,
            path=f"{parent.path if parent else ''}{code}/",
            area=area,
            line=line,
            phone=phone,
        )
        fact = UnitAdded(unit_ref(UnitId(row.pk)), code, area.path)
        events.record(fact, origin=scope.origin, at=at)
        return to_unit(row)


def close_unit(
    unit_id: UnitId, *, successor_id: UnitId | None = None, scope: Scope, at: datetime
) -> None:
    """Dissolve a unit: it is proposed and appointed to no more, and its posts end today.

    What the unit holds in rooms above is theirs to hand on first, in the same transaction.

    Raises:
        NotAllowed, NotFound.
        UnableToAddUnit: it is dissolved already, has units below it, or succeeds itself.
    """
    with transaction.atomic():
        row = UnitRow.objects.select_for_update().filter(pk=unit_id).first()
        require_power(scope, MANAGE_UNITS)
        if row is None:
            raise NotFound("There is no such unit.", code="no_unit")
        require_area(scope, row.area.path)
        if not row.is_open or successor_id == unit_id:
            raise UnableToAddUnit("This unit is dissolved already.", code="unit_closed")
        if UnitRow.objects.filter(parent=row, is_open=True).exists():
            raise UnableToAddUnit("Dissolve the units below it first.", code="unit_has_units")
        row.is_open = False
        row.save(update_fields=["is_open"])
        _end_posts_of(row, scope=scope, at=at)
        fact = UnitClosed(unit_ref(unit_id), row.code, successor_id)
        events.record(fact, origin=scope.origin, at=at)


def _end_posts_of(unit: UnitRow, *, scope: Scope, at: datetime) -> None:
    today = day_of(at)
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=today)
    for post in PostRow.objects.select_for_update().filter(lasting, unit=unit).order_by("pk"):
        post.valid_to = max(today, post.valid_from)
        post.save(update_fields=["valid_to"])
        ended = PostEnded(person_ref(PersonId(post.person_id)), post.pk, post.duty, post.valid_to)
        events.record(ended, origin=scope.origin, at=at)


def _unit_row(code: str) -> UnitRow:
    row = UnitRow.objects.filter(code=code).first()
    if row is None:
        raise UnableToAddUnit("There is no unit with the code %(unit)s.", code="no_unit", unit=code)
    return row


def appoint(
    person_id: PersonId,
    *,
    duty: DutyCode,
    area_code: str,
    unit_id: UnitId | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    scope: Scope,
    at: datetime,
) -> Post:
    """Give a person a duty in a unit and an area, from today or another day.

    Raises:
        UnableToAppoint: no such duty, the post overlaps an equal one, or two administrators' duties
            would meet in one hand.
    """
    begins = valid_from or day_of(at)
    with transaction.atomic():
        person = Person.objects.select_for_update().filter(pk=person_id).first()
        require_power(scope, APPOINT)
        area = area_row(area_code)
        require_area(scope, area.path)
        _require_appointable(person, duty, begins, valid_to, unit_id, area.path)
        row = PostRow.objects.create(
            person_id=person_id,
            duty=duty,
            unit_id=unit_id,
            area=area,
            valid_from=begins,
            valid_to=valid_to,
        )
        if person is not None and person.account_id is not None:
            accounts.require_second_factor(person.account_id)
        fact = PersonAppointed(person_ref(person_id), row.pk, duty, unit_id, area.path, begins)
        events.record(fact, origin=scope.origin, at=at)
        return to_post(row)


def _require_appointable(
    person: Person | None,
    duty: DutyCode,
    begins: date,
    ends: date | None,
    unit_id: UnitId | None,
    area_path: str,
) -> None:
    if person is None:
        raise NotFound("There is no such person.", code="no_person")
    if kinds.find_duty(duty) is None:
        raise UnableToAppoint("There is no such duty.", code="no_duty", field="duty")
    if ends is not None and ends <= begins:
        raise UnableToAppoint("The post would end before it begins.", code="period")
    if unit_id is not None and not UnitRow.objects.filter(pk=unit_id, is_open=True).exists():
        raise UnableToAppoint("There is no such unit.", code="no_unit", field="unit")
    held = list(
        PostRow.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=begins), person=person)
        .filter(Q(valid_from__lt=ends) if ends else Q())
        .values_list("duty", "unit_id", "area__path")
    )
    if (duty, unit_id, area_path) in held:
        raise UnableToAppoint("This person holds this post already.", code="post_held")
    if clashing_duty(duty, {DutyCode(other) for other, _, _ in held}):
        raise UnableToAppoint(
            "System, security and audit administrators must be three people.", code="admins_apart"
        )


def end_post(post_id: PostId, *, on_date: date | None = None, scope: Scope, at: datetime) -> Post:
    """End a post; `on_date` (today when not given) is the first day without it.

    Raises:
        UnableToAppoint: it has ended already, or would end before it began.
    """
    ends = on_date or day_of(at)
    with transaction.atomic():
        row = (
            PostRow.objects.select_for_update(of=("self",))
            .select_related("area")
            .filter(pk=post_id)
            .first()
        )
        require_power(scope, APPOINT)
        if row is None:
            raise NotFound("There is no such post.", code="no_post")
        require_area(scope, row.area.path)
        if row.valid_to is not None and row.valid_to <= ends:
            raise UnableToAppoint("This post has ended already.", code="post_ended")
        row.valid_to = max(ends, row.valid_from)
        row.save(update_fields=["valid_to"])
        fact = PostEnded(person_ref(PersonId(row.person_id)), row.pk, row.duty, row.valid_to)
        events.record(fact, origin=scope.origin, at=at)
        return to_post(row)
