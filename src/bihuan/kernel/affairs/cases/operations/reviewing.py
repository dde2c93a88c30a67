"""What the house does by itself on the day it promised: a waiting matter goes on."""

from __future__ import annotations

import logging
from datetime import datetime

from bihuan.kernel.affairs.cases.models import Case
from bihuan.kernel.affairs.cases.operations.moving import move_case
from bihuan.kernel.affairs.cases.operations.permitting import UnableToDoAlone, UnableToMove
from bihuan.kernel.affairs.cases.types import MAY_SUPERVISE, CaseId, MoveName, State
from bihuan.kernel.ground.registry import api as registry

logger = logging.getLogger(__name__)


def bring_back(*, at: datetime) -> list[CaseId]:
    """Let every suspended matter whose review date has passed go on; return which.

    Each goes on in a transaction of its own: one that fails does not keep the others waiting, and
    is tried again at the next round.
    """
    scope = registry.system_scope("cases.reviews", (MAY_SUPERVISE,))
    due = Case.objects.filter(state=State.SUSPENDED, review_at__lte=at).order_by("review_at", "pk")
    back = []
    for case_id in due.values_list("pk", flat=True):
        try:
            move_case(CaseId(case_id), move=MoveName("review"), scope=scope, at=at)
        except (UnableToMove, UnableToDoAlone):
            logger.info("matter %s was brought back by somebody else", case_id)
            continue
        back.append(CaseId(case_id))
    return back
