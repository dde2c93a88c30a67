"""Let the stand-ins of the systems outside give something: ``manage.py appeals_play_outside``."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bihuan.platform import clock
from bihuan.platform.adapters import connecting
from bihuan.scenes.appeals import feeds
from bihuan.scenes.appeals.systems import PETITIONS

GIVEN = {
    "hotline": ("望海街道秦山路路灯不亮三天了", "330424005"),
    "livelihood": ("小区里公共健身器材坏了，老人怕摔", "330424001"),
    "city_order": ("菜场门口占道摆摊，走不过去", "330424001"),
    "fire_safety": ("楼道里停满电瓶车，还有飞线充电", "330421003"),
    "firm_safety": ("厂区仓库堆放杂乱，通道被堵", "330421003"),
    "traffic": ("公交车站的站牌倒了", "330424005"),
}


class Command(BaseCommand):
    """Give one thing for each system and take it in. Safe to run again."""

    help = "Let the stand-ins of systems outside give a matter each, and take them in"

    def handle(self, *args: Any, **options: Any) -> None:
        """Put the things in, then ask the systems."""
        if not settings.BIHUAN_STAND_INS:
            raise CommandError("Stand-ins are off here (BIHUAN_STAND_INS).")
        at = clock.now()
        for code, (text, area) in GIVEN.items():
            connecting.put(code, f"{code}-0001", {"text": text, "area_code": area})
        day = clock.business_date(at).isoformat()
        linked = {"title": "反映拆迁补偿", "area_code": "330424001", "registered_on": day}
        connecting.put(PETITIONS, f"{PETITIONS}-{day}", linked)
        print(f"{feeds.pull_all(at=at)} things looked at")
