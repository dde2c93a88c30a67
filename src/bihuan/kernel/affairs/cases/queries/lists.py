"""Lists of matters: the same few statements at any size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from bihuan.kernel.affairs.cases import kinds
from bihuan.kernel.affairs.cases.models import Case, Part, Rank
from bihuan.kernel.affairs.cases.policies import visible
from bihuan.kernel.affairs.cases.queries.narrowing import (
    WAITING,
    WITHOUT,
    Listed,
    band_condition,
    beyond,
    narrowed,
    rank_of,
)
from bihuan.kernel.affairs.cases.types import (
    CASE,
    CaseId,
    CaseRow,
    Filter,
    KindCode,
    PageOf,
    Role,
    State,
    case_ref,
)
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import OrganisationId, Scope

PAGE = 50
COUNTED_TO = 10_000
SEARCHED_TO = 1_000
"""So far are the matters counted that hold a word: who finds more asks for a second word."""
AT_ONCE = 200
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
BANDS = ("red", "orange", "yellow", "green", "paused")
AHEAD = ("orange", "yellow", "green")
"""Colours of what is not due yet."""
OF_ROW = ("pk", "due_at", "yellow_at", "orange_at", "paused", "timer_id")
"""What a line shows of the clock: of the matter's, or of the own part's."""
OF_CASE = (
    "pk",
    "number",
    "kind",
    "class_code",
    "title",
    "state",
    "area__name",
    "place",
    "raised_at",
    "grade",
    "concerns",
    "cause_kind",
    "cause_key",
    "longitude",
    "latitude",
    "source",
)
CASE_AT = len(OF_ROW)
COUNTS = """
    WITH seen AS {how} ({rows})
    SELECT (SELECT count(*) FROM (SELECT FROM seen WHERE rank <= %s LIMIT %s) past),
           ahead.orange, ahead.yellow, ahead.green, ahead.every,
           (SELECT count(*) FROM (SELECT FROM seen WHERE rank = %s LIMIT %s) paused),
           (SELECT count(*) FROM (SELECT FROM seen WHERE rank = %s LIMIT %s) without),
           {keys}
    FROM (
        SELECT count(*) FILTER (WHERE orange_at <= %s) AS orange,
               count(*) FILTER (WHERE orange_at > %s AND yellow_at <= %s) AS yellow,
               count(*) FILTER (WHERE yellow_at > %s) AS green,
               count(*) AS every
        FROM (SELECT orange_at, yellow_at FROM seen WHERE rank > %s AND rank < %s
              ORDER BY rank LIMIT %s) first
    ) ahead
"""
"""Counts by colour, each from an index alone and none beyond the limit."""
KEYS = "(SELECT array_agg(id) FROM (SELECT id FROM seen ORDER BY rank, id LIMIT %s) found)"


def list_cases(*, scope: Scope, wanted: Filter, at: datetime, after: str = "") -> PageOf:
    """Return fifty matters by deadline, the count and the counts by colour.

    What is overdue comes first, then what runs; after these, all whose clock is paused, then all
    without a deadline. Two statements, whatever the rows (counts and page), one or two more for
    each word searched. Nothing reads more than 10,000 matters of a kind to count them.
    """
    base = narrowed(scope, wanted, at)
    limit = SEARCHED_TO if wanted.text.strip() else COUNTED_TO
    first_page = not (wanted.band or after)
    counts = _counts(base, at, limit=limit, keys=PAGE + 1 if first_page else limit + 1)
    rows = base.rows
    if counts.keys is not None and (first_page or counts.whole <= limit):
        rows = rows.model._default_manager.filter(pk__in=counts.keys)  # they need no second search
    if wanted.band:
        rows = rows.alias(rank=Rank).filter(band_condition(wanted.band, at))
    found = _page(rows, base.to_case, after=after, most=PAGE + 1)
    shown = found[:PAGE]
    count = counts.of(wanted.band)
    if count is None:
        count = rows.order_by()[: limit + 1].count()
    return PageOf(
        rows=_to_rows(shown, scope),
        count=min(count, limit),
        more_than_counted=count > limit,
        after=_cursor(shown[-1]) if len(found) > PAGE else "",
        bands=tuple((band, min(counts.bands[band], limit)) for band in BANDS),
        more_in_bands=counts.more(),
    )


def list_every_case(*, scope: Scope, wanted: Filter, at: datetime) -> tuple[CaseRow, ...]:
    """Return all matters of a list, page after page: for lists that must not end at fifty.

    One statement for each two hundred rows; whoever calls it knows that the list is bounded by
    a firm, a grid or a tray.
    """
    rows: list[CaseRow] = []
    base = narrowed(scope, wanted, at)
    after = ""
    while True:
        found = _page(base.rows, base.to_case, after=after, most=AT_ONCE)
        rows += _to_rows(found, scope)
        if len(found) < AT_ONCE:
            return tuple(rows)
        after = _cursor(found[-1])


def titles_of(refs: Iterable[Ref], *, scope: Scope) -> dict[Ref, str]:
    """Return the titles of those of many matters that `scope` sees, in one statement."""
    keys = {int(ref.key) for ref in refs if ref.kind == CASE and ref.key.isdigit()}
    rows = Case.objects.filter(visible(scope), pk__in=keys) if keys else Case.objects.none()
    return {case_ref(CaseId(pk)): title for pk, title in rows.values_list("pk", "title")}


def places_of(
    case_ids: Iterable[CaseId], *, scope: Scope
) -> dict[CaseId, tuple[str, float | None, float | None]]:
    """Return place, longitude and latitude of those matters that `scope` sees, in one statement."""
    keys = set(case_ids)
    rows = Case.objects.filter(visible(scope), pk__in=keys) if keys else Case.objects.none()
    columns = rows.values_list("pk", "place", "longitude", "latitude")
    return {CaseId(pk): (place, x, y) for pk, place, x, y in columns}


def count_cases(*, scope: Scope, wanted: Filter, at: datetime | None = None) -> int:
    """Return the exact count of a list; `at` is needed for trays that depend on the moment."""
    return narrowed(scope, wanted, at or EARLIEST).rows.count()


# -- counting -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Counts:
    """Matters by colour, each counted to one beyond the limit."""

    bands: dict[str, int]
    ahead: int
    """How many of those not due yet were looked at, whatever their colour."""
    whole: int
    limit: int
    keys: list[int] | None
    """Of a list that no index holds: the first of it, in order, the only ones that were counted."""

    def more(self) -> frozenset[str]:
        """Return the colours of which there are more than counted."""
        if self.keys is not None and self.whole > self.limit:
            return frozenset(BANDS)
        over = {band for band, count in self.bands.items() if count > self.limit}
        return frozenset(over | set(AHEAD if self.ahead > self.limit else ()))

    def of(self, band: str) -> int | None:
        """Return the count of a colour, or of all; None when it must be counted by itself."""
        if not band:
            return self.whole
        return None if band in self.more() and band not in {"red", "paused"} else self.bands[band]


def _counts(base: Listed, at: datetime, *, limit: int, keys: int) -> _Counts:
    """Count by colour.

    What no index holds in order is looked for once, the first of it, with so many `keys`: a
    search, or what hangs on somebody's parts, would else be made anew for each colour and the page.
    """
    rows = base.rows.order_by()
    if not base.in_order:
        rows = rows.order_by(Rank, "pk")[: limit + 1]
    looked = rows.annotate(rank=Rank).values("rank", "orange_at", "yellow_at", "id")
    try:
        sql, given = looked.query.sql_with_params()
    except EmptyResultSet:  # who asks sees no matter at all
        return _Counts(dict.fromkeys(BANDS, 0), 0, 0, limit, None if base.in_order else [])
    text = COUNTS.format(
        how="NOT MATERIALIZED" if base.in_order else "MATERIALIZED",
        rows=sql,
        keys="NULL" if base.in_order else KEYS,
    )
    most = limit + 1
    ends: list[Any] = [at, most, WAITING, most, WITHOUT, most]
    ends += [*([] if base.in_order else [keys]), *[at] * 5, WAITING, most]
    with connection.cursor() as cursor:
        cursor.execute(text, [*given, *ends])
        red, orange, yellow, green, ahead, paused, without, found = cursor.fetchone()
    return _Counts(
        dict(zip(BANDS, (red, orange, yellow, green, paused), strict=True)),
        ahead,
        red + ahead + paused + without,
        limit,
        None if base.in_order else found or [],
    )


# -- order and pages ------------------------------------------------------------------------------


def _page(rows: QuerySet[Any], to_case: str, *, after: str, most: int) -> list[tuple[Any, ...]]:
    """Return the columns of some rows by deadline: the clock's, the matter's, its parts."""
    columns = (*OF_ROW, *(f"{to_case}{name}" for name in OF_CASE))
    ordered = _from(rows.order_by(Rank, "pk"), after)
    return list(ordered.values_list(*columns, _held(to_case))[:most])


def _cursor(found: tuple[Any, ...]) -> str:
    key, due_at, _yellow, _orange, paused = found[:5]
    return f"{rank_of(due_at, paused=paused).isoformat()}|{key}"


def _from(rows: QuerySet[Any], after: str) -> QuerySet[Any]:
    rank, bar, key = after.partition("|")
    if not bar or not key.isdigit():
        return rows
    try:
        return rows.filter(beyond(datetime.fromisoformat(rank), int(key)))
    except ValueError:
        return rows


# -- rows -----------------------------------------------------------------------------------------


def _held(to_case: str) -> ArraySubquery:
    """Return the parts of a matter's present round, as far as a line shows them."""
    here = Part.objects.filter(
        case=OuterRef(f"{to_case}pk"), round__no=OuterRef(f"{to_case}round_no")
    )
    part = JSONObject(role="role", answer="answer", unit_id="unit_id", unit_name="unit__name")
    return ArraySubquery(here.order_by("pk").values(part=part))


def _to_rows(found: Sequence[tuple[Any, ...]], scope: Scope) -> tuple[CaseRow, ...]:
    return tuple(_row(row, row[-1], scope) for row in found)


def _row(found: tuple[Any, ...], parts: Sequence[dict[str, Any]], scope: Scope) -> CaseRow:
    _key, due_at, yellow_at, orange_at, paused, timer_id = found[:CASE_AT]
    pk, number, kind, class_code, title, state, area_name, place = found[CASE_AT:14]
    raised_at, grade, concerns, cause_kind, cause_key, longitude, latitude, source = found[14:-1]
    lead = next((p for p in reversed(parts) if p["role"] == Role.LEAD), None)
    own = next((p for p in reversed(parts) if p["unit_id"] in scope.unit_ids), None)
    return CaseRow(
        id=CaseId(pk),
        number=number,
        kind=KindCode(kind),
        class_title=kinds.class_title(kind, class_code),
        title=title,
        state=State(state),
        area_name=area_name,
        place=place,
        raised_at=raised_at,
        due_at=due_at,
        yellow_at=yellow_at,
        orange_at=orange_at,
        paused=paused,
        timer_id=timer_id,
        holder=lead["unit_name"] if lead and state not in {State.FILED, State.RETURNED} else "",
        own_role=Role(own["role"]) if own else None,
        grade=grade,
        concerns=OrganisationId(concerns) if concerns else None,
        cause=Ref(cause_kind, cause_key) if cause_key else None,
        answer=lead["answer"] if lead else "",
        longitude=longitude,
        latitude=latitude,
        source=source,
    )
