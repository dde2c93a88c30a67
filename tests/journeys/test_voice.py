"""An elder tells it by voice, with a microphone that the browser plays (golden task 3)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from bihuan.kernel.affairs.cases.testing import Case
from bihuan.platform.testing import browser as browsers
from bihuan.platform.testing.browser import PC, PHONE, shot

pytestmark = [pytest.mark.browser, pytest.mark.golden]

MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsers.chromium(*MICROPHONE) as opened:
        yield opened


def test_an_elder_says_it_in_three_taps(person) -> None:
    elder = person(None, PHONE)
    elder.go("/")
    elder.tap_words("大字")
    elder.begin()
    elder.tap("a.bh-choice-3-first")
    assert elder.page.locator("#id_voice").is_hidden()
    shot(elder.page, "40-voice-ready")
    elder.looks_right()
    elder.tap("[data-record-start]")
    elder.page.wait_for_timeout(1800)
    shot(elder.page, "41-voice-running")
    elder.looks_right()
    with elder.page.expect_navigation():
        elder.tap("[data-record-send]")
    assert "收到了" in elder.text()
    assert (elder.taps, elder.typed) == (3, 0)
    elder.report("3 by voice")
    elder.looks_right()
    case = Case.objects.get()
    assert case.unheard

    elder.tap_words("看办到哪里了")
    elder.page.wait_for_function("document.querySelector('audio')?.duration > 0.5")
    shot(elder.page, "42-voice-own-matter")
    elder.looks_right()

    tao = person("tao", PC)
    tao.go(f"/desk/matter/{case.pk}/")
    tao.page.wait_for_function("document.querySelector('audio')?.duration > 0.5")
    shot(tao.page, "43-voice-officer")
    tao.looks_right()
    tao.type("#hear-text", "秦山路加油站旁边三盏路灯不亮")
    tao.tap("#hear-form button")
    assert "路灯" in tao.text()
    case.refresh_from_db()
    assert (case.class_code, case.unheard) == ("street_lamp", False)


def test_one_listens_first_and_takes_it_away(person) -> None:
    lu = person("lu", PHONE)
    lu.go("/appeals/report/")
    shot(lu.page, "44-voice-plain")
    lu.tap("[data-record-start]")
    lu.page.wait_for_timeout(1200)
    lu.tap("[data-record-stop]")
    lu.page.wait_for_selector("[data-record-play]:not([hidden])")
    shot(lu.page, "45-voice-kept")
    lu.looks_right()
    assert lu.page.eval_on_selector("#id_voice", "i => i.files.length") == 1
    lu.tap("[data-record-drop]")
    assert lu.page.eval_on_selector("#id_voice", "i => i.files.length") == 0
