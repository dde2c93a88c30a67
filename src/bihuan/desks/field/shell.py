"""The shell of the app: a page without any data, its manifest, and the service worker.

The shell is public, since a phone keeps it and opens it without a network; all that is anybody's
comes from ``today.json``, which is not.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.desks.field.words import app_words
from bihuan.kernel.ground.registry.types import EVERYBODY
from bihuan.kernel.stage import api as stage
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform.ui.templatetags.bihuan import BUILT
from bihuan.platform.ui.words import chinese
from bihuan.platform.web.pages import page

ICONS = Path(__file__).resolve().parent / "static" / "field"
ENTRIES = ("frontend/base/base.js", "frontend/field/field.js")
SHEET = "#ffffff"
BRAND = "#215a8e"


@dataclass(frozen=True, slots=True)
class Built:
    """What the front end was built into: the files a phone keeps, the worker, and a version."""

    assets: tuple[str, ...]
    worker: str
    version: str


def _read_built() -> Built:
    manifest: dict[str, Any] = json.loads((BUILT / "manifest.json").read_text("utf-8"))
    names: list[str] = []
    wanted = list(ENTRIES)
    while wanted:
        chunk = manifest[wanted.pop()]
        names += [n for n in (chunk["file"], *chunk.get("css", ())) if n not in names]
        linked = (*chunk.get("imports", ()), *chunk.get("dynamicImports", ()))
        wanted += [key for key in linked if manifest[key]["file"] not in names]
    worker = (BUILT / manifest["frontend/sw/sw.js"]["file"]).read_text("utf-8")
    digest = hashlib.sha256(worker.encode())
    for name in sorted([*names, "sprite.svg"]):
        digest.update((BUILT / name).read_bytes())
    return Built(tuple(sorted(names)), worker, digest.hexdigest()[:12])


_kept = lru_cache(maxsize=1)(_read_built)


def built() -> Built:
    """Return what was built, read once outside development."""
    return _read_built() if settings.DEBUG else _kept()


def _assets() -> list[str]:
    icons = [static(f"field/icon-{size}.png") for size in (192, 512)]
    return [*(static(f"built/{name}") for name in (*built().assets, "sprite.svg")), *icons]


@dataclass(frozen=True, slots=True)
class ShellPage:
    """What the script needs to begin: words, addresses, version. No data of anybody."""

    boot: dict[str, Any]
    plain: str
    """The page that does the same without script."""


def _plain() -> str:
    """Return the first way into a scene that the field desk offers: a page without script."""
    ways = [item for scene in stage.scenes() for item in scene.nav if item.desk == "field"]
    return reverse(min(ways, key=lambda item: item.order).url_name) if ways else ""


@step(power=EVERYBODY, methods=("GET",))
def show(request: StepRequest) -> HttpResponse:
    """Show the empty app; its script fills it from what the phone keeps."""
    boot = {
        "version": built().version,
        "sprite": static("built/sprite.svg"),
        "words": app_words(),
        "chinese": chinese(),
        "addresses": {
            "today": reverse("field:today"),
            "sync": reverse("field:sync"),
            "upload": reverse("field:upload"),
            "look": reverse("ui:look"),
            "sign_in": f"{settings.LOGIN_URL}?next={reverse('field:app')}",
            "sign_out": reverse("account_logout"),
            "plain": _plain(),
        },
    }
    answer = page(request, "field/app.html", ShellPage(boot, _plain()))
    answer.headers["X-Field-Shell"] = built().version
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@step(power=EVERYBODY, methods=("GET",))
def web_manifest(request: StepRequest) -> HttpResponse:
    """Say how the app is installed."""
    told = {
        "id": "/field/",
        "name": _("Bihuan field"),
        "short_name": _("Bihuan field"),
        "lang": "zh-Hans" if chinese() else "en",
        "start_url": "/field/",
        "scope": "/field/",
        "display": "standalone",
        "orientation": "portrait",
        "background_color": SHEET,
        "theme_color": SHEET,
        "icons": [
            {
                "src": static(f"field/icon-{size}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for size in (192, 512)
            for purpose in ("any", "maskable")
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json")


@step(power=EVERYBODY, methods=("GET",))
def service_worker(request: StepRequest) -> HttpResponse:
    """Serve the worker from the root, with the list of what it keeps before it."""
    kept = {"version": built().version, "assets": _assets(), "shell": reverse("field:app")}
    body = f"self.KEPT = {json.dumps(kept)};\n{built().worker}"
    answer = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
