"""Units and posts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry import types as words
from bihuan.kernel.ground.registry.models import (
    Post,
)
from bihuan.kernel.ground.registry.testing import (
    HAIYAN,
    HUIMIN,
    LONGQUAN_GRID_3,
    NOW,
    WANGHAI,
    Cast,
    cast_scope,
)
from bihuan.kernel.ground.registry.tests.refusals import names, refused
from bihuan.kernel.ground.registry.types import (
    PersonId,
    person_ref,
)
from bihuan.platform.web.errors import NotAllowed, NotFound


class TestUnitsAndPosts:
    def test_a_unit_lies_below_another(self, cast: Cast) -> None:
        unit = registry.add_unit(
            code="330424005-fire",
            name="望海消防站",
            area_code=WANGHAI,
            parent_code="330424-fire",
            line="fire",
            scope=cast_scope(),
            at=NOW,
        )
        assert unit.parent_id == cast.unit("330424-fire").id
        assert unit.id in cast.scope("fire").unit_ids
        assert registry.find_unit_by_code("330424005-fire") == unit
        assert registry.units_by_id([unit.id]) == {unit.id: unit}
        assert unit in registry.list_units(below="3304/330424/", line="fire")
        assert names(words.unit_ref(unit.id)) == ["registry.unit_added.v1"]

    def test_units_are_refused_with_a_known_code_or_parent_unknown(self, cast: Cast) -> None:
        given = {"name": "x", "area_code": HAIYAN, "scope": cast_scope(), "at": NOW}
        with refused(registry.UnableToAddUnit, "unit_known"):
            registry.add_unit(code="330424-fire", **given)
        with refused(registry.UnableToAddUnit, "no_unit"):
            registry.add_unit(code="new", parent_code="none", **given)
        with refused(NotAllowed, "needs:registry.manage_units"):
            registry.add_unit(code="new", **(given | {"scope": cast.scope("security")}))
        with refused(NotAllowed, "outside_area"):
            registry.add_unit(
                code="new", **(given | {"scope": cast.scope("system"), "area_code": HUIMIN})
            )

    def appoint(self, cast: Cast, who: str, **given):
        given = {"area_code": HAIYAN, "scope": cast_scope(), "at": NOW} | given
        return registry.appoint(cast.members[who].person_id, **given)

    def test_the_security_administrator_appoints(self, cast: Cast) -> None:
        post = self.appoint(cast, "lu", duty=words.ACCEPTOR, scope=cast.scope("security"))
        assert (post.duty, post.area_path, post.valid_to) == ("acceptor", "3304/330424/", None)
        assert names(person_ref(cast.members["lu"].person_id)) == [
            "registry.person_registered.v1",
            "registry.person_appointed.v1",
        ]

    def test_others_do_not(self, cast: Cast) -> None:
        for who in ("mei", "leader", "system", "audit", "lu"):
            with refused(NotAllowed, "needs:registry.appoint"):
                self.appoint(cast, "lu", duty=words.ACCEPTOR, scope=cast.scope(who))
        with refused(NotAllowed, "outside_area"):
            self.appoint(
                cast, "lu", duty=words.ACCEPTOR, scope=cast.scope("security"), area_code=HUIMIN
            )

    def test_the_same_post_twice_is_refused(self, cast: Cast) -> None:
        unit = cast.unit("330424-centre").id
        with refused(registry.UnableToAppoint, "post_held"):
            self.appoint(cast, "mei", duty=words.DISPATCHER, unit_id=unit)

    def test_the_database_refuses_it_too(self, cast: Cast) -> None:
        (post,) = Post.objects.filter(person_id=cast.members["mei"].person_id)
        post.pk = None
        with pytest.raises(IntegrityError, match="registry_post_once"), transaction.atomic():
            post.save(force_insert=True)

    def test_it_may_come_again_after_its_end(self, cast: Cast) -> None:
        (post,) = registry.list_posts_of(account_id=cast.members["mei"].account_id, at=NOW)
        ended = registry.end_post(post.id, scope=cast_scope(), at=NOW)
        assert ended.valid_to == date(2026, 6, 24)
        with refused(registry.UnableToAppoint, "post_ended"):
            registry.end_post(post.id, scope=cast_scope(), at=NOW + timedelta(days=1))
        again = self.appoint(
            cast, "mei", duty=words.DISPATCHER, unit_id=cast.unit("330424-centre").id
        )
        assert again.id != post.id

    def test_a_post_given_today_can_end_today(self, cast: Cast) -> None:
        post = self.appoint(cast, "lu", duty=words.ACCEPTOR)
        assert registry.end_post(post.id, scope=cast_scope(), at=NOW).valid_to == post.valid_from
        assert cast.scope("lu").duties == {words.RESIDENT}

    def test_three_administrators_are_three_people(self, cast: Cast) -> None:
        with refused(registry.UnableToAppoint, "admins_apart"):
            self.appoint(cast, "system", duty=words.AUDIT_ADMIN)
        assert self.appoint(cast, "system", duty=words.HANDLER).duty == words.HANDLER

    def test_what_is_not_there(self, cast: Cast) -> None:
        with refused(registry.UnableToAppoint, "no_duty", "duty"):
            self.appoint(cast, "lu", duty=words.DutyCode("king"))
        with refused(registry.UnableToAppoint, "no_unit", "unit"):
            self.appoint(cast, "lu", duty=words.HANDLER, unit_id=words.UnitId(999_999))
        with refused(registry.UnableToAppoint, "period"):
            self.appoint(cast, "lu", duty=words.HANDLER, valid_from=NOW.date(), valid_to=NOW.date())
        with refused(NotFound, "no_person"):
            registry.appoint(
                PersonId(cast.hengyue.id),
                duty=words.HANDLER,
                area_code=HAIYAN,
                scope=cast_scope(),
                at=NOW,
            )

    def test_holders_of_a_duty(self, cast: Cast) -> None:
        unit = cast.unit("330424-centre").id
        (holder,) = registry.list_holders(at=NOW, duty=words.DISPATCHER, unit_id=unit)
        assert holder.person.id == cast.members["mei"].person_id
        assert holder.person.name == "梅**"
        path = registry.get_area(LONGQUAN_GRID_3).path
        (worker,) = registry.list_holders(at=NOW, duty=words.GRID_WORKER, area_path=path)
        assert worker.person.account_id == cast.members["gu"].account_id
