"""The start of a firm: the panels that scenes declare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases.types import MAY_SAY_DONE
from bihuan.kernel.stage import api as stage
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices.types import Side
from bihuan.platform.ui import values
from bihuan.platform.web.pages import page


@dataclass(frozen=True, slots=True)
class Shown:
    """One panel with its value."""

    template: str
    value: Any


@dataclass(frozen=True, slots=True)
class HomePage:
    """All panels."""

    panels: tuple[Shown, ...]
    unread: int
    empty: values.Empty


@step(power=MAY_SAY_DONE, methods=("GET",))
def home(request: StepRequest) -> HttpResponse:
    """Show the firm's start."""
    ready = stage.panels("enterprise", request.scope)
    shown = tuple(Shown(one.panel.template, one.query(request.scope, request.at)) for one in ready)
    unread = notices.count_unread(scope=request.scope, side=Side.ENTERPRISE)
    nothing = values.Empty(_("There is no code for your firm yet."))
    return page(
        request,
        "enterprise/home.html",
        HomePage(tuple(panel for panel in shown if panel.value), unread, nothing),
    )
