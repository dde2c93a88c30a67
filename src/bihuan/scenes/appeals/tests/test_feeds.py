"""Six applications and the hotline in one inbox: pushed, pulled, told back; each with its abuse."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.testing import Case
from bihuan.kernel.affairs.cases.types import (
    MAY_RAISE,
    MAY_SEE,
    CaseId,
    Detail,
    Filter,
    MoveName,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.stage import api as stage
from bihuan.kernel.stage.machines import WantedKey
from bihuan.platform import clock
from bihuan.platform.adapters import calling, connecting, hooks, links, signing
from bihuan.platform.adapters.models import Arrival, Call
from bihuan.platform.adapters.types import MadeKey
from bihuan.scenes.appeals import feeds, subscribers
from bihuan.scenes.appeals.systems import PETITIONS, SYSTEMS

pytestmark = pytest.mark.django_db

CODES = [system.code for system in SYSTEMS]
LAMP = {"number": "T-1", "text": "路灯不亮", "class_code": "street_lamp", "area_code": "330424005"}


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=clock.now())


def key_for(cast: Cast, code: str, *powers: str) -> MadeKey:
    wanted = WantedKey(code, powers or (MAY_RAISE,), "330424", 30, 600, code)
    return stage.make_key(wanted, scope=cast.scope("system"), at=clock.now())


def push(made: MadeKey, body: object, *, event: str = "e-1", code: str = "", late: int = 0):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    at = clock.now() - timedelta(seconds=late)
    headers = signing.headers_for(made.secret, event, raw, at=at)
    headers["Authorization"] = f"Bearer {made.token}"
    address = f"/feeds/{code or made.key.system}/"
    client = Client(raise_request_exception=False)
    return client.post(address, raw, content_type="application/json", headers=headers)


def deliver() -> None:
    """Let facts reach their subscribers, and calls their targets."""
    at = clock.now()
    events.deliver_pending(at=at)
    calling.carry_pending(at=at)


def petition(**more: str) -> dict[str, str]:
    day = clock.business_date(clock.now()).isoformat()
    first = {"number": "X-1", "title": "反映拆迁补偿", "area_code": "330424005"}
    return {**first, "registered_on": day, **more}


@pytest.mark.article("S4.12")
def test_six_applications_stand_in_one_inbox(cast: Cast) -> None:
    for code in CODES:
        if code != PETITIONS:
            assert push(key_for(cast, code), LAMP | {"number": f"{code}-7"}).status_code == 201
    assert push(key_for(cast, PETITIONS), petition()).status_code == 201
    page = cases.list_cases(scope=cast.scope("mei"), wanted=Filter(tray="open"), at=clock.now())
    assert page.count == 6
    sources = set(Case.objects.values_list("source", "source_key"))
    assert sources == {(code, f"{code}-7") for code in CODES if code != PETITIONS}
    (linked,) = cases.list_references(scope=cast.scope("mei"))
    assert (linked.number, linked.title) == ("X-1", "反映拆迁补偿")


@pytest.mark.article("S4.13")
def test_one_inbox_one_number_one_identity(cast: Cast) -> None:
    """Numbers of all sources come from one series, and the same post works on all of them."""
    made = {code: key_for(cast, code) for code in ("hotline", "traffic", "city_order")}
    for code, key in made.items():
        answer = push(key, LAMP | {"number": "same"})
        assert answer.status_code == 201
        assert json.loads(answer.content)["matter"] == Case.objects.get(source=code).number
    numbers = sorted(Case.objects.values_list("number", flat=True))
    serials = [int(number.rsplit("-", 1)[1]) for number in numbers]
    assert serials == list(range(serials[0], serials[0] + 3))
    for case in Case.objects.all():
        scope = cast.scope("mei")
        view = cases.get_case(CaseId(case.pk), scope=scope)
        assert "file" in view.moves
    assert [len(arr) for arr in (Arrival.objects.values_list("number").distinct(),)] == [1]


class TestPushing:
    def test_sent_again_it_gets_the_same_answer(self, cast: Cast) -> None:
        made = key_for(cast, "hotline")
        first, again = push(made, LAMP), push(made, LAMP)
        assert (first.status_code, again.status_code) == (201, 200)
        matter = json.loads(first.content)["matter"]
        assert json.loads(again.content) == {
            "matter": matter,
            "state": "reported",
            "repeated": True,
        }
        assert Case.objects.count() == 1

    def test_the_same_number_or_event_with_other_contents_is_refused(self, cast: Cast) -> None:
        made = key_for(cast, "hotline")
        push(made, LAMP)
        assert push(made, LAMP | {"text": "别的"}, event="e-2").status_code == 422
        assert push(made, LAMP | {"number": "T-2"}, event="e-1").status_code == 422
        assert Case.objects.count() == 1

    @pytest.mark.parametrize(
        ("more", "status"),
        [
            ({"late": 303}, 401),
            ({"late": -303}, 401),
            ({"code": "traffic"}, 403),
            ({"code": "nobody"}, 404),
        ],
    )
    def test_old_and_misdirected_messages_change_nothing(
        self, cast: Cast, more: dict[str, object], status: int
    ) -> None:
        made = key_for(cast, "hotline")
        assert push(made, LAMP, **more).status_code == status  # type: ignore[arg-type]
        assert not Case.objects.exists()
        assert not Arrival.objects.exists()

    def test_a_forged_body_changes_nothing(self, cast: Cast) -> None:
        made = key_for(cast, "hotline")
        headers = signing.headers_for(made.secret, "e", b"{}", at=clock.now())
        headers["Authorization"] = f"Bearer {made.token}"
        answer = Client().post(
            "/feeds/hotline/", json.dumps(LAMP), content_type="application/json", headers=headers
        )
        assert answer.status_code == 401
        assert Client().post("/feeds/hotline/", "{}", content_type="text/json").status_code == 401
        assert not Case.objects.exists()

    def test_a_key_revoked_in_the_middle_is_turned_away(self, cast: Cast) -> None:
        made = key_for(cast, "hotline")
        assert push(made, LAMP).status_code == 201
        stage.revoke_key(made.key.id, scope=cast.scope("system"), at=clock.now())
        assert push(made, LAMP | {"number": "T-2"}, event="e-2").status_code == 401
        assert Case.objects.count() == 1

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"[]",
            b"{",
            b"[" * 60_000,
            b'{"number": ""}',
            {"number": "T" * 61, "text": "a", "area_code": "330424"},
            LAMP | {"area_code": "999999"},
            LAMP | {"area_code": "330421"},
            LAMP | {"text": ""},
            LAMP | {"text": ["a"]},
            LAMP | {"area_code": "", "place": "火星"},
            LAMP | {"area_code": {"a": 1}},
        ],
    )
    def test_what_is_wrong_is_said_and_opens_nothing(self, cast: Cast, body: object) -> None:
        answer = push(key_for(cast, "hotline"), body)
        assert answer.status_code in {400, 422}, answer.content
        assert json.loads(answer.content)["words"]
        assert not Case.objects.exists()

    def test_ten_megabytes_are_refused_unread(self, cast: Cast) -> None:
        assert push(key_for(cast, "hotline"), b"x" * 10_000_000).status_code == 413

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.dictionaries(
            st.sampled_from(["number", "text", "class_code", "area_code", "place", "lat", "long"]),
            st.one_of(st.text(max_size=30), st.floats(), st.none(), st.booleans(), st.integers()),
        )
    )
    def test_whatever_is_sent_is_answered(self, cast: Cast, body: dict[str, object]) -> None:
        made = key_for(cast, "hotline")
        answer = push(made, {**LAMP, **body}, event="f")
        assert answer.status_code in {200, 201, 400, 404, 422}, answer.content


class TestPetitions:
    def test_it_is_linked_and_never_handled_by_the_rules_of_the_hotline(self, cast: Cast) -> None:
        made = key_for(cast, PETITIONS)
        assert push(made, petition()).status_code == 201
        day = clock.business_date(clock.now()).isoformat()
        told = petition(told_on=day)
        assert push(made, told, event="e-2").status_code == 201
        assert push(made, told, event="e-2").status_code == 200
        deliver()
        (linked,) = cases.list_references(scope=cast.scope("mei"))
        assert (str(linked.told_on), linked.completed_on) == (day, None)
        assert not Case.objects.exists()
        assert connecting.brought(PETITIONS) == ()

    @pytest.mark.parametrize("more", [{"registered_on": ""}, {"registered_on": "x"}, {"title": ""}])
    def test_refusals(self, cast: Cast, more: dict[str, str]) -> None:
        assert push(key_for(cast, PETITIONS), petition(**more)).status_code == 422
        assert cases.list_references(scope=cast.scope("mei")) == ()


class TestPulling:
    def test_what_a_stand_in_has_comes_once(self, cast: Cast) -> None:
        for n in range(3):
            connecting.put("traffic", f"J-{n}", LAMP | {"text": f"公交车站牌坏了 {n}"})
        connecting.put("traffic", "J-9", {"text": "没有地点"})
        system = feeds.get_system("traffic")
        assert feeds.pull(system, at=clock.now()) == 4
        assert feeds.pull(system, at=clock.now()) == 0
        assert set(Case.objects.values_list("source", "source_key")) == {
            ("traffic", f"J-{n}") for n in range(3)
        }
        (standing,) = [s for s in links.list_standings() if s.system.code == "traffic"]
        assert (standing.taken, standing.refused, standing.failure) == (3, 1, "")

    def test_one_that_fails_hinders_no_other(self, cast: Cast, settings) -> None:
        settings.BIHUAN_OUTSIDE = {"hotline": "http://127.0.0.1:9"}
        key_for(cast, "hotline")
        connecting.put("traffic", "J-1", LAMP)
        feeds.pull_all(at=clock.now())
        assert Case.objects.get().source == "traffic"
        (standing,) = [s for s in links.list_standings() if s.system.code == "hotline"]
        assert standing.failure.startswith("no answer")


class TestTellingBack:
    def reject(self, cast: Cast) -> None:
        cases.move_case(
            CaseId(Case.objects.get().pk),
            move=MoveName("reject"),
            detail=Detail(reason="in_procedure", words="在法院审理"),
            scope=cast.scope("mei"),
            at=clock.now(),
        )

    def test_the_giver_learns_each_state_once_in_effect(self, cast: Cast) -> None:
        push(key_for(cast, "hotline"), LAMP)
        deliver()
        self.reject(cast)
        deliver()
        Call.objects.update(state="pending", due_at=clock.now())  # as if every answer was lost
        deliver()
        told = connecting.brought("hotline")
        assert [(one["number"], one["state"]) for one in told] == [
            ("T-1", "reported"),
            ("T-1", "rejected"),
        ]
        assert told[0]["matter"] == Case.objects.get().number
        assert told[0]["sequence"] < told[1]["sequence"]
        assert connecting.brought("traffic") == ()

    def test_a_fact_delivered_twice_makes_one_call(self, cast: Cast) -> None:
        push(key_for(cast, "hotline"), LAMP)
        from bihuan.kernel.affairs.cases.types import case_ref

        (fact,) = events.list_facts(subject=case_ref(CaseId(Case.objects.get().pk)))
        subscribers.tell_opened(fact)
        subscribers.tell_opened(fact)
        assert Call.objects.count() == 1

    def test_a_hook_hears_what_its_key_sees_and_no_text(self, cast: Cast) -> None:
        made = {
            code: stage.make_key(
                WantedKey("T", powers, "330424005", 30, 60), scope=cast.scope("system"), at=NOW()
            )
            for code, powers in (("sees", (MAY_SEE,)), ("blind", (MAY_RAISE,)))
        }
        for key in made.values():
            stage.make_hook(
                key.key.id,
                url="http://127.0.0.1:9/told",
                topics=subscribers.TOPICS,
                scope=cast.scope("system"),
                at=NOW(),
            )
        hotline = key_for(cast, "hotline")
        push(hotline, LAMP)
        push(hotline, LAMP | {"number": "T-2", "class_code": "wages", "text": "欠薪"}, event="e-2")
        push(hotline, LAMP | {"number": "T-3", "area_code": "330424001"}, event="e-3")
        events.deliver_pending(at=NOW())
        (hook,) = [hook for hook, key in hooks.list_hooks() if key.powers == (MAY_SEE,)]
        told = Call.objects.filter(target__startswith="hook:")
        assert {call.target for call in told} == {f"hook:{hook.id}"}
        seen = {call.body["data"]["number"] for call in told}
        sensitive = Case.objects.get(source_key="T-2").sensitive
        assert len(seen) == (1 if sensitive else 2)
        assert Case.objects.get(source_key="T-1").number in seen
        assert "路灯" not in json.dumps([call.body for call in told], ensure_ascii=False)


def NOW():
    return clock.now()
