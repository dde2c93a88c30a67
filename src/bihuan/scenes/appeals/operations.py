"""Verbs of the story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import APPEAL, MAY_RAISE, CaseId, Moved, Opened, Raise
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import AreaPath, PersonId, Scope, person_ref
from bihuan.platform.web.errors import Refused
from bihuan.scenes.appeals import learning
from bihuan.scenes.appeals.classes import CLASSES
from bihuan.scenes.appeals.rules import OTHER, title_of
from bihuan.scenes.appeals.types import Guess


@dataclass(frozen=True, slots=True)
class Report:
    """What a resident says."""

    text: str
    area_code: str
    place: str = ""
    class_code: str = ""
    longitude: float | None = None
    latitude: float | None = None
    photos: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    """Voice notes. Alone they are a report: somebody writes down what they say, then files it."""
    anonymous: bool = False


def suggest(text: str) -> Guess:
    """Return the class that a text suggests."""
    return learning.suggest_each([text])[0]


def find_class_code(word: str) -> str:
    """Return the code of the class that a word names, by code or title; nothing if none."""
    return next((c.code for c in CLASSES if word and word in {c.code, c.title, _(c.title)}), "")


def report(
    said: Report,
    *,
    scope: Scope,
    at: datetime,
    source: str = "phone",
    source_key: str = "",
    by: PersonId | None = None,
) -> Opened:
    """Receive what a resident says; an account is not needed. `by` says who, when another writes.

    Raises:
        Refused: it says nothing, or the place is none of ours.
    """
    unheard = bool(said.voices) and not said.text.strip()
    if len(said.text.strip()) < 2 and not unheard:
        raise Refused("Say in one sentence what it is about.", field="text")
    area = registry.find_area(said.area_code)
    if area is None:
        raise Refused("Choose the town or village where it is.", field="area")
    named = scope.person_id is not None and not said.anonymous
    raiser = by or (scope.person_id if named else None)
    what = Raise(
        kind=APPEAL,
        title=_("Voice note, to be written down") if unheard else title_of(said.text),
        text=said.text,
        class_code=said.class_code or (OTHER if unheard else suggest(said.text).class_code),
        area_path=AreaPath(area.path),
        area=area,
        source=source,
        source_key=source_key,
        place=said.place,
        longitude=said.longitude,
        latitude=said.latitude,
        raised_by=person_ref(raiser) if raiser else None,
        photos=said.photos,
        voices=said.voices,
    )
    return cases.open_case(what, scope=_raising(scope), at=at)


def _raising(scope: Scope) -> Scope:
    """Let anybody raise an appeal: the front door of a county needs no key."""
    if scope.has(MAY_RAISE):
        return scope
    return registry.system_scope("appeals.report", (MAY_RAISE,)).through(scope.origin)


def write_down(
    case_id: CaseId,
    text: str,
    *,
    class_code: str,
    area_code: str,
    place: str,
    scope: Scope,
    at: datetime,
) -> Moved:
    """Write down what a voice note says; without a class the words suggest one.

    Raises:
        Refused: see `cases.write_down`.
    """
    heard = cases.Heard(
        text=text,
        title=title_of(text),
        class_code=class_code or suggest(text).class_code,
        area_code=area_code,
        place=place,
    )
    return cases.write_down(case_id, heard, scope=scope, at=at)
