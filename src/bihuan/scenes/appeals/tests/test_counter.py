"""The counter: a matter for somebody who stands there, telephones or sent a letter."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.kernel.affairs.cases.testing import Case
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.privacy import api as privacy
from bihuan.kernel.ground.privacy.types import LookFilter
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import Cast, invented_id_number, make_cast
from bihuan.platform import clock
from bihuan.scenes.appeals.tests.test_story import client_of, photo, report

pytestmark = pytest.mark.django_db
TEXT = "秦山路路灯三盏不亮，晚上看不清路。"
WHY = "本人来窗口问办理进度"


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=clock.now())


def take(client: Client, **more: object):
    given = {
        "channel": "counter",
        "text": TEXT,
        "area": "330424005",
        "place": "加油站旁",
        "command_id": str(uuid.uuid4()),
    }
    return client.post(reverse("appeals:counter"), given | more)


def kinds(cast: Cast) -> list[tuple[str, str]]:
    found = privacy.list_looks(LookFilter(), scope=cast.scope("auditor"))
    return [(row.kind.value, row.field) for row in found.rows]


class TestTakingIn:
    def test_without_a_name_it_gets_number_and_code_in_big_letters(self, cast: Cast) -> None:
        tao = client_of(cast, "tao")
        done = take(tao)
        case = Case.objects.get()
        assert (case.source, case.raised_by_key, case.class_code) == ("counter", "", "street_lamp")
        assert done["Location"] == reverse("appeals:slip", args=[case.number])
        slip = tao.get(done["Location"])
        code = tao.session["receipts"][case.number]
        assert case.number in slip.text and f"{code[:4]} {code[4:]}" in slip.text
        assert slip["Cache-Control"] == "no-store, private"
        found = Client().post(reverse("appeals:track"), {"number": case.number, "code": code})
        assert found.status_code == 303
        assert client_of(cast, "mei").get(done["Location"]).status_code == 302

    def test_a_new_person_is_registered_and_masked(self, cast: Cast) -> None:
        tao = client_of(cast, "tao")
        number = invented_id_number(501, born="19410203")
        take(tao, name="沈阿宝", phone="13905730011", id_number=number, channel="call")
        case = Case.objects.get()
        page = tao.get(reverse("officer:matter", args=[case.pk])).text
        assert case.source == "call" and "沈**" in page
        assert "沈阿宝" not in page and "13905730011" not in page and number not in page

    def test_somebody_known_is_not_registered_twice(self, cast: Cast) -> None:
        tao, lu = client_of(cast, "tao"), cast.members["lu"]
        take(tao, name="陆建英", phone=lu.phone)
        take(tao, name="陆建英", id_number=lu.id_number, text="垃圾没人清运")
        assert set(Case.objects.values_list("raised_by_key", flat=True)) == {str(lu.person_id)}
        own = client_of(cast, "lu").get(reverse("resident:matters")).text
        assert "垃圾没人清运" in own

    def test_a_relative_with_the_same_phone_is_another_person(self, cast: Cast) -> None:
        take(client_of(cast, "tao"), name="陆小英", phone=cast.members["lu"].phone)
        assert Case.objects.get().raised_by_key != str(cast.members["lu"].person_id)

    def test_a_letter_needs_its_scan(self, cast: Cast) -> None:
        tao = client_of(cast, "tao")
        facts = events.count_facts()
        answer = take(tao, channel="paper")
        assert answer.status_code == 422 and TEXT in answer.text
        assert (Case.objects.count(), events.count_facts()) == (0, facts)
        assert take(tao, channel="paper", photos=[photo()]).status_code == 303

    @pytest.mark.parametrize(
        "wrong",
        [
            {"phone": "13905730011"},
            {"name": "沈阿宝", "phone": "123"},
            {"name": "沈阿宝", "id_number": "330424194102030011"},
            {"channel": "pigeon"},
            {"area": "330421003"},
            {"text": ""},
        ],
    )
    def test_what_does_not_hold_leaves_nothing(self, cast: Cast, wrong: dict[str, str]) -> None:
        tao = client_of(cast, "tao")
        facts = events.count_facts()
        assert take(tao, **wrong).status_code == 422
        assert (Case.objects.count(), events.count_facts()) == (0, facts)

    def test_the_same_form_twice_is_one_matter(self, cast: Cast) -> None:
        tao, key = client_of(cast, "tao"), str(uuid.uuid4())
        first = take(tao, command_id=key, name="沈阿宝")
        assert take(tao, command_id=key, name="沈阿宝")["Location"] == first["Location"]
        assert Case.objects.count() == 1

    def test_a_handler_takes_nothing_in(self, cast: Cast) -> None:
        assert take(client_of(cast, "zongzhi")).status_code == 403
        assert Case.objects.count() == 0


def test_looking_first_says_the_kind_and_what_is_open_and_writes_nothing(cast: Cast) -> None:
    report(client_of(cast, "lu"))
    number, facts = Case.objects.get().number, events.count_facts()
    page = take(client_of(cast, "tao"), do="look").text
    assert "像是<b>路灯</b>" in page and number in page and TEXT in page
    assert (Case.objects.count(), events.count_facts()) == (1, facts)


class TestEarlierMatters:
    def ask(self, client: Client, number: str, reason: str = WHY):
        given = {"number": number, "reason": reason, "command_id": str(uuid.uuid4())}
        return client.post(reverse("appeals:earlier"), given)

    @pytest.mark.parametrize(("what", "field"), [("phone", "phone"), ("id_number", "id_number")])
    def test_they_are_found_by_a_look_that_the_person_reads(
        self, cast: Cast, what: str, field: str
    ) -> None:
        lu, tao = client_of(cast, "lu"), client_of(cast, "tao")
        report(lu)
        answer = self.ask(tao, getattr(cast.members["lu"], what))
        assert Case.objects.get().number in answer.text and "陆**" in answer.text
        assert "陆建英" not in answer.text and cast.members["lu"].phone not in answer.text
        assert answer["Cache-Control"] == "no-store, private"
        assert kinds(cast) == [("found", field)]
        assert WHY in lu.get(reverse("resident:privacy")).text

    def test_nobody_is_found_and_that_is_written_too(self, cast: Cast) -> None:
        assert "没有人登记过" in self.ask(client_of(cast, "tao"), "13999999999").text
        assert kinds(cast) == [("found", "phone")]

    def test_without_a_reason_nothing_is_looked_for(self, cast: Cast) -> None:
        answer = self.ask(client_of(cast, "tao"), cast.members["lu"].phone, "看")
        assert answer.status_code == 403 and "陆**" not in answer.text
        assert kinds(cast) == []

    def test_one_does_not_look_for_oneself(self, cast: Cast) -> None:
        answer = self.ask(client_of(cast, "tao"), cast.members["tao"].phone)
        assert answer.status_code == 403 and kinds(cast) == []

    def test_matters_of_another_county_are_not_shown(self, cast: Cast) -> None:
        report(client_of(cast, "lu"))
        answer = self.ask(client_of(cast, "js_tao"), cast.members["lu"].phone)
        assert answer.status_code == 200 and Case.objects.get().number not in answer.text

    def test_a_number_is_never_in_an_address(self, cast: Cast) -> None:
        page = client_of(cast, "tao").get(reverse("appeals:earlier")).text
        assert re.search(r'<form[^>]*method="post"', page)
        assert registry.find_person_of_account(cast.members["lu"].account_id)
