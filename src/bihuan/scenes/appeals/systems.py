"""The systems that give into the one inbox: the hotline and the six smart applications.

Each is described as the catalogue of shared data wants it. The descriptions are drafts for the
county to correct before it connects a real system.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from bihuan.platform.adapters.types import Entry, Sharing, System

PETITIONS = "petitions"
"""Matters under petition procedure: linked and never handled by the rules of the hotline."""

_GIVEN = (
    ("number", "编号（来源系统）"),
    ("text", "内容"),
    ("class_code", "类别"),
    ("area_code", "区划代码"),
    ("place", "地点"),
    ("received_at", "来源系统收到的时间"),
)
_LINKED = (
    ("number", "编号（信访系统）"),
    ("title", "标题"),
    ("area_code", "区划代码"),
    ("registered_on", "登记日期"),
    ("told_on", "告知日期"),
    ("completed_on", "办结日期"),
    ("case_number", "相关事项编号"),
)


def _entry(
    number: int, provider: str, fields: tuple[tuple[str, str], ...] = _GIVEN, basis: str = ""
) -> Entry:
    return Entry(
        catalogue_id=f"330424-ZW-{number:04d}",
        provider=provider,
        sharing=Sharing.CONDITIONAL,
        legal_basis=basis or "《政务数据共享条例》；为办理群众诉求所必需",
        fields=fields,
        refresh="每 5 分钟",
        owner="县社会治理中心",
        correction="县社会治理中心数据管理岗",
    )


SYSTEMS = (
    System("hotline", _("12345 hotline"), _entry(1, "12345 政务服务便民热线")),
    System(
        PETITIONS,
        _("Smart petitions"),
        _entry(2, "县信访局", _LINKED, "《信访工作条例》；只作关联，不按热线规则受理、办结"),
        answers=False,
    ),
    System("livelihood", _("Smart livelihood"), _entry(3, "县民政局")),
    System("city_order", _("Smart city order"), _entry(4, "县综合行政执法局")),
    System("fire_safety", _("Smart fire safety"), _entry(5, "县消防救援大队")),
    System("firm_safety", _("Smart firm safety"), _entry(6, "县应急管理局")),
    System("traffic", _("Smart traffic"), _entry(7, "县交通运输局")),
)
