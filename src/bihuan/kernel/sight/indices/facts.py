"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.kernel.ground.events.types import Fact


@dataclass(frozen=True, slots=True)
class FiguresExported(Fact):
    """Somebody took figures, or the rows behind one, out of the house; the area is the subject."""

    name = "indices.figures_exported.v1"
    area_path: str
    month: str
    figure: str
    """Empty: the table of all figures."""
    rows: int
