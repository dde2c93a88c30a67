"""What became of closed matters, for those who learn from them: many rows in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bihuan.kernel.affairs.cases.models import Case
from bihuan.kernel.affairs.cases.policies import visible
from bihuan.kernel.affairs.cases.types import CaseId, KindCode, State
from bihuan.kernel.ground.registry.types import Scope


@dataclass(frozen=True, slots=True)
class Handled:
    """What was written when a matter was opened, and the class under which it was closed."""

    case_id: CaseId
    title: str
    text: str
    class_code: str
    raised_at: datetime


def list_handled(kind: KindCode, *, scope: Scope, most: int) -> tuple[Handled, ...]:
    """Return the latest `most` closed matters that `scope` sees, the earliest opened first."""
    closed = [State.CLOSED.value, State.EVALUATED.value]
    rows = Case.objects.filter(visible(scope), kind=kind, state__in=closed)
    columns = ("pk", "title", "text", "class_code", "raised_at")
    latest = rows.order_by("-raised_at", "-pk").values_list(*columns)[:most]
    return tuple(Handled(CaseId(pk), *rest) for pk, *rest in reversed(latest))
