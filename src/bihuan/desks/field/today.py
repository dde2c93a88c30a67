"""The day that a phone keeps: firms, matters to verify, own reports. Synced ahead."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token

from bihuan.desks.field.shell import built
from bihuan.kernel.affairs.fieldwork.types import MAY_PATROL, MAY_VERIFY_ON_SITE
from bihuan.kernel.ground.events.types import Door
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.stage import api as stage
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.kernel.stage.types import FieldDay

PARTS = ("firms", "verify", "mine", "domains")


def day_of(scope: Scope, at: datetime) -> FieldDay:
    """Return what all scenes put on the phone of `scope` for the day."""
    days = [ready.query(scope, at) for ready in stage.panels("field", scope)]
    joined = {part: tuple(item for day in days for item in getattr(day, part)) for part in PARTS}
    return FieldDay(**joined)


@step(power=MAY_VERIFY_ON_SITE, methods=("GET",), door=Door.PHONE)
def show(request: StepRequest) -> HttpResponse:
    """Answer the day, who it is for, and the version of the page that can read it."""
    scope = request.scope
    path = scope.area_paths[0] if scope.area_paths else ""
    account = request.user.pk or 0
    who = registry.person_cards_of_accounts([account]).get(account)
    told: dict[str, Any] = {
        "version": built().version,
        "account": account,
        "token": get_token(request),
        "at": request.at,
        "who": who.name if who else "",
        "area": {
            "code": path.strip("/").rsplit("/", 1)[-1],
            "name": registry.names_of_areas([path]).get(path, ""),
        },
        "may_patrol": scope.has(MAY_PATROL),
        **dataclasses.asdict(day_of(scope, request.at)),
    }
    answer = JsonResponse(told)
    answer.headers["Cache-Control"] = "no-store"
    return answer
