"""Recording visits and findings. The phone makes the ids: the same one again changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from bihuan.kernel.affairs.fieldwork.facts import FindingRecorded, VisitRecorded
from bihuan.kernel.affairs.fieldwork.models import FindingRow, VisitRow
from bihuan.kernel.affairs.fieldwork.queries import to_finding, to_visit
from bihuan.kernel.affairs.fieldwork.types import (
    MAY_PATROL,
    MAY_VERIFY_ON_SITE,
    Finding,
    NewPatrol,
    NewServiceVisit,
    NewVerification,
    PatrolFinding,
    Visit,
    VisitKind,
    finding_ref,
    visit_ref,
)
from bihuan.kernel.affairs.fieldwork.types.inspections import MAY_SERVE
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Fact, Origin, Ref
from bihuan.kernel.ground.registry.types import PersonId, Scope
from bihuan.kernel.tools.documents import api as documents
from bihuan.platform.database import bulk
from bihuan.platform.database.joining import part
from bihuan.platform.database.together import Writing
from bihuan.platform.web.errors import NotAllowed, Refused


class UnableToRecordVisit(Refused):
    """The visit does not hold; the words say what to mend."""


def record_patrol(
    new: NewPatrol, *, findings: Sequence[PatrolFinding] = (), scope: Scope, at: datetime
) -> tuple[Visit, tuple[Finding, ...]]:
    """Record a patrol visit with what it found, in one transaction.

    Raises:
        NotAllowed: the scope may not patrol, or not there.
        UnableToRecordVisit: a finding says nothing.
    """
    if not scope.has(MAY_PATROL):
        raise NotAllowed("Your post does not patrol.")
    if not scope.covers(new.area_path):
        raise NotAllowed("This place lies outside your grid.", code="other_grid")
    if any(not finding.text.strip() for finding in findings):
        raise UnableToRecordVisit("Say in one sentence what you saw.", field="text")
    with transaction.atomic():
        visit = _visit(new, scope=scope, at=at)
        found = tuple(_finding(visit, f, scope=scope, at=at) for f in findings)
    return visit, found


def _visit(new: NewPatrol, *, scope: Scope, at: datetime) -> Visit:
    row, created = VisitRow.objects.get_or_create(
        id=new.visit_id,
        defaults={
            "kind": VisitKind.PATROL.value,
            "area_path": new.area_path,
            "organisation_id": new.organisation_id,
            "note": new.note.strip(),
            "longitude": new.longitude,
            "latitude": new.latitude,
            "received_at": at,
            "claimed_at": new.claimed_at,
            **_who(scope),
        },
    )
    _same_person(row, scope)
    if created:
        _announce(row, scope=scope, at=at)
    return to_visit(row, repeated=not created)


def _finding(visit: Visit, new: PatrolFinding, *, scope: Scope, at: datetime) -> Finding:
    row, created = FindingRow.objects.select_related("visit").get_or_create(
        id=new.finding_id,
        defaults={
            "visit_id": visit.id,
            "domain": new.domain.value,
            "text": new.text.strip(),
            "effect": new.effect.value,
            "looks_major": new.looks_major,
            "place": new.place.strip()[:120],
            "photos": list(new.photos),
        },
    )
    _same_person(row.visit, scope)
    finding = to_finding(row, repeated=not created)
    if created:
        for digest in new.photos:
            documents.attach(
                subject=finding_ref(row.pk),
                digest=digest,
                kind="before",
                scope=scope,
                at=at,
                claimed_at=finding.claimed_at,
                longitude=finding.longitude,
                latitude=finding.latitude,
            )
        events.record(_finding_fact(finding), origin=scope.origin, at=at)
    return finding


def _finding_fact(finding: Finding) -> FindingRecorded:
    return FindingRecorded(
        subject=finding_ref(finding.id),
        visit=str(finding.visit_id),
        domain=finding.domain.value,
        effect=finding.effect.value,
        looks_major=finding.looks_major,
        area_path=finding.area_path,
        organisation=str(finding.organisation_id or ""),
    )


def record_service(new: NewServiceVisit, *, scope: Scope, at: datetime) -> Visit:
    """Record a visit that served a firm. It advises in words; nothing follows by law.

    Raises:
        NotAllowed: the scope does not serve firms there.
        UnableToRecordVisit: nothing was advised.
    """
    if not scope.has(MAY_SERVE) or not scope.covers(new.area_path):
        raise NotAllowed("Your post does not serve firms here.")
    if not new.advice.strip():
        raise UnableToRecordVisit("Say in one sentence what you advised.", field="advice")
    with transaction.atomic():
        row, created = VisitRow.objects.get_or_create(
            id=new.visit_id,
            defaults={
                "kind": VisitKind.SERVICE.value,
                "area_path": new.area_path,
                "organisation_id": new.organisation_id,
                "note": new.advice.strip(),
                "longitude": new.longitude,
                "latitude": new.latitude,
                "received_at": at,
                "claimed_at": new.claimed_at,
                **_who(scope),
            },
        )
        _same_person(row, scope)
        if created:
            _announce(row, scope=scope, at=at)
    return to_visit(row, repeated=not created)


def record_verification(new: NewVerification, *, scope: Scope, at: datetime) -> Visit:
    """Record that somebody went and looked; the room above decides what follows from it.

    Raises:
        NotAllowed: the scope does not verify on the spot, or not there.
    """
    begun = begin_verification(new, scope=scope, at=at)
    with part():
        into = Writing()
        branch = begun.write(into)
        recorded = [(begun.fact, scope.origin, at)]
        events.record_with(into, recorded, only_if=(begun.fact, branch))
        ((written,),) = into.send(f"SELECT EXISTS (SELECT FROM {branch})")  # noqa: S608  our branch
        return begun.settle(written=written)


@dataclass(frozen=True, slots=True)
class BegunVerification:
    """A verification whose row goes with the statement of the room above."""

    row: VisitRow
    fact: VisitRecorded

    def write(self, into: Writing) -> str:
        """Let the visit be written unless its id is known; return the branch that does."""
        return into.insert(self.row, unless_known=True)

    def settle(self, *, written: bool) -> Visit:
        """Return the visit once it is written, or the one that stood.

        Raises:
            NotAllowed: it stood, and is somebody else's.
        """
        row = self.row if written else VisitRow.objects.get(pk=self.row.pk)
        if row.person_id != self.row.person_id:
            raise NotAllowed("This visit was recorded by somebody else.", code="other_person")
        return to_visit(row, repeated=not written)


def begin_verification(new: NewVerification, *, scope: Scope, at: datetime) -> BegunVerification:
    """Return a verification that the room above writes with what follows from it.

    Raises:
        NotAllowed: the scope does not verify on the spot, or not there.
    """
    if not scope.has(MAY_VERIFY_ON_SITE) or not scope.covers(new.area_path):
        raise NotAllowed("Your post does not verify here.")
    row = VisitRow(
        id=new.visit_id,
        **_seen(new),
        received_at=at,
        **_who(scope),
    )
    return BegunVerification(row, _fact(row))


def take_over_verifications(
    looks: Sequence[tuple[NewVerification, PersonId | None, Origin, datetime]],
) -> None:
    """Write down many looks on the spot that happened in another house, set-wise; nobody is told.

    The room that takes over what they verify answers for the power, and calls in its transaction.
    """
    rows = [
        VisitRow(
            id=new.visit_id,
            **_seen(new),
            received_at=at,
            person_id=person_id,
            account_id=origin.account_id,
            post_id=origin.post_id,
        )
        for new, person_id, origin, at in looks
    ]
    bulk.insert_rows(rows)
    facts: list[tuple[Fact, Origin, datetime]] = [
        (_fact(row), origin, at)
        for row, (_new, _person, origin, at) in zip(rows, looks, strict=True)
    ]
    events.record_each(facts, deliver=False)


def _seen(new: NewVerification) -> dict[str, Any]:
    return {
        "kind": VisitKind.VERIFICATION.value,
        "area_path": new.area_path,
        "verifies_kind": new.verifies.kind,
        "verifies_key": new.verifies.key,
        "passed": new.passed,
        "note": new.words.strip(),
        "longitude": new.longitude,
        "latitude": new.latitude,
        "claimed_at": new.claimed_at,
    }


def _who(scope: Scope) -> dict[str, Any]:
    return {
        "person_id": scope.person_id,
        "account_id": scope.origin.account_id,
        "post_id": scope.origin.post_id,
    }


def _same_person(row: VisitRow, scope: Scope) -> None:
    if row.person_id != scope.person_id:
        raise NotAllowed("This visit was recorded by somebody else.", code="other_person")


def _announce(row: VisitRow, *, scope: Scope, at: datetime) -> None:
    events.record(_fact(row), origin=scope.origin, at=at)


def _fact(row: VisitRow) -> VisitRecorded:
    verifies = Ref(row.verifies_kind, row.verifies_key)
    return VisitRecorded(
        subject=visit_ref(row.pk),
        kind=row.kind,
        area_path=row.area_path,
        organisation=str(row.organisation_id or ""),
        verifies=str(verifies) if row.verifies_key else "",
        passed=row.passed,
    )
