"""Messages in a real browser: the resident's inbox, the firm's, the unit's, what is stuck."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import Detail, MoveName, NewPart, Role
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import REACH_PEOPLE
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices.types import MAY_SEND, SMS
from bihuan.platform import clock
from bihuan.platform.testing.browser import PC, PHONE, shot
from bihuan.scenes.appeals.operations import Report, report

pytestmark = [pytest.mark.browser]

SAID = ("秦山路路灯三盏不亮", "新桥北路公交站旁垃圾堆了三天，有异味", "枣园路8号门前路面塌陷")


@pytest.fixture
def told(cast, settings, tmp_path):
    settings.BIHUAN_CHANNELS = {SMS: "bihuan.kernel.tools.notices.channels:FileChannel"}
    settings.BIHUAN_OUTBOX = tmp_path / "box"
    at = clock.now() - timedelta(days=2)
    unit = cast.unit("330424-zongzhi").id
    for n, text in enumerate(SAID):
        opened = report(Report(text, "330424005004"), scope=cast.scope("lu"), at=at)
        cases.move_case(opened.case_id, move=MoveName("file"), scope=cast.scope("tao"), at=at)
        later = at + timedelta(hours=3 * n + 2)
        done = cases.dispatch_case(
            opened.case_id, parts=[NewPart(unit, Role.LEAD)], scope=cast.scope("mei"), at=later
        )
        if n == 1:
            reason, review = "weather", clock.now() + timedelta(days=12)
            cases.move_case(
                opened.case_id,
                move=MoveName("suspend"),
                scope=cast.scope("duty"),
                at=clock.now() - timedelta(hours=1),
                detail=Detail(reason=reason, review_at=review),
            )
        if n == 2:
            assert done.part_id is not None
            cases.move_part(
                done.part_id,
                move=MoveName("return"),
                scope=cast.scope("zongzhi"),
                at=later + timedelta(hours=1),
                detail=Detail(reason="道路由镇里养护"),
            )
    while events.deliver_pending(at=clock.now()):
        pass
    settings.BIHUAN_CHANNELS = {}
    scope = registry.system_scope("test", (MAY_SEND, REACH_PEOPLE))
    notices.send_pending(scope=scope, at=clock.now() + timedelta(hours=12))
    notices.send_pending(scope=scope, at=clock.now() + timedelta(hours=23))
    return cast


def test_a_resident_reads_what_moved(told, person) -> None:
    lu = person("lu", PHONE)
    lu.go("/?resident")
    shot(lu.page, "notices-home")
    lu.looks_right()
    lu.tap("a[href='/messages/']")
    shot(lu.page, "notices-inbox")
    lu.looks_right()
    assert "暂缓办理" in lu.text() and "原因：天气。" in lu.text()
    lu.tap_words("已暂缓" if "已暂缓" in lu.text() else "挂起")
    assert SAID[1] in lu.text()
    lu.go("/messages/how/")
    shot(lu.page, "notices-ways")
    lu.looks_right()


def test_units_the_duty_officer_and_firms_read_theirs(told, person) -> None:
    mei = person("mei", PC)
    mei.go("/desk/messages/")
    assert re.search("退回了 HY-.*要重新派遣", mei.text())
    shot(mei.page, "notices-officer")
    mei.looks_right()
    phone = person("mei", PHONE)
    phone.go("/desk/messages/")
    shot(phone.page, "notices-officer-phone")
    phone.looks_right()
    duty = person("duty", PC)
    duty.go("/desk/messages/stuck/")
    shot(duty.page, "notices-stuck")
    duty.looks_right()
    narrow = person("duty", PHONE)
    narrow.go("/desk/messages/stuck/")
    shot(narrow.page, "notices-stuck-phone")
    shen = person("shen", PHONE)
    shen.go("/enterprise/")
    shot(shen.page, "notices-enterprise-home")
    shen.tap("a.bh-bell")
    assert "还没有消息" in shen.text()
    shot(shen.page, "notices-enterprise")
    shen.looks_right()
