"""The map: what it says equals its lists, at every level, now and on a day; its way by address."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from bihuan.desks.command import cells
from bihuan.desks.command.tests.test_pages import NOON, WANGHAI, Sign, closed, count, dispatched
from bihuan.kernel.affairs.cases.testing import Case
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.sight.indices import api as indices
from bihuan.kernel.sight.indices.types import AreaDay
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=9)
WHATS = ("open", "overdue", "raised", "closed", "back", "aside")


@pytest.fixture(autouse=True, name="moment")
def stand_at(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Stand at noon; a test moves on by changing the list."""
    at = [NOON]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    return at


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=clock.now() - timedelta(days=80))


@pytest.fixture
def client_of(cast: Cast) -> Sign:
    return lambda who: sign_in(Client(), cast.account(who))


def body(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def numbers(page: str) -> list[tuple[str, int]]:
    """Return every number of the map's page that leads somewhere, with its address."""
    found = re.findall(
        r'<a[^>]*href="(/wall/(?:rows|days)/[^"]+)"[^>]*>(?:<span>[^<]*</span><b[^>]*>)?([\d,]+)',
        page,
    )
    return [(href.replace("&amp;", "&"), int(told.replace(",", ""))) for href, told in found]


def rows_of(client: Client, href: str) -> int:
    page = body(client, href)
    if href.startswith("/wall/days/"):
        told = re.search(r'<span id="count">(\d+)</span>', page)
        assert told is not None
        assert page.count('class="bh-item"') == max(1, int(told[1]))
        return int(told[1])
    return len(re.findall(r'href="/desk/matter/\d+/"', page))


@pytest.mark.parametrize("code", ["330424", "330424005", "330424005004"])
def test_every_number_opens_as_many_rows(
    client_of: Sign, cast: Cast, moment: list[datetime], code: str
) -> None:
    closed(cast, "路灯不亮")
    dispatched(cast, "灯杆斜了")
    dispatched(cast, "井盖响")
    moment[0] = LATER
    dispatched(cast, "树枝断了")
    indices.keep_days(at=LATER)
    leader = client_of("leader")
    for query in ("", "?day=2026-06-24", "?day=2026-07-02"):
        shown = numbers(body(leader, f"/wall/map/{code}/{query}"))
        assert len(shown) >= 6
        for href, told in shown:
            assert rows_of(leader, href) == told, (query, href)
    own = dict(numbers(body(leader, f"/wall/map/{code}/?day=2026-06-24")))
    assert [own[f"/wall/days/{code}/2026-06-24/{what}/"] for what in WHATS[:1] + WHATS[2:4]] == [
        2, 3, 1,
    ]  # fmt: skip


def test_the_way_down_and_up_by_address(client_of: Sign, cast: Cast) -> None:
    dispatched(cast, "灯杆斜了")
    city = client_of("city")
    whole = body(city, "/wall/map/")
    assert 'href="/wall/map/330424/"' in whole and "嘉兴市" in whole
    assert whole.count('<polygon class="bh-hex bh-hex-0"') == 72
    county = body(city, "/wall/map/330424/")
    assert 'href="/wall/map/330424005/"' in county and 'href="/wall/map/3304/"' in county
    town = body(city, "/wall/map/330424005/")
    assert 'href="/wall/map/330424005004/"' in town and 'href="/wall/map/330424/"' in town
    village = body(city, "/wall/map/330424005004/")
    assert "没有更小的辖区" in village
    assert "望海街道：在办 1 件，其中逾期 0 件" in county


def test_a_day_stays_in_every_address(client_of: Sign, cast: Cast, moment: list[datetime]) -> None:
    dispatched(cast, "灯杆斜了")
    moment[0] = LATER
    indices.keep_days(at=LATER)
    leader = client_of("leader")
    said = body(leader, "/wall/map/330424/?day=2026-06-25")
    assert "6月25日（周四）晚上的样子" in said
    assert 'href="/wall/map/330424005/?day=2026-06-25"' in said
    assert 'href="/wall/map/330424/?day=2026-06-24" rel="prev"' in said
    assert 'href="/wall/map/330424/?day=2026-06-26" rel="next"' in said
    first = re.search(r'max="(\d+)" value="(\d+)"', said)
    assert first is not None and first[1] == "120"
    same = body(leader, f"/wall/map/330424/?n={first[2]}")
    assert "6月25日（周四）晚上的样子" in same
    for odd in ("?day=x", "?n=x", "?n=99999999999", "?day=9999-01-01"):
        assert "现在" in body(leader, f"/wall/map/330424/{odd}")
    assert leader.get("/wall/map/330424/?day=2020-01-01").status_code == 404
    assert leader.get("/wall/days/330424/x/open/").status_code == 404


def test_no_title_of_a_sensitive_matter(client_of: Sign, cast: Cast) -> None:
    case_id, _part = dispatched(cast, "路灯不亮")
    Case.objects.filter(pk=case_id).update(sensitive=True)
    said = body(client_of("leader"), "/wall/days/330424/2026-06-24/open/")
    assert "敏感事项" in said and "路灯不亮" not in said


def test_statements(client_of: Sign, cast: Cast) -> None:
    closed(cast, "路灯不亮")
    indices.keep_days(at=LATER)
    leader = client_of("leader")
    for path in ("/wall/map/", "/wall/map/330424005/", "/wall/days/330424/2026-06-24/open/"):
        leader.get(path)
        assert count(lambda path=path: leader.get(path)) <= 14


def test_size_and_colour() -> None:
    towns = registry.list_hexes()[:3]
    counts = ((100, 0), (25, 10), (0, 0))
    standing = {
        h.path: AreaDay(h.path, h.code, h.name, open_, overdue, 0, 0, 0, 0)
        for h, (open_, overdue) in zip(towns, counts, strict=True)
    }
    drawn = cells.draw(towns, standing, (5.0, 15.0, 30.0), lambda code: f"/{code}/")
    by_href = {cell.href: cell for cell in drawn.cells}
    full, half, none = (by_href[f"/{h.code}/"] for h in towns)
    assert (full.step, half.step, none.step) == (1, 4, 0)
    assert full.points == full.slot and half.points != half.slot and none.points == ""
    assert [cell.worst for cell in (full, half, none)] == [False, True, False]
    assert drawn.worst == "40%"
    assert WANGHAI.startswith("3304/330424/")
