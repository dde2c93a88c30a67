"""Whom the life of a matter concerns is told of it; safe to run twice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from bihuan.kernel.affairs.cases.models import OUT_OF_PLAY, Case, EntryRow, Part
from bihuan.kernel.affairs.cases.subscribers.words import REASONS
from bihuan.kernel.affairs.cases.types import HAZARD, Role
from bihuan.kernel.ground.events.types import RecordedFact, Ref, to_ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import (
    DISPATCHER,
    OrganisationId,
    UnitId,
    organisation_ref,
    unit_ref,
)
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices.types import FIRM, MAY_SEND, PERSON, News, NoticeCode

DECIDED = {"allow_extension": "extended", "refuse_extension": "not_extended"}
ENDED = frozenset({"closed", "evaluated", "rejected", "voided", "merged", "withdrawn"})
WITH_REASON = frozenset({"reject", "suspend", "allow_unreasonable"})
"""Moves whose reason, a code of a closed list, is told; free words stay on the matter."""


def matter_moved(fact: RecordedFact) -> None:
    """Tell who raised it, the units and the firm that a matter moved."""
    payload = fact.payload
    move = payload["move"]
    params = _common(payload)
    if move in {"dispatch", "assign"}:
        params |= _dispatched(fact)
    elif move == "suspend":
        params |= _suspended(fact)
    elif move == "merge":
        params |= _merged(fact)
    if move in WITH_REASON:
        params |= _reason(fact)
    _tell_raiser(fact, params)
    if move == "fail":
        _tell_units(fact, "rework", _units_at_work(fact), params)
    if move in {"pass", "fail"}:
        _tell_firm(fact, "cleared" if move == "pass" else "not_cleared", params)


def part_moved(fact: RecordedFact) -> None:
    """Tell who raised it, the centre and the firm that one unit's part moved."""
    payload = fact.payload
    params = _common(payload) | {"holder": _names([payload["unit_id"]])}
    _tell_raiser(fact, params)
    decided = DECIDED.get(payload["move"])
    if decided:
        _tell_units(fact, decided, [UnitId(payload["unit_id"])], params)
    if payload["move"] == "return":
        own = params | {"due_at": None}
        _tell_units(fact, "returned", _centres(payload["area_path"], fact), own)
    if payload["move"] == "sign" and payload["grade"]:
        _tell_firm(fact, payload["grade"], params)


def _common(payload: dict[str, Any]) -> dict[str, Any]:
    ended = payload["target"] in ENDED
    return {"number": payload["number"], "due_at": None if ended else payload["due_at"]}


def _dispatched(fact: RecordedFact) -> dict[str, Any]:
    """Tell the units that were given parts by this very dispatch; return who has it."""
    parts = list(
        Part.objects.filter(case_id=int(fact.subject.key), dispatched_at=fact.at).order_by("pk")
    )
    leads = [part.unit_id for part in parts if part.role == Role.LEAD]
    helpers = [part.unit_id for part in parts if part.role != Role.LEAD]
    holder = _names(leads)
    for part in parts:
        kind = "lead" if part.role == Role.LEAD else "helps"
        due = part.due_at.isoformat() if part.due_at else None
        params = {"number": fact.payload["number"], "holder": holder, "due_at": due}
        _tell_units(fact, kind, [UnitId(part.unit_id)], params)
    return {"holder": holder, "helpers": _names(helpers)}


def _suspended(fact: RecordedFact) -> dict[str, Any]:
    found = Case.objects.filter(pk=int(fact.subject.key)).values_list("review_at", flat=True)
    return {"review_at": found.first(), "due_at": None}


def _reason(fact: RecordedFact) -> dict[str, Any]:
    """Return the code of the reason that this very move gave; other words are not told."""
    move = fact.payload["move"]
    entries = EntryRow.objects.filter(case_id=int(fact.subject.key), at=fact.at)
    given = entries.filter(move=move).order_by("-pk")
    code = given.values_list("reason", flat=True).first() or ""
    return {"reason_code": code if code in dict(REASONS) else ""}


def _merged(fact: RecordedFact) -> dict[str, Any]:
    """Tell the units that handle the master; return its number."""
    case = Case.objects.select_related("master").get(pk=int(fact.subject.key))
    master = case.master
    if master is None:
        return {}
    parts = Part.objects.filter(case=master, round__no=master.round_no).exclude(
        state__in=OUT_OF_PLAY
    )
    for part in parts.order_by("pk"):
        params = {"number": master.number, "merged": case.number, "due_at": part.due_at}
        _tell_units(fact, "merged", [UnitId(part.unit_id)], params)
    return {"master": master.number}


def _units_at_work(fact: RecordedFact) -> list[UnitId]:
    parts = Part.objects.filter(
        case_id=int(fact.subject.key), round__no=fact.payload["round_no"]
    ).exclude(state__in=OUT_OF_PLAY)
    return [UnitId(unit) for unit in parts.order_by("pk").values_list("unit_id", flat=True)]


def _centres(area_path: str, fact: RecordedFact) -> list[UnitId]:
    """Return the units whose dispatchers have the county of a matter in their care."""
    county = "".join(f"{code}/" for code in area_path.strip("/").split("/")[:2])
    holders = registry.list_holders(at=fact.at, duty=DISPATCHER, area_path=county)
    found = {holder.post.unit_id for holder in holders if holder.post.unit_id is not None}
    return sorted(found)


def _names(unit_ids: Iterable[int]) -> str:
    wanted = [UnitId(unit) for unit in unit_ids]
    found = registry.units_by_id(wanted) if wanted else {}
    return "、".join(found[unit].name for unit in wanted if unit in found)


# -- telling --------------------------------------------------------------------------------------


def _tell_raiser(fact: RecordedFact, params: dict[str, Any]) -> None:
    code, raiser = fact.payload["notice"], fact.payload["raised_by"]
    to = to_ref(raiser) if raiser else None
    if code and to is not None and to.kind in {PERSON, FIRM}:
        _tell(fact, NoticeCode(code), to, params)


def _tell_units(
    fact: RecordedFact, code: str, units: Iterable[UnitId], params: dict[str, Any]
) -> None:
    for unit in units:
        _tell(fact, NoticeCode(f"cases.unit.{code}"), unit_ref(unit), params)


def _tell_firm(fact: RecordedFact, code: str, params: dict[str, Any]) -> None:
    if fact.payload["kind"] == HAZARD and fact.payload["concerns"]:
        firm = OrganisationId(UUID(fact.payload["concerns"]))
        _tell(fact, NoticeCode(f"cases.firm.{code}"), organisation_ref(firm), params)


def _tell(fact: RecordedFact, code: NoticeCode, to: Ref, params: dict[str, Any]) -> None:
    news = News(
        kind=code,
        cause=fact.id,
        subject=fact.subject,
        params={name: value for name, value in params.items() if value},
        area_path=fact.payload["area_path"],
    )
    scope = registry.system_scope("cases.tell", (MAY_SEND,))
    notices.send_notice(news, to=to, scope=scope, at=fact.at)
