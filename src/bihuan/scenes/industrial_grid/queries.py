"""What the phone of a grid worker or a verifier keeps for the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.cases.types import CaseRow, Filter, case_ref
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.affairs.fieldwork.types import FINDING, MAY_PATROL
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import (
    Organisation,
    OrganisationId,
    Scope,
    organisation_ref,
    person_ref,
)
from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.stage.types import FieldDay, FirmToVisit, Look, MatterToVerify, OwnReport
from bihuan.kernel.tools.codes import api as codes
from bihuan.kernel.tools.codes.types import CodeId, Standing
from bihuan.kernel.tools.documents import api as documents
from bihuan.kernel.tools.documents.types import Evidence
from bihuan.platform import clock
from bihuan.platform.ui.words import chinese
from bihuan.scenes.industrial_grid.rules import pick_two
from bihuan.scenes.industrial_grid.scene import CLASSES

MOST_FIRMS = 200
"""More firms than one grid has; who leads several searches by name at the centre."""


def today(scope: Scope, at: datetime) -> FieldDay:
    """Return the day of the asker: firms of the own grid, matters to verify, own reports.

    The same few statements at any size.
    """
    firms = _firms(scope)
    return FieldDay(
        firms=_to_visit(firms, scope, at),
        verify=_to_verify(scope, at),
        mine=_mine(scope, at),
        domains=tuple((known.code, _(known.title)) for known in CLASSES),
    )


def _firms(scope: Scope) -> tuple[Organisation, ...]:
    if not scope.has(MAY_PATROL) or not scope.area_paths:
        return ()
    return registry.list_organisations(scope=scope, below=scope.area_paths[0], limit=MOST_FIRMS)


def _to_visit(firms: Sequence[Organisation], scope: Scope, at: datetime) -> tuple[FirmToVisit, ...]:
    if not firms:
        return ()
    refs = [organisation_ref(firm.id) for firm in firms]
    visits = fieldwork.last_visits(firm.id for firm in firms)
    standings, living = codes.standings_of(refs), codes.living_codes(refs)
    found = standards.get_standard("industrial_grid.looks", on=clock.business_date(at))
    opened = _open_titles(scope, at)
    week = clock.business_date(at).isocalendar().week
    return tuple(
        _firm(
            firm,
            visits.get(firm.id),
            standings.get(ref),
            living.get(ref, ()),
            _looks(pick_two(found.value, week, n), opened.get(firm.id, ())),
        )
        for n, (firm, ref) in enumerate(zip(firms, refs, strict=True))
    )


def _firm(
    firm: Organisation,
    visited_at: datetime | None,
    standing: Standing | None,
    code_ids: tuple[CodeId, ...],
    looks: tuple[Look, ...],
) -> FirmToVisit:
    return FirmToVisit(
        id=str(firm.id),
        name=firm.name,
        uscc=firm.uscc,
        area=firm.area_path.strip("/").rsplit("/", 1)[-1],
        address=firm.address,
        longitude=firm.longitude,
        latitude=firm.latitude,
        colour=standing.colour.value if standing else "",
        score=standing.score if standing else None,
        code_ids=code_ids,
        visited_at=visited_at,
        looks=looks,
    )


def _open_titles(scope: Scope, at: datetime) -> Mapping[OrganisationId, tuple[str, ...]]:
    """Return what is still open at each firm: one looks at that first."""
    rows = cases.list_every_case(scope=scope, wanted=Filter(tray="open"), at=at)
    found: dict[OrganisationId, tuple[str, ...]] = {}
    for row in rows:
        if row.concerns is not None:
            found[row.concerns] = (*found.get(row.concerns, ()), row.title)
    return found


def _looks(usual: Sequence[Mapping[str, Any]], titles: Sequence[str]) -> tuple[Look, ...]:
    still = tuple(Look(title, _("Cleared"), _("Still so")) for title in dict.fromkeys(titles))
    language = "zh" if chinese() else "en"
    return (*still, *(Look(*item[language]) for item in usual))[:2]


def _to_verify(scope: Scope, at: datetime) -> tuple[MatterToVerify, ...]:
    rows = cases.list_every_case(scope=scope, wanted=Filter(tray="verify"), at=at)
    evidence = documents.list_evidence(case_ref(row.id) for row in rows)
    firms = registry.organisations_by_id(row.concerns for row in rows if row.concerns)
    return tuple(
        _matter(
            row,
            evidence.get(case_ref(row.id), ()),
            firms.get(row.concerns) if row.concerns else None,
        )
        for row in rows
    )


def _matter(
    row: CaseRow, evidence: Sequence[Evidence], firm: Organisation | None
) -> MatterToVerify:
    return MatterToVerify(
        id=row.id,
        number=row.number,
        title=row.title,
        place=row.place or row.area_name,
        firm=firm.name if firm else "",
        answer=row.answer,
        due_at=row.due_at,
        yellow_at=row.yellow_at,
        orange_at=row.orange_at,
        paused=row.paused,
        longitude=row.longitude,
        latitude=row.latitude,
        before=tuple(e.id for e in evidence if e.kind == "before")[-3:],
        after=tuple(e.id for e in evidence if e.kind == "after")[-3:],
    )


def _mine(scope: Scope, at: datetime) -> tuple[OwnReport, ...]:
    if scope.person_id is None:
        return ()
    wanted = Filter(raised_by=person_ref(scope.person_id))
    rows = cases.list_cases(scope=scope, wanted=wanted, at=at).rows
    return tuple(
        OwnReport(
            made_id=row.cause.key if row.cause and row.cause.kind == FINDING else "",
            number=row.number,
            title=row.title,
            state=case_web.state_words(row.state),
            at=row.raised_at,
        )
        for row in rows
    )
