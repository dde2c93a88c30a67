"""Handing out evidence and papers: the guard of their subject decides."""

from __future__ import annotations

from typing import cast

from django.http import HttpResponse

from bihuan.kernel.ground.registry.types import EVERYBODY
from bihuan.kernel.ground.registry.web import StepRequest, step
from bihuan.kernel.tools.documents.queries import digest_of, get_evidence, get_paper
from bihuan.kernel.tools.documents.types import EvidenceId, Paper, PaperId
from bihuan.platform.files import store
from bihuan.platform.web.errors import NotFound


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


def hand_out_paper(issued: Paper) -> HttpResponse:
    """Return the PDF of a paper to a reader of whom the caller knows that it may be seen.

    Raises:
        NotFound: it was printed once with clear values, and is kept nowhere.
    """
    if not issued.kept:
        raise NotFound("This was printed once with whole names and numbers. It is kept nowhere.")
    answer = cast("HttpResponse", store.hand_out(issued.digest))
    answer.headers["Content-Disposition"] = f'inline; filename="{issued.number}.pdf"'
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


@step(power=EVERYBODY, methods=("GET",))
def paper(request: StepRequest, paper_id: int) -> HttpResponse:
    """Return the PDF of a paper to whoever may see what it is about."""
    return hand_out_paper(get_paper(PaperId(paper_id), scope=request.scope))
