"""Firms, what people are to them, and their officers."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry import types as words
from bihuan.kernel.ground.registry.models import (
    OfficerAssignment,
    PartyRelation,
)
from bihuan.kernel.ground.registry.testing import (
    HUIMIN,
    LONGQUAN_GRID_3,
    NOW,
    Cast,
    cast_scope,
    granting,
    invented_uscc,
)
from bihuan.kernel.ground.registry.tests.refusals import names, refused
from bihuan.kernel.ground.registry.types import (
    NewOrganisation,
    RelationKind,
    organisation_ref,
)
from bihuan.platform.web.errors import NotAllowed, NotFound


class TestFirms:
    def register(self, scope=None, **given):
        given = {"name": "启明五金厂", "area_code": LONGQUAN_GRID_3} | given
        return registry.register_organisation(
            NewOrganisation(**given), scope=scope or cast_scope(), at=NOW
        )

    def test_a_firm_is_registered_where_its_premises_lie(self, cast: Cast) -> None:
        firm = self.register(cast.scope("gu"), uscc=invented_uscc(77).lower())
        assert firm.uscc == invented_uscc(77)
        assert firm.area_path.endswith("330421003E01/330421003E01003/")
        assert registry.get_organisation(firm.id, scope=cast.scope("gu")) == firm
        (fact,) = events.list_facts(subject=organisation_ref(firm.id))
        assert fact.name == "registry.organisation_registered.v1"
        assert fact.payload == {"uscc": firm.uscc, "area_path": firm.area_path}
        assert fact.origin.account_id == cast.members["gu"].account_id

    def test_a_firm_found_without_registration_may_have_no_code(self, cast: Cast) -> None:
        assert self.register().uscc == ""
        assert self.register(name="另一家").uscc == ""

    @pytest.mark.parametrize(
        ("uscc", "code"),
        [
            ("91350100M000100Y44", "uscc_check_digit"),
            ("91350100M000100Y4", "uscc_length"),
            ("9135O100M000100Y43", "uscc_character"),
        ],
    )
    def test_a_wrong_code_is_named(self, db, uscc: str, code: str) -> None:
        with refused(registry.UnableToRegister, code, "uscc"):
            self.register(uscc=uscc, area_code=HUIMIN)

    def test_a_code_that_is_known_is_refused_with_the_name(self, cast: Cast) -> None:
        with refused(registry.UnableToRegister, "organisation_known", "uscc"):
            self.register(uscc=cast.hengyue.uscc)
        with pytest.raises(registry.UnableToRegister) as refusal:
            self.register(uscc=cast.hengyue.uscc)
        assert refusal.value.params["name"] == "恒岳紧固件有限公司"

    def test_the_wrong_grid_is_refused(self, cast: Cast) -> None:
        with refused(NotAllowed, "outside_area"):
            self.register(cast.scope("other_gu"))

    def test_without_the_power_it_is_refused(self, cast: Cast) -> None:
        with refused(NotAllowed, "needs:registry.register_firms"):
            self.register(cast.scope("shen"))

    def test_a_firm_without_a_name_is_refused(self, cast: Cast) -> None:
        with refused(registry.UnableToRegister, "name_missing", "name"):
            self.register(name=" ")


class TestReadingFirms:
    def test_only_those_of_the_area_or_the_firm_see_it(self, cast: Cast) -> None:
        for who in ("gu", "gu_leader", "officer", "js_fire", "shen"):
            assert registry.get_organisation(cast.hengyue.id, scope=cast.scope(who))
        for who in ("other_gu", "lu", "mei", "fire"):
            with pytest.raises(NotFound):
                registry.get_organisation(cast.hengyue.id, scope=cast.scope(who))
        with pytest.raises(NotFound):
            registry.get_organisation(
                cast.hengyue.id, scope=registry.anonymous_scope(words.SYSTEM.door)
            )

    def test_lists_are_cut_to_the_scope_and_paged(self, cast: Cast) -> None:
        scope = cast.scope("js_mei")
        both = registry.list_organisations(scope=scope)
        assert [firm.id for firm in both] == [cast.hengyue.id, cast.yongxin.id]
        first = registry.list_organisations(scope=scope, limit=1)
        assert first == both[:1]
        assert registry.list_organisations(scope=scope, limit=1, after=first[0]) == both[1:]
        assert registry.count_organisations(scope=scope) == 2
        assert registry.count_organisations(scope=cast.scope("gu")) == 1
        assert registry.list_organisations(scope=cast.scope("mei")) == ()

    @pytest.mark.parametrize("text", ["恒岳", "紧固件", "hengyue", "heng yue jin"])
    def test_found_by_name_and_pinyin(self, cast: Cast, text: str) -> None:
        found = registry.list_organisations(scope=cast.scope("js_mei"), text=text)
        assert [firm.id for firm in found] == [cast.hengyue.id]

    def test_found_by_code_only_in_the_own_area(self, cast: Cast) -> None:
        code = cast.hengyue.uscc
        assert registry.find_organisation_by_uscc(code, scope=cast.scope("gu")) == cast.hengyue
        assert registry.find_organisation_by_uscc(code, scope=cast.scope("mei")) is None


class TestRelations:
    def relate(self, cast: Cast, who: str, kind: RelationKind, scope=None, at=NOW):
        return registry.relate_to_organisation(
            cast.members[who].person_id,
            organisation_id=cast.hengyue.id,
            kind=kind,
            scope=scope or cast_scope(),
            at=at,
        )

    def test_one_legal_representative_at_a_time(self, cast: Cast) -> None:
        with refused(registry.UnableToRelate, "one_legal_representative"):
            self.relate(cast, "zhou", RelationKind.LEGAL_REPRESENTATIVE)
        (old,) = registry.list_relations(
            cast.hengyue.id, at=NOW, kinds=[RelationKind.LEGAL_REPRESENTATIVE]
        )
        assert old.person.name == "沈**"
        registry.end_relation(old.id, scope=cast_scope(), at=NOW)
        new = self.relate(cast, "zhou", RelationKind.LEGAL_REPRESENTATIVE)
        assert new.person.id == cast.members["zhou"].person_id

    def test_the_database_refuses_two(self, cast: Cast) -> None:
        with (
            pytest.raises(IntegrityError, match="registry_one_legal_representative"),
            transaction.atomic(),
        ):
            PartyRelation.objects.create(
                person_id=cast.members["zhou"].person_id,
                organisation_id=cast.hengyue.id,
                kind=RelationKind.LEGAL_REPRESENTATIVE,
                valid_from=NOW.date(),
            )

    def test_refusals(self, cast: Cast) -> None:
        with refused(registry.UnableToRelate, "relation_known"):
            self.relate(cast, "shen", RelationKind.CONTACT)
        with refused(registry.UnableToRelate, "kind"):
            self.relate(cast, "zhou", RelationKind.SPOUSE)
        with refused(NotAllowed, "outside_area"):
            self.relate(cast, "zhou", RelationKind.CONTACT, scope=cast.scope("other_gu"))
        with refused(NotAllowed, "needs:registry.register_firms"):
            self.relate(cast, "zhou", RelationKind.CONTACT, scope=cast.scope("shen"))
        lu = cast.members["lu"].person_id
        with refused(registry.UnableToRelate, "kind"):
            registry.relate_to_person(
                lu, other_id=lu, kind=RelationKind.SPOUSE, scope=cast_scope(), at=NOW
            )

    def test_guardian(self, cast: Cast) -> None:
        relation = registry.relate_to_person(
            cast.members["lu"].person_id,
            other_id=cast.members["zhou"].person_id,
            kind=RelationKind.GUARDIAN,
            scope=cast_scope(),
            at=NOW,
        )
        assert relation.kind is RelationKind.GUARDIAN
        registry.end_relation(relation.id, scope=cast_scope(), at=NOW)
        with refused(registry.UnableToRelate, "relation_ended"):
            registry.end_relation(relation.id, scope=cast_scope(), at=NOW)


class TestOfficers:
    def test_one_officer_for_a_firm(self, cast: Cast) -> None:
        officer = registry.find_officer(cast.hengyue.id, at=NOW)
        assert officer is not None
        assert officer.id == cast.members["officer"].person_id
        with refused(registry.UnableToAssignOfficer, "one_officer"):
            registry.assign_officer(
                cast.hengyue.id,
                person_id=cast.members["officer"].person_id,
                scope=cast_scope(),
                at=NOW,
            )
        with (
            pytest.raises(IntegrityError, match="registry_one_officer"),
            transaction.atomic(),
        ):
            OfficerAssignment.objects.create(
                organisation_id=cast.hengyue.id,
                person_id=cast.members["gu"].person_id,
                valid_from=NOW.date(),
            )

    def test_a_firm_can_change_its_officer(self, cast: Cast) -> None:
        registry.release_officer(cast.hengyue.id, scope=cast_scope(), at=NOW)
        assert registry.find_officer(cast.hengyue.id, at=NOW) is None
        with refused(registry.UnableToAssignOfficer, "no_assignment"):
            registry.release_officer(cast.hengyue.id, scope=cast_scope(), at=NOW)
        with refused(registry.UnableToAssignOfficer, "no_officer"):
            registry.assign_officer(
                cast.hengyue.id,
                person_id=cast.members["gu"].person_id,
                scope=cast_scope(),
                at=NOW,
            )
        with granting(words.GRID_LEADER, words.ASSIGN_OFFICERS):
            scope = cast.scope("gu_leader")
        registry.assign_officer(
            cast.hengyue.id, person_id=cast.members["officer"].person_id, scope=scope, at=NOW
        )
        assert names(organisation_ref(cast.hengyue.id))[-2:] == [
            "registry.officer_released.v1",
            "registry.officer_assigned.v1",
        ]

    def test_without_power_or_area_it_is_refused(self, cast: Cast) -> None:
        with refused(NotAllowed, "needs:registry.assign_officers"):
            registry.release_officer(cast.hengyue.id, scope=cast.scope("gu"), at=NOW)
        with refused(NotAllowed, "outside_area"):
            registry.release_officer(cast.hengyue.id, scope=cast.scope("leader"), at=NOW)
