"""People and households: registered, masked, found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.models import (
    Household,
)
from bihuan.kernel.ground.registry.testing import (
    NOW,
    XINXING,
    Cast,
    cast_scope,
    invented_id_number,
)
from bihuan.kernel.ground.registry.tests.refusals import refused
from bihuan.kernel.ground.registry.types import (
    NewOrganisation,
    RelationKind,
    person_ref,
)
from bihuan.platform.web.errors import NotAllowed, NotFound

CANARY_ID = invented_id_number(777, division="330481", born="19371103")


class TestPeople:
    def register(self, **given):
        given = {"name": "王建国", "scope": cast_scope(), "at": NOW} | given
        return registry.register_person(**given)

    def test_a_person_comes_back_masked(self, db) -> None:
        card = self.register(id_number=CANARY_ID, phone="138 0013 8000", area_code=XINXING)
        assert (card.name, card.phone, card.id_number) == (
            "王**",
            "138****8000",
            f"330481********{CANARY_ID[-4:]}",
        )
        assert card.area_path == "3304/330424/330424005/330424005004/"
        assert registry.get_person_card(card.id) == card

    def test_the_fact_holds_no_personal_text(self, db) -> None:
        card = self.register(id_number=CANARY_ID, phone="13800138000")
        (fact,) = events.list_facts(subject=person_ref(card.id))
        assert fact.name == "registry.person_registered.v1"
        assert fact.payload == {"with_id_number": True, "with_phone": True}

    def test_the_table_file_holds_no_identifier(self, db) -> None:
        self.register(name="独孤求", id_number=CANARY_ID, phone="13912345678")
        registry.register_organisation(
            NewOrganisation("可见控制有限公司", XINXING), scope=cast_scope(), at=NOW
        )
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
            contents = {}
            for table in ("registry_person", "registry_organisation"):
                cursor.execute("SELECT pg_read_binary_file(pg_relation_filepath(%s))", [table])
                contents[table] = bytes(cursor.fetchone()[0])
        assert "可见控制".encode() in contents["registry_organisation"]
        for secret in (CANARY_ID, "13912345678", "独孤"):
            assert secret.encode() not in contents["registry_person"]

    @pytest.mark.parametrize(
        ("given", "code", "field"),
        [
            ({"id_number": CANARY_ID[:17] + "?"}, "id_number_character", "id_number"),
            ({"id_number": "110105194912310021"}, "id_number_check_digit", "id_number"),
            ({"id_number": "110105194913310028"}, "id_number_birth_date", "id_number"),
            ({"id_number": "11010519491231"}, "id_number_length", "id_number"),
            ({"phone": "1380013800"}, "phone_length", "phone"),
            ({"phone": "02800138000"}, "phone_prefix", "phone"),
            ({"name": "  "}, "name_missing", "name"),
            ({"name": "王" * 61}, "name_missing", "name"),
        ],
    )
    def test_what_is_wrong_is_named(self, db, given, code: str, field: str) -> None:
        with refused(registry.UnableToRegister, code, field):
            self.register(**given)

    def test_the_words_say_which_digit_would_be_right(self, db) -> None:
        with pytest.raises(registry.UnableToRegister) as refusal:
            self.register(id_number="110105194912310021")
        assert refusal.value.params["expected"] == "X"

    def test_the_same_number_twice_is_refused_and_named_by_mask(self, db) -> None:
        self.register(id_number=CANARY_ID)
        with refused(registry.UnableToRegister, "person_known", "id_number"):
            self.register(name="李四", id_number=CANARY_ID.lower())
        with pytest.raises(registry.UnableToRegister) as refusal:
            self.register(name="李四", id_number=CANARY_ID)
        assert refusal.value.params["name"] == "王**"

    def test_an_account_has_one_person(self, cast: Cast) -> None:
        with refused(registry.UnableToRegister, "account_known"):
            self.register(account_id=cast.members["lu"].account_id)

    def test_without_the_power_it_is_refused(self, cast: Cast) -> None:
        with refused(NotAllowed, "needs:registry.register_people"):
            self.register(scope=cast.scope("lu"))

    def test_a_place_that_is_not_there(self, db) -> None:
        with refused(NotFound, "no_area"):
            self.register(area_code="330424999")


class TestReadingPeople:
    def test_look_up_needs_a_power_and_the_whole_number(self, cast: Cast) -> None:
        lu = cast.members["lu"]
        scope = cast.scope("tao")
        found = registry.find_person_by_id_number(lu.id_number, scope=scope)
        assert found is not None
        assert (found.id, found.name) == (lu.person_id, "陆**")
        assert registry.find_person_by_id_number(lu.id_number[:17], scope=scope) is None
        assert [card.id for card in registry.list_people_by_phone(lu.phone, scope=scope)] == [
            lu.person_id
        ]
        assert registry.list_people_by_phone(lu.phone[:10], scope=scope) == ()
        for act in (
            lambda: registry.find_person_by_id_number(lu.id_number, scope=cast.scope("zhou")),
            lambda: registry.list_people_by_phone(lu.phone, scope=cast.scope("zongzhi")),
        ):
            with pytest.raises(NotAllowed):
                act()

    def test_only_the_own_page_is_clear(self, cast: Cast) -> None:
        lu = cast.members["lu"]
        own = registry.get_own_details(scope=cast.scope("lu"))
        assert (own.name, own.phone) == ("陆建英", lu.phone)
        assert own.id_number == f"330424********{lu.id_number[-4:]}"
        assert registry.get_own_details(scope=cast.scope("zhou")).name == "周立"
        with pytest.raises(NotFound):
            registry.get_own_details(scope=registry.system_scope("x"))

    def test_a_borrowed_person_id_does_not_open_the_page(self, cast: Cast) -> None:
        forged = replace(cast.scope("zhou"), person_id=cast.members["lu"].person_id)
        with pytest.raises(NotFound):
            registry.get_own_details(scope=forged)

    def test_no_door_shows_a_clear_value_of_another(self, cast: Cast) -> None:
        lu, mei = cast.members["lu"], cast.members["mei"]
        shown = repr(
            [
                registry.get_person_card(lu.person_id),
                registry.person_cards([lu.person_id, mei.person_id]),
                registry.person_cards_of_accounts([lu.account_id]),
                registry.find_person_of_account(lu.account_id),
                registry.list_holders(at=NOW),
                registry.list_relations(cast.hengyue.id, at=NOW),
                registry.find_officer(cast.hengyue.id, at=NOW),
                registry.list_people_by_phone(lu.phone, scope=cast.scope("tao")),
            ]
        )
        assert "陆**" in shown
        for member in cast.members.values():
            assert member.phone not in shown
            assert member.id_number not in shown
            assert member.role.name not in shown


class TestHouseholds:
    def test_a_household_with_its_people(self, cast: Cast) -> None:
        household = registry.register_household(
            area_code=XINXING, address="新兴路9号301室", scope=cast_scope(), at=NOW
        )
        head = registry.relate_to_household(
            cast.members["lu"].person_id,
            household_id=household,
            kind=RelationKind.HOUSEHOLD_HEAD,
            scope=cast_scope(),
            at=NOW,
        )
        assert (head.kind, head.person.name) == (RelationKind.HOUSEHOLD_HEAD, "陆**")
        (fact,) = events.list_facts(subject=Ref("registry.household", str(household)))
        assert fact.payload == {"area_path": "3304/330424/330424005/330424005004/"}
        assert Household.objects.get().address.open() == "新兴路9号301室"

    def test_an_empty_address_is_refused(self, cast: Cast) -> None:
        with refused(registry.UnableToRegister, "address_missing", "address"):
            registry.register_household(area_code=XINXING, address=" ", scope=cast_scope(), at=NOW)
