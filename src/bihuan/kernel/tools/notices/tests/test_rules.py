"""Pure decisions: quiet hours over midnight, the ladder, the next way, quotas, masked words."""

from __future__ import annotations

from datetime import date, time

import pytest

from bihuan.kernel.tools.notices import rules
from bihuan.kernel.tools.notices.tests.conftest import at
from bihuan.kernel.tools.notices.types import EMAIL, SMS, VOICE, WECHAT, QuietHours, Quota, Used

NIGHT = QuietHours(time(21), time(7, 30))
NOON = QuietHours(time(12), time(13))


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("2026-06-24T20:59:59", "2026-06-24T20:59:59"),
        ("2026-06-24T21:00", "2026-06-25T07:30"),
        ("2026-06-24T23:59:59", "2026-06-25T07:30"),
        ("2026-06-25T00:00", "2026-06-25T07:30"),
        ("2026-06-25T07:29:59", "2026-06-25T07:30"),
        ("2026-06-25T07:30", "2026-06-25T07:30"),
        ("2026-12-31T22:00", "2027-01-01T07:30"),
    ],
)
def test_a_bell_waits_for_the_morning(asked: str, given: str) -> None:
    assert rules.not_in_quiet(at(asked), NIGHT) == at(given)


def test_quiet_hours_within_a_day() -> None:
    assert rules.not_in_quiet(at("2026-06-24T12:10"), NOON) == at("2026-06-24T13:00")
    assert rules.not_in_quiet(at("2026-06-24T13:00"), NOON) == at("2026-06-24T13:00")


def test_the_hours_are_those_of_china_whatever_zone_the_moment_has() -> None:
    moment = at("2026-06-24T21:00")
    assert rules.is_quiet(moment.astimezone(None), NIGHT)


def test_the_ladder_ends() -> None:
    start = at("2026-06-24T09:00")
    assert rules.next_try(1, (60, 300), start) == at("2026-06-24T09:01")
    assert rules.next_try(2, (60, 300), start) == at("2026-06-24T09:05")
    assert rules.next_try(3, (60, 300), start) is None


def test_the_next_way_is_there_and_wanted_and_new() -> None:
    ways = (WECHAT, SMS, EMAIL, VOICE)
    have = {SMS, EMAIL, VOICE}
    assert rules.next_channel(ways, tried=(), configured=have, off=()) == SMS
    assert rules.next_channel(ways, tried={SMS}, configured=have, off={EMAIL}) == VOICE
    assert rules.next_channel(ways, tried=have, configured=have, off=()) is None


def test_what_is_urgent_passes_the_recipients_limit_and_not_the_channels() -> None:
    quota, day = Quota(per_day=10, per_recipient=2), date(2026, 6, 24)
    assert not rules.is_over(quota, Used(day, 9, 1), urgent=False)
    assert rules.is_over(quota, Used(day, 9, 2), urgent=False)
    assert not rules.is_over(quota, Used(day, 9, 2), urgent=True)
    assert rules.is_over(quota, Used(day, 10, 0), urgent=True)


def test_a_providers_words_lose_long_numbers() -> None:
    said = rules.scrub("HTTP 403 for 13912345678 and 33042419680412123X")
    assert said == "HTTP 403 for … and …"
