"""The thread: a blocked fire exit, from a phone without a network to a green code.

Grid worker → centre → dispatcher → fire brigade → the firm's code turns yellow → the firm clears
it → another person looks on the spot → green. The line to the phone is really cut, twice.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from bihuan.kernel.affairs.cases.testing import Case, Part
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.affairs.fieldwork.types import VisitKind
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import HUIMIN
from bihuan.platform.testing.browser import PC, PHONE, WALL, shot
from tests.journeys.conftest import Person, settle
from tests.journeys.proxy import Line
from tests.journeys.test_field import (
    SENTENCE,
    counts,
    exit_photo,
    opened,
    report,
    waits_for_kept_app,
)

pytestmark = [pytest.mark.browser, pytest.mark.golden]

__all__ = ["exit_photo"]

CALM, TROUBLED = "17.6", "29.4"
"""The index of 惠民街道 with its two firms, over the 85 of 100 points that have a source.

Codes 0, then 10 of 40; overdue 0 of 25; not visited 10, then 5 of 10; change in 30 days 5, then 10
of 10. That is 15, then 25, then 15 of 85.
"""


def delivered() -> None:
    settle()
    assert events.count_deliveries(state="dead") == 0
    assert events.count_deliveries(state="pending") == 0


def wall_says(city: Person, *, index: str, green: int, yellow: int) -> None:
    """Read the wall and the page of the town: code counts and index, exactly."""
    city.go("/wall/")
    said = [
        re.sub(r"\s", "", text)
        for text in city.page.locator(".bh-codes-row > div").all_inner_texts()
    ]
    assert said == [f"绿码{green}", f"黄码{yellow}", "红码0"]
    assert city.page.inner_text("#index") == index
    city.go(f"/wall/town/{HUIMIN}/")
    assert index in city.text() and "惠民街道" in city.text()


def code_says(shen: Person, words: str, *more: str) -> None:
    shen.go("/enterprise/")
    said = shen.text()
    for part in (words, *more):
        assert part in said, part


def patrol(gu: Person, line: Line, photo) -> None:
    """Report while the line is cut, open the app again meanwhile, and send when it is back."""
    line.cut()
    report(gu, photo)
    gu.tap("button[form=visit]")
    expect(gu.page.locator("#count-saved")).to_have_text("已存本机 1")
    expect(gu.page.locator("#count-received")).to_have_text("中心已收 0")
    gu.page.reload()
    expect(gu.page.locator("#count-saved")).to_have_text("已存本机 1")
    assert "恒岳紧固件有限公司" in gu.text(), "today's list opens without a network"
    delivered()
    assert (Case.objects.count(), fieldwork.count_visits()) == (0, 0)
    line.mend()
    gu.tap(gu.page.get_by_text("队列"))
    gu.tap("#send-now")
    expect(gu.page.locator("#count-received")).to_have_text("中心已收 1")
    assert counts(gu) == ("已存本机 0", "中心已收 1")
    delivered()
    number = Case.objects.get().number
    gu.page.reload()
    expect(gu.page.locator("[data-entry]")).to_contain_text(number)


def dispatch(mei: Person) -> None:
    mei.go("/desk/?tray=accept")
    row = mei.page.locator("tr, li").filter(has_text=SENTENCE).first
    assert "剩" in row.inner_text()
    mei.tap_words(SENTENCE)
    said = mei.text()
    assert "受理答复期限" in said and "已上报" in said
    mei.tap("#move-file button.bh-btn-primary")
    mei.tap("#dispatch-form button.bh-btn-primary")
    assert "嘉善县消防救援大队" in mei.text() and "待签收" in mei.text()


def sign_as_major(fire: Person) -> None:
    fire.go("/desk/")
    fire.tap_words(SENTENCE)
    fire.tap("#move-sign input[value=major]")
    fire.tap("#move-sign button.bh-btn-primary")
    assert "重大隐患" in fire.text()
    delivered()


def say_cleared(shen: Person, photo) -> None:
    shen.tap("#first-step")
    shen.page.set_input_files("input[type=file]", photo)
    shen.tap("button.bh-btn-primary")
    delivered()


def verify(check: Person, line: Line, photo) -> None:
    """Look on the spot while the line is cut; the centre learns it when the line is back."""
    line.cut()
    check.tap_words(SENTENCE)
    check.page.wait_for_selector("img.bh-picture >> nth=1")
    check.tap("button.bh-pill >> nth=0")
    check.page.set_input_files("#photo", photo)
    check.page.wait_for_selector("img.bh-thumb")
    check.tap("button[form=verify]")
    expect(check.page.locator("#count-saved")).to_have_text("已存本机 1")
    delivered()
    assert Case.objects.get().state == "fed_back"
    line.mend()
    check.tap(check.page.get_by_text("队列"))
    check.tap("#send-now")
    expect(check.page.locator("#count-received")).to_have_text("中心已收 1")
    delivered()


@pytest.mark.article("S3.13", "S2.14")
def test_a_blocked_exit_goes_round_and_the_code_is_green_again(
    phone, person, line: Line, exit_photo
) -> None:
    delivered()
    city, shen = person("city", WALL), person("shen", PHONE)
    wall_says(city, index=CALM, green=2, yellow=0)
    code_says(shen, "绿码，100 分")

    gu = opened(phone("gu"))
    waits_for_kept_app(gu)
    patrol(gu, line, exit_photo)
    case = Case.objects.get()
    assert (case.title, case.state, case.class_code) == (SENTENCE, "reported", "fire")
    code_says(shen, "绿码，100 分")

    dispatch(person("js_mei", PC))
    sign_as_major(person("js_fire", PC))
    code_says(shen, "黄码，75 分", SENTENCE, "−25", "+25")
    shot(shen.page, "thread-yellow")
    wall_says(city, index=TROUBLED, green=1, yellow=1)

    say_cleared(shen, exit_photo)
    assert Case.objects.get().state == "fed_back"
    code_says(shen, "黄码，75 分")

    check = opened(phone("js_check"))
    waits_for_kept_app(check)
    verify(check, line, exit_photo)
    assert (Case.objects.get().state, Part.objects.get().state) == ("closed", "accepted")
    assert fieldwork.count_visits(kind=VisitKind.PATROL) == 1
    assert fieldwork.count_visits(kind=VisitKind.VERIFICATION) == 1
    code_says(shen, "绿码，100 分")
    wall_says(city, index=CALM, green=2, yellow=0)
    shot(city.page, "thread-town")
    for somebody in (shen, city):
        assert somebody.faults == []
