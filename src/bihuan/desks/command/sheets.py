"""Figures and rows as comma-separated files that a spreadsheet never takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _

from bihuan.kernel.sight.indices import api as indices
from bihuan.kernel.sight.indices.types import FigureCode, Row, Value
from bihuan.kernel.sight.indices.web import (
    definition_words,
    excluded_words,
    missing_words,
    source_words,
    title_words,
    unit_words,
)
from bihuan.platform.clock import CHINA

Cells = Sequence[str | int | float | None]


def of_values(values: Iterable[Value]) -> list[Cells]:
    """Return figures with their parts and all that stays out."""
    head = [
        _("Figure"), _("Value"), _("Unit"), _("Counted"), _("Out of"), _("Left out"),
        _("Definition"), _("Source"), _("As of"), _("Why none"),
    ]  # fmt: skip
    lines: list[Cells] = [head]
    for value in values:
        figure = value.figure
        out = "; ".join(f"{excluded_words(left)} {left.count}" for left in value.left)
        lines.append(
            [
                title_words(figure),
                value.value,
                unit_words(figure),
                value.numerator,
                value.denominator,
                out,
                definition_words(figure),
                source_words(figure),
                f"{value.as_of.astimezone(CHINA):%Y-%m-%d %H:%M}",
                missing_words(value),
            ]
        )
    return lines


def of_rows(rows: Iterable[Row], code: FigureCode) -> list[Cells]:
    """Return the rows behind a figure, each with what it is to it."""
    words = {one.code: _(one.words) for one in indices.get_figure(code).exclusions}
    head = [
        _("Number"),
        _("Matter"),
        _("Where"),
        _("With"),
        _("Due"),
        _("State"),
        _("In the figure"),
    ]
    lines: list[Cells] = [head]
    for row in rows:
        told = words.get(row.left) or (_("counted") if row.counted else _("not counted"))
        due = f"{row.due_at.astimezone(CHINA):%Y-%m-%d %H:%M}" if row.due_at else ""
        title = _("a sensitive matter") if row.sensitive else row.title
        lines.append([row.number, title, row.where, row.holder, due, row.state, told])
    return lines


def write(lines: Iterable[Cells]) -> str:
    """Return a file's text. A cell that a spreadsheet would compute gets a mark before it."""
    out = io.StringIO()
    csv.writer(out).writerows([[_safe(cell) for cell in line] for line in lines])
    return "\ufeff" + out.getvalue()


def _safe(cell: str | float | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return f"'{cell}"
    return str(cell)


def answer(lines: Iterable[Cells], name: str) -> HttpResponse:
    """Return a download."""
    response = HttpResponse(write(lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
