"""Golden task 11: a parent pays this term for three children, without what she does not want."""

from __future__ import annotations

import pytest

from bihuan.kernel.affairs.billing import api as billing
from bihuan.kernel.affairs.billing.types import BillState
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.platform import clock
from bihuan.platform.testing.browser import PHONE, shot
from bihuan.scenes.school_fees.demo import simulator, use_simulator
from bihuan.scenes.school_fees.seeds import FAMILY, plant

TAPS = 5


@pytest.mark.golden
@pytest.mark.browser
def test_three_children_one_payment(person, cast: Cast, settings) -> None:
    settings.BIHUAN_DEMO = True
    plant(cast, at=clock.now())
    billing.forget_channels()
    use_simulator()
    try:
        lu = person("lu", PHONE)
        lu.go("/")
        lu.tap(lu.page.get_by_role("link", name="学校收费").first)
        lu.looks_right()
        shot(lu.page, "14-fees")
        lu.tap(lu.page.get_by_label("课后服务"))
        lu.tap(lu.page.get_by_role("button", name="去付款"))
        lu.looks_right()
        shot(lu.page, "14-fees-order")
        assert "3,657.50" in lu.text()
        lu.tap(lu.page.get_by_role("link", name="微信支付 3,657.50 元"))
        shot(lu.page, "14-fees-simulator")
        lu.tap(lu.page.get_by_role("button", name="确认付款"))
        assert "已付，已入账" in lu.text()
        shot(lu.page, "14-fees-paid")
        lu.looks_right()
        assert {bill.state for bill in billing.list_family_bills([FAMILY])} == {BillState.PAID}
        assert lu.taps <= TAPS
        lu.report("11")
    finally:
        billing.forget_channels()
        simulator.cache_clear()
