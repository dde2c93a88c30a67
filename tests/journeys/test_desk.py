"""The officers' desk in a real browser: golden tasks 4 and 5, and the pages beside them."""

from __future__ import annotations

import pytest
from PIL import Image

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.testing import Case
from bihuan.kernel.affairs.cases.types import (
    APPEAL,
    CaseId,
    MoveName,
    NewPart,
    Raise,
    Role,
)
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.kernel.ground.registry.types import AreaPath, person_ref
from bihuan.platform import clock
from bihuan.platform.testing.browser import PC, PHONE, shot

pytestmark = [pytest.mark.browser, pytest.mark.golden]

XINXING = AreaPath("3304/330424/330424005/330424005004/")
NIGHT = (
    ("street_lamp", "秦山路路灯三盏不亮,晚上看不清路"),
    ("rubbish", "枣园路公交站旁垃圾堆了四天"),
    ("street_order", "海兴路菜场门口占道摆摊"),
    ("corridor", "盐北路6幢楼道堆满纸箱和电瓶车"),
    ("illegal_building", "勤俭路12号顶楼在搭建阳光房"),
    ("noise", "城西路工地夜里十一点还在施工"),
    ("flooding", "新桥北路污水外溢,电动车走不了"),
    ("road", "百尺路30号门前路面塌陷"),
    ("other", "海滨路宣传栏坏了半年"),
    ("water_supply", "长川坝社区二楼以上没有水"),
)


def overnight(cast: Cast) -> list[CaseId]:
    """Let twenty matters come in; the last tells of the same dark lamps as the first."""
    at, lu, zhou = clock.now(), cast.scope("lu"), cast.scope("zhou")
    made = []
    for n in range(20):
        code, text = NIGHT[n % len(NIGHT)]
        if n >= len(NIGHT):
            text = text.replace("路", "街", 1) + f",第{n}栋,请尽快安排人看看"
        if n == 19:
            code, text = NIGHT[0][0], "秦山路路灯三盏都不亮,晚上看不清路"
        scope = lu if n % 2 else zhou
        assert scope.person_id is not None
        what = Raise(
            kind=APPEAL,
            title=text,
            text=text,
            class_code=code,
            area_path=XINXING,
            source="phone",
            raised_by=person_ref(scope.person_id),
        )
        made.append(cases.open_case(what, scope=scope, at=at).case_id)
    return made


def at_the_unit(cast: Cast) -> list[CaseId]:
    """Bring three matters to the city management bureau."""
    ids = overnight(cast)[:3]
    unit = cast.unit("330424-zongzhi").id
    for case_id in ids:
        cases.move_case(case_id, move=MoveName("file"), scope=cast.scope("tao"), at=clock.now())
        cases.dispatch_case(
            case_id,
            parts=[NewPart(unit, Role.LEAD)],
            scope=cast.scope("mei"),
            at=clock.now(),
        )
    return ids


def test_a_dispatcher_sends_twenty_in_few_clicks(person, cast: Cast) -> None:
    """Golden task 4: each to the right place, at most three clicks a matter; two are the same."""
    ids = overnight(cast)
    mei = person("mei", PC)
    mei.go("/desk/?tray=accept")
    mei.looks_right()
    shot(mei.page, "10-officer-worklist")
    mei.begin()
    mei.tap_words("全选本页")
    mei.tap_words("立案并派遣所选")
    assert "可能相同" in mei.text()
    mei.looks_right()
    shot(mei.page, "11-officer-together")
    first, last = (Case.objects.get(pk=ids[n]) for n in (0, 19))
    mei.taps += 2
    mei.page.select_option(f"select[name=do_{last.pk}]", f"master:{first.pk}")
    mei.tap("#do-form button.bh-btn-primary")
    said = mei.text()
    assert "已派遣 19 件" in said and "已合并 1 件" in said
    mei.report("4")
    assert mei.taps <= 3 * 20
    states = dict(Case.objects.values_list("pk", "state"))
    assert [states.pop(last.pk), set(states.values())] == ["merged", {"dispatched"}]


def test_a_department_answers_two_and_returns_one(person, cast: Cast, tmp_path) -> None:
    """Golden task 5: answer the two that are due, one is not yours; four clicks each."""
    ids = at_the_unit(cast)
    path = tmp_path / "done.jpg"
    Image.new("RGB", (400, 300), "gold").save(path)
    handler = person("zongzhi", PC)
    handler.go("/desk/")
    handler.looks_right()
    handler.begin()
    for n, answer in ((0, "换了三盏灯头,试灯正常"), (1, "清运两车,已消杀")):
        handler.tap(f"a[data-row][href='/desk/matter/{ids[n]}/']")
        if n == 0:
            handler.looks_right()
            shot(handler.page, "12-officer-answer")
        handler.type("#feed_back-words", answer)
        handler.taps += 1
        handler.page.set_input_files("#feed_back-photos", path)
        handler.tap(handler.page.locator("form:has(#feed_back-words) button.bh-btn").last)
        handler.tap("nav.bh-side a[href*='tray=handle']")
    handler.tap(f"a[data-row][href='/desk/matter/{ids[2]}/']")
    handler.tap(handler.page.locator("details:has(#return-reason) > summary"))
    handler.type("#return-reason", "《城市道路管理条例》:占道由属地街道管理")
    handler.tap(handler.page.locator("form:has(#return-reason) button.bh-btn"))
    handler.report("5")
    assert handler.taps <= 4 * 3
    states = [Case.objects.get(pk=key).state for key in ids]
    assert states == ["fed_back", "fed_back", "returned"]


def test_a_list_is_kept_and_walked_with_the_keys(person, cast: Cast) -> None:
    overnight(cast)
    mei = person("mei", PC)
    mei.go("/desk/?tray=accept&q=路灯")
    mei.tap_words("保存这个筛选")
    mei.type("#filter-name", "路灯")
    mei.tap(mei.page.get_by_role("button", name="保存", exact=True))
    mei.go("/desk/?tray=accept")
    mei.tap(mei.page.get_by_role("link", name="路灯", exact=True))
    assert mei.page.locator("a[data-row]").count() == 3
    mei.page.locator("a[data-row]").first.focus()
    mei.page.keyboard.press("ArrowDown")
    mei.page.keyboard.press("Enter")
    mei.page.wait_for_url("**/desk/matter/**")
    mei.looks_right()


def test_ready_words_begin_an_answer(person, cast: Cast) -> None:
    ids = at_the_unit(cast)
    handler = person("zongzhi", PC)
    handler.go(f"/desk/matter/{ids[0]}/")
    handler.tap("#ready-words > summary")
    handler.type("#reply-name", "换灯头")
    handler.type("#reply-words", "换了灯头,试灯正常")
    handler.tap("#ready-words form button.bh-btn")
    handler.tap("#ready-words > summary")
    handler.tap_words("换灯头")
    assert handler.page.input_value("#feed_back-words") == "换了灯头,试灯正常"


def test_the_desk_stands_on_a_phone_too(person, cast: Cast) -> None:
    ids = at_the_unit(cast)
    mei = person("mei", PHONE)
    for path, name in (
        ("/desk/?tray=accept", "13-officer-worklist-phone"),
        (f"/desk/matter/{ids[0]}/", "14-officer-matter-phone"),
    ):
        mei.go(path)
        mei.looks_right()
        shot(mei.page, name)
        wide = mei.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"]
