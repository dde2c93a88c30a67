"""From a finding to a matter: what the record of a finding raises."""

from __future__ import annotations

from uuid import UUID

from bihuan.kernel.affairs.cases.types import HAZARD, Raise
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.affairs.fieldwork.types import PatrolEffect
from bihuan.kernel.ground.events.types import RecordedFact
from bihuan.kernel.ground.registry.types import person_ref

TITLE_LENGTH = 40


def raise_hazard(fact: RecordedFact) -> Raise | None:
    """Return the matter that a reported finding raises; advice raises none."""
    finding = fieldwork.get_finding(UUID(fact.subject.key))
    if finding.effect is PatrolEffect.ADVICE:
        return None
    return Raise(
        kind=HAZARD,
        title=finding.text[:TITLE_LENGTH],
        text=finding.text,
        class_code=finding.domain.value,
        area_path=finding.area_path,
        source="patrol",
        place=finding.place,
        longitude=finding.longitude,
        latitude=finding.latitude,
        raised_by=person_ref(finding.found_by) if finding.found_by else None,
        concerns=finding.organisation_id,
        cause=fact.subject,
        claimed_at=finding.claimed_at,
        photos=finding.photos,
    )
