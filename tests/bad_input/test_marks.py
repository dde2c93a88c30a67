"""A script mark in every text field of every form: kept as words, shown as words, run nowhere.

The forms are read from the pages of the matrix, so that a form that somebody adds is tried too.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from unittest import mock
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.template import base
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Route

from bihuan.platform.testing import browser as browsers
from tests.bad_input.forms import Form, forms_of
from tests.matrix import table, world
from tests.matrix.table import taken_back
from tests.matrix.world import EVERYONE, World

pytestmark = [pytest.mark.django_db]

MARK = "<script>alert('mark')</script>"
"""Forty characters are enough for most fields; it holds both ends of a tag and a quote."""
ESCAPED = ("&lt;script&gt;alert(&#x27;mark", "\\u003Cscript\\u003Ealert")
SEEN_BY = ("lu", "shen", "gu", "mei", "duty", "zongzhi", "verifier", "auditor", "system")


@dataclass(slots=True)
class Walked:
    """What a walk over all pages saw."""

    pages: int = 0
    raw: list[str] = field(default_factory=list)
    without_policy: list[str] = field(default_factory=list)
    escaped: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)
    forms: set[tuple[str, str]] = field(default_factory=set)
    written: set[tuple[str, str]] = field(default_factory=set)
    kept: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Pages that show a mark, each with its policy, for the browser."""

    def look(self, name: str, answer: HttpResponse) -> str:
        """Look at one answer and return its text, if it is a page."""
        if answer.status_code >= 500:
            self.broken.append(f"{name}: {answer.status_code}")
        for close in answer._resource_closers if answer.streaming else ():
            close()
        if answer.streaming or "text/html" not in answer.headers.get("Content-Type", ""):
            return ""
        self.pages += 1
        text = answer.content.decode()
        policy = answer.headers.get("Content-Security-Policy", "")
        if "script-src" not in policy or "unsafe-inline" in policy:
            self.without_policy.append(name)
        if MARK in text:
            self.raw.append(name)
        if any(words in text for words in ESCAPED):
            self.escaped.add(name)
            self.kept[name] = (text, policy)
        return text


@pytest.fixture(scope="module")
def place(django_db_setup: None, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), taken_back():
        yield world.build()
        transaction.set_rollback(True)


def _photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, "JPEG")
    return SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")


def _pages(place: World) -> Iterator[tuple[str, str]]:
    """Return a name and an address of each page that the matrix asks for."""
    for row in table.read():
        if row.method != "GET" or row.route == "account_logout":
            continue
        path = reverse(row.route, args=[a.format_map(place.names) for a in row.args])
        yield row.name, path


def _walk(place: World, who: str, walked: Walked) -> list[tuple[str, Form]]:
    """Look at every page as `who`; return the forms found, each once."""
    found: dict[tuple[str, str, str], tuple[str, Form]] = {}
    for name, path in _pages(place):
        text = walked.look(f"{name} as {who}", place.clients[who].get(path))
        for form in forms_of(text):
            action = urljoin(path, form.action or path)
            if form.written and not action.startswith("/in/"):
                found[action, form.method, ",".join(form.written)] = (action, form)
    return list(found.values())


def _send(place: World, who: str, action: str, form: Form, walked: Walked) -> None:
    client, data = place.clients[who], dict(form.filled(MARK))
    if form.method == "GET":
        walked.look(f"GET {action} as {who}", client.get(action, data))
        return
    with taken_back():
        answer = client.post(action, {**data, **{name: _photo() for name in form.files}})
        text = walked.look(f"POST {action} as {who}", answer)
    walked.forms.add((who, action))
    if answer.status_code == 303:
        walked.written.add((who, action))
        return
    if answer.status_code == 422:
        assert any(words in text for words in ESCAPED), f"what was typed is lost: {who} {action}"


@pytest.fixture(scope="module")
def walks(place: World) -> tuple[Walked, Walked]:
    """Send every form with a mark, then look at every page as everybody."""
    walked, shown = Walked(), Walked()
    for who in (world.NOBODY, *SEEN_BY):
        for action, form in _walk(place, who, walked):
            _send(place, who, action, form, walked)
    for who in EVERYONE:
        _walk(place, who, shown)
    return walked, shown


def test_a_mark_in_every_field_stays_words_on_every_page(
    place: World, walks: tuple[Walked, Walked]
) -> None:
    walked, shown = walks
    print(
        f"\ntrust: marks: {len(walked.forms)} forms sent, {len(walked.written)} written, "
        f"{walked.pages + shown.pages} pages looked at, {len(shown.escaped)} show a mark as words"
    )
    assert walked.raw + shown.raw == []
    assert walked.without_policy + shown.without_policy == []
    assert walked.broken + shown.broken == []
    assert len(walked.forms) > 15
    assert len(walked.written) > 5
    assert len(shown.escaped) > 5
    careless = Walked()
    with mock.patch.object(base, "conditional_escape", str):
        _walk(place, "mei", careless)
    assert careless.raw, "a house that escapes nothing was not noticed"


@pytest.mark.browser
def test_no_mark_runs_in_a_browser(walks: tuple[Walked, Walked]) -> None:
    kept = {**walks[0].kept, **walks[1].kept}
    with browsers.chromium() as browser:
        theatre = Theatre(browser)
        for name, (text, policy) in kept.items():
            theatre.show(name, text, policy)
        assert theatre.ran == []
        assert theatre.blocked == []
        text, policy = next(iter(kept.values()))
        raw = text.replace("</main>", f"{MARK}</main>")
        theatre.show("unescaped, with our policy", raw, policy)
        assert (len(theatre.ran), len(theatre.blocked)) == (0, 1), "the policy stops nothing"
        theatre.show("unescaped, without a policy", raw, "")
        assert len(theatre.ran) == 1, "a mark that runs is not noticed"
    print(
        f"\ntrust: marks in Chromium: {len(kept)} pages shown, executed 0, stopped by the policy "
        "0; control: 1 of 1 executed without policy and escaping, 1 of 1 stopped by the policy"
    )


class Theatre:
    """A browser without a network: it shows pages that were made before, with their scripts."""

    def __init__(self, browser: Browser) -> None:
        self.page = browser.new_page()
        self.ran: list[str] = []
        self.blocked: list[str] = []
        self.now, self.body, self.policy = "", "", ""
        self.page.on("dialog", self._ran)
        self.page.on("console", self._said)
        self.page.route("**/*", self._answer)

    def show(self, name: str, text: str, policy: str) -> None:
        """Show one page and let its scripts run."""
        self.now, self.body, self.policy = name, text, policy
        self.page.goto("http://bihuan.test/shown/", wait_until="load")

    def _answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path == "/shown/":
            headers = {"Content-Type": "text/html; charset=utf-8"}
            headers |= {"Content-Security-Policy": self.policy} if self.policy else {}
            route.fulfill(body=self.body, headers=headers)
            return
        found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
        route.fulfill(path=found) if found else route.fulfill(status=404)

    def _ran(self, dialog: Dialog) -> None:
        self.ran.append(self.now)
        dialog.dismiss()

    def _said(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.blocked.append(f"{self.now}: {message.text}")
