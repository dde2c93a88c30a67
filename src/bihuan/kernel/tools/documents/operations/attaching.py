"""Adding evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_noop as _

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Fact, Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.documents.facts import EvidenceAttached
from bihuan.kernel.tools.documents.models import EvidenceRow
from bihuan.kernel.tools.documents.queries import to_evidence
from bihuan.kernel.tools.documents.types import MOST_A_SUBJECT, Evidence, Piece
from bihuan.platform.database import prepared
from bihuan.platform.database.joining import part
from bihuan.platform.database.together import Writing
from bihuan.platform.files import store
from bihuan.platform.web.errors import Refused

NOT_ARRIVED = _("The photo has not arrived. Send it again.")
ENOUGH = _("There are forty photos already. That is enough.")


class UnableToAttach(Refused):
    """The file is not stored, or the subject has enough."""


_FIND = """
    SELECT b.digest, b.id, b.longitude, b.latitude, w.kind,
           nextval('documents_evidence_id_seq'::regclass),
           EXISTS (SELECT FROM documents_evidence e WHERE e.subject_kind = $3
                   AND e.subject_key = $4 AND e.kind = w.kind AND e.blob_id = b.id),
           (SELECT count(*) FROM documents_evidence e
            WHERE e.subject_kind = $3 AND e.subject_key = $4)
    FROM unnest($1::text[], $2::text[]) AS w (digest, kind)
    JOIN files_blob b ON b.digest = w.digest
"""
"""Files by their hashes, a fresh key for each, and what the subject has already."""


def attach_with(
    writing: Writing, pieces: Sequence[Piece], *, subject: Ref, scope: Scope, at: datetime
) -> list[Fact]:
    """Let stored files be added with the statement that writes why; return the facts to record.

    As `attach`, for whoever holds the lock of the subject and records the facts with his own.

    Raises:
        UnableToAttach: nothing is stored under a hash, or the subject has forty already.
    """
    wanted = {(piece.digest, piece.kind): piece for piece in reversed(pieces)}
    given = [[digest for digest, _kind in wanted], [kind for _digest, kind in wanted]]
    with connection.cursor() as cursor:
        prepared.execute(cursor, _FIND, [*given, subject.kind, subject.key])
        known = {(row[0], row[4]): row for row in cursor.fetchall()}
    facts: list[Fact] = []
    for piece in reversed(wanted.values()):
        found = known.get((piece.digest, piece.kind))
        if found is None:
            raise UnableToAttach(NOT_ARRIVED, field="photos")
        _digest, blob_id, longitude, latitude, _kind, key, attached, count = found
        if count + len(facts) >= MOST_A_SUBJECT:
            raise UnableToAttach(ENOUGH, field="photos")
        if attached:
            continue
        row = EvidenceRow(
            id=key,
            subject_kind=subject.kind,
            subject_key=subject.key,
            kind=piece.kind,
            blob_id=blob_id,
            received_at=at,
            claimed_at=piece.claimed_at,
            longitude=longitude if piece.longitude is None else piece.longitude,
            latitude=latitude if piece.latitude is None else piece.latitude,
            account_id=scope.origin.account_id,
            post_id=scope.origin.post_id,
        )
        writing.insert(row)
        facts.append(
            EvidenceAttached(subject, evidence_id=key, kind=piece.kind, digest=piece.digest)
        )
    return facts


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
        raise UnableToAttach(NOT_ARRIVED, field="photos")
    with part():
        found = EvidenceRow.objects.filter(subject_kind=subject.kind, subject_key=subject.key)
        if found.count() >= MOST_A_SUBJECT:
            raise UnableToAttach(ENOUGH, field="photos")
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
