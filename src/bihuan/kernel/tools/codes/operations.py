"""Issuing, showing, checking and revoking codes; setting standings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.standards.types import DecisionId
from bihuan.kernel.tools.codes import queries, rules
from bihuan.kernel.tools.codes.facts import StandingChanged
from bihuan.kernel.tools.codes.models import CodeRow, Scan, StandingRow
from bihuan.kernel.tools.codes.types import (
    DYNAMIC_SECONDS,
    MAY_ISSUE,
    MAY_SET_STANDING,
    Checked,
    CodeId,
    Colour,
    Standing,
    Verdict,
)
from bihuan.platform.crypto import signing
from bihuan.platform.database.locks import lock_words
from bihuan.platform.web.errors import NotAllowed

PURPOSE = "code"
SKEW = timedelta(seconds=5)
"""A code shown by a web server whose clock runs a little ahead is still ours."""


def issue_code(kind: str, *, subject: Ref, scope: Scope, at: datetime) -> CodeId:
    """Return the living code of a kind for a subject; the first time, issue it."""
    if not scope.has(MAY_ISSUE):
        raise NotAllowed("Your post does not issue codes.")
    standing = queries.find_code(kind, subject)
    if standing is not None:
        return standing
    row, _ = CodeRow.objects.get_or_create(
        kind=kind,
        subject_kind=subject.kind,
        subject_key=subject.key,
        revoked_at=None,
        defaults={"version": 1, "issued_at": at},
    )
    return CodeId(row.pk)


def revoke_code(code_id: CodeId, *, scope: Scope, at: datetime) -> CodeId:
    """Revoke a code (its print was stolen) and issue the next version."""
    if not scope.has(MAY_ISSUE):
        raise NotAllowed("Your post does not issue codes.")
    with transaction.atomic():
        row = CodeRow.objects.select_for_update().get(pk=code_id)
        row.revoked_at = row.revoked_at or at
        row.save(update_fields=["revoked_at"])
        fresh = CodeRow.objects.create(
            kind=row.kind,
            subject_kind=row.subject_kind,
            subject_key=row.subject_key,
            version=row.version + 1,
            issued_at=at,
        )
    return CodeId(fresh.pk)


def code_text(code_id: CodeId, *, at: datetime | None = None) -> str:
    """Return the text of a code: the printed one, or with `at` one that lives for a minute."""
    row = CodeRow.objects.get(pk=code_id)
    claim = rules.Claim(row.pk, row.version, int(at.timestamp()) if at else 0)
    return rules.write(claim, signing.sign(claim.data(), purpose=PURPOSE))


def check_code(text: str, *, at: datetime) -> Checked:
    """Say whether a code is genuine and valid, and write the check down."""
    read = rules.read(text)
    row = None
    if read and signing.is_signed(read[0].data(), read[1], purpose=PURPOSE):
        row = CodeRow.objects.filter(pk=read[0].code_id, version=read[0].version).first()
    claim = read[0] if read else rules.Claim(0, 0)
    checked = _verdict(row, claim, at)
    Scan.objects.create(code=row, verdict=checked.verdict.value, dynamic=checked.dynamic, at=at)
    return checked


def _verdict(row: CodeRow | None, claim: rules.Claim, at: datetime) -> Checked:
    if row is None:
        return Checked(Verdict.NOT_OURS)
    dynamic = claim.shown_at > 0
    if row.revoked_at is not None:
        return Checked(Verdict.REVOKED, row.kind, dynamic=dynamic)
    subject = Ref(row.subject_kind, row.subject_key)
    if not dynamic:
        return Checked(Verdict.VALID, row.kind, subject)
    age = at - datetime.fromtimestamp(claim.shown_at, UTC)
    if not -SKEW <= age <= timedelta(seconds=DYNAMIC_SECONDS):
        return Checked(Verdict.EXPIRED, row.kind, dynamic=True)
    standing = queries.get_standing(subject)
    return Checked(Verdict.VALID, row.kind, subject, True, standing.colour if standing else None)


def lock_subject(subject: Ref) -> None:
    """Let nobody else decide about a subject until the transaction ends."""
    lock_words(f"codes.{subject}")


def set_standing(
    subject: Ref,
    *,
    colour: Colour,
    score: int,
    decision_id: DecisionId,
    awaits_person: bool,
    scope: Scope,
    at: datetime,
) -> Standing:
    """Set the standing of a subject by a decision; by the same decision again nothing changes.

    Another decision with the same colour and score is kept too: its reasons are others.

    Raises:
        NotAllowed: the scope may not.
    """
    if not scope.has(MAY_SET_STANDING):
        raise NotAllowed("Your post does not set codes.")
    with transaction.atomic():
        before = queries.get_standing(subject)
        if before and before.decision_id == decision_id:
            return before
        same_colour = before is not None and before.colour == colour
        row = StandingRow.objects.create(
            subject_kind=subject.kind,
            subject_key=subject.key,
            colour=colour.value,
            score=score,
            awaits_person=awaits_person,
            decision_id=decision_id,
            since=before.since if before and same_colour else at,
            computed_at=at,
        )
        told = before and (before.colour, before.score, before.awaits_person)
        if told == (colour, score, awaits_person):
            return queries.to_standing(row)
        fact = StandingChanged(
            subject,
            before=before.colour.value if before else "",
            after=colour.value,
            score=score,
            decision_id=decision_id,
        )
        events.record(fact, origin=scope.origin, at=at)
    return queries.to_standing(row)
