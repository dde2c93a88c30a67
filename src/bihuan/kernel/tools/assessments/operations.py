"""Publishing and withdrawing versions; recording answers. The sender makes the ids."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.assessments import kinds, policies, queries
from bihuan.kernel.tools.assessments.facts import (
    AlertRaised,
    AssessmentRecorded,
    ItemFailed,
    VersionPublished,
    VersionWithdrawn,
)
from bihuan.kernel.tools.assessments.models import (
    AssessmentRow,
    InstrumentRow,
    ItemAnswerRow,
    VersionRow,
)
from bihuan.kernel.tools.assessments.rules.checking import check_definition
from bihuan.kernel.tools.assessments.rules.data import hash_definition, to_data
from bihuan.kernel.tools.assessments.rules.scoring import evaluate, find_faults
from bihuan.kernel.tools.assessments.types import (
    Answer,
    Assessment,
    Counted,
    DeclaredVersion,
    Definition,
    Fault,
    NewAssessment,
    Problem,
    Result,
    Version,
    VersionId,
    assessment_ref,
    version_ref,
)
from bihuan.kernel.tools.documents import api as documents
from bihuan.platform.web.errors import Mismatch, NotAllowed, Refused


class UnableToPublish(Refused):
    """The definition does not hold; `problems` says where."""

    problems: tuple[Problem, ...] = ()


class UnableToWithdraw(Refused):
    """The version cannot be withdrawn so."""


class UnableToRecordAssessment(Refused):
    """Answers lack or do not fit; `faults` says which."""

    faults: tuple[Fault, ...] = ()


# -- versions -------------------------------------------------------------------------------------


def publish_version(
    definition: Definition,
    *,
    valid_from: date,
    licence_grant: str = "",
    scope: Scope,
    at: datetime,
) -> Version:
    """Publish the next version of an instrument; the same content as the newest is no new one.

    Raises:
        NotAllowed: the scope may not publish.
        UnableToPublish: the content does not hold, an alert has no process, a grant lacks.
    """
    code = definition.instrument.code
    with transaction.atomic():
        policies.require_publish(scope)
        _require_sound(definition, licence_grant)
        instrument = _instrument(definition)
        newest = instrument.versions.order_by("-number").first()
        digest = hash_definition(definition)
        if newest and newest.content_hash == digest and newest.withdrawn_at is None:
            return queries.to_version(newest, repeated=True)
        row = VersionRow.objects.create(
            instrument=instrument,
            number=newest.number + 1 if newest else 1,
            content_hash=digest,
            definition=to_data(definition),
            valid_from=valid_from,
            licence_grant=licence_grant.strip(),
            account_id=scope.origin.account_id,
            published_at=at,
        )
        fact = VersionPublished(
            version_ref(VersionId(row.pk)),
            instrument=code,
            number=row.number,
            content_hash=digest,
            valid_from=valid_from.isoformat(),
        )
        events.record(fact, origin=scope.origin, at=at)
    return queries.to_version(row)


def _require_sound(definition: Definition, licence_grant: str) -> None:
    problems = check_definition(definition)
    if problems:
        refusal = UnableToPublish("The checklist does not hold yet. Mend what is marked.")
        refusal.problems = problems
        raise refusal
    lacking = kinds.unanswered_alerts(definition)
    if lacking:
        raise UnableToPublish(
            "Nobody answers the alert %(alert)s. Declare a process for it first.",
            code="alert_without_process",
            alert=lacking[0],
        )
    if definition.licence.needs_grant and not licence_grant.strip():
        raise UnableToPublish(
            "%(holder)s must permit the use first. Give the number of the grant.",
            code="no_grant",
            holder=definition.licence.holder,
        )


def _instrument(definition: Definition) -> InstrumentRow:
    """Return the instrument's row, locked, so that two numbers cannot meet."""
    instrument = definition.instrument
    defaults = {"kind": instrument.kind.value, "sensitive": instrument.sensitive}
    InstrumentRow.objects.get_or_create(code=instrument.code, defaults=defaults)
    row = InstrumentRow.objects.select_for_update().get(code=instrument.code)
    if (row.kind, row.sensitive) != (instrument.kind.value, instrument.sensitive):
        raise UnableToPublish(
            "Kind and sensitivity of a checklist never change. Take another code.",
            code="other_kind",
        )
    return row


def withdraw_version(version_id: VersionId, *, why: str, scope: Scope, at: datetime) -> Version:
    """Offer a version no longer. Answers that arrive later are kept and marked, never dropped.

    Raises:
        NotAllowed: the scope may not.
        NotFound: there is no such version.
        UnableToWithdraw: no reason is given.
    """
    with transaction.atomic():
        row = VersionRow.objects.select_for_update().filter(pk=version_id).first()
        policies.require_publish(scope)
        if row is None:
            raise queries.no_version()
        if row.withdrawn_at is not None:
            return queries.to_version(row, repeated=True)
        if not why.strip():
            raise UnableToWithdraw("Say why it is withdrawn.", field="why")
        row.withdrawn_at, row.withdrawn_why = at, why.strip()[:200]
        row.save(update_fields=["withdrawn_at", "withdrawn_why"])
        version = queries.to_version(row)
        fact = VersionWithdrawn(
            version_ref(version_id), instrument=version.code, number=version.number
        )
        events.record(fact, origin=scope.origin, at=at)
    return version


class UnableToLoadVersion(ValueError):
    """A shipped version contradicts what stands; changed content needs the next number."""


def load_declared(declared: Iterable[DeclaredVersion] | None = None) -> int:
    """Publish what the scenes ship; what stands already stays. Return how many are new.

    Raises:
        UnableToLoadVersion: a number stands with another content or day.
    """
    made = 0
    with transaction.atomic():
        for version in kinds.all_declared() if declared is None else declared:
            made += _load_one(version)
    return made


def _load_one(declared: DeclaredVersion) -> int:
    definition = declared.definition
    code, digest = definition.instrument.code, hash_definition(definition)
    _require_sound(definition, declared.licence_grant)
    instrument = _instrument(definition)
    row = instrument.versions.filter(number=declared.number).first()
    if row is not None:
        if (row.content_hash, row.valid_from) != (digest, declared.valid_from):
            raise UnableToLoadVersion(
                f"version {declared.number} of {code} stands with another content or day"
            )
        return 0
    VersionRow.objects.create(
        instrument=instrument,
        number=declared.number,
        content_hash=digest,
        definition=to_data(definition),
        valid_from=declared.valid_from,
        licence_grant=declared.licence_grant,
        brought_by=declared.brought_by,
    )
    return 1


# -- answers --------------------------------------------------------------------------------------


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
    open_to_all = not version.definition.instrument.sensitive
    whole = next((s for s in result.scores if not s.dimension and open_to_all), None)
    about = str(Ref(row.subject_kind, row.subject_key))
    code, number, path = str(version.code), version.number, row.area_path
    failed = result.failed() if open_to_all else ()
    recorded = AssessmentRecorded(
        assessment_ref(row.pk),
        about=about,
        failed=len(failed),
        total=whole.total if whole else None,
        band=whole.band if whole else "",
        version_was_withdrawn=row.version_was_withdrawn,
        instrument=code,
        number=number,
        area_path=path,
    )
    items = [
        ItemFailed(
            Ref("assessments.item", f"{row.pk}/{c.item}"),
            assessment=str(row.pk),
            item=c.item,
            about=about,
            instrument=code,
            number=number,
            area_path=path,
        )
        for c in failed
    ]
    alerts = [
        AlertRaised(
            assessment_ref(row.pk),
            alert=alert,
            about=about,
            instrument=code,
            number=number,
            area_path=path,
        )
        for alert in result.alerts
    ]
    facts = [(fact, scope.origin) for fact in (recorded, *items, *alerts)]
    events.record_many(facts, at=at)
