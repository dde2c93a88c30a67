"""The dark lamp in a real browser, from the phone to the answer (golden tasks 1 to 3)."""

from __future__ import annotations

import re

import pytest
from PIL import Image

from bihuan.platform.testing.browser import PC, PHONE, shot

pytestmark = [pytest.mark.browser, pytest.mark.golden]

SENTENCE = "秦山路路灯三盏不亮"


@pytest.fixture
def lamp(tmp_path):
    path = tmp_path / "lamp.jpg"
    Image.new("RGB", (400, 300), "navy").save(path)
    return path


def test_a_resident_tells_the_town_in_six_taps(person, lamp) -> None:
    """Golden tasks 1 and 2: report with a photo; who has it, and why that day."""
    lu = person(None, PHONE)
    lu.go("/")
    shot(lu.page, "01-resident-home")
    lu.looks_right()
    lu.tap("a.bh-hero")
    lu.type("#id_text", SENTENCE)
    lu.taps += 1
    lu.page.set_input_files("#id_photos", lamp)
    lu.page.wait_for_selector("#expect .bh-due")
    assert "路灯" in lu.page.inner_text("#expect")
    shot(lu.page, "02-resident-report")
    lu.looks_right()
    lu.tap("button[form=report-form]")
    assert "收到了" in lu.text()
    lu.report("1")
    assert lu.taps <= 6 and lu.typed == 1
    shot(lu.page, "03-resident-receipt")
    lu.looks_right()

    lu.begin()
    lu.tap_words("看办到哪里了")
    said = lu.text()
    assert "县社会治理中心" in said
    assert "为什么是这一天" in said
    assert lu.taps <= 2
    lu.report("2")
    shot(lu.page, "04-resident-matter")
    lu.looks_right()


def test_an_elder_does_it_in_big_print(person) -> None:
    """Golden task 3: big print, one thing on a screen, a telephone and a counter always named."""
    elder = person(None, PHONE)
    elder.go("/")
    elder.tap_words("大字")
    elder.begin()
    said = elder.text()
    assert "12345" in said and "便民服务中心" in said
    shot(elder.page, "05-resident-big-print")
    elder.looks_right()
    elder.tap("a.bh-choice-3-first")
    elder.type("#id_text", SENTENCE)
    elder.tap("button[form=report-form]")
    assert "收到了" in elder.text()
    assert elder.taps <= 3
    elder.report("3")
    elder.looks_right()


def test_the_lamp_comes_back_to_the_resident(person, lamp) -> None:
    lu, mei = person("lu", PHONE), person("mei", PC)
    lu.go("/appeals/report/")
    lu.type("#id_text", SENTENCE)
    lu.tap("button[form=report-form]")
    number = re.findall(r"HY-\d{4}-\d{5}", lu.text())[0]

    mei.go("/desk/?tray=accept")
    mei.looks_right()
    mei.tap_words(SENTENCE)
    mei.tap("#move-file button.bh-btn-primary")
    shot(mei.page, "06-officer-dispatch")
    mei.looks_right()
    mei.tap("#dispatch-form button.bh-btn-primary")
    assert "待签收" in mei.text()

    handler = person("zongzhi", PC)
    handler.go("/desk/")
    handler.looks_right()
    handler.tap_words(SENTENCE)
    handler.tap("#move-sign button.bh-btn-primary")
    handler.type("#feed_back-words", "换了三盏灯头，试灯正常")
    handler.page.set_input_files("#feed_back-photos", lamp)
    handler.tap("#move-feed_back button.bh-btn-primary")
    assert "待核实" in handler.text()
    shot(handler.page, "07-officer-matter")
    handler.looks_right()

    verifier = person("verifier", PHONE)
    verifier.go("/desk/?tray=verify")
    verifier.tap_words(SENTENCE)
    verifier.tap_words("现场核实")
    verifier.tap("input[name=on_the_spot]")
    verifier.tap("input[value=yes]")
    verifier.looks_right()
    verifier.tap("button[form=verify-form]")

    lu.go("/?resident")
    assert "解决了吗" in lu.text()
    lu.tap_words(SENTENCE)
    lu.tap("input[value=satisfied]")
    lu.tap("#move-evaluate button.bh-btn-primary")
    said = lu.text()
    assert "已闭环" in said and "换了三盏灯头" in said and number in said
    lu.looks_right()


def test_the_gallery_shows_every_component(person) -> None:
    for size in (PHONE, PC):
        reader = person(None, size)
        reader.go("/ui/gallery/")
        reader.looks_right()
        if size is PC:
            shot(reader.page, "08-components")
