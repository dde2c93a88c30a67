"""A browser, the cast, and a way to count taps."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.backends.utils import CursorWrapper
from django.test import Client
from playwright.sync_api import Browser, Frame, Locator, Page, expect

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from bihuan.platform.testing import browser as browsers
from tests.journeys.proxy import Line

expect.set_options(timeout=20_000)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the line of each golden task at the end, also when all is well."""
    lines = [
        content.removeprefix("golden ")
        for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
        for content in report.capstdout.splitlines()
        if content.startswith("golden ")
    ]
    if lines:
        terminalreporter.section("golden tasks")
        for line in sorted(lines, key=lambda line: (int(line.split(":")[0].split()[0]), line)):
            terminalreporter.write_line(line)


class Counter:
    """Statements of the server's threads, while a journey runs."""

    def __init__(self) -> None:
        self.queries, self._lock = 0, threading.Lock()
        self._test = threading.current_thread()

    def count(self) -> None:
        if threading.current_thread() is not self._test:
            with self._lock:
                self.queries += 1


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Counter:
    counter = Counter()
    plain = CursorWrapper.execute

    def execute(self: CursorWrapper, *args: Any, **options: Any) -> Any:
        counter.count()
        return plain(self, *args, **options)

    monkeypatch.setattr(CursorWrapper, "execute", execute)
    return counter


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsers.chromium() as opened:
        yield opened


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast(at=clock.now())


class Person:
    """Somebody with a page, who taps, types and is counted."""

    def __init__(self, page: Page, base: str, statements: Counter) -> None:
        self.page, self.base, self.statements = page, base, statements
        self.pages, self.queries_before = 0, statements.queries
        page.on("framenavigated", self._arrived)
        self.taps, self.typed, self.began = 0, 0, time.monotonic()
        self.faults = browsers.watch(page)

    def _arrived(self, frame: Frame) -> None:
        self.pages += frame is self.page.main_frame

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)

    def tap(self, target: str | Locator) -> None:
        self.taps += 1
        found = self.page.locator(target) if isinstance(target, str) else target
        found.click()
        self.page.wait_for_load_state("load")

    def tap_words(self, words: str) -> None:
        self.tap(self.page.get_by_text(words, exact=False).first)

    def type(self, target: str, words: str) -> None:
        self.typed += 1
        self.page.fill(target, words)

    def text(self) -> str:
        return self.page.inner_text("body")

    def looks_right(self) -> None:
        assert self.faults == []
        assert browsers.axe(self.page) == []

    def begin(self) -> None:
        """Count from here: what came before was the way to the task."""
        self.taps, self.typed, self.pages, self.began = 0, 0, 0, time.monotonic()
        self.queries_before = self.statements.queries

    def report(self, task: str) -> None:
        """Print the task's line and count the next one from here."""
        seconds = time.monotonic() - self.began
        queries = self.statements.queries - self.queries_before
        print(
            f"golden {task}: {self.taps} taps, {self.typed} typed, {seconds:.1f} s, "
            f"{self.pages} pages, {queries} queries"
        )
        browsers.shot(self.page, f"golden-{task.replace(' ', '-')}")


@pytest.fixture
def person(browser: Browser, live_server, cast: Cast, statements: Counter):
    """Return a maker of people: ``person("lu", PHONE)``; None stands for nobody signed in."""
    contexts = []

    def make(who: str | None, size: dict[str, int]) -> Person:
        context = browsers.open_context(browser, size)
        contexts.append(context)
        if who is not None:
            client = sign_in(Client(), cast.account(who))
            key = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
        return Person(context.new_page(), live_server.url, statements)

    yield make
    for context in contexts:
        context.close()


def settle() -> None:
    """Let the worker's work be done: bring facts to those who listen."""
    while events.deliver_pending(at=clock.now()):
        pass


@pytest.fixture
def line(live_server) -> Iterator[Line]:
    """Return a line to the live server that a test may cut and mend."""
    made = Line((live_server.thread.host, live_server.thread.port))
    made.mend()
    yield made
    made.cut()


@pytest.fixture
def phone(browser: Browser, line: Line, cast: Cast, statements: Counter):
    """Return a maker of phones on the line: ``phone("gu")``; each keeps its own data."""
    contexts = []

    def make(who: str, **options: object) -> Person:
        context = browsers.open_context(
            browser,
            browsers.PHONE,
            permissions=["geolocation"],
            geolocation={"longitude": 120.9641, "latitude": 30.8581, "accuracy": 6},
            **options,
        )
        contexts.append(context)
        key = sign_in(Client(), cast.account(who)).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": key, "url": line.url}])
        return Person(context.new_page(), line.url, statements)

    yield make
    for context in contexts:
        context.close()
