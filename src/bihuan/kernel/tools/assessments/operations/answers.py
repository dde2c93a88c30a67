"""Recording answers, once. The sender makes the ids."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from django.db import transaction

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.assessments import policies, queries
from bihuan.kernel.tools.assessments.facts import (
    AlertRaised,
    AssessmentRecorded,
    ItemFailed,
)
from bihuan.kernel.tools.assessments.models import (
    AssessmentRow,
    ItemAnswerRow,
)
from bihuan.kernel.tools.assessments.rules.scoring import evaluate, find_faults
from bihuan.kernel.tools.assessments.types import (
    Answer,
    Assessment,
    Counted,
    Definition,
    Fault,
    NewAssessment,
    Result,
    Version,
    assessment_ref,
)
from bihuan.kernel.tools.documents import api as documents
from bihuan.platform.web.errors import Mismatch, NotAllowed, Refused


class UnableToRecordAssessment(Refused):
    """Answers lack or do not fit; `faults` says which."""

    faults: tuple[Fault, ...] = ()


def record_assessment(new: NewAssessment, *, scope: Scope, at: datetime) -> Assessment:
    """Record answers once; the same id again gives the same, and changes nothing.

    Raises:
        NotAllowed: the scope may not fill in here, or the id is somebody else's.
        Mismatch: the id came back with other answers.
        UnableToRecordAssessment: answers lack or do not fit.
    """
    with transaction.atomic():
        policies.require_fill(scope, new.area_path)
        version = queries.get_version(new.version_id)
        definition = version.definition
        found = AssessmentRow.objects.filter(pk=new.id).first()
        if found is None:
            _require_answers(definition, new)
            result = evaluate(definition, new.answers)
            found, created = _write(new, version, result, scope=scope, at=at)
        else:
            created = False
        if not created:
            return _again(found, new, version, scope)
        _attach(new, result, scope=scope, at=at)
        _announce(found, version, result, scope=scope, at=at)
    return queries.to_assessment(found, version, _for(scope, version, result))


def _require_answers(definition: Definition, new: NewAssessment) -> None:
    faults = find_faults(definition, new.answers, broken_off=new.broken_off)
    if not faults:
        return
    refusal = UnableToRecordAssessment(
        "%(count)s items need an answer or a photo. They are marked.",
        field=faults[0].item,
        count=len(faults),
    )
    refusal.faults = faults
    raise refusal


def _write(
    new: NewAssessment, version: Version, result: Result, *, scope: Scope, at: datetime
) -> tuple[AssessmentRow, bool]:
    row, created = AssessmentRow.objects.get_or_create(
        id=new.id,
        defaults={
            "version_id": version.id,
            "subject_kind": new.subject.kind,
            "subject_key": new.subject.key,
            "area_path": new.area_path,
            "mode": new.mode.value,
            "broken_off": new.broken_off,
            "fingerprint": _fingerprint(new),
            "scores": [
                {"dimension": s.dimension, "total": s.total, "band": s.band, "prorated": s.prorated}
                for s in result.scores
            ],
            "alerts": list(result.alerts),
            "version_was_withdrawn": version.withdrawn_at is not None,
            "person_id": scope.person_id,
            "account_id": scope.origin.account_id,
            "post_id": scope.origin.post_id,
            "received_at": at,
            "claimed_at": new.claimed_at,
        },
    )
    if created:
        hidden = [
            Counted(code, answer)
            for code in result.hidden
            if (answer := new.answers.get(code, Answer())) != Answer()
        ]
        ItemAnswerRow.objects.bulk_create(
            [_answer_row(row, c, shown=True) for c in result.counted]
            + [_answer_row(row, c, shown=False) for c in hidden]
        )
    return row, created


def _answer_row(row: AssessmentRow, counted: Counted, *, shown: bool) -> ItemAnswerRow:
    answer = counted.answer
    return ItemAnswerRow(
        assessment=row,
        item=counted.item,
        value=answer.value,
        note=answer.note.strip(),
        photos=list(answer.photos),
        shown=shown,
        outcome=counted.outcome.value if counted.outcome else "",
        points=counted.points,
    )


def _fingerprint(new: NewAssessment) -> str:
    """Return a hash of what must be equal when the id comes again."""
    answers = {
        code: [answer.value, answer.note.strip(), sorted(answer.photos)]
        for code, answer in new.answers.items()
        if answer != Answer()
    }
    parts = [new.version_id, str(new.subject), new.area_path, answers]
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _again(row: AssessmentRow, new: NewAssessment, version: Version, scope: Scope) -> Assessment:
    if row.person_id != scope.person_id or row.account_id != scope.origin.account_id:
        raise NotAllowed("This checklist was filled in by somebody else.", code="other_person")
    if row.fingerprint != _fingerprint(new):
        raise Mismatch(
            "This checklist was already sent with other answers. Open it afresh and send it again."
        )
    result = _for(scope, version, queries.result_of(row, version))
    return queries.to_assessment(row, version, result, repeated=True)


def _for(scope: Scope, version: Version, result: Result) -> Result | None:
    open_to = policies.may_see_scores(scope, version.definition.instrument)
    return result if open_to else None


def _attach(new: NewAssessment, result: Result, *, scope: Scope, at: datetime) -> None:
    """Keep the photos of every item that was shown as evidence of the assessment."""
    for counted in result.counted:
        for digest in counted.answer.photos:
            documents.attach(
                subject=assessment_ref(new.id),
                digest=digest,
                kind="scene",
                scope=scope,
                at=at,
                claimed_at=new.claimed_at,
            )


def _announce(
    row: AssessmentRow, version: Version, result: Result, *, scope: Scope, at: datetime
) -> None:
    """Record the fact, one for each failed item, one for each alert. Nothing else."""
    about = str(Ref(row.subject_kind, row.subject_key))
    named = (str(version.code), version.number, row.area_path)
    sensitive = version.definition.instrument.sensitive
    items = [
        ItemFailed(
            Ref("assessments.item", f"{row.pk}/{c.item}"), *named, about, str(row.pk), c.item
        )
        for c in (() if sensitive else result.failed())
    ]
    whole = next((s for s in result.scores if not s.dimension and not sensitive), None)
    recorded = AssessmentRecorded(
        assessment_ref(row.pk),
        *named,
        about,
        failed=len(items),
        total=whole.total if whole else None,
        band=whole.band if whole else "",
        version_was_withdrawn=row.version_was_withdrawn,
    )
    alerts = [AlertRaised(assessment_ref(row.pk), *named, about, a) for a in result.alerts]
    events.record_many([(fact, scope.origin) for fact in (recorded, *items, *alerts)], at=at)
