"""Figures that the house and the scenes declared; filled at start-up."""

from __future__ import annotations

from bihuan.kernel.sight.indices.library import LIBRARY, WALL
from bihuan.kernel.sight.indices.sources import SOURCES
from bihuan.kernel.sight.indices.types import Figure, FigureCode

_figures: dict[FigureCode, Figure] = {figure.code: figure for figure in LIBRARY}


class UnableToDeclareFigure(ValueError):
    """A figure lacks a definition, reads what is no source, or stands already."""


def declare_figure(figure: Figure) -> None:
    """Take in a figure of a scene."""
    known = figure.relation in SOURCES or bool(figure.lacks)
    if not figure.definition or not known:
        raise UnableToDeclareFigure(f"{figure.code}: no definition, or no such source")
    if _figures.get(figure.code, figure) != figure:
        raise UnableToDeclareFigure(f"{figure.code} is declared twice")
    _figures[figure.code] = figure


def get_figure(code: FigureCode) -> Figure:
    """Return the figure called `code`.

    Raises:
        KeyError: nobody declared it.
    """
    return _figures[code]


def all_figures() -> tuple[Figure, ...]:
    """Return every figure, the five tiles first."""
    return tuple(_figures.values())


def wall_figures() -> tuple[Figure, ...]:
    """Return the five tiles, in order."""
    return WALL
