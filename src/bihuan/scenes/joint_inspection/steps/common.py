"""What several steps share: the ways on the left."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.stage.api import StepRequest
from bihuan.platform.ui import values

WAYS = (("plans", "calendar"), ("tasks", "list-check"), ("library", "file-text"))


def nav_of(request: StepRequest, current: str) -> tuple[values.NavLink, ...]:
    """Return the ways of the side, the present one marked."""
    words = {"plans": _("Plans"), "tasks": _("Joint visits"), "library": _("Items")}
    return tuple(
        values.NavLink(
            reverse(f"joint_inspection:{name}"), icon, words[name], current=name == current
        )
        for name, icon in WAYS
    )
