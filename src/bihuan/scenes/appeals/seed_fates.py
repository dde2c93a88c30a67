"""How many invented matters stand where, how they came, how they ended, and what many told."""

from __future__ import annotations

from collections.abc import Mapping

from bihuan.scenes.appeals import seed_texts as texts

QUICK = ("rubbish", "flooding", "street_order", "water_supply", "power_supply")
"""Classes with a limit of a day or less: no matter of theirs lies about for days."""
STAGED = ("illegal_building",)
"""Its first stage ends after four office hours: none of it stands where an open matter may wait."""
SLOW = tuple(code for code in texts.SAID if code not in (*QUICK, *STAGED))
FIVE_DAYS = ("street_lamp", "noise", "housing", "road")
"""Classes with a limit of about five working days."""
LATE_CLASSES = ("street_lamp", "noise")

SOURCES: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("phone", 34, ()),
    ("hotline", 32, ()),
    ("counter", 6, ()),
    ("mailbox", 4, ()),
    ("livelihood", 7, ("housing", "health", "education", "water_supply", "power_supply", "other")),
    ("city_order", 18, ("rubbish", "street_order", "illegal_building", "street_lamp")),
    ("fire_safety", 40, ("corridor",)),
    ("firm_safety", 14, ("commerce", "pollution")),
    ("traffic", 24, ("road", "transport", "flooding")),
)
"""How a matter came: how often, and which classes a smart application tells of (empty: all)."""
FEEDS = frozenset({"livelihood", "city_order", "fire_safety", "firm_safety", "traffic"})
"""Where nobody stands behind a matter who could be called."""
ANONYMOUS = 0.08

YOUNG = (
    ("reported", 9, 5, 100),
    ("verifying", 6, 20, 100),
    ("filed", 10, 60, 220),
    ("dispatched", 12, 90, 420),
    ("signed", 12, 150, 700),
    ("in_progress", 20, 300, 1300),
    ("fed_back", 10, 350, 1300),
    ("rework", 8, 500, 1300),
    ("returned", 6, 150, 420),
    ("partly", 8, 400, 1300),
    ("appealed", 4, 160, 230),
    ("merged", 12, 90, 220),
    ("asking", 5, 700, 1300),
    ("supervised", 7, 600, 1400),
)
"""Where open matters stand: how many, and how many office minutes ago they were raised."""
LATE = (
    ("in_progress", 6, 5.2, 5.9),
    ("signed", 3, 5.3, 6.0),
    ("in_progress", 4, 6.6, 8.0),
    ("signed", 2, 6.6, 8.0),
    ("in_progress", 3, 9.0, 11.5),
    ("dispatched", 2, 9.0, 11.5),
    ("in_progress", 2, 13.5, 17.0),
)
"""Open matters that lie past their date: how many, and how many working days ago they were raised.
They are of classes with a limit of five working days, one group for each level of the ladder."""

_COMMON = (
    ("reworked", 6),
    ("rejected", 4),
    ("voided", 1),
    ("suspended", 1),
    ("waited", 2),
    ("sent_on", 5),
    ("extended", 4),
    ("assigned", 1),
)
ENDS: Mapping[str, tuple[tuple[str, int], ...]] = {
    "phone": (
        ("evaluated", 45),
        ("called", 18),
        ("closed", 12),
        ("redone", 3),
        ("called_again", 2),
        ("reopened", 1),
        ("withdrawn", 2),
        ("unreasonable", 1),
        *_COMMON,
    ),
    "told": (("called", 50), ("closed", 22), ("called_again", 4), ("unreasonable", 2), *_COMMON),
    "nobody": (("closed", 70), *_COMMON),
}
"""How matters end, in parts: of who sent it by phone, of who told it, of nobody who is known."""
MASTERS = frozenset({"filed", "dispatched", "signed", "in_progress"})
"""Open matters into which another one may be merged."""
RAISER_FATES = frozenset({"evaluated", "redone", "reopened", "appealed", "withdrawn"})
"""Fates in which the raiser speaks again, and so must be known."""

TOPICS: Mapping[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "330424": (
        (
            "noise",
            "秦山路118号",
            (
                "{place}工地夜间施工，泵车吵到两点，孩子睡不着。",
                "{place}工地夜间施工噪音太大，泵车声音震得窗户响。",
                "{place}工地连着三晚夜间施工，泵车噪音吵得老人睡不着。",
                "我住{place}对面，工地夜间施工噪音吵得没法睡。",
                "{place}工地夜间施工没有许可吧？泵车吵到凌晨。",
                "工地夜间施工扰民，就在{place}，泵车还在吵。",
                "{place}工地夜间施工卸钢筋，整幢楼都被吵醒。",
                "{place}工地夜间施工噪音，孩子明天考试睡不着。",
                "{place}工地夜间施工泵车不停，一排住户都睡不着。",
            ),
        ),
        (
            "transport",
            "百尺路公交站",
            (
                "{place}K12路公交改线以后不停了，老人去医院要走一公里。",
                "K12路公交改线，为什么不停{place}了？没有通知。",
                "{place}K12路公交不停了，站牌上还写着。",
                "请恢复K12路公交在{place}停靠，改线以后接送孩子不便。",
                "K12路公交改线，{place}没车坐了，三个小区都有意见。",
                "{place}站牌还是老的，K12路公交改线不停了，老人白等。",
            ),
        ),
    ),
    "330421": (
        (
            "pollution",
            "谈公路66号",
            (
                "{place}注塑厂傍晚排废气，有塑料烧焦的异味，开不了窗。",
                "{place}注塑厂晚上排废气，一股烧焦塑料的异味，头疼。",
                "闻到塑料烧焦的异味，是{place}注塑厂，已经一星期。",
                "{place}注塑厂塑料烧焦的异味，孩子咳嗽。",
                "{place}注塑厂废气扰民，晚上排，异味像塑料烧焦。",
                "傍晚塑料烧焦的异味又来了，{place}注塑厂方向飘过来。",
                "{place}注塑厂塑料烧焦的异味到底有没有人管？",
            ),
        ),
    ),
}
"""What many people tell in the last fortnight: of which class, where, in whose words."""
