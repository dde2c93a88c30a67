"""Nothing is lost and nothing comes twice, wherever the line dies and whenever the phone does."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image
from playwright.sync_api import BrowserType, Error, Page, expect

from bihuan.kernel.affairs.cases.testing import Case
from bihuan.kernel.affairs.cases.types import CaseId, case_ref
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.kernel.tools.documents import api as documents
from bihuan.platform.accounts.testing import sign_in
from bihuan.platform.testing import browser as browsers
from tests.journeys.conftest import Counter, Person, settle
from tests.journeys.proxy import Line, Moment
from tests.journeys.test_field import SENTENCE, opened, report, waits_for_kept_app

pytestmark = [pytest.mark.browser, pytest.mark.trust]

BEGIN, THIRD, SYNC = (
    r"POST /field/upload/ ",
    r"POST /field/upload/[0-9a-f]{64}/\?offset=262144 ",
    r"POST /field/sync/ ",
)
CUTS = [
    (BEGIN, Moment.BEFORE, 0),
    (THIRD, Moment.BEFORE, 0),
    (THIRD, Moment.WITHIN, 0),
    (THIRD, Moment.AFTER, 0),
    (SYNC, Moment.BEFORE, 0),
    (SYNC, Moment.WITHIN, 0),
    (SYNC, Moment.AFTER, 1),
]
"""Where the line dies, and how many findings the centre has then."""


@pytest.fixture(scope="module")
def grainy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo that stays larger than several pieces when the phone has shrunk it."""
    path = tmp_path_factory.mktemp("photos") / "grainy.png"
    Image.effect_noise((1200, 900), 90).convert("RGB").save(path)
    return path


def all_is_there_once() -> None:
    settle()
    assert (Case.objects.count(), fieldwork.count_visits()) == (1, 1)
    case = Case.objects.get()
    assert case.title == SENTENCE
    ref = case_ref(CaseId(case.pk))
    assert [e.kind for e in documents.list_evidence([ref])[ref]] == ["before"]


def saved_when_the_line_dies(gu: Person, line: Line, photo: Path, at: str, moment: Moment) -> None:
    report(gu, photo)
    line.cut_at(at, moment)
    gu.tap("button[form=visit]")
    until = time.monotonic() + 15
    while line.cuts == 0 and time.monotonic() < until:
        gu.page.wait_for_timeout(50)
    assert line.cuts == 1, "the line was to die and did not"
    expect(gu.page.locator("#strip")).to_contain_text("没有信号")
    expect(gu.page.locator("#count-saved")).to_have_text("已存本机 1")
    expect(gu.page.locator("#count-received")).to_have_text("中心已收 0")


@pytest.mark.parametrize(("request_", "moment", "there"), CUTS)
def test_wherever_the_line_dies_it_arrives_once(
    phone, line: Line, grainy: Path, request_: str, moment: Moment, there: int
) -> None:
    gu = opened(phone("gu"))
    waits_for_kept_app(gu)
    saved_when_the_line_dies(gu, line, grainy, request_, moment)
    assert fieldwork.count_visits() == there
    line.mend()
    gu.page.goto(f"{line.url}/field/#/queue")
    gu.page.locator("#send-now").click()
    expect(gu.page.locator("#count-received")).to_have_text("中心已收 1")
    expect(gu.page.locator("#count-saved")).to_have_text("已存本机 0")
    all_is_there_once()


FORGET = """(name) => new Promise((done) => {
  const asked = indexedDB.open(name);
  asked.onsuccess = () => {
    const writing = asked.result.transaction("queue", "readwrite");
    writing.objectStore("queue").clear();
    writing.oncomplete = done;
  };
})"""


def test_the_control_a_phone_that_forgets_is_found_out(phone, line: Line, grainy: Path) -> None:
    """The same harness with a queue that does not survive: it must notice the loss."""
    gu = opened(phone("gu"))
    waits_for_kept_app(gu)
    saved_when_the_line_dies(gu, line, grainy, SYNC, Moment.BEFORE)
    gu.page.evaluate(FORGET, database_of(gu))
    # The page goes before the line is mended: it still holds what its database has forgotten.
    gu.page.goto("about:blank")
    line.mend()
    gu.page.goto(f"{line.url}/field/")
    expect(gu.page.locator("#count-saved")).to_have_text("已存本机 0")
    expect(gu.page.locator("#strip")).to_be_hidden()
    with pytest.raises(AssertionError):
        all_is_there_once()


def database_of(person: Person) -> str:
    names = person.page.evaluate("indexedDB.databases().then((all) => all.map((d) => d.name))")
    return next(str(name) for name in names if name.startswith("bihuan-field-"))


# -- the phone dies -------------------------------------------------------------------------------

KILLS = 10


class MortalPhone:
    """A phone with a profile on the disk, whose browser is killed without a warning."""

    def __init__(
        self, chromium: BrowserType, folder: Path, line: Line, statements: Counter
    ) -> None:
        self.chromium, self.folder, self.line = chromium, folder, line
        self.statements, self.cookie = statements, ""
        self.context = None

    def start(self) -> Person:
        path = browsers.find_chromium()
        self.context = self.chromium.launch_persistent_context(
            str(self.folder),
            executable_path=path,
            args=list(browsers.OPTIONS),
            viewport=browsers.PHONE,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        cookie = {"name": "sessionid", "value": self.cookie, "url": self.line.url}
        self.context.add_cookies([cookie])
        page: Page = self.context.pages[0] if self.context.pages else self.context.new_page()
        return Person(page, self.line.url, self.statements)

    def kill(self) -> None:
        for process in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                told = (process / "cmdline").read_bytes() if process.name.isdigit() else b""
                if f"--user-data-dir={self.folder}".encode() in told:
                    os.kill(int(process.name), signal.SIGKILL)
        with contextlib.suppress(Error):
            self.context.close()


def test_a_phone_killed_while_saving_keeps_what_it_called_saved(
    browser, live_server, line: Line, cast: Cast, statements: Counter, tmp_path: Path
) -> None:
    """Ten kills: what was called saved is there; what was not is there or still in its form."""
    mortal = MortalPhone(browser.browser_type, tmp_path / "profile", line, statements)
    mortal.cookie = sign_in(Client(), cast.account("gu")).cookies["sessionid"].value
    person = opened(mortal.start())
    waits_for_kept_app(person)
    line.cut()
    saved = 0
    for n in range(KILLS):
        shown = save_and_die(mortal, person, n, saved)
        person = mortal.start()
        person.go("/field/")
        person.page.wait_for_selector("#count-saved")
        kept = int(person.page.inner_text("#count-saved").split()[-1])
        assert kept in ({saved + 1} if shown else {saved, saved + 1})
        if kept == saved:
            person.page.goto(f"{line.url}/field/#/report")
            assert person.page.input_value("#text") == f"第 {n} 处堆货"
        saved = kept
    assert saved >= KILLS // 2
    line.mend()
    person.page.goto(f"{line.url}/field/#/queue")
    person.page.locator("#send-now").click()
    expect(person.page.locator("#count-received")).to_have_text(f"中心已收 {saved}")
    settle()
    assert (Case.objects.count(), fieldwork.count_visits()) == (saved, saved)
    mortal.context.close()


def save_and_die(mortal: MortalPhone, person: Person, n: int, saved: int) -> bool:
    """Save and kill: at the very moment of "saved", or some milliseconds after the tap."""
    page = person.page
    page.goto(f"{person.base}/field/#/report")
    page.wait_for_selector("#text")
    page.fill("#text", f"第 {n} 处堆货")
    page.wait_for_timeout(30)
    shown = n % 2 == 0
    if shown:
        page.click("button[form=visit]")
        expect(page.locator("#count-saved")).to_have_text(f"已存本机 {saved + 1}")
    else:
        page.evaluate("document.querySelector('button[form=visit]').click()")
        page.wait_for_timeout(n)
    mortal.kill()
    return shown
