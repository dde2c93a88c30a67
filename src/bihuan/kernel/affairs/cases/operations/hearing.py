"""Writing down what a voice note says: from then on a matter has words and a class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.kernel.affairs.cases import kinds
from bihuan.kernel.affairs.cases.operations import writing
from bihuan.kernel.affairs.cases.operations.locking import lock_case
from bihuan.kernel.affairs.cases.operations.moving import moved
from bihuan.kernel.affairs.cases.operations.opening import TEXT_LONGEST, TITLE_LONGEST, county_of
from bihuan.kernel.affairs.cases.types import (
    MAY_ACCEPT,
    CaseId,
    Detail,
    KindCode,
    Moved,
)
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform import clock
from bihuan.platform.database.together import Writing
from bihuan.platform.web.errors import Conflict, NotAllowed, Refused

WRITE_DOWN = "write_down"


class UnableToWriteDown(Refused):
    """The words, the class or the place do not hold."""


class HeardAlready(Conflict):
    """Somebody has written it down; their words stand."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody heard in a voice note."""

    text: str
    title: str
    class_code: str
    area_code: str
    place: str = ""


def write_down(case_id: CaseId, heard: Heard, *, scope: Scope, at: datetime) -> Moved:
    """Give a matter that came by voice alone its words, its class and its place.

    Raises:
        NotAllowed: the post does not take matters on, or not there.
        HeardAlready: its words stand already.
        UnableToWriteDown: nothing is written, or class or place are not known.
    """
    if not scope.has(MAY_ACCEPT):
        raise NotAllowed("Your post may not do this.", code="power")
    with transaction.atomic():
        locked = lock_case(case_id, scope=scope)
        case = locked.case
        area = registry.find_area(heard.area_code)
        if not scope.covers(case.area_path):
            raise NotAllowed("This matter lies outside your area.", code="covers_area")
        if not case.unheard:
            raise HeardAlready("Somebody has written it down already.")
        _check(heard, KindCode(case.kind))
        if area is None or not scope.covers(area.path):
            raise UnableToWriteDown("Choose the town or village where it is.", field="area")
        terms = kinds.terms_of_class(
            KindCode(case.kind),
            heard.class_code,
            on=clock.business_date(case.raised_at),
            county=county_of(area),
        )
        case.text, case.title = heard.text.strip(), heard.title.strip()[:TITLE_LONGEST]
        case.class_code, case.terms, case.sensitive = (
            heard.class_code,
            terms.to_value(),
            terms.sensitive,
        )
        case.terms_version, case.unheard = terms.version, False
        case.area_id, case.area_path, case.place = area.id, area.path, heard.place.strip()[:120]
        detail = Detail(words=case.text)
        into = Writing()
        locked.save_with(into, writing.entry_of(case, WRITE_DOWN, detail, scope=scope, at=at))
        fact = writing.case_fact(case, move=WRITE_DOWN, before=case.state)
        writing.record_with(into, [fact], scope=scope, at=at)
        into.send()
    return moved(case)


def _check(heard: Heard, kind: KindCode) -> None:
    if not heard.text.strip() or not heard.title.strip():
        raise UnableToWriteDown("Write down what the voice note says.", field="text")
    if len(heard.text) > TEXT_LONGEST:
        raise UnableToWriteDown("This is longer than 60,000 characters. Shorten it.", field="text")
    if kinds.find_class(kind, heard.class_code) is None:
        raise UnableToWriteDown("This kind of matter is not known here.", field="class_code")
