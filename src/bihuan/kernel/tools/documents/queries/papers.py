"""Reading papers: for who sees their subject; and for everybody, whether one is genuine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import EVERYBODY, Scope
from bihuan.kernel.tools.documents import kinds, rules
from bihuan.kernel.tools.documents.models import PaperRow
from bihuan.kernel.tools.documents.types import CheckedPaper, Paper, PaperId, PaperState
from bihuan.platform.web.errors import NotFound

VALID = Q(replaced_by__isnull=True, withdrawn_at__isnull=True)


def papers_of(kind: str, subject: Ref) -> QuerySet[PaperRow]:
    """Return the papers of a kind for a subject."""
    rows = PaperRow.objects.select_related("unit", "blob")
    return rows.filter(kind=kind, subject_kind=subject.kind, subject_key=subject.key)


def subject_of(row: PaperRow) -> Ref:
    """Return what a paper is about."""
    return Ref(row.subject_kind, row.subject_key)


def to_paper(row: PaperRow, *, repeated: bool = False) -> Paper:
    """Return the row as a value."""
    return Paper(
        id=PaperId(row.pk),
        kind=row.kind,
        title=kinds.get_kind(row.kind).title,
        number=row.number,
        version=row.version,
        subject=subject_of(row),
        code=row.code,
        digest=row.digest,
        issued_at=row.issued_at,
        unit_name=row.unit.name if row.unit else "",
        state=_state(row),
        kept=row.blob_id is not None,
        repeated=repeated,
    )


def _state(row: PaperRow) -> PaperState:
    if row.withdrawn_at is not None:
        return PaperState.WITHDRAWN
    return PaperState.REPLACED if row.replaced_by_id is not None else PaperState.VALID


def may_fetch(row: PaperRow, scope: Scope) -> bool:
    """Return whether the scope may fetch a paper: its subject is seen, and its kind is for it."""
    return scope.has(kinds.get_kind(row.kind).power) and kinds.may_see(scope, subject_of(row))


def get_paper(paper_id: PaperId, *, scope: Scope) -> Paper:
    """Return a paper to whoever may see its subject.

    Raises:
        NotFound: there is none, or none for this scope. Both sound the same.
    """
    row = PaperRow.objects.select_related("unit").filter(pk=paper_id).first()
    if row is None or not may_fetch(row, scope):
        raise NotFound("There is no such paper, or it is not in your care.")
    return to_paper(row)


def read_paper(paper_id: PaperId, *, scope: Scope) -> dict[str, Any]:
    """Return what was printed on a paper, as it was frozen, to whoever may see its subject.

    Raises:
        NotFound: there is none, or none for this scope.
    """
    get_paper(paper_id, scope=scope)
    return dict(PaperRow.objects.values_list("content", flat=True).get(pk=paper_id))


def list_papers(subject: Ref, *, scope: Scope) -> tuple[Paper, ...]:
    """Return the papers about a subject that the scope may fetch, the newest first."""
    rows = PaperRow.objects.select_related("unit").filter(
        subject_kind=subject.kind, subject_key=subject.key
    )
    return tuple(to_paper(row) for row in rows.order_by("-pk") if may_fetch(row, scope))


def seen_papers(subject: Ref) -> tuple[Paper, ...]:
    """Return the papers of kinds without a power of their own, the newest first.

    For who holds the receipt of a matter: whoever calls has decided that the subject may be seen.
    """
    rows = PaperRow.objects.select_related("unit").filter(
        subject_kind=subject.kind, subject_key=subject.key
    )
    plain = (row for row in rows.order_by("-pk") if kinds.get_kind(row.kind).power == EVERYBODY)
    return tuple(to_paper(row) for row in plain)


def check_paper(code: str) -> CheckedPaper | None:
    """Return what anybody may know of the paper with a code; None: there is no such paper."""
    row = _by_code(code)
    if row is None:
        return None
    return CheckedPaper(
        kind_title=kinds.get_kind(row.kind).title,
        number=row.number,
        issued_at=row.issued_at,
        unit_name=row.unit.name if row.unit else "",
        state=_state(row),
        digest=row.digest,
        ended_at=row.withdrawn_at or row.replaced_at,
        replaced_by=row.replaced_by.number if row.replaced_by else "",
    )


def _by_code(code: str) -> PaperRow | None:
    wanted = rules.clean_code(code)
    rows = PaperRow.objects.select_related("unit", "replaced_by")
    return rows.filter(code=wanted).first() if wanted else None


def is_same_file(checked: CheckedPaper, chunks: Iterable[bytes]) -> bool:
    """Return whether a file is the paper as it was issued, byte for byte. Nothing of it is kept."""
    found = hashlib.sha256()
    for chunk in chunks:
        found.update(chunk)
    return found.hexdigest() == checked.digest
