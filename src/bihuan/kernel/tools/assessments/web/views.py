"""Pages of the room: the list and the preview for administrators, a result, the JSON for phones."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse

from bihuan.kernel.ground.registry.web import StepRequest, step
from bihuan.kernel.tools.assessments import kinds, queries
from bihuan.kernel.tools.assessments.types import (
    MAY_FILL,
    MAY_PUBLISH,
    MAY_SEE,
    InstrumentCode,
    Version,
)
from bihuan.kernel.tools.assessments.web.sheets import (
    ResultSheet,
    Sheet,
    definition_json,
    result_sheet,
    sheet_of,
)
from bihuan.platform.clock import business_date
from bihuan.platform.web.pages import page


@dataclass(frozen=True, slots=True)
class ListPage:
    """Every version."""

    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """A version as it is filled in, with what may not be known from the form."""

    sheet: Sheet
    version: Version
    short_hash: str
    open_alerts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResultPage:
    """What was filled in."""

    result: ResultSheet


@step(power=MAY_PUBLISH, methods=("GET",))
def versions(request: StepRequest) -> HttpResponse:
    """Show every instrument with its versions."""
    return page(request, "assessments/versions.html", ListPage(queries.list_versions()))


@step(power=MAY_PUBLISH, methods=("GET",))
def preview(request: StepRequest, code: str, number: int) -> HttpResponse:
    """Show a version as it is filled in; nothing is sent from here."""
    version = queries.find_version(InstrumentCode(code), number)
    if version is None:
        raise queries.no_version()
    shown = PreviewPage(
        sheet=sheet_of(version, {}, every=True),
        version=version,
        short_hash=version.content_hash[:8],
        open_alerts=kinds.unanswered_alerts(version.definition),
    )
    return page(request, "assessments/preview.html", shown)


@step(power=MAY_SEE, methods=("GET",))
def result(request: StepRequest, assessment_id: UUID) -> HttpResponse:
    """Show what was filled in, item by item, to whoever may see it."""
    found = queries.get_assessment(assessment_id, scope=request.scope)
    return page(request, "assessments/result.html", ResultPage(result_sheet(found)))


@step(power=MAY_FILL, methods=("GET",))
def definition(request: StepRequest, code: str) -> HttpResponse:
    """Return the version to be filled in today as JSON, once; then 304 until it changes."""
    version = queries.get_offered(InstrumentCode(code), on=business_date(request.at))
    tag = f'"{version.content_hash}-{version.number}"'
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponse(status=304)
    else:
        text = json.dumps(definition_json(version), ensure_ascii=False)
        answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
