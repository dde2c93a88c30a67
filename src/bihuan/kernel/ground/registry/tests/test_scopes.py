"""Who asks: posts, duties, powers, areas."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bihuan.kernel.ground.events.types import Door
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry import kinds
from bihuan.kernel.ground.registry import types as words
from bihuan.kernel.ground.registry.testing import (
    HAIYAN,
    NOW,
    XINXING,
    Cast,
    cast_scope,
    granting,
)
from bihuan.kernel.ground.registry.types import Duty, DutyCode, Power
from bihuan.platform.accounts.models import User
from bihuan.platform.web.errors import NotAllowed

DISPATCH = Power("cases.dispatch")


class TestStaff:
    def test_a_post_gives_unit_area_duty_and_powers(self, cast: Cast) -> None:
        with granting(words.DISPATCHER, DISPATCH):
            scope = cast.scope("mei")
        assert scope.county_id == HAIYAN
        assert scope.area_paths == ("3304/330424/",)
        assert scope.unit_id == cast.unit("330424-centre").id
        assert scope.unit_ids == {scope.unit_id}
        assert scope.duties == {words.DISPATCHER}
        assert scope.powers >= {"public", "signed_in", DISPATCH}
        assert scope.organisation_ids == frozenset()
        assert scope.origin.post_id == scope.post_id
        assert scope.origin.account_id == cast.members["mei"].account_id
        assert scope.origin.door is Door.WEB
        assert scope.covers("3304/330424/330424005/")
        assert not scope.covers("3304/330421/")

    def test_a_unit_sees_the_units_below(self, cast: Cast) -> None:
        registry.appoint(
            cast.members["zhou"].person_id,
            duty=words.HANDLER,
            area_code="330421003",
            unit_id=cast.unit("330421003-town").id,
            scope=cast_scope(),
            at=NOW,
        )
        scope = cast.scope("zhou")
        below = {cast.unit("330421003-town").id, cast.unit("330421003-park").id}
        assert scope.unit_ids == below

    def test_a_post_that_has_ended_gives_nothing(self, cast: Cast) -> None:
        (post,) = registry.list_posts_of(account_id=cast.members["mei"].account_id, at=NOW)
        registry.end_post(post.id, scope=cast_scope(), at=NOW)
        scope = cast.scope("mei")
        assert scope.area_paths == ()
        assert scope.duties == {words.RESIDENT}

    def test_a_post_of_tomorrow_gives_nothing_today(self, cast: Cast) -> None:
        registry.appoint(
            cast.members["lu"].person_id,
            duty=words.ACCEPTOR,
            area_code=HAIYAN,
            valid_from=(NOW + timedelta(days=1)).date(),
            scope=cast_scope(),
            at=NOW,
        )
        assert cast.scope("lu").duties == {words.RESIDENT}
        tomorrow = registry.scope_for(
            account_id=cast.members["lu"].account_id,
            origin_door=Door.WEB,
            purpose=words.HANDLING,
            at=NOW + timedelta(days=1),
        )
        assert tomorrow.duties == {words.ACCEPTOR}

    def test_the_post_can_be_chosen(self, cast: Cast) -> None:
        second = registry.appoint(
            cast.members["mei"].person_id,
            duty=words.LEADER,
            area_code=XINXING,
            scope=cast_scope(),
            at=NOW,
        )
        account_id = cast.members["mei"].account_id
        chosen = registry.scope_for(
            account_id=account_id,
            origin_door=Door.WEB,
            purpose=words.HANDLING,
            post_id=second.id,
            at=NOW,
        )
        assert (chosen.post_id, chosen.duties) == (second.id, {words.LEADER})
        assert cast.scope("mei").duties == {words.DISPATCHER}

    def test_a_post_of_another_is_refused(self, cast: Cast) -> None:
        (post,) = registry.list_posts_of(account_id=cast.members["mei"].account_id, at=NOW)
        with pytest.raises(NotAllowed):
            registry.scope_for(
                account_id=cast.members["lu"].account_id,
                origin_door=Door.WEB,
                purpose=words.HANDLING,
                post_id=post.id,
                at=NOW,
            )

    def test_in_own_affairs_an_officer_is_a_resident(self, cast: Cast) -> None:
        scope = cast.scope("mei", purpose=words.OWN_AFFAIRS)
        assert scope.duties == {words.RESIDENT}
        assert scope.area_paths == ()
        assert scope.person_id == cast.members["mei"].person_id

    def test_an_account_that_is_closed_gets_no_post(self, cast: Cast) -> None:
        User.objects.filter(pk=cast.members["mei"].account_id).update(is_active=False)
        scope = cast.scope("mei")
        assert scope.area_paths == ()
        assert scope.duties == frozenset()
        assert scope.person_id is None


class TestOthers:
    def test_a_resident_sees_no_area(self, cast: Cast) -> None:
        with granting(words.RESIDENT, Power("appeals.report")):
            scope = cast.scope("lu")
        assert scope.person_id == cast.members["lu"].person_id
        assert (scope.area_paths, scope.unit_ids, scope.post_id) == ((), frozenset(), None)
        assert scope.powers >= {"public", "signed_in", "appeals.report"}
        assert scope.county_id == HAIYAN
        assert scope.purpose == words.OWN_AFFAIRS

    def test_a_contact_acts_for_the_firm_and_no_other(self, cast: Cast) -> None:
        with granting(words.FIRM_CONTACT, Power("cases.send_back_part")):
            scope = cast.scope("shen")
        assert scope.organisation_ids == {cast.hengyue.id}
        assert scope.duties == {words.RESIDENT, words.FIRM_CONTACT}
        assert scope.has(Power("cases.send_back_part"))

    def test_a_former_contact_does_not(self, cast: Cast) -> None:
        for relation in registry.list_relations(cast.hengyue.id, at=NOW):
            registry.end_relation(relation.id, scope=cast_scope(), at=NOW)
        assert cast.scope("shen").organisation_ids == frozenset()
        assert cast.scope("shen").duties == {words.RESIDENT}

    def test_an_account_without_a_person_is_only_signed_in(self, cast: Cast) -> None:
        account = User.objects.create_user("nobody")
        scope = registry.scope_for(
            account_id=account.pk, origin_door=Door.WEB, purpose=words.HANDLING, at=NOW
        )
        assert scope.powers == {"public", "signed_in"}
        assert (scope.person_id, scope.duties, scope.area_paths) == (None, frozenset(), ())

    def test_nobody_and_the_system(self) -> None:
        nobody = registry.anonymous_scope(Door.WEB)
        assert nobody.powers == {"public"}
        assert (nobody.area_paths, nobody.origin.words) == ((), "anonymous")
        job = registry.system_scope("clocks", [DISPATCH])
        assert job.powers == {"public", DISPATCH}
        assert job.covers("3304/330424/")
        assert (job.origin.door, job.origin.words) == (Door.SYSTEM, "clocks")

    def test_two_statements_are_enough(self, cast: Cast, django_assert_num_queries) -> None:
        with django_assert_num_queries(1):
            cast.scope("mei")
        with django_assert_num_queries(2):
            cast.scope("shen")
        with django_assert_num_queries(1):
            cast.scope("lu", purpose=words.OWN_AFFAIRS)


class TestDuties:
    def test_standard_duties_stand(self) -> None:
        codes = {duty.code for duty in registry.list_duties()}
        assert {
            "acceptor",
            "dispatcher",
            "handler",
            "verifier",
            "duty_officer",
            "grid_worker",
            "grid_leader",
            "project_officer",
            "leader",
            "auditor",
            "system_admin",
            "security_admin",
            "audit_admin",
            "resident",
            "firm_contact",
        } <= codes

    def test_start_up_ends(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(kinds, "_duties", {})
        monkeypatch.setattr(kinds, "_granted", {})
        monkeypatch.setattr(kinds, "_sealed", False)
        registry.grant(DutyCode("cook"), [DISPATCH])
        with pytest.raises(RuntimeError, match="cook"):
            registry.seal()
        registry.declare_duty(Duty(DutyCode("cook"), "Cook", frozenset()))
        with pytest.raises(RuntimeError, match="twice"):
            registry.declare_duty(Duty(DutyCode("cook"), "Chef", frozenset()))
        registry.seal()
        assert registry.powers_of([DutyCode("cook")]) == {DISPATCH}
        with pytest.raises(RuntimeError, match="sealed"):
            registry.grant(DutyCode("cook"), [DISPATCH])
        with pytest.raises(RuntimeError, match="sealed"):
            registry.declare_duty(Duty(DutyCode("baker"), "Baker", frozenset()))
