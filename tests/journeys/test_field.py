"""The field app on a phone whose network is really cut (golden tasks 6 and 7)."""

from __future__ import annotations

import dataclasses

import pytest
from django.test import Client
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from bihuan.desks.field import today
from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.testing import Case
from bihuan.kernel.affairs.cases.types import HAZARD, CaseId, Detail, MoveName, NewPart, Raise, Role
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import Cast, cast_scope
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from bihuan.platform.files import store
from bihuan.platform.testing.browser import shot
from tests.journeys.conftest import Person, settle
from tests.journeys.proxy import Line

pytestmark = [pytest.mark.browser, pytest.mark.golden]

SENTENCE = "东侧消防通道堆货，人过不去"


@pytest.fixture
def exit_photo(tmp_path):
    """A drawn stand-in for a photo of a blocked fire exit, larger than a phone keeps."""
    image = Image.new("RGB", (2400, 1800), (178, 190, 200))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 1200, 2400, 1800), fill=(128, 134, 140))
    for n in range(5):
        draw.rectangle((300 + n * 380, 700 + n % 2 * 120, 620 + n * 380, 1250), fill=(140, 100, 60))
    path = tmp_path / "exit.jpg"
    image.save(path, quality=92)
    return path


def opened(person: Person) -> Person:
    """Open the app online and wait until the worker keeps it and today's list is there."""
    person.go("/field/")
    person.page.wait_for_selector(".bh-task")
    person.page.evaluate(GOVERNED)
    return person


GOVERNED = """async () => {
  await navigator.serviceWorker.ready;
  if (navigator.serviceWorker.controller) return;
  await new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done));
}"""
KEPT = """async () => {
  while (!(await caches.match("/field/")) || (await caches.keys()).length !== 1)
    await new Promise((done) => setTimeout(done, 50));
}"""


def waits_for_kept_app(person: Person) -> None:
    person.page.evaluate(KEPT)


def counts(person: Person) -> tuple[str, str]:
    page = person.page
    return page.inner_text("#count-saved").strip(), page.inner_text("#count-received").strip()


def report(person: Person, photo) -> None:
    """Report a blocked exit at the first firm: the taps of golden task 6."""
    person.tap_words("恒岳紧固件")
    person.page.wait_for_selector("#photo", state="attached")
    person.taps += 1
    person.page.set_input_files("#photo", photo)
    person.page.wait_for_selector("img.bh-thumb")
    person.type("#text", SENTENCE)


def to_verify(cast: Cast) -> CaseId:
    """Bring a hazard as far as somebody must look whether it is cleared."""
    at, mei, fire = clock.now(), cast.scope("js_mei"), cast.scope("js_fire")
    photo = store.receive_photo(drawn((150, 110, 70)), at=at)
    case = cases.open_case(
        Raise(
            kind=HAZARD,
            title=SENTENCE,
            text=SENTENCE,
            class_code="fire",
            area_path=cast.hengyue.area_path,
            source="patrol",
            concerns=cast.hengyue.id,
            longitude=120.965,
            latitude=30.8585,
            photos=(photo,),
        ),
        scope=cast.scope("gu"),
        at=at,
    ).case_id
    cases.move_case(case, move=MoveName("file"), scope=mei, at=at)
    part = cases.dispatch_case(
        case, parts=[NewPart(cast.unit("330421-fire").id, Role.LEAD)], scope=mei, at=at
    ).part_id
    assert part is not None
    signed = Detail(grade="major")
    cases.move_part(part, move=MoveName("sign"), scope=fire, at=at, detail=signed)
    after = store.receive_photo(drawn((120, 140, 130)), at=at)
    done = Detail(words="通道清空，划了线", photos=(after,))
    cases.move_part(part, move=MoveName("feed_back"), scope=fire, at=at, detail=done)
    return case


def drawn(colour: tuple[int, int, int]):
    import io

    out = io.BytesIO()
    image = Image.new("RGB", (640, 480), (182, 190, 200))
    ImageDraw.Draw(image).rectangle((0, 300, 640, 480), fill=colour)
    image.save(out, "JPEG")
    out.seek(0)
    return out


def test_a_blocked_exit_is_reported_without_a_network(
    phone, line: Line, cast: Cast, exit_photo
) -> None:
    """Golden task 6: four taps, kept while the line is cut, received once when it is back."""
    settle()
    gu = opened(phone("gu"))
    waits_for_kept_app(gu)
    gu.looks_right()
    shot(gu.page, "field-09-today")
    line.cut()
    gu.begin()

    report(gu, exit_photo)
    shot(gu.page, "field-10-report")
    assert gu.page.text_content("h1") == "走访"
    gu.tap("button[form=visit]")
    expect(gu.page.locator("#count-saved")).to_have_text("已存本机 1")
    gu.report("6")
    assert gu.taps <= 4 and gu.typed == 1
    expect(gu.page.locator("#strip")).to_contain_text("没有信号")
    gu.page.goto(f"{line.url}/field/#/queue")
    gu.page.reload()
    expect(gu.page.locator("#count-saved")).to_have_text("已存本机 1")
    expect(gu.page.locator("#strip")).to_contain_text("没有信号")
    shot(gu.page, "field-11-queue-saved")
    assert (Case.objects.count(), fieldwork.count_visits()) == (0, 0)

    line.mend()
    gu.tap("#send-now")
    expect(gu.page.locator("#count-received")).to_have_text("中心已收 1")
    expect(gu.page.locator("#count-saved")).to_have_text("已存本机 0")
    settle()
    case = Case.objects.get()
    assert (case.title, case.concerns) == (SENTENCE, cast.hengyue.id)
    gu.page.reload()
    expect(gu.page.locator("[data-entry]")).to_contain_text(
        f"{case.number} · 已上报", timeout=20000
    )
    shot(gu.page, "field-12-queue-received")
    assert fieldwork.count_visits() == 1


def test_whether_it_was_cleared_is_said_without_a_network(
    phone, line: Line, cast: Cast, exit_photo
) -> None:
    """Golden task 7: four taps, with both photos on the phone while the line is cut."""
    case = to_verify(cast)
    check = opened(phone("js_check"))
    waits_for_kept_app(check)
    line.cut()
    check.begin()
    check.tap_words(SENTENCE)
    check.page.wait_for_selector(".bh-picture >> nth=1")
    assert check.page.locator("img.bh-picture").count() == 2
    assert "通道清空，划了线" in check.text()
    check.tap("button.bh-pill >> nth=0")
    check.taps += 1
    check.page.set_input_files("#photo", exit_photo)
    check.page.wait_for_selector("img.bh-thumb")
    shot(check.page, "field-13-verify")
    check.tap("button[form=verify]")
    expect(check.page.locator("#count-saved")).to_have_text("已存本机 1")
    check.report("7")
    assert check.taps <= 4 and check.typed == 0
    assert Case.objects.get(pk=case).state == "fed_back"
    line.mend()
    check.page.goto(f"{line.url}/field/#/queue")
    check.page.locator("#send-now").click()
    expect(check.page.locator("#count-received")).to_have_text("中心已收 1")
    assert Case.objects.get(pk=case).state == "closed"


def test_who_lost_the_post_keeps_the_work_and_nobody_else_gets_it(
    phone, line: Line, cast: Cast, exit_photo
) -> None:
    """Refused in words, sealed at signing out, unseen by who signs in next."""
    gu = opened(phone("gu"))
    waits_for_kept_app(gu)
    line.cut()
    report(gu, exit_photo)
    gu.tap("button[form=visit]")
    expect(gu.page.locator("#count-saved")).to_have_text("已存本机 1")
    post = cast.scope("gu").post_id
    assert post is not None
    registry.end_post(post, scope=cast_scope(), at=clock.now())
    line.mend()
    gu.page.goto(f"{line.url}/field/#/queue")
    gu.page.locator("#send-now").click()
    held = gu.page.locator(".bh-held")
    expect(held).to_contain_text("中心没收")
    expect(held).to_contain_text("手机")
    expect(gu.page.locator("#strip")).to_contain_text("岗位已经结束")

    gu.page.goto(f"{line.url}/field/#/me")
    gu.tap("#sign-out")
    assert "没送出" in gu.text() and "别人送不了" in gu.text()
    gu.tap("#sign-out-still")
    expect(gu.page.locator("h1")).to_have_text("您已退出")
    assert "恒岳" not in gu.text()
    key = sign_in(Client(), cast.account("other_gu")).cookies["sessionid"].value
    gu.page.context.add_cookies([{"name": "sessionid", "value": key, "url": line.url}])
    gu.page.reload()
    expect(gu.page.locator("h1")).to_have_text("隆全第四网格")
    expect(gu.page.locator("#count-saved")).to_have_text("已存本机 0")
    assert (Case.objects.count(), fieldwork.count_visits()) == (0, 0)


def test_without_a_camera_one_types_also_offline(phone, line: Line, cast: Cast) -> None:
    gu = opened(phone("gu"))
    waits_for_kept_app(gu)
    line.cut()
    gu.tap("a.bh-scan")
    gu.tap(".bh-bottom button")
    expect(gu.page.locator("main [role=status]")).to_contain_text("没有镜头可用")
    gu.page.fill("#find", "恒岳")
    assert gu.page.locator(".bh-task").count() == 1
    gu.page.fill("#find", "永昕")
    assert "没有这家企业" in gu.text(), "a firm of another grid is not on this phone"
    gu.page.fill("#find", cast.hengyue.uscc)
    gu.tap(".bh-task")
    expect(gu.page.locator("h1")).to_have_text("走访")


def test_an_app_older_than_the_centre_says_so_and_still_sends(
    phone, line: Line, cast: Cast, exit_photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    gu = opened(phone("gu"))
    newer = dataclasses.replace(today.built(), version="newer")
    monkeypatch.setattr(today, "built", lambda: newer)
    report(gu, exit_photo)
    gu.tap("button[form=visit]")
    expect(gu.page.locator("#count-received")).to_have_text("中心已收 1")
    expect(gu.page.locator("#strip")).to_contain_text("比中心的旧")
    expect(gu.page.locator("#strip button")).to_have_text("现在更新")
    assert fieldwork.count_visits() == 1
