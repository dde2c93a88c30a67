"""A grid worker walks through a factory with the checklist, on a phone."""

from __future__ import annotations

import pytest
from PIL import Image

from bihuan.kernel.affairs.cases.testing import Case
from bihuan.platform.testing.browser import PHONE, shot

from .conftest import settle

pytestmark = pytest.mark.browser
REFUSED = (
    "Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"
)


def test_one_tap_an_item_and_a_failed_one_becomes_a_matter(person, tmp_path) -> None:
    exit_photo = tmp_path / "exit.jpg"
    Image.new("RGB", (400, 300), "gray").save(exit_photo)
    gu = person("gu", PHONE)
    gu.go("/grid/checklist/")
    shot(gu.page, "grid-checklist-first")
    gu.looks_right()
    gu.page.select_option("#id_organisation", label="恒岳紧固件有限公司")
    assert not gu.page.is_visible("#item-wiring")
    gu.page.check("#i-electrician-present")
    gu.page.wait_for_selector("#item-wiring")  # the answer shows the lines
    assert gu.page.is_checked("#i-electrician-present")
    for item in ("wiring", "distribution_box", "earthing", "extinguishers", "signs", "sleeping"):
        gu.page.check(f"#i-{item}-pass")
    gu.page.check("#i-e_bikes-pass")
    gu.page.check("#i-hot_work-waived")
    gu.page.check("#i-exits-fail")
    gu.tap("button[form=checklist-form]")
    assert "还有 1 项要选或要拍照" in gu.text()
    gu.page.locator("#item-exits").scroll_into_view_if_needed()
    shot(gu.page, "grid-checklist")
    assert gu.faults == [REFUSED]
    gu.faults.clear()
    gu.looks_right()
    gu.page.set_input_files("#f-exits", exit_photo)
    gu.page.fill("#n-exits", "东门堆了纸卷")
    gu.tap("button[form=checklist-form]")
    assert "中心已收。1 项会往下办" in gu.text()
    shot(gu.page, "grid-checklist-result")
    gu.looks_right()
    settle()
    assert Case.objects.get().text == "疏散通道或安全出口被堵：东门堆了纸卷"
