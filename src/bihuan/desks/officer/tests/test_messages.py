"""What an officer is told, and what the duty officer sees of messages that do not get through."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import APPEAL, MoveName, NewPart, Raise, Role
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.ground.registry.types import REACH_PEOPLE, AreaPath, person_ref
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices.types import MAY_SEND, SMS
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in

SENTENCE = "秦山路路灯三盏不亮"
XINXING = AreaPath("3304/330424/330424005/330424005004/")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(at=clock.now())


def client(cast: Cast, who: str) -> Client:
    return sign_in(Client(), cast.account(who))


def dispatched(cast: Cast) -> int:
    """Let LU report, the centre take it on and give it to ZONGZHI."""
    at = clock.now() - timedelta(minutes=5)
    lu = cast.scope("lu")
    assert lu.person_id is not None
    what = Raise(
        APPEAL,
        SENTENCE,
        SENTENCE,
        "street_lamp",
        XINXING,
        "phone",
        raised_by=person_ref(lu.person_id),
    )
    opened = cases.open_case(what, scope=lu, at=at)
    cases.move_case(opened.case_id, move=MoveName("file"), scope=cast.scope("tao"), at=at)
    parts = [NewPart(cast.unit("330424-zongzhi").id, Role.LEAD)]
    cases.dispatch_case(opened.case_id, parts=parts, scope=cast.scope("mei"), at=at)
    while events.deliver_pending(at=clock.now()):
        pass
    return int(opened.case_id)


def test_the_unit_is_told_and_the_side_bar_counts(cast: Cast) -> None:
    case_id = dispatched(cast)
    zongzhi = client(cast, "zongzhi")
    assert "消息 1" in zongzhi.get("/desk/").text
    said = zongzhi.get("/desk/messages/").text
    assert "主办任务" in said and SENTENCE in said
    href = said.split('class="bh-item bh-item-new" href="')[1].split('"')[0]
    assert zongzhi.get(href)["Location"] == f"/desk/matter/{case_id}/"
    assert "消息 1" not in zongzhi.get("/desk/").text
    assert SENTENCE not in client(cast, "wrong").get("/desk/messages/").text


class TestStuck:
    @pytest.fixture
    def failed(self, cast: Cast, settings, tmp_path) -> str:
        """Let a text message to LU fail for good: the channel is taken out of service."""
        settings.BIHUAN_CHANNELS = {SMS: "bihuan.kernel.tools.notices.channels:FileChannel"}
        settings.BIHUAN_OUTBOX = tmp_path / "box"
        dispatched(cast)
        settings.BIHUAN_CHANNELS = {}
        scope = registry.system_scope("test", (MAY_SEND, REACH_PEOPLE))
        day = clock.midnight(clock.business_date(clock.now())) + timedelta(hours=34)
        # A way that was taken out of service must be told, whatever the hour of this test.
        events_before = notices.send_pending(scope=scope, at=day - timedelta(hours=24))
        if not events_before:
            notices.send_pending(scope=scope, at=day)
        rows = notices.list_stuck(scope=cast.scope("duty"))
        assert len(rows) == 2
        return str(rows[0].id)

    def test_the_duty_officer_sees_why_and_sends_again(self, cast: Cast, failed: str) -> None:
        duty = client(cast, "duty")
        assert "送不出去的" in duty.get("/desk/").text
        said = duty.get("/desk/messages/stuck/").text
        assert "这个通道已经停用。" in said and "再发一次" in said
        assert cast.members["lu"].phone not in said
        answer = duty.post("/desk/messages/stuck/", {"delivery": failed})
        assert answer.status_code == 303
        assert notices.count_stuck(scope=cast.scope("duty")) == 1
        again = duty.post("/desk/messages/stuck/", {"delivery": failed}, follow=True).text
        assert "已经在发了" in again

    @pytest.mark.parametrize("wrong", ["", "x", "00000000-0000-0000-0000-000000000000"])
    def test_a_wrong_key_changes_nothing(self, cast: Cast, failed: str, wrong: str) -> None:
        duty = client(cast, "duty")
        said = duty.post("/desk/messages/stuck/", {"delivery": wrong}, follow=True).text
        assert "没有这条消息" in said
        assert notices.count_stuck(scope=cast.scope("duty")) == 2

    def test_it_is_not_for_others(self, cast: Cast) -> None:
        assert client(cast, "mei").get("/desk/messages/stuck/").status_code == 403
        assert "送不出去的" not in client(cast, "mei").get("/desk/").text
