"""The simulator in place of WeChat Pay, for demo and tests."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from bihuan.kernel.affairs.billing import api as billing
from bihuan.kernel.affairs.billing.types import Verdict, taking_powers
from bihuan.kernel.ground.registry import api as registry
from bihuan.platform import clock
from bihuan.platform.paysim.keys import Pair, kept_pair
from bihuan.platform.paysim.orders import Manner, SimOrder
from bihuan.platform.paysim.wechat import WechatSim

MERCHANT = "1900000109"


@lru_cache(maxsize=1)
def simulator() -> WechatSim:
    """Return the simulator; its keys are kept, so that every process of the demo has the same."""
    folder = Path(settings.BIHUAN_KEYS).parent / "paysim"
    channel, own = kept_pair(folder / "wechat.pem"), kept_pair(folder / "merchant.pem")
    sim = WechatSim(MERCHANT, merchant_public_pem=own.public_pem, pair=channel)
    digest = hashlib.sha256(channel.private_pem.encode()).hexdigest()
    sim.apiv3_key, sim.serial, sim.page = digest[:32], digest[:40].upper(), "/fees/simulator/"
    return sim


def _own() -> Pair:
    return kept_pair(Path(settings.BIHUAN_KEYS).parent / "paysim" / "merchant.pem")


def use_simulator() -> None:
    """Let WeChat Pay be the simulator, over no network."""
    sim = simulator()

    def carry(
        method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        return sim.handle(
            method, url.removeprefix(billing.WECHAT_HOST), headers, body, at=clock.now()
        )

    own = billing.WechatCredentials(
        mchid=sim.mchid,
        appid=sim.appid,
        serial_no="DEMO",
        private_key_pem=_own().private_pem,
        apiv3_key=sim.apiv3_key,
        platform_keys={sim.serial: sim.pair.public_pem},
    )
    billing.use_channel(billing.WechatPay(own, transport=carry))


def pay_at_simulator(out_trade_no: str, amount_fen: int, *, at: datetime) -> Verdict | None:
    """Pay as the family does on the channel's page, and let the signed notice come in."""
    sim = simulator()
    sim.book.open(SimOrder(out_trade_no, amount_fen, "学校收费", at))
    if not sim.book.pay(out_trade_no, at):
        return None
    ((_when, notice),) = sim.notices(out_trade_no, at=at, manner=Manner.GOOD)
    scope = registry.system_scope("notice.wechat", taking_powers())
    return billing.receive("wechat", notice.headers, notice.body, scope=scope, at=at)
