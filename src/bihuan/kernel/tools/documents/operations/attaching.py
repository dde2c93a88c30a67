"""Adding evidence."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.documents.facts import EvidenceAttached
from bihuan.kernel.tools.documents.models import EvidenceRow
from bihuan.kernel.tools.documents.queries import to_evidence
from bihuan.kernel.tools.documents.types import MOST_A_SUBJECT, Evidence
from bihuan.platform.files import store
from bihuan.platform.web.errors import Refused


class UnableToAttach(Refused):
    """The file is not stored, or the subject has enough."""


def attach(
    *,
    subject: Ref,
    digest: str,
    kind: str,
    scope: Scope,
    at: datetime,
    claimed_at: datetime | None = None,
    longitude: float | None = None,
    latitude: float | None = None,
) -> Evidence:
    """Add a stored file to a subject; the same file twice is one piece of evidence.

    Whoever calls has decided that the scope may add to the subject. The place is the phone's, or
    else the photo's own; `claimed_at` is the phone's word, `at` is when the centre received it.

    Raises:
        UnableToAttach: nothing is stored under this hash, or the subject has forty already.
    """
    blob = store.find_blob(digest)
    if blob is None:
        raise UnableToAttach("The photo has not arrived. Send it again.", field="photos")
    with transaction.atomic():
        found = EvidenceRow.objects.filter(subject_kind=subject.kind, subject_key=subject.key)
        if found.count() >= MOST_A_SUBJECT:
            raise UnableToAttach("There are forty photos already. That is enough.", field="photos")
        row, created = EvidenceRow.objects.select_related("blob").get_or_create(
            subject_kind=subject.kind,
            subject_key=subject.key,
            kind=kind,
            blob=blob,
            defaults={
                "received_at": at,
                "claimed_at": claimed_at,  # when the camera says it was taken stays with the blob
                "longitude": blob.longitude if longitude is None else longitude,
                "latitude": blob.latitude if latitude is None else latitude,
                "account_id": scope.origin.account_id,
                "post_id": scope.origin.post_id,
            },
        )
        if created:
            fact = EvidenceAttached(subject, evidence_id=row.pk, kind=kind, digest=digest)
            events.record(fact, origin=scope.origin, at=at)
    return to_evidence(row)
