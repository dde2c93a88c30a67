"""Short ways to bring a matter to where a test begins, all through the doors."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from PIL import Image

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.models import Application, Case, EntryRow, Part, Supervision
from bihuan.kernel.affairs.cases.types import (
    APPEAL,
    CaseId,
    Detail,
    Moved,
    MoveName,
    NewPart,
    Opened,
    PartId,
    Raise,
    Role,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.kernel.ground.registry.types import AreaPath, person_ref
from bihuan.platform.clock import CHINA
from bihuan.platform.files import store

XINXING = AreaPath("3304/330424/330424005/330424005004/")


def moment(text: str) -> datetime:
    """Return a moment in China."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


NINE = moment("2026-06-24T09:00")
"""Wednesday morning, before the two days of weekend that follow three working days."""


def photo(colour: str = "red") -> str:
    """Keep a photo and return its hash."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return store.receive_photo(io.BytesIO(out.getvalue()), at=NINE)


def raise_one(cast: Cast, *, who: str | None = "lu", at: datetime = NINE, **more: Any) -> Opened:
    """Let somebody report a dark lamp; None: without a name."""
    scope = cast.scope(who or "lu")
    assert scope.person_id is not None
    given: dict[str, Any] = {
        "kind": APPEAL,
        "title": "秦山路路灯三盏不亮",
        "text": "秦山路路灯三盏不亮",
        "class_code": "test_lamp",
        "area_path": XINXING,
        "source": "phone",
        "raised_by": person_ref(scope.person_id) if who else None,
    }
    return cases.open_case(Raise(**(given | more)), scope=scope, at=at)


def move(
    case_id: CaseId, name: str, cast: Cast, who: str, *, at: datetime = NINE, **detail: Any
) -> Moved:
    """Make one move on a matter."""
    return cases.move_case(
        case_id, move=MoveName(name), scope=cast.scope(who), at=at, detail=Detail(**detail)
    )


def part_move(
    part_id: PartId,
    name: str,
    cast: Cast,
    who: str = "zongzhi",
    *,
    at: datetime = NINE + timedelta(hours=1),
    **detail: Any,
) -> Moved:
    """Make one move on a part."""
    return cases.move_part(
        part_id, move=MoveName(name), scope=cast.scope(who), at=at, detail=Detail(**detail)
    )


def give(case_id: CaseId, cast: Cast, *units: str, at: datetime = NINE) -> tuple[PartId, ...]:
    """Dispatch a filed matter: the first unit leads; return the new parts."""
    roles = (Role.LEAD, *[Role.CO_HANDLER] * (len(units) - 1))
    parts = [
        NewPart(cast.unit(f"330424-{unit}").id, role)
        for unit, role in zip(units, roles, strict=True)
    ]
    before = set(Part.objects.values_list("pk", flat=True))
    cases.dispatch_case(case_id, parts=parts, scope=cast.scope("mei"), at=at)
    made = Part.objects.exclude(pk__in=before).order_by("pk").values_list("pk", flat=True)
    return tuple(PartId(pk) for pk in made)


def dispatched(
    cast: Cast, *units: str, at: datetime = NINE, **more: Any
) -> tuple[Opened, tuple[PartId, ...]]:
    """Report, file and dispatch a matter."""
    opened = raise_one(cast, at=at, **more)
    move(opened.case_id, "file", cast, "tao", at=at)
    return opened, give(opened.case_id, cast, *(units or ("zongzhi",)), at=at)


def answered(cast: Cast, *units: str, **more: Any) -> tuple[Opened, tuple[PartId, ...]]:
    """Bring a matter to where every unit has fed back."""
    opened, parts = dispatched(cast, *units, **more)
    for part_id, who in zip(parts, units or ("zongzhi",), strict=True):
        part_move(part_id, "sign", cast, who)
        part_move(
            part_id, "feed_back", cast, who, words=f"{who}办好了", photos=(photo(who_colour(who)),)
        )
    return opened, parts


def who_colour(who: str) -> str:
    """Return a colour for a unit's photo, so that no two photos are the same."""
    return {"zongzhi": "red", "fire": "blue"}.get(who, "green")


def closed(cast: Cast, *, at: datetime = NINE + timedelta(hours=5), **more: Any) -> Opened:
    """Bring a matter to a passed check."""
    opened, _ = answered(cast, **more)
    check(opened.case_id, cast, at=at)
    return opened


def check(
    case_id: CaseId, cast: Cast, *, cleared: bool = True, at: datetime = NINE, words: str = ""
) -> Moved:
    """Verify on the spot."""
    seen = cases.Check(visit_id=uuid.uuid4(), cleared=cleared, words=words)
    return cases.verify_case(case_id, seen, scope=cast.scope("verifier"), at=at)


def traces() -> tuple[int, ...]:
    """Return how many facts, lines, versions, applications and marks stand."""
    return (
        events.count_facts(),
        EntryRow.objects.count(),
        sum(Case.objects.values_list("version", flat=True)),
        Application.objects.count(),
        Application.objects.filter(decided_at__isnull=True).count(),
        Supervision.objects.count(),
    )


def refused(error: type[Exception], act: Callable[[], object], code: str = "") -> None:
    """Demand that an act is refused, for the reason `code`, and leaves no trace."""
    before = traces()
    with pytest.raises(error) as found:
        act()
    assert traces() == before
    if code:
        assert getattr(found.value, "code", "") == code
