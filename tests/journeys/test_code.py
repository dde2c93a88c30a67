"""A yellow code read by its firm, and a red number read by a leader (golden tasks 8 and 9)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PIL import Image

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import (
    APPEAL,
    HAZARD,
    CaseId,
    Detail,
    MoveName,
    NewPart,
    PartId,
    Raise,
    Role,
)
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.kernel.ground.registry.types import AreaPath
from bihuan.platform import clock
from bihuan.platform.testing.browser import PHONE, WALL, shot
from tests.journeys.conftest import settle

pytestmark = [pytest.mark.browser, pytest.mark.golden]

GRID_3 = AreaPath("3304/330421/330421003/330421003E01/330421003E01003/")
XINXING = AreaPath("3304/330424/330424005/330424005004/")
BLOCKED = "东侧消防通道堆货"


@pytest.fixture
def cleared(tmp_path):
    path = tmp_path / "cleared.jpg"
    Image.new("RGB", (400, 300), "green").save(path)
    return path


def confirmed_hazard(cast: Cast) -> None:
    """Let a grid worker's report be taken on, given to the fire brigade and graded major."""
    now = clock.now() - timedelta(hours=5)
    what = Raise(
        HAZARD, BLOCKED, BLOCKED, "fire", GRID_3, "patrol", "3号厂房", concerns=cast.hengyue.id
    )
    case_id = cases.open_case(what, scope=cast.scope("gu"), at=now).case_id
    cases.move_case(case_id, move=MoveName("file"), scope=cast.scope("js_mei"), at=now)
    part_id = give(cast, case_id, "js_mei", "330421-fire", now)
    graded = Detail(grade="major")
    scope = cast.scope("js_fire")
    cases.move_part(part_id, move=MoveName("sign"), scope=scope, at=now, detail=graded)
    settle()


def give(cast: Cast, case_id: CaseId, who: str, unit: str, at) -> PartId:
    parts = [NewPart(cast.unit(unit).id, Role.LEAD)]
    done = cases.dispatch_case(case_id, parts=parts, scope=cast.scope(who), at=at)
    assert done.part_id is not None
    return done.part_id


def test_a_firm_reads_why_and_sends_the_photo(person, cast: Cast, cleared) -> None:
    """Golden task 8: why yellow, what turns it green, and the first step."""
    settle()
    confirmed_hazard(cast)
    shen = person("shen", PHONE)
    shen.begin()
    shen.go("/")
    assert shen.page.url.endswith("/enterprise/"), "who speaks for a firm starts at its code"
    said = shen.text()
    assert "黄码" in said and BLOCKED in said and "−25" in said and "+25" in said
    assert "不影响资质" in said
    assert shen.taps <= 3
    shot(shen.page, "enterprise-yellow")
    shen.looks_right()
    shen.report("8 answer")

    shen.begin()
    shen.tap("#first-step")
    shen.taps += 1
    shen.page.set_input_files("input[type=file]", cleared)
    shen.looks_right()
    shen.tap("form button.bh-btn-primary, button.bh-btn-primary")
    assert shen.taps <= 3
    shen.report("8 photo")
    assert "现场" in shen.text(), "it says that somebody will look on the spot"
    shen.looks_right()


def overdue(cast: Cast, title: str, days: int) -> str:
    at = clock.now() - timedelta(days=days)
    what = Raise(APPEAL, title, title, "road", XINXING, "phone", "秦山路")
    opened = cases.open_case(what, scope=cast.scope("mei"), at=at)
    cases.move_case(opened.case_id, move=MoveName("file"), scope=cast.scope("mei"), at=at)
    give(cast, opened.case_id, "mei", "330424-zongzhi", at)
    return opened.number


def test_a_leader_finds_the_worst_matter_and_its_holder(person, cast: Cast) -> None:
    """Golden task 9: from the red number to the worst matter and who holds it."""
    worst = overdue(cast, "海兴路路面塌陷", 60)
    overdue(cast, "枣园路宣传栏坏了", 40)
    settle()
    for size, name in ((WALL, "wall"), (PHONE, "phone")):
        leader = person("leader", size)
        leader.go("/wall/")
        leader.looks_right()
        leader.begin()
        leader.tap("a.bh-tile-alarm")
        first = leader.page.locator("ol.bh-list li").first
        assert worst in first.inner_text()
        assert "海盐县综合行政执法局" in first.inner_text()
        leader.looks_right()
        leader.tap(first.locator("a"))
        assert worst in leader.text() and "海盐县综合行政执法局" in leader.text()
        assert leader.taps <= 3
        leader.report(f"9 {name}")
        leader.looks_right()
