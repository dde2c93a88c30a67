"""From a failed item to a matter: one for each, of the department whose item it is."""

from __future__ import annotations

from uuid import UUID

from bihuan.kernel.affairs.cases.types import Raise
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.ground.events.types import RecordedFact
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import person_ref
from bihuan.scenes.joint_inspection.types import RECTIFICATION

TITLE_LENGTH = 40


def raise_rectification(fact: RecordedFact) -> Raise:
    """Return the matter that a failed item raises; passed and waived items record no such fact."""
    finding = fieldwork.get_inspection_finding(UUID(fact.subject.key))
    firms = registry.organisations_by_id([finding.organisation_id])
    firm = firms.get(finding.organisation_id)
    return Raise(
        kind=RECTIFICATION,
        title=finding.text[:TITLE_LENGTH],
        text=finding.text,
        class_code=finding.line,
        area_path=finding.area_path,
        source="inspection",
        place=firm.address if firm else "",
        longitude=firm.longitude if firm else None,
        latitude=firm.latitude if firm else None,
        raised_by=person_ref(finding.found_by),
        concerns=finding.organisation_id,
        cause=fact.subject,
        photos=finding.photos,
    )
