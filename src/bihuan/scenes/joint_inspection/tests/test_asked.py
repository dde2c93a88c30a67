"""A patrol's wish that a department approved; and no ranking anywhere."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.platform import clock
from bihuan.scenes.joint_inspection.models import TaskRow
from bihuan.scenes.joint_inspection.testing import TOWN, Team, make_team
from bihuan.scenes.joint_inspection.tests.test_story import client, post, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team(at=clock.now())


class TestAskedByAPatrol:
    def test_an_approved_wish_becomes_one_task(self, team: Team) -> None:
        from bihuan.kernel.affairs.fieldwork.types import Domain, NewPatrol, PatrolFinding
        from bihuan.kernel.affairs.fieldwork.types.inspections import NewRequest
        from bihuan.kernel.ground.registry import api as registry
        from bihuan.kernel.ground.registry.testing import cast_scope
        from bihuan.kernel.ground.registry.types import GRID_WORKER

        registry.appoint(
            team.people["helper"],
            duty=GRID_WORKER,
            area_code=TOWN,
            unit_id=team.units["town"].id,
            valid_from=clock.business_date(team.at) - timedelta(days=1),
            scope=cast_scope(),
            at=team.at,
        )
        posts = registry.list_posts_of(account_id=team.accounts["helper"], at=team.at)
        post_id = next(p.id for p in posts if p.duty == GRID_WORKER)
        from bihuan.kernel.ground.events.types import Door
        from bihuan.kernel.ground.registry.types import HANDLING

        walker = registry.scope_for(
            account_id=team.accounts["helper"],
            origin_door=Door.WEB,
            purpose=HANDLING,
            post_id=post_id,
            at=team.at,
        )
        finding = PatrolFinding(uuid.uuid4(), Domain.FIRE, "通道又被堵")
        firm = team.firms[0]
        fieldwork.record_patrol(
            NewPatrol(uuid.uuid4(), firm.area_path, firm.id),
            findings=[finding],
            scope=walker,
            at=team.at,
        )
        wish = NewRequest(uuid.uuid4(), finding.finding_id, team.units["fire"].id, "第三次了")
        fieldwork.request_inspection(wish, scope=walker, at=team.at)
        settle()
        assert TaskRow.objects.count() == 0
        desk = client(team, "fire1")
        page = desk.get(reverse("joint_inspection:requests")).content.decode()
        assert "第三次了" in page
        bare = post(desk, "requests", request_id=str(wish.request_id), decide="approve")
        assert bare.status_code == 422
        sent = post(
            desk, "requests", request_id=str(wish.request_id), decide="approve", reason="属实"
        )
        assert sent.status_code == 303
        settle()
        task = TaskRow.objects.get()
        assert (task.kind, task.cause) == (
            "case",
            f"fieldwork.inspection_request:{wish.request_id}",
        )


class TestNoRankings:
    """Neither the number of inspections nor fines are a figure, a column or an order anywhere."""

    def test_no_figure_counts_inspections_or_fines(self) -> None:
        from bihuan.kernel.sight.indices import api as indices

        figures = indices.all_figures()
        assert figures
        for figure in figures:
            assert not re.search("inspect|fine_|penalt|joint_", repr(figure).lower()), figure

    def test_no_table_keeps_money_of_a_penalty(self) -> None:
        from django.apps import apps

        fields = {
            (m.__name__, f.name)
            for m in apps.get_models()
            if m.__module__.startswith(("bihuan.scenes.joint", "bihuan.kernel.affairs.field"))
            for f in m._meta.get_fields()
        }
        assert fields
        assert [f for f in fields if re.search("amount|fen$|fine|rank", f[1])] == []
