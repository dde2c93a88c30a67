"""What a resident is told: the list, opening, ways; somebody else's is not there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import APPEAL, MoveName, Opened, Raise
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.ground.registry.types import AreaPath, person_ref
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices.types import INBOX, SMS, Side
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in

SENTENCE = "秦山路路灯三盏不亮"
XINXING = AreaPath("3304/330424/330424005/330424005004/")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(at=clock.now())


def filed(cast: Cast, said: str = SENTENCE) -> Opened:
    """Let LU report and the centre take it on; LU is told."""
    at = clock.now() - timedelta(minutes=5)
    lu = cast.scope("lu")
    assert lu.person_id is not None
    what = Raise(
        APPEAL, said, said, "street_lamp", XINXING, "phone", raised_by=person_ref(lu.person_id)
    )
    opened = cases.open_case(what, scope=lu, at=at)
    cases.move_case(opened.case_id, move=MoveName("file"), scope=cast.scope("tao"), at=at)
    while events.deliver_pending(at=clock.now()):
        pass
    return opened


def client(cast: Cast, who: str) -> Client:
    return sign_in(Client(), cast.account(who))


class TestInbox:
    def test_the_tab_counts_and_opening_reads(self, cast: Cast) -> None:
        opened = filed(cast)
        lu = client(cast, "lu")
        assert 'class="bh-count">1<' in lu.get("/?resident").text
        said = lu.get("/messages/").text
        assert SENTENCE in said and "已立案" in said and opened.number in said
        assert "bh-item-new" in said
        (row,) = notices.list_inbox(scope=cast.scope("lu"), side=Side.RESIDENT).rows
        answer = lu.get(f"/messages/{row.id}/")
        assert answer.status_code == 302
        assert answer["Location"] == reverse("appeals:own", args=[opened.case_id])
        said = lu.get("/messages/").text
        assert "bh-item-new" not in said and "bh-count" not in said

    def test_another_residents_notice_is_not_there(self, cast: Cast) -> None:
        filed(cast)
        (row,) = notices.list_inbox(scope=cast.scope("lu"), side=Side.RESIDENT).rows
        zhou = client(cast, "zhou")
        assert zhou.get(f"/messages/{row.id}/").status_code == 404
        assert zhou.get(f"/desk/messages/{row.id}/").status_code == 404
        assert SENTENCE not in zhou.get("/messages/").text
        assert notices.count_unread(scope=cast.scope("lu"), side=Side.RESIDENT) == 1

    def test_without_sign_in_one_is_asked_to_sign_in(self, cast: Cast) -> None:
        for path in ("/messages/", "/messages/1/", "/messages/how/"):
            answer = Client().get(path)
            assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/in/")

    def test_the_page_takes_the_same_statements_at_any_size(self, cast: Cast) -> None:
        lu, counts = client(cast, "lu"), []
        lu.get("/messages/")  # the first request of a session also writes the session
        for n in (1, 6):
            for k in range(n):
                filed(cast, f"{SENTENCE}{n}{k}")
            with CaptureQueriesContext(connection) as taken:
                assert lu.get("/messages/").status_code == 200
            counts.append(len(taken))
        assert counts[0] == counts[1]

    def test_a_wrong_page_mark_is_the_first_page(self, cast: Cast) -> None:
        filed(cast)
        assert SENTENCE in client(cast, "lu").get("/messages/?after=x").text


class TestWays:
    def test_what_is_not_ticked_is_not_wanted(self, cast: Cast, settings) -> None:
        settings.BIHUAN_CHANNELS = {SMS: "bihuan.kernel.tools.notices.channels:FileChannel"}
        lu, me = client(cast, "lu"), person_ref(cast.members["lu"].person_id)
        assert "短信" in lu.get("/messages/how/").text
        assert lu.post("/messages/how/", {"on": [INBOX]}).status_code == 303
        assert notices.channels_off(me) == {SMS}
        assert lu.post("/messages/how/", {"on": [INBOX, SMS]}).status_code == 303
        assert notices.channels_off(me) == frozenset()

    def test_ways_that_are_not_set_up_are_not_offered(self, cast: Cast, settings) -> None:
        settings.BIHUAN_CHANNELS = {}
        said = client(cast, "lu").get("/messages/how/").text
        assert "闭环里的消息" in said and "短信" not in said
