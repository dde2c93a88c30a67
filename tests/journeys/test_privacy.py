"""Privacy in a real browser: the number once, who looked, withdrawing, the auditor's page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error

from bihuan.kernel.ground.privacy import api as privacy
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import REACH_PEOPLE, PurposeCode
from bihuan.platform import clock
from bihuan.platform.testing.browser import PC, PHONE, shot
from bihuan.scenes.appeals.operations import Report, report

pytestmark = [pytest.mark.browser]

SAID = "城西路工地夜里还在施工"
WHY = "回访核实工地是否停工"


@pytest.fixture
def matter(cast) -> str:
    opened = report(Report(SAID, "330424005004"), scope=cast.scope("lu"), at=clock.now())
    return f"/desk/matter/{opened.case_id}/"


def look(someone, matter: str, what: str = "handling:phone", why: str = WHY) -> None:
    someone.go(matter)
    someone.page.locator("#unmask summary").click()
    someone.page.check(f"#unmask input[value='{what}']")
    someone.page.fill("#look-reason", why)


def test_the_number_once_and_lu_reads_who_looked(cast, matter, person) -> None:
    lu_phone = cast.members["lu"].phone
    tao = person("tao", PC)
    look(tao, matter)
    shot(tao.page, "privacy-asking")
    tao.looks_right()
    tao.tap_words("显示一次")
    assert lu_phone in tao.text()
    shot(tao.page, "privacy-shown")
    tao.looks_right()
    tao.tap_words("看完了")
    assert lu_phone not in tao.page.content()
    with pytest.raises(Error, match="ERR_CACHE_MISS"):  # no cache kept the page with the number
        tao.page.go_back()
    small = person("tao", PHONE)
    look(small, matter, "identity:id_number", "核对身份")
    small.page.fill("#look-reason", "核")
    small.tap_words("显示一次")
    assert "请写清楚为什么要看" in small.text()
    shot(small.page, "privacy-refused-360")
    assert small.faults == [] or all("403" in fault for fault in small.faults)
    leader = person("leader", PHONE)
    look(leader, matter, "emergency:phone", "说要跳楼,要马上找到人")
    shot(leader.page, "privacy-danger-360")
    leader.looks_right()
    leader.tap_words("显示一次")
    shot(leader.page, "privacy-danger-shown-360")
    leader.looks_right()
    sender = registry.system_scope("notices", [REACH_PEOPLE])
    lu_id = cast.members["lu"].person_id
    privacy.find_phone_to_reach(lu_id, scope=sender, at=clock.now())
    privacy.give_consent(
        PurposeCode("survey"), person_id=lu_id, version=1, scope=cast.scope("lu"), at=clock.now()
    )
    lu = person("lu", PHONE)
    lu.go("/?resident")
    lu.tap_words("隐私")
    assert WHY in lu.text() and "陶*" in lu.text() and SAID in lu.text()
    shot(lu.page, "privacy-own-360")
    lu.looks_right()
    lu.tap(lu.page.locator("summary", has_text="撤回同意"))
    shot(lu.page, "privacy-withdraw-360")
    lu.tap_words("确认撤回")
    assert "已撤回" in lu.text()
    lu.looks_right()
    wide = person("zhou", PC)
    wide.go("/privacy/")
    shot(wide.page, "privacy-nobody-1440")
    wide.looks_right()
    for size, name in ((PC, "1440"), (PHONE, "360")):
        auditor = person("auditor", size)
        auditor.go("/desk/looks/")
        assert WHY in auditor.text() and lu_phone not in auditor.page.content()
        shot(auditor.page, f"privacy-looks-{name}")
        auditor.looks_right()
