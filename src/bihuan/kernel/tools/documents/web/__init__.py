"""Handing out evidence: the guard of its subject decides."""

from __future__ import annotations

from typing import cast

from django.http import HttpResponse

from bihuan.kernel.ground.registry.types import EVERYBODY
from bihuan.kernel.ground.registry.web import StepRequest, step
from bihuan.kernel.tools.documents.queries import digest_of, get_evidence
from bihuan.kernel.tools.documents.types import EvidenceId
from bihuan.platform.files import store


def hand_out(evidence_id: EvidenceId, *, thumb: bool = False) -> HttpResponse:
    """Return a file to a reader of whom the caller knows that it may be seen.

    Raises:
        NotFound: there is none.
    """
    return cast("HttpResponse", store.hand_out(digest_of(evidence_id), thumb=thumb))


@step(power=EVERYBODY, methods=("GET",))
def evidence(request: StepRequest, evidence_id: int) -> HttpResponse:
    """Return a photo or voice note to whoever may see what it belongs to."""
    found = get_evidence(EvidenceId(evidence_id), scope=request.scope)
    return cast("HttpResponse", store.hand_out(found.digest, thumb="thumb" in request.GET))
