"""The overdue ladder: whom nobody holds first, who was told when, what comes next; instructing."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from bihuan.desks.command.tests.test_pages import NOON, WANGHAI, Sign, dispatched, raised
from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.testing import Case, Supervision
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.affairs.fieldwork.types import EntryKind, NewEntry
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=9)
"""Friday 3 July; the lamp was due after some days, the unfiled one within two hours."""


@pytest.fixture(autouse=True, name="moment")
def stand_at(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Stand at noon; a test moves on by changing the list."""
    at = [NOON]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    return at


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=clock.now() - timedelta(days=80))


@pytest.fixture
def client_of(cast: Cast) -> Sign:
    return lambda who: sign_in(Client(), cast.account(who))


@pytest.fixture
def leader(cast: Cast, client_of: Sign, moment: list[datetime]) -> Client:
    """Return the leader's client, after a lamp and an unfiled matter became overdue."""
    dispatched(cast, "路灯不亮")
    clocks.fire_due_rungs(at=NOON)
    moment[0] = LATER
    raised(cast, "没人接的事")
    clocks.fire_due_rungs(at=LATER)
    return client_of("leader")


def titles(page: str) -> list[str]:
    return re.findall(r'<h2><a href="/desk/matter/\d+/">([^<]+)</a>', page)


def test_what_nobody_holds_comes_first(leader: Client) -> None:
    said = leader.get("/wall/ladder/").content.decode()
    assert titles(said) == ["没人接的事", "路灯不亮"]
    assert "还没有承办单位（已上报）" in said
    assert said.count("下一级") + said.count("已到最高一级") == 2


def test_who_was_told_and_what_comes_next(leader: Client, cast: Cast) -> None:
    rows = cases.list_overdue(scope=cast.scope("leader"), at=LATER)
    lamp = next(row for row in rows if row.title == "路灯不亮")
    assert lamp.told and lamp.told[0].at == LATER
    assert len({one.at for one in lamp.told}) == len(lamp.told)
    level = cases.find_level(lamp.due_at, at=LATER)
    assert level is not None and lamp.level == level.code
    assert lamp.next_at is not None
    assert clocks.count_overdue_days(lamp.due_at, at=lamp.next_at) == next(
        one.after for one in cases.get_ladder(at=LATER).levels if one.code == lamp.next_level
    )
    before = lamp.next_at - timedelta(minutes=1)
    assert cases.find_level(lamp.due_at, at=before) == level


def test_the_levels_are_the_rows(leader: Client) -> None:
    said = leader.get("/wall/ladder/").content.decode()
    found = re.findall(
        r'href="(/wall/ladder/\?area=330424&amp;level=\w+)"><span>[^<]*</span><b>(\d+)',
        said.replace("\n", ""),
    )
    assert len(found) == 4 and sum(int(count) for _href, count in found) == 2
    for href, count in found:
        page = leader.get(href.replace("&amp;", "&")).content.decode()
        assert len(titles(page)) == int(count)
    assert leader.get("/wall/ladder/", {"level": "x"}).status_code == 404
    assert leader.get("/wall/ladder/", {"area": "330421"}).status_code == 404


def test_a_leader_instructs_in_words_and_once(leader: Client, cast: Cast) -> None:
    said = leader.get("/wall/ladder/").content.decode()
    (first, *_rest) = re.findall(r'href="(/move/\d+/supervise/[^"]*)"', said)
    form = leader.get(first.replace("&amp;", "&")).content.decode()
    key = re.search(r'name="command_id" value="([^"]+)"', form)
    assert key is not None and 'name="words"' in form
    address = first.partition("?")[0]
    lacking = leader.post(address, {"command_id": key[1], "words": ""})
    assert lacking.status_code == 422 and Supervision.objects.count() == 0
    given = {"command_id": key[1], "words": "今天下班前接走", "next": "/wall/ladder/?area=330424"}
    done = leader.post(address, given)
    assert (done.status_code, done.headers["Location"]) == (303, "/wall/ladder/?area=330424")
    assert leader.post(address, given).status_code == 303
    assert [row.words for row in Supervision.objects.all()] == ["今天下班前接走"]
    assert "已督办" in leader.get("/wall/ladder/").content.decode()


def test_a_leader_does_nothing_else_of_the_duty_officer(leader: Client) -> None:
    case_id = Case.objects.get(title="没人接的事").pk
    before = events.count_facts()
    answer = leader.post(f"/move/{case_id}/void/", {"reason": "x", "command_id": "1"})
    assert answer.status_code in {403, 404, 409, 422} and events.count_facts() == before
    assert Case.objects.get(pk=case_id).state == "reported"


def test_a_sensitive_matter_is_counted_and_not_told(leader: Client) -> None:
    Case.objects.filter(title="路灯不亮").update(sensitive=True)
    said = leader.get("/wall/ladder/").content.decode()
    assert "敏感事项" in said and "路灯不亮" not in said


def test_the_duty_log_without_its_details(client_of: Sign, cast: Cast) -> None:
    duty = cast.scope("duty")
    fieldwork.take_shift(scope=duty, at=NOON)
    new = NewEntry(EntryKind.CALL, "雨大，望海街道积水", detail="来电人陆某 138****8000")
    fieldwork.write_entry(new, scope=duty, at=NOON)
    said = client_of("leader").get("/wall/duty/").content.decode()
    assert "雨大，望海街道积水" in said and "陆某" not in said
    before = client_of("leader").get("/wall/duty/", {"day": "2026-06-23"}).content.decode()
    assert "没有值班记录" in before
    assert client_of("leader").get("/wall/duty/", {"day": "x"}).status_code == 422
    assert WANGHAI.startswith("3304/")
