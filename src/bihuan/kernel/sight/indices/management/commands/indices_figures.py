"""``bihuan indices figures``: every figure of an area and its index, with all that made them."""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.sight.indices import api as indices
from bihuan.kernel.sight.indices.types import MAY_SEE_FIGURES, AreaIndex, Value
from bihuan.platform import clock


class Command(BaseCommand):
    """Print the figures of an area."""

    help = "Print every figure of an area and month, and its index; --json for machines"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--area", default=settings.BIHUAN_AREA, help="code of an area")
        parser.add_argument("--month", default="", help="like 2026-06; the present one by default")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: object, **given: Any) -> None:
        """Print each figure with its definition."""
        area = registry.find_area(given["area"])
        if area is None:
            raise CommandError(f"There is no area with the code {given['area']}.")
        month = _month(given["month"])
        scope, at = registry.system_scope("indices.figures", (MAY_SEE_FIGURES,)), clock.now()
        values = indices.list_values(scope=scope, at=at, area=area.path, month=month)
        index = indices.get_index(area.path, scope=scope, at=at)
        if given["as_json"]:
            told = {
                "area": area.code,
                "month": f"{month or clock.business_date(at):%Y-%m}",
                "as_of": at.isoformat(),
                "figures": {value.figure.code: figure_told(value) for value in values},
                "index": _index_told(index),
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for value in values:
            self.stdout.write(_line(value))
        shown = "—" if index.value is None else f"{index.value:.1f}"
        self.stdout.write(f"{'index':<18} {shown:>8}  {index.version}")


def _month(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise CommandError(f"{text} is no month; write it like 2026-06.") from error


def _line(value: Value) -> str:
    shown = "—" if value.value is None else f"{value.value:g}"
    parts = f"{value.numerator}/{value.denominator}" if value.denominator is not None else ""
    why = value.figure.lacks or (value.missing.value if value.missing else "")
    words = f"{value.figure.definition}{f' [{why}]' if why else ''}"
    return f"{value.figure.code:<18} {shown:>8} {parts:>12}  {words}"


def figure_told(value: Value) -> dict[str, Any]:
    """Return a value with its definition, its parts and its source, ready for JSON."""
    figure = value.figure
    return {
        "value": value.value,
        "unit": figure.unit.value,
        "numerator": value.numerator,
        "denominator": value.denominator,
        "excluded": {left.code: left.count for left in value.left},
        "missing": value.missing.value if value.missing else None,
        "lacks": figure.lacks,
        "definition": figure.definition,
        "dated_by": figure.dated_by,
        "period": figure.since.value,
        "good": figure.good,
        "source": figure.source,
        "as_of": value.as_of.isoformat(),
        "full_marks": value.bounds.full if value.bounds else None,
        "marks_lost": value.marks_lost,
        "versions": dict(value.versions),
    }


def _index_told(index: AreaIndex) -> dict[str, Any]:
    return {
        "value": index.value,
        "version": index.version,
        "versions": dict(index.versions),
        "components": {part.code: part.points for part in index.components},
    }
