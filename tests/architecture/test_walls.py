"""What holds the house together and no linter sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey
from django.urls import URLPattern, URLResolver, get_resolver

from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import EVERYBODY, SIGNED_IN
from tests.matrix import table

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "bihuan"
OURS = [m for m in apps.get_models() if m.__module__.startswith("bihuan.")]
STOREYS = ["platform", "kernel", "scenes", "desks", "config"]


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, object]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield path, pattern.callback
        else:
            yield from routes(pattern, path)


class TestRoutes:
    def test_there_are_some(self) -> None:
        assert len(list(routes())) > 20

    @pytest.mark.parametrize(
        ("path", "view"), list(routes()), ids=[path for path, _view in routes()]
    )
    def test_every_route_declares_its_power_and_methods(self, path: str, view: object) -> None:
        assert getattr(view, "power", None), f"{path} declares no power"
        assert view.methods  # type: ignore[attr-defined]

    def test_every_route_and_method_has_a_row_in_the_matrix(self) -> None:
        lacking = table.lacking(table.read())
        rows = "\n\n".join(
            f"- route: {name}\n  method: {method}\n  for: what it is about\n  args: ['{{word}}']"
            for name, method in lacking
        )
        assert not lacking, (
            "add to tests/matrix/expected.yaml (its head says how), draft the answers with\n"
            f"BIHUAN_MATRIX_DRAFT=1 pytest tests/matrix, and read them:\n\n{rows}\n"
        )

    def test_every_declared_power_belongs_to_somebody(self) -> None:
        given = {power for duty in registry.list_duties() for power in duty.powers}
        declared = {view.power for _path, view in routes()}  # type: ignore[attr-defined]
        assert declared - given - {EVERYBODY, SIGNED_IN} == set()


class TestModels:
    @pytest.mark.parametrize("model", OURS, ids=lambda m: m.__name__)
    def test_says_what_it_is_and_which_personal_data_it_holds(self, model: type) -> None:
        assert model.__doc__ and not model.__doc__.startswith(f"{model.__name__}(")
        assert getattr(model, "personal_data", ""), model

    @pytest.mark.parametrize("model", OURS, ids=lambda m: m.__name__)
    def test_a_key_that_crosses_rooms_points_down_and_is_silent(self, model: type) -> None:
        for field in model._meta.get_fields():  # type: ignore[attr-defined]
            if (
                not isinstance(field, ForeignKey)
                or field.related_model._meta.app_label == model._meta.app_label
            ):  # type: ignore[attr-defined]
                continue
            assert field.remote_field.related_name == "+", (model, field.name)
            here, there = (m.__module__.split(".")[1] for m in (model, field.related_model))
            assert STOREYS.index(there) <= STOREYS.index(here), (model, field.name)


class TestPages:
    templates = sorted(SOURCE.rglob("*.html"))

    def test_no_inline_style_or_script(self) -> None:
        wrong = [
            str(path.relative_to(ROOT))
            for path in self.templates
            if re.search(
                r"\sstyle=|<script(?![^>]*(src=|application/json))|\son\w+=",
                path.read_text("utf-8"),
            )
        ]
        assert wrong == []

    def test_colours_have_a_value_in_the_tokens_only(self) -> None:
        allowed = {"tokens.css", "glyphs.svg"}
        files = [*(ROOT / "frontend").rglob("*.css"), *self.templates]
        wrong = [
            path.name
            for path in files
            if path.name not in allowed and re.search(r"#[0-9a-fA-F]{6}\b", path.read_text("utf-8"))
        ]
        assert wrong == []


def _luminance(colour: str) -> float:
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


class TestContrast:
    text = (ROOT / "frontend" / "tokens.css").read_text("utf-8").split(".bh-wall", 1)[0]
    tokens = dict(re.findall(r"--bh-([\w-]+):\s*(#[0-9a-f]{6})", text))

    @pytest.mark.parametrize(
        ("front", "back", "least"),
        [
            ("ink", "ground", 7),
            ("ink-2", "surface", 4.5),
            ("ink-3", "ground", 4.5),
            ("line-2", "ground", 3),
            ("surface", "brand-600", 4.5),
            ("brand-600", "brand-50", 4.5),
            ("brand-700", "brand-100", 7),
            ("green-t", "green-bg", 4.5),
            ("yellow-t", "yellow-bg", 4.5),
            ("orange-t", "orange-bg", 4.5),
            ("red-t", "red-bg", 4.5),
            ("surface", "red-f", 4.5),
            ("ink", "code-yellow", 7),
            ("surface", "code-green", 4.5),
            ("surface", "code-red", 4.5),
        ],
    )
    def test_pairs(self, front: str, back: str, least: float) -> None:
        light, dark = sorted((_luminance(self.tokens[n]) for n in (front, back)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= least


def test_no_lock_names_a_host() -> None:
    locks = [*(ROOT / "requirements").glob("*.txt"), ROOT / "package-lock.json"]
    for lock in locks:
        text = lock.read_text("utf-8")
        assert "--index-url" not in text
        assert '"resolved"' not in text
        assert "https://" not in re.sub(r'"(url|homepage|funding)":\s*"[^"]*"', "", text), lock
