"""Reads on matters: frozen values."""

from bihuan.kernel.affairs.cases.queries.beside import (
    list_filters,
    list_templates,
    plan_together,
)
from bihuan.kernel.affairs.cases.queries.care import care_of
from bihuan.kernel.affairs.cases.queries.deciding import (
    list_alike,
    list_alike_to,
    may_see_ref,
    suggest_units,
)
from bihuan.kernel.affairs.cases.queries.lists import (
    count_cases,
    list_cases,
    list_every_case,
    places_of,
    titles_of,
)
from bihuan.kernel.affairs.cases.queries.one import (
    UnableToFind,
    find_by_number,
    get_case,
    get_case_at_work,
    get_case_by_receipt,
    get_case_of_part,
    standing_source_keys,
    works_on,
)
from bihuan.kernel.affairs.cases.queries.overdue import list_overdue
from bihuan.kernel.affairs.cases.queries.references import count_references, list_references

__all__ = [
    "UnableToFind",
    "care_of",
    "count_cases",
    "count_references",
    "find_by_number",
    "get_case",
    "get_case_at_work",
    "get_case_by_receipt",
    "get_case_of_part",
    "list_alike",
    "list_alike_to",
    "list_cases",
    "list_every_case",
    "list_filters",
    "list_overdue",
    "list_references",
    "list_templates",
    "may_see_ref",
    "places_of",
    "plan_together",
    "standing_source_keys",
    "suggest_units",
    "titles_of",
    "works_on",
]
