"""What a firm says of a visit: how it was, or that it complains. A complaint is a matter."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import Opened, Raise
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Scope, person_ref
from bihuan.platform.web.errors import NotFound
from bihuan.scenes.joint_inspection.facts import VisitRated
from bihuan.scenes.joint_inspection.models import FeedbackRow, TaskRow
from bihuan.scenes.joint_inspection.types import COMPLAINT, TaskId, task_ref
from bihuan.scenes.joint_inspection.visits import UnableToVisit, number_of, person_of


def _own(task_id: TaskId, scope: Scope) -> TaskRow:
    rows = TaskRow.objects.select_related("organisation")
    row = rows.filter(pk=task_id, organisation_id__in=list(scope.organisation_ids)).first()
    if row is None or row.started_at is None:
        raise NotFound("There is no such visit at your firm.")
    return row


def rate_visit(task_id: TaskId, *, rating: str, words: str, scope: Scope, at: datetime) -> TaskId:
    """Let the firm say how the visit was, once.

    Raises:
        NotFound, UnableToVisit.
    """
    with transaction.atomic():
        row = _own(task_id, scope)
        if rating not in {"satisfied", "neutral", "unsatisfied"}:
            raise UnableToVisit("Choose how it was.", field="rating")
        kept, created = FeedbackRow.objects.get_or_create(
            task=row,
            defaults={
                "rating": rating,
                "words": words.strip()[:500],
                "person_id": person_of(scope),
                "at": at,
            },
        )
        if created:
            fact = VisitRated(task_ref(task_id), rating=kept.rating, area_path=row.area_path)
            events.record(fact, origin=scope.origin, at=at)
    return task_id


def complain(task_id: TaskId, *, words: str, scope: Scope, at: datetime) -> Opened:
    """Raise the firm's complaint as a matter of its own, with a deadline and an answer.

    Raises:
        NotFound, UnableToVisit.
    """
    row = _own(task_id, scope)
    if not words.strip():
        raise UnableToVisit("Say what was not right.", field="words")
    what = Raise(
        kind=COMPLAINT,
        title=f"对 {number_of(row)} 检查的投诉",
        text=words.strip(),
        class_code="inspection",
        area_path=registry.get_area(row.area_path.strip("/").rsplit("/", 1)[-1]).path,
        source="enterprise",
        source_key=f"{row.pk}:{person_of(scope)}",
        place=row.organisation.address,
        raised_by=person_ref(person_of(scope)),
    )
    return cases.open_case(what, scope=scope, at=at)
