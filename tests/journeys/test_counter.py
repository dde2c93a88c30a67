"""The clerk at the counter, in a real browser: from the words to the slip in big letters."""

from __future__ import annotations

import pytest

from bihuan.kernel.affairs.cases.testing import Case
from bihuan.platform.testing.browser import PC, shot

pytestmark = pytest.mark.browser


def test_a_clerk_takes_in_what_an_elder_says(person) -> None:
    tao = person("tao", PC)
    tao.go("/appeals/counter/")
    shot(tao.page, "46-counter")
    tao.looks_right()
    tao.type("#id_text", "秦山路加油站旁边三盏路灯不亮，晚上看不清")
    tao.type("#id_name", "沈阿宝")
    tao.type("#id_phone", "13905730011")
    tao.tap("button[value=look]")
    tao.page.wait_for_selector("#help b")
    assert "路灯" in tao.page.inner_text("#help")
    assert tao.page.input_value("#id_name") == "沈阿宝"
    shot(tao.page, "47-counter-looked")
    tao.looks_right()
    tao.tap("#counter-form .bh-btn-primary")
    case = Case.objects.get()
    assert case.number in tao.text()
    shot(tao.page, "48-counter-slip")
    tao.looks_right()
    tao.go("/appeals/counter/earlier/")
    tao.type("#earlier-number", "13905730011")
    tao.type("#earlier-reason", "本人来问办到哪里")
    tao.tap("main .bh-btn-primary")
    assert "沈**" in tao.text() and case.number in tao.text()
    shot(tao.page, "49-counter-earlier")
    tao.looks_right()
