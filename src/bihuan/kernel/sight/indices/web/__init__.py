"""Figures in words, for the pages that show them."""

from bihuan.kernel.sight.indices.web.words import (
    definition_words,
    excluded_words,
    explained,
    lacks_words,
    missing_words,
    source_words,
    title_words,
    unit_words,
    value_words,
)

__all__ = [
    "definition_words",
    "excluded_words",
    "explained",
    "lacks_words",
    "missing_words",
    "source_words",
    "title_words",
    "unit_words",
    "value_words",
]
