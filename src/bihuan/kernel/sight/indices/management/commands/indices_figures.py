"""``bihuan indices figures``: the five tiles of the wall and the index of an area."""

from __future__ import annotations

import argparse
import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.sight.indices import api as indices
from bihuan.kernel.sight.indices.types import MAY_SEE_FIGURES
from bihuan.platform import clock


class Command(BaseCommand):
    """Print what the wall of an area shows."""

    help = "Print the wall's five tiles and the index of an area; --json for machines"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--area", default=settings.BIHUAN_AREA, help="code of an area")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: object, **given: Any) -> None:
        """Print each figure with its definition."""
        area = registry.find_area(given["area"])
        if area is None:
            raise CommandError(f"There is no area with the code {given['area']}.")
        scope, at = registry.system_scope("indices.figures", (MAY_SEE_FIGURES,)), clock.now()
        tiles = indices.list_wall_values(scope=scope, at=at, area=area.path)
        index = indices.get_index(area.path, scope=scope, at=at)
        told = {
            "area": area.code,
            "as_of": at.isoformat(),
            "figures": {
                tile.figure.code: {
                    "value": tile.value,
                    "unit": tile.figure.unit.value,
                    "numerator": tile.numerator,
                    "denominator": tile.denominator,
                    "definition": tile.figure.definition,
                }
                for tile in tiles
            },
            "index": {
                "value": index.value,
                "version": index.version,
                "components": {part.code: part.points for part in index.components},
            },
        }
        if given["as_json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for tile in tiles:
            value = "—" if tile.value is None else f"{tile.value:g}"
            self.stdout.write(f"{tile.figure.code:<18} {value:>8}  {tile.figure.definition}")
        value = "—" if index.value is None else f"{index.value:.1f}"
        self.stdout.write(f"{'index':<18} {value:>8}  {index.version}")
