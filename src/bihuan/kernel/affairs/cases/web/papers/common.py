"""What both papers of a matter need: who raised it, masked; its units; its photos."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases.types import CaseView, PartView, Role, case_ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import PersonId
from bihuan.kernel.tools.documents import api as documents
from bihuan.kernel.tools.documents.types import Evidence
from bihuan.platform.ui.words import CHINA, chinese, day_words

LONGEST = 1200
"""How much of a long text a paper repeats; the rest stays in the matter."""


def moment(at: datetime) -> str:
    """Return a moment in full: a paper is read in another year."""
    local = at.astimezone(CHINA)
    if chinese():
        return f"{local.year}年{day_words(local.date())} {local:%H:%M}"
    return f"{day_words(local.date())} {local.year} {local:%H:%M}"


def raiser_name(view: CaseView) -> str:
    """Return who raised the matter, masked; nothing when nobody gave a name."""
    if view.raised_by is None or view.raised_by.kind != "registry.person":
        return ""
    cards = registry.person_cards([PersonId(UUID(view.raised_by.key))])
    return next((card.name for card in cards.values()), "")


def lead_of(view: CaseView) -> PartView | None:
    """Return the part of the unit that leads the present round."""
    return next((part for part in view.parts if part.role is Role.LEAD), None)


def evidence_of(view: CaseView) -> tuple[Evidence, ...]:
    """Return the photos and voice notes of a matter."""
    ref = case_ref(view.id)
    return documents.list_evidence([ref]).get(ref, ())


def photos(
    found: Iterable[Evidence], kinds: tuple[str, ...], most: int = 40
) -> tuple[tuple[str, str], ...]:
    """Return photos of some kinds with when the centre received each."""
    chosen = [one for one in found if one.kind in kinds][:most]
    return tuple((one.digest, moment(one.received_at)) for one in chosen)


def paragraphs(text: str) -> tuple[str, ...]:
    """Return a text as paragraphs, shortened when it is very long; it says so then."""
    cut = text.strip()
    if len(cut) > LONGEST:
        cut = cut[:LONGEST] + _("… (the whole text stands with the matter)")
    return tuple(line.strip() for line in cut.splitlines() if line.strip())


def place_of(view: CaseView) -> str:
    """Return where it is, in words."""
    return " · ".join(bit for bit in (view.area_name, view.place) if bit)
