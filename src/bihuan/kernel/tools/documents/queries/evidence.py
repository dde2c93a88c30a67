"""Reading evidence."""

from __future__ import annotations

from collections.abc import Iterable

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.documents import kinds
from bihuan.kernel.tools.documents.models import EvidenceRow
from bihuan.kernel.tools.documents.types import Evidence, EvidenceId
from bihuan.platform.web.errors import NotFound


def to_evidence(row: EvidenceRow) -> Evidence:
    """Return the row as a value."""
    return Evidence(
        id=EvidenceId(row.pk),
        subject=Ref(row.subject_kind, row.subject_key),
        kind=row.kind,
        digest=row.blob.digest,
        received_at=row.received_at,
        claimed_at=row.claimed_at,
        longitude=row.longitude,
        latitude=row.latitude,
    )


def list_evidence(subjects: Iterable[Ref]) -> dict[Ref, tuple[Evidence, ...]]:
    """Return the evidence of several subjects, oldest first, in one statement."""
    wanted = set(subjects)
    rows = EvidenceRow.objects.select_related("blob").filter(
        subject_kind__in={ref.kind for ref in wanted}, subject_key__in={ref.key for ref in wanted}
    )
    found: dict[Ref, list[Evidence]] = {}
    for row in rows.order_by("pk"):
        evidence = to_evidence(row)
        if evidence.subject in wanted:
            found.setdefault(evidence.subject, []).append(evidence)
    return {ref: tuple(items) for ref, items in found.items()}


def get_evidence(evidence_id: EvidenceId, *, scope: Scope) -> Evidence:
    """Return one piece of evidence to whoever may see its subject.

    Raises:
        NotFound: there is none, or none for this scope. Both sound the same.
    """
    row = EvidenceRow.objects.select_related("blob").filter(pk=evidence_id).first()
    if row is None or not kinds.may_see(scope, Ref(row.subject_kind, row.subject_key)):
        raise NotFound("There is no such photo, or it is not in your care.")
    return to_evidence(row)


def digest_of(evidence_id: EvidenceId) -> str:
    """Return under which hash evidence is kept, or nothing."""
    found = EvidenceRow.objects.filter(pk=evidence_id).values_list("blob__digest", flat=True)
    return found.first() or ""
