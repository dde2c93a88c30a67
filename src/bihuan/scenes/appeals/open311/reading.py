"""What the public may read: matters without personal data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import APPEAL, MAY_SEE, CaseId, State
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform import clock
from bihuan.scenes.appeals.models import PublicWords
from bihuan.scenes.appeals.open311.types import CLOSED, OPEN, Shown, Terms, Wanted

ENDED = (State.CLOSED, State.EVALUATED, State.REJECTED, State.VOIDED, State.WITHDRAWN)


def terms_on(at: datetime) -> Terms:
    """Return what is offered on the day of `at`."""
    value = standards.get_standard("appeals.open311", on=clock.business_date(at)).value
    return Terms(
        anonymous=bool(value["anonymous"]),
        per_minute=int(value["per_minute"]),
        services=tuple(value["services"]),
        exact=frozenset(value["exact_place"]),
    )


_SELECT = """
    WITH shown AS (
        SELECT c.*, c.state = ANY(%(ended)s)
                    OR (c.state = 'merged' AND c.closed_at IS NOT NULL) AS is_closed
        FROM cases_case_v c
        WHERE c.kind = %(kind)s AND NOT c.sensitive AND NOT c.malicious
          AND c.class_code = ANY(%(services)s)
          AND (%(ids)s::text[] IS NULL OR c.number = ANY(%(ids)s::text[]))
          AND (%(codes)s::text[] IS NULL OR c.class_code = ANY(%(codes)s::text[]))
          AND (%(first)s::timestamptz IS NULL OR c.raised_at >= %(first)s::timestamptz)
          AND (%(last)s::timestamptz IS NULL OR c.raised_at <= %(last)s::timestamptz)
    )
    SELECT id, number, state, is_closed, class_code, area_path, area_name, raised_at, closed_at,
           promised_at AS due_at, holder_name
    FROM shown WHERE %(status)s = '' OR is_closed = (%(status)s = 'closed')
    ORDER BY raised_at DESC, id DESC LIMIT %(size)s OFFSET %(skip)s
"""


def list_shown(wanted: Wanted, terms: Terms) -> tuple[Shown, ...]:
    """Return public matters, the newest first, in three statements.

    The text is what a reviewer released. The place is the village, or for things that stand in the
    street the point itself.
    """
    rows = _rows(wanted, terms)
    ids = [row["id"] for row in rows]
    words = dict(PublicWords.objects.filter(case_id__in=ids).values_list("case_id", "words"))
    scope = registry.system_scope("open311", (MAY_SEE,))
    exact = [CaseId(row["id"]) for row in rows if row["class_code"] in terms.exact]
    places = cases.places_of(exact, scope=scope)
    return tuple(_shown(row, words, places) for row in rows)


def _rows(wanted: Wanted, terms: Terms) -> list[dict[str, Any]]:
    given = {
        "ended": [str(state) for state in ENDED],
        "kind": str(APPEAL),
        "services": list(terms.services),
        "ids": list(wanted.ids) or None,
        "codes": list(wanted.codes) or None,
        "first": wanted.first,
        "last": wanted.last,
        "status": wanted.status,
        "size": wanted.size,
        "skip": (wanted.page - 1) * wanted.size,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SELECT, given)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _shown(
    row: dict[str, Any],
    words: dict[int, str],
    places: dict[CaseId, tuple[str, float | None, float | None]],
) -> Shown:
    place, longitude, latitude = places.get(CaseId(row["id"]), ("", None, None))
    return Shown(
        number=row["number"],
        status=CLOSED if row["is_closed"] else OPEN,
        state=row["state"],
        class_code=row["class_code"],
        area_code=row["area_path"].strip("/").rsplit("/", 1)[-1],
        area_name=row["area_name"],
        raised_at=row["raised_at"],
        closed_at=row["closed_at"],
        due_at=row["due_at"],
        holder=row["holder_name"] or "",
        words=words.get(row["id"], ""),
        place=place,
        longitude=longitude,
        latitude=latitude,
    )
