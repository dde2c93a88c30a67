"""How the connections stand: last success, last failure, what waits."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Count

from bihuan.platform.adapters import connecting, kinds
from bihuan.platform.adapters.models import Arrival, Call, LinkRow
from bihuan.platform.adapters.types import Standing


def note_success(target: str, *, at: datetime, cursor: str | None = None) -> None:
    """Note that a system answered, and where to go on with it."""
    kind, _, code = target.partition(":")
    if kind != "system":
        return
    values: dict[str, object] = {"last_success_at": at}
    if cursor is not None:
        values["cursor"] = cursor
    LinkRow.objects.update_or_create(system=code, defaults=values)


def note_failure(target: str, words: str, *, at: datetime) -> None:
    """Note that a system did not answer, and in what words."""
    kind, _, code = target.partition(":")
    if kind == "system":
        values = {"last_failure_at": at, "failure": words[:300]}
        LinkRow.objects.update_or_create(system=code, defaults=values)


def cursor_of(system: str) -> str:
    """Return where to go on with a system; empty at first."""
    row = LinkRow.objects.filter(system=system).first()
    return row.cursor if row is not None else ""


def list_standings() -> tuple[Standing, ...]:
    """Return how every declared system stands, in three statements."""
    links = {row.system: row for row in LinkRow.objects.all()}
    calls = _counts(Call.objects.values_list("target", "state").annotate(n=Count("pk")))
    arrivals = _counts(Arrival.objects.values_list("system", "state").annotate(n=Count("pk")))
    found = []
    for system in kinds.all_systems():
        row = links.get(system.code)
        target = f"system:{system.code}"
        found.append(
            Standing(
                system=system,
                connected=connecting.is_connected(system.code),
                stand_in=system.code not in settings.BIHUAN_OUTSIDE and settings.BIHUAN_STAND_INS,
                last_success_at=row.last_success_at if row else None,
                last_failure_at=row.last_failure_at if row else None,
                failure=row.failure if row else "",
                pending=calls.get((target, "pending"), 0),
                dead=calls.get((target, "dead"), 0),
                taken=arrivals.get((system.code, "taken"), 0),
                refused=arrivals.get((system.code, "refused"), 0),
            )
        )
    return tuple(found)


def _counts(rows: object) -> dict[tuple[str, str], int]:
    return {(name, state): n for name, state, n in rows}  # type: ignore[attr-defined]
