"""Begins a scene: ``make scene NAME=street_repairs`` writes its folder and one line of settings.

What it writes starts, is checked and has one step that works; from there the story is written.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCENES = ROOT / "src" / "bihuan" / "scenes"
SETTINGS = ROOT / "src" / "bihuan" / "config" / "settings" / "base.py"

FILES = {
    "__init__.py": '"""{title}: tell the story in three sentences."""\n',
    "README.md": "# {title}\n\nWho wants what; the steps; what it borrows from the kernel.\n",
    "apps.py": '''"""The app of the scene."""

from django.apps import AppConfig


class {camel}Config(AppConfig):
    """{title}."""

    name = "bihuan.scenes.{name}"
    label = "scene_{name}"
''',
    "scene.py": '''"""The manifest: what this story brings."""

from django.utils.translation import gettext_noop as _

from bihuan.kernel.stage.types import Scene

SCENE = Scene(
    name="{name}",
    title=_("{title}"),
    urls="bihuan.scenes.{name}.urls",
    prefix="{prefix}",
)
''',
    "urls.py": '''"""Addresses of the story."""

from __future__ import annotations

from django.urls import path

from bihuan.scenes.{name}.steps import begin

app_name = "{name}"
urlpatterns = [path("", begin.show, name="begin")]
''',
    "steps/__init__.py": '"""Steps of the story."""\n',
    "steps/begin.py": '''"""The first step."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse

from bihuan.kernel.ground.registry.types import SIGNED_IN
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform.web.pages import page


@dataclass(frozen=True, slots=True)
class BeginPage:
    """What the page shows."""

    title: str


@step(power=SIGNED_IN, methods=("GET",))
def show(request: StepRequest) -> HttpResponse:
    """Show the first step."""
    return page(request, "{name}/begin.html", BeginPage("{title}"))
''',
    "templates/{name}/begin.html": (
        '{{% extends "ui/inner.html" %}}{{# BeginPage #}}\n'
        "{{% block title %}}{{{{ page.title }}}}{{% endblock %}}"
        "{{% block heading %}}{{{{ page.title }}}}{{% endblock %}}\n"
        '{{% block main %}}<div class="bh-sheet">{{{{ page.title }}}}</div>{{% endblock %}}\n'
    ),
    "locale/zh_Hans/LC_MESSAGES/django.po": (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n"Language: zh_Hans\\n"\n'
        '"Plural-Forms: nplurals=1; plural=0;\\n"\n'
    ),
    "tests/__init__.py": "",
    "tests/test_story.py": '''"""The whole story through HTTP, then each refusal."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_nobody_enters_without_signing_in() -> None:
    assert Client().get(reverse("{name}:begin")).status_code == 302
''',
}


def stop(words: str) -> None:
    """End with a sentence that says what to do."""
    sys.exit(f"scene: {words}")


def write(name: str, *, scenes: Path = SCENES, settings: Path = SETTINGS) -> Path:
    """Write the folder of the scene `name` and its line in the settings; return the folder."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name or ""):
        stop("a name in snake_case is needed: make scene NAME=street_repairs")
    folder = scenes / name
    if folder.exists():
        stop(f"{name} stands already")
    words = {
        "name": name,
        "title": name.replace("_", " ").capitalize(),
        "camel": "".join(part.capitalize() for part in name.split("_")),
        "prefix": name.replace("_", "-"),
    }
    for path, text in FILES.items():
        target = folder / path.format(**words)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.format(**words), encoding="utf-8")
    _enter(name, settings)
    return folder


def _enter(name: str, settings: Path) -> None:
    text = settings.read_text("utf-8")
    block = re.search(r"SCENES: tuple\[str, \.\.\.\] = \(\n(.*?)\)\n", text, re.DOTALL)
    if block is None:
        stop("the settings have no list of scenes")
        return
    line = f'    "bihuan.scenes.{name}",\n'
    settings.write_text(text[: block.end(1)] + line + text[block.end(1) :], encoding="utf-8")


if __name__ == "__main__":
    made = write(sys.argv[1] if len(sys.argv) > 1 else "")
    print(f"{made.relative_to(ROOT)}: now tell the story, and its title in Chinese")
