"""A real browser for tests: Debian's Chromium, sizes of a phone and a PC, pictures, axe."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

PHONE = ViewportSize(width=360, height=780)
PC = ViewportSize(width=1440, height=900)
WALL = ViewportSize(width=1920, height=1080)
AXE = Path(__file__).resolve().parents[4] / "node_modules" / "axe-core" / "axe.min.js"
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """Return the path of a Chromium, or None."""
    return os.environ.get("BIHUAN_CHROMIUM") or shutil.which("chromium")


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """Start a browser, with more options; without one a test is skipped, under CI it fails."""
    path = find_chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("No Chromium under CI: install the package chromium")
        pytest.skip("No Chromium found: install the package chromium")
    # Django refuses its database in an event loop, and playwright's driver keeps one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*OPTIONS, *more])
        yield browser
        browser.close()


class Faults(list[str]):
    """What the console complained about: a script error, a broken policy."""


def open_context(browser: Browser, size: ViewportSize, **options: Any) -> BrowserContext:
    """Return a fresh context of a size, in Chinese time."""
    return browser.new_context(
        viewport=size, timezone_id="Asia/Shanghai", locale="zh-CN", **options
    )


def watch(page: Page) -> Faults:
    """Collect what the console of a page complains about."""
    faults = Faults()
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    return faults


def axe(page: Page) -> list[str]:
    """Return what axe finds wrong with a page."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "async () => (await axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']}))"
        ".violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', '))"
    )
    return list(found)


def shot(page: Page, name: str) -> None:
    """Keep a picture, when ``BIHUAN_PICTURES`` names a folder for them."""
    folder = os.environ.get("BIHUAN_PICTURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"))
