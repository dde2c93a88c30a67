"""Figures that the house and the scenes declared; filled at start-up."""

from __future__ import annotations

from bihuan.kernel.sight.indices.types import Figure, FigureCode, Since, Unit

RELATIONS = frozenset({"cases_case_v", "codes_standing_v", "fieldwork_visit_v"})
"""Documented views that a figure may read. Nothing else is a source."""

_OPEN = "closed_at IS NULL AND state NOT IN ('merged', 'rejected', 'voided')"

HOUSE_FIGURES = (
    Figure(
        code=FigureCode("filed_today"),
        title="Filed today",
        definition="matters filed since midnight",
        relation="cases_case_v",
        numerator="TRUE",
        since=Since.TODAY,
        dated_by="filed_at",
        source="register of matters",
    ),
    Figure(
        code=FigureCode("closed_in_time"),
        title="Closed in time",
        definition="closed in time ÷ due to be closed, without suspended ones, this month",
        relation="cases_case_v",
        numerator="closed_at <= promised_at",
        denominator=(
            "promised_at <= %(now)s AND state NOT IN ('suspended', 'merged', 'rejected', 'voided')"
        ),
        since=Since.THIS_MONTH,
        dated_by="promised_at",
        unit=Unit.PERCENT,
        source="register of matters",
        good="up",
    ),
    Figure(
        code=FigureCode("overdue_open"),
        title="Overdue and open",
        definition="past the due time and not closed",
        relation="cases_case_v",
        numerator=f"due_at <= %(now)s AND NOT paused AND {_OPEN}",
        since=Since.NOW,
        source="register of matters",
        good="down",
        always_bad_above=0,
    ),
    Figure(
        code=FigureCode("satisfied"),
        title="People satisfied",
        definition="satisfied and fairly satisfied ÷ valid ratings, this month",
        relation="cases_case_v",
        numerator="rating IN ('satisfied', 'fairly_satisfied')",
        denominator="rating <> ''",
        since=Since.THIS_MONTH,
        dated_by="closed_at",
        unit=Unit.PERCENT,
        source="ratings",
        good="up",
    ),
    Figure(
        code=FigureCode("hazards_cleared"),
        title="Hazards cleared",
        definition="written off ÷ due to be cleared, this month",
        relation="cases_case_v",
        numerator="kind = 'hazard' AND state IN ('closed', 'evaluated')",
        denominator=(
            "kind = 'hazard' AND promised_at <= %(now)s "
            "AND state NOT IN ('suspended', 'merged', 'rejected', 'voided')"
        ),
        since=Since.THIS_MONTH,
        dated_by="promised_at",
        unit=Unit.PERCENT,
        source="register of hazards",
        good="up",
    ),
)
"""The five tiles of the wall."""

_figures: dict[FigureCode, Figure] = {figure.code: figure for figure in HOUSE_FIGURES}


class UnableToDeclareFigure(ValueError):
    """A figure lacks a definition, reads what is no relation, or stands already."""


def declare_figure(figure: Figure) -> None:
    """Take in a figure of a scene."""
    if not figure.definition or figure.relation not in RELATIONS:
        raise UnableToDeclareFigure(f"{figure.code}: no definition, or no such relation")
    if _figures.get(figure.code, figure) != figure:
        raise UnableToDeclareFigure(f"{figure.code} is declared twice")
    _figures[figure.code] = figure


def get_figure(code: FigureCode) -> Figure:
    """Return the figure called `code`.

    Raises:
        KeyError: nobody declared it.
    """
    return _figures[code]


def wall_figures() -> tuple[Figure, ...]:
    """Return the five tiles, in order."""
    return HOUSE_FIGURES
