"""Reading versions and assessments."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import AreaPath, Scope
from bihuan.kernel.tools.assessments import kinds, policies
from bihuan.kernel.tools.assessments.models import AssessmentRow, ItemAnswerRow, VersionRow
from bihuan.kernel.tools.assessments.rules.data import from_data
from bihuan.kernel.tools.assessments.types import (
    Answer,
    Assessment,
    Counted,
    InstrumentCode,
    Mode,
    Outcome,
    Result,
    Score,
    Value,
    Version,
    VersionId,
)
from bihuan.platform.web.errors import NotFound


def no_version() -> NotFound:
    """Return the refusal for a version that is not there, or not offered."""
    return NotFound("There is no such checklist, or it is no longer used.", code="no_version")


def to_version(row: VersionRow, *, repeated: bool = False) -> Version:
    """Return the row as a value."""
    return Version(
        id=VersionId(row.pk),
        number=row.number,
        content_hash=row.content_hash,
        valid_from=row.valid_from,
        definition=from_data(row.definition),
        withdrawn_at=row.withdrawn_at,
        withdrawn_why=row.withdrawn_why,
        licence_grant=row.licence_grant,
        repeated=repeated,
    )


def get_version(version_id: VersionId) -> Version:
    """Return a version, also a withdrawn one.

    Raises:
        NotFound: there is none.
    """
    row = VersionRow.objects.select_related("instrument").filter(pk=version_id).first()
    if row is None:
        raise no_version()
    return to_version(row)


def find_version(code: InstrumentCode, number: int) -> Version | None:
    """Return a version by its number, also a withdrawn one."""
    row = VersionRow.objects.filter(instrument__code=code, number=number).first()
    return to_version(row) if row else None


def get_offered(code: InstrumentCode, *, on: date) -> Version:
    """Return the version to be filled in on a day: the highest number in force.

    A version is not offered while somebody must act on its alert and no process is declared.

    Raises:
        NotFound: none is offered.
    """
    rows = VersionRow.objects.filter(
        instrument__code=code, valid_from__lte=on, withdrawn_at__isnull=True
    )
    row = rows.order_by("-number").first()
    version = to_version(row) if row else None
    if version is None or kinds.unanswered_alerts(version.definition):
        raise no_version()
    return version


def list_versions(code: InstrumentCode | None = None) -> tuple[Version, ...]:
    """Return every version, by instrument, the newest first."""
    rows = VersionRow.objects.order_by("instrument__code", "-number")
    return tuple(to_version(row) for row in (rows.filter(instrument__code=code) if code else rows))


def get_assessment(assessment_id: UUID, *, scope: Scope) -> Assessment:
    """Return an assessment with what it came to, the latter to whoever may see scores.

    Raises:
        NotFound: there is none, or none for this scope. Both sound the same.
    """
    row = AssessmentRow.objects.select_related("version").filter(pk=assessment_id).first()
    if row is None or not policies.may_see(scope, row.area_path):
        raise NotFound("There is no such record, or it is not in your care.")
    version = to_version(row.version)
    open_to = policies.may_see_scores(scope, version.definition.instrument)
    return to_assessment(row, version, result_of(row, version) if open_to else None)


def list_assessments(subject: Ref, *, scope: Scope, limit: int = 50) -> tuple[Assessment, ...]:
    """Return the assessments of a subject that the scope may know of, newest first, no answers."""
    rows = AssessmentRow.objects.select_related("version").filter(
        subject_kind=subject.kind, subject_key=subject.key
    )
    seen = rows.filter(policies.assessments_seen(scope)).order_by("-received_at", "pk")
    return tuple(to_assessment(row, to_version(row.version), None) for row in seen[:limit])


def to_assessment(
    row: AssessmentRow, version: Version, result: Result | None, *, repeated: bool = False
) -> Assessment:
    """Return the row as a value."""
    return Assessment(
        id=row.pk,
        version=version,
        subject=Ref(row.subject_kind, row.subject_key),
        area_path=AreaPath(row.area_path),
        received_at=row.received_at,
        result=result,
        claimed_at=row.claimed_at,
        mode=Mode(row.mode),
        broken_off=row.broken_off,
        version_was_withdrawn=row.version_was_withdrawn,
        repeated=repeated,
    )


def result_of(row: AssessmentRow, version: Version) -> Result:
    """Return what was recorded, in the order of the items; nothing is computed again."""
    kept = {answer.item: answer for answer in row.answers.all()}
    shown = {item for item, answer in kept.items() if answer.shown}
    items = [item.code for item in version.definition.items]
    return Result(
        counted=tuple(_counted(kept[i]) for i in items if i in shown),
        hidden=tuple(i for i in items if i not in shown),
        scores=tuple(Score(**score) for score in row.scores),
        alerts=tuple(row.alerts),
    )


def _counted(row: ItemAnswerRow) -> Counted:
    value: Value = tuple(row.value) if isinstance(row.value, list) else row.value
    return Counted(
        item=row.item,
        answer=Answer(value, row.note, tuple(row.photos)),
        outcome=Outcome(row.outcome) if row.outcome else None,
        points=row.points,
    )


def count_assessments(code: InstrumentCode | None = None) -> int:
    """Return how many assessments are recorded, of one instrument or all."""
    rows = AssessmentRow.objects.all()
    return (rows.filter(version__instrument__code=code) if code else rows).count()
