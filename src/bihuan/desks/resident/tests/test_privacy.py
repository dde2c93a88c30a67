"""What a resident sees of their privacy: who looked, and consents through HTTP."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.privacy import api as privacy
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.ground.registry.types import REACH_PEOPLE, PurposeCode
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in

SURVEY = PurposeCode("survey")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(at=clock.now())


def client(cast: Cast, who: str) -> Client:
    return sign_in(Client(), cast.account(who))


def given(cast: Cast, who: str = "lu") -> bool:
    person = cast.members[who].person_id
    found = privacy.find_agreement(SURVEY, person, scope=cast.scope(who), at=clock.now())
    assert found
    return found.given


def post(browser: Client, cast: Cast, do: str, **more: str):
    wish = {
        "do": do,
        "purpose": "survey",
        "person": str(cast.members["lu"].person_id),
        "version": "1",
        "command_id": str(uuid.uuid4()),
    }
    return browser.post("/privacy/consent/", wish | more)


def test_nobody_looked_yet(cast: Cast) -> None:
    lu = client(cast, "lu")
    assert "/privacy/" in lu.get("/?resident").text
    answer = lu.get("/privacy/")
    assert "没有人看过您的号码" in answer.text and "12345" in answer.text
    assert answer["Cache-Control"] == "no-store, private"


def test_that_a_system_used_the_phone_is_said(cast: Cast) -> None:
    lu = cast.members["lu"]
    sender = registry.system_scope("notices", [REACH_PEOPLE])
    privacy.find_phone_to_reach(lu.person_id, scope=sender, at=clock.now())
    said = client(cast, "lu").get("/privacy/").text
    assert "系统自动" in said and "通知办理进展" in said
    assert lu.phone not in said
    assert "系统自动" not in client(cast, "zhou").get("/privacy/").text


def test_agreeing_and_withdrawing(cast: Cast) -> None:
    lu = client(cast, "lu")
    said = lu.get("/privacy/").text
    assert said.count("未同意") == 2 and "我单独同意这一项" in said
    assert post(lu, cast, "give").status_code == 303
    assert given(cast)
    said = lu.get("/privacy/").text
    assert "已同意" in said and "以后随时可以重新同意" in said
    assert post(lu, cast, "withdraw").status_code == 303
    assert not given(cast)
    assert "已撤回" in lu.get("/privacy/").text


def test_what_is_refused_changes_nothing(cast: Cast) -> None:
    lu, before = client(cast, "lu"), events.count_facts()
    for browser, more in (
        (client(cast, "zhou"), {}),
        (client(cast, "tao"), {}),
        (lu, {"version": "9"}),
        (lu, {"version": "x"}),
        (lu, {"purpose": "handling"}),
        (lu, {"person": "x"}),
    ):
        assert post(browser, cast, "give", **more).status_code == 303
    assert not given(cast)
    assert events.count_facts() == before


def test_sent_twice_it_is_one_consent(cast: Cast) -> None:
    lu, key, before = client(cast, "lu"), str(uuid.uuid4()), events.count_facts()
    for _n in range(2):
        assert post(lu, cast, "give", command_id=key).status_code == 303
    assert (given(cast), events.count_facts()) == (True, before + 1)


def test_without_sign_in_one_is_asked_to_sign_in(cast: Cast) -> None:
    for answer in (Client().get("/privacy/"), post(Client(), cast, "give")):
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/in/")
