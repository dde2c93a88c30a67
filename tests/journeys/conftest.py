"""A browser, the cast, and a way to count taps."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Locator, Page

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from bihuan.platform.testing import browser as browsers


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsers.chromium() as opened:
        yield opened


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast(at=clock.now())


class Person:
    """Somebody with a page, who taps, types and is counted."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.taps, self.typed, self.began = 0, 0, time.monotonic()
        self.faults = browsers.watch(page)

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

    def report(self, task: str) -> None:
        seconds = time.monotonic() - self.began
        print(f"golden {task}: {self.taps} taps, {self.typed} typed, {seconds:.1f} s")


@pytest.fixture
def person(browser: Browser, live_server, cast: Cast):
    """Return a maker of people: ``person("lu", PHONE)``; None stands for nobody signed in."""
    contexts = []

    def make(who: str | None, size: dict[str, int]) -> Person:
        context = browsers.open_context(browser, size)
        contexts.append(context)
        if who is not None:
            client = sign_in(Client(), cast.account(who))
            key = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
        return Person(context.new_page(), live_server.url)

    yield make
    for context in contexts:
        context.close()


def settle() -> None:
    """Let the worker's work be done: bring facts to those who listen."""
    while events.deliver_pending(at=clock.now()):
        pass
