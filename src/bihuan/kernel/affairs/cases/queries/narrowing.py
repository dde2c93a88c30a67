"""What a list is narrowed to, as conditions that indexes answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import (
    BooleanField,
    DateTimeField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import StrIndex, Upper

from bihuan.kernel.affairs.cases.models import (
    PART_AT_WORK,
    TURNS,
    Application,
    Case,
    Pairs,
    Part,
    Rank,
    Round,
)
from bihuan.kernel.affairs.cases.policies import BY_AREA, visible
from bihuan.kernel.affairs.cases.types import MAY_HANDLE, Filter, State
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform import clock

WAITING = datetime(9998, 12, 31, tzinfo=UTC)
"""The rank of a matter whose clock is paused: after all that run."""
WITHOUT = datetime(9999, 12, 31, tzinfo=UTC)
"""The rank of a matter without a due time."""
WORDS = 5
HOLDS = "SELECT FROM cases_case WHERE cases_pairs(title, place) @> cases_pairs_of(%s)"


@dataclass(frozen=True, slots=True)
class Listed:
    """The matters of a list, colour aside, in no order."""

    rows: QuerySet[Any]
    """Matters, or the parts through which a unit's own tray sees them, each once."""
    to_case: str = ""
    """What leads from a row to its matter."""
    in_order: bool = False
    """An index holds this list as it is, by deadline and colour."""


def narrowed(scope: Scope, wanted: Filter, at: datetime) -> Listed:
    """Return the matters of a list that `scope` sees.

    A unit's own tray goes by the deadlines of its own parts, which need not be those of others.
    """
    if wanted.tray == "handle" and scope.unit_ids:
        return _own_parts(scope, wanted)
    rows = Case.objects.filter(_tray(wanted.tray, at), visible(scope), _plain(wanted))
    by_area = any(scope.has(power) for power in BY_AREA) and not scope.has(MAY_HANDLE)
    asked = wanted.text.strip() or wanted.unit_id or wanted.concerns or wanted.raised_by
    in_order = by_area and not asked and wanted.tray in {*TURNS, ""}
    return Listed(rows.filter(_matching(wanted.text)), in_order=in_order)


def _own_parts(scope: Scope, wanted: Filter) -> Listed:
    rows = Part.objects.filter(PART_AT_WORK, unit_id__in=scope.unit_ids)
    if len(scope.unit_ids) > 1:
        rank = Func(OuterRef("due_at"), OuterRef("paused"), function="cases_rank")
        others = rows.filter(case=OuterRef("case")).alias(rank=Rank)
        sooner = others.filter(Q(rank__lt=rank) | Q(rank=rank, pk__lt=OuterRef("pk")))
        rows = rows.exclude(Exists(sooner))
    condition = _plain(wanted) & _matching(wanted.text)
    if not scope.has(MAY_HANDLE):  # who handles sees whatever he has a part of
        condition &= visible(scope)
    if condition:
        rows = rows.filter(case__in=Case.objects.filter(condition))
    return Listed(rows, to_case="case__", in_order=not condition)


def band_condition(band: str, at: datetime) -> Q:
    """Return the condition for a colour at `at`."""
    running = Q(rank__gt=at, rank__lt=WAITING)
    return {
        "red": Q(rank__lte=at),
        "orange": running & Q(orange_at__lte=at),
        "yellow": running & Q(orange_at__gt=at, yellow_at__lte=at),
        "green": running & Q(yellow_at__gt=at),
        "paused": Q(rank=WAITING),
    }.get(band, Q())


def rank_of(due_at: datetime | None, *, paused: bool) -> datetime:
    """Return what the database's ``cases_rank`` returns."""
    if due_at is None:
        return WITHOUT
    return WAITING if paused else due_at


def beyond(rank: datetime, key: int) -> Func:
    """Return the condition for what stands after a place of the order, as one step of an index."""
    place = Func(Value(rank, DateTimeField()), Value(key), template="(%(expressions)s)")
    return Func(
        Func(Rank, F("pk"), template="(%(expressions)s)"),
        place,
        template="%(expressions)s",
        arg_joiner=" > ",
        output_field=BooleanField(),
    )


def _tray(tray: str, at: datetime) -> Q:
    """Return the condition of a tray; some depend on the moment or on what was asked for."""
    if tray == "look_back":
        return Q(look_back_at__lte=at)
    if tray == "decide":
        waiting = Application.objects.filter(decided_at__isnull=True).values("case_id")
        most = standards.get_standard("cases.most", on=clock.business_date(at)).value["returns"]
        assigned = Case.objects.filter(state=State.RETURNED, returns__gte=most).values("pk")
        return Q(pk__in=waiting.union(assigned, all=True))
    if tray == "answer":
        here = Round.objects.filter(case=OuterRef("pk"), no=OuterRef("round_no"))
        drafted = here.filter(approved_at__isnull=True).exclude(draft="")
        return Q(Exists(drafted), state=State.FED_BACK)
    if tray == "closed":
        return Q(state__in=[State.CLOSED, State.EVALUATED])
    return TURNS.get(tray, Q())


def _plain(wanted: Filter) -> Q:
    plain = {
        "kind": wanted.kind,
        "state__in": wanted.states,
        "area_path__startswith": wanted.area_path,
        "concerns": wanted.concerns,
        "raised_by_kind": wanted.raised_by and wanted.raised_by.kind,
        "raised_by_key": wanted.raised_by and wanted.raised_by.key,
    }
    condition = Q(**{k: v for k, v in plain.items() if v})
    if wanted.unit_id is not None:
        condition &= Q(pk__in=Part.objects.filter(unit_id=wanted.unit_id).values("case_id"))
    return condition


# -- words ----------------------------------------------------------------------------------------


def _matching(text: str) -> Q:
    condition = Q()
    for word in text.split()[:WORDS]:
        condition &= _holds(word)
    return condition


def _holds(word: str) -> Q:
    """Return the condition for matters that hold a word in title or place, or lie or are called so.

    The server knows how frequent each pair of letters is: a rare word is looked up in the index of
    pairs, a frequent one is met soon on a walk by deadline.
    """
    condition = _holds_pairs(word) if len(word) > 1 else _holds_letters(word)
    if any(letter.isdigit() for letter in word):
        condition |= Q(number=word.upper())
    areas = _areas_called(word)
    return condition | Q(area__in=areas) if areas else condition


def _holds_pairs(word: str) -> Q:
    pairs = Func(
        Pairs,
        Func(Value(_rarest_pair(word), TextField()), function="cases_pairs_of"),
        template="%(expressions)s",
        arg_joiner=" @> ",
        output_field=BooleanField(),
    )
    return Q(pairs) if len(word) == 2 else Q(pairs) & _holds_letters(word)


def _rarest_pair(word: str) -> str:
    """Return the pair of letters that the server thinks the rarest of a word.

    The planner takes the pairs of a word for independent of each other, and a frequent word of
    four letters for a rare one; by its rarest pair alone it judges well.
    """
    pairs = list(dict.fromkeys(word[n : n + 2] for n in range(len(word) - 1)))
    if len(pairs) == 1:
        return pairs[0]
    each = " UNION ALL ".join([HOLDS] * len(pairs))
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {each}", pairs)
        (told,) = cursor.fetchone()
    plan = json.loads(told) if isinstance(told, str) else told
    expected = [float(one["Plan Rows"]) for one in plan[0]["Plan"]["Plans"]]
    return min(zip(expected, pairs, strict=True))[1]


def _holds_letters(word: str) -> Q:
    asked = Upper(Value(word, TextField()))
    places = (StrIndex(Upper(name), asked) for name in ("title", "place"))
    condition = Q()
    for place in places:
        condition |= Q(_is_positive(place))
    return condition


def _is_positive(number: Any) -> Func:
    return Func(number, template="%(expressions)s > 0", output_field=BooleanField())


def _areas_called(word: str) -> list[int]:
    areas: Any = Case._meta.get_field("area").related_model
    return list(areas.objects.filter(name__icontains=word).values_list("pk", flat=True))
