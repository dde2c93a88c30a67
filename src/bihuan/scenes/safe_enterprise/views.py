"""The firm's dynamic code, to be shown at the gate."""

from __future__ import annotations

import io
from dataclasses import dataclass
from uuid import UUID

import segno
from django.http import HttpResponse

from bihuan.kernel.affairs.cases.types import MAY_SAY_DONE
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import OrganisationId, organisation_ref
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.kernel.tools.codes import api as codes
from bihuan.kernel.tools.codes.types import CodeId
from bihuan.platform.web.errors import NotFound
from bihuan.platform.web.pages import page
from bihuan.scenes.safe_enterprise.operations import KIND


@dataclass(frozen=True, slots=True)
class CodePage:
    """The code to show."""

    firm: str
    image: str
    link: str


def _own(request: StepRequest, firm: UUID) -> CodeId:
    own = OrganisationId(firm)
    found = codes.find_code(KIND, organisation_ref(own))
    if own not in request.scope.organisation_ids or found is None:
        raise NotFound("There is no such firm in your care.")
    return found


@step(power=MAY_SAY_DONE, methods=("GET",))
def show_code(request: StepRequest, firm: UUID) -> HttpResponse:
    """Show the firm's code, which lives for a minute."""
    code_id = _own(request, firm)
    name = registry.organisations_by_id([OrganisationId(firm)])[OrganisationId(firm)].name
    text = codes.code_text(code_id, at=request.at)
    link = request.build_absolute_uri(f"/c/{text}/")
    return page(request, "safe_enterprise/show_code.html", CodePage(name, f"image/?t={text}", link))


@step(power=MAY_SAY_DONE, methods=("GET",))
def image(request: StepRequest, firm: UUID) -> HttpResponse:
    """Draw the firm's present code as a QR picture."""
    text = codes.code_text(_own(request, firm), at=request.at)
    drawn = segno.make(request.build_absolute_uri(f"/c/{text}/"), error="m")
    out = io.BytesIO()
    drawn.save(out, kind="svg", scale=8, border=2)
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")
