"""A small true-looking world: the town of 大桥 with its team, firms, a plan and two visits."""

from __future__ import annotations

from typing import Any

from bihuan.platform import clock
from bihuan.scenes.joint_inspection import library, planning, queries, visits
from bihuan.scenes.joint_inspection.testing import TOWN, make_team

SEED = "daqiao20260101joint"


def seed(world: Any) -> None:
    """Keep the sample library, make the team, draw this year's plan, announce the first visits."""
    at = world.now
    library.ensure_sample(at=at)
    team = make_team(at=at)
    year = clock.business_date(at).year
    made = planning.draft_plan(TOWN, year, seed=SEED, scope=team.scope("draft"), at=at)
    review = "主体、依据、频次符合规定，同意公布。"
    planning.review_plan(made.plan_id, opinion=review, scope=team.scope("review"), at=at)
    planning.publish_plan(made.plan_id, scope=team.scope("draft"), at=at)
    approver = team.scope("approve")
    for task in queries.list_tasks(scope=approver, plan_id=made.plan_id, limit=6):
        visits.approve_task(task.id, scope=approver, at=at)
        visits.notify_firm(task.id, scope=approver, at=at)
