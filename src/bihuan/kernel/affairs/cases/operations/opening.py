"""Raising a matter. `bulk` raises many by the same rules."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from bihuan.kernel.affairs.cases import kinds, numbers
from bihuan.kernel.affairs.cases.lifecycle import ACCEPT
from bihuan.kernel.affairs.cases.models import Case, Round
from bihuan.kernel.affairs.cases.operations import clockwork, writing
from bihuan.kernel.affairs.cases.types import (
    MAY_RAISE,
    CaseId,
    Detail,
    Opened,
    Raise,
    State,
)
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Area, Scope
from bihuan.kernel.tools.documents.types import Piece
from bihuan.platform import clock
from bihuan.platform.database import bulk
from bihuan.platform.database.joining import part as part_of_whole
from bihuan.platform.database.together import Writing
from bihuan.platform.web.errors import NotAllowed, Refused

TITLE_LONGEST = 120
TEXT_LONGEST = 60_000


class UnableToRaise(Refused):
    """What was raised cannot be taken in; the words say what to mend."""


def open_case(what: Raise, *, scope: Scope, at: datetime) -> Opened:
    """Receive a matter. The same cause or the same source number opens it only once.

    The acceptance clock starts at `at`, when the centre receives; a time that a phone claims is
    kept as evidence only.

    Raises:
        NotAllowed: the scope may not raise matters.
        UnableToRaise: text, class or place do not hold.
    """
    if not scope.has(MAY_RAISE):
        raise NotAllowed("Your post may not raise a matter.")
    check(what)
    known = _known(what)
    if known is not None:
        return opened(known, repeated=True)
    may_stand = what.cause is not None or bool(what.source_key)
    try:
        with transaction.atomic() if may_stand else part_of_whole():
            return opened(_open(what, scope=scope, at=at))
    except IntegrityError:
        again = _known(what)
        if again is None:
            raise
        return opened(again, repeated=True)


def check(what: Raise) -> None:
    """Refuse what cannot be a matter.

    Raises:
        UnableToRaise: with the field that is wrong.
    """
    if not what.title.strip():
        raise UnableToRaise("Say in one sentence what it is about.", field="text")
    if len(what.text) > TEXT_LONGEST:
        raise UnableToRaise("This is longer than 60,000 characters. Shorten it.", field="text")
    if kinds.find_class(what.kind, what.class_code) is None:
        raise UnableToRaise("This kind of matter is not known here.", field="class_code")


def opened(case: Case, *, repeated: bool = False) -> Opened:
    """Return what the receipt shows."""
    return Opened(
        case_id=CaseId(case.pk),
        number=case.number,
        receipt_code=numbers.receipt_code(case.number, case.receipt_salt),
        state=State(case.state),
        repeated=repeated,
    )


def _known(what: Raise) -> Case | None:
    """Return the matter that its cause opened before, else the one with its source number."""
    if what.cause is not None:
        cause = {"cause_kind": what.cause.kind, "cause_key": what.cause.key}
        found = Case.objects.filter(**cause).first()
        if found is not None:
            return found
    if what.source_key:
        return Case.objects.filter(source=what.source, source_key=what.source_key).first()
    return None


def _open(what: Raise, *, scope: Scope, at: datetime) -> Case:
    area = what.area or registry.get_area(code_of(what.area_path))
    number, key = numbers.next_number_and_key(county_of(area), at)
    case = new_row(what, area, number, at)
    case.pk = key
    detail = Detail(
        words=what.text,
        photos=what.photos,
        longitude=what.longitude,
        latitude=what.latitude,
        claimed_at=what.claimed_at,
    )
    into = Writing()
    clockwork.begin(into, case, ACCEPT, origin=scope.origin, at=at)
    into.insert(case)
    into.insert(Round(case=case, no=1, opened_at=at))
    into.insert(writing.entry_of(case, "raise", detail, scope=scope, at=at))
    pieces = [*writing.photos_of("raise", detail), *(Piece(d, "voice") for d in what.voices)]
    facts = writing.attach_pieces(into, case, pieces, scope=scope, at=at)
    writing.record_with(into, [*facts, writing.opened_fact(case)], scope=scope, at=at)
    into.send()
    return case


def code_of(area_path: str) -> str:
    """Return the code of the area that a path ends in."""
    return area_path.strip("/").rsplit("/", 1)[-1]


def county_of(area: Area) -> str:
    """Return the code of the county in which an area lies, or of the city itself."""
    codes = area.path.strip("/").split("/")
    return codes[1] if len(codes) > 1 else codes[0]


def new_row(what: Raise, area: Area, number: str, at: datetime) -> Case:
    """Return the row of a matter just raised, not yet written."""
    kind = kinds.get_kind(what.kind)
    terms = kinds.terms_of_class(
        what.kind, what.class_code, on=clock.business_date(at), county=county_of(area)
    )
    return bulk.fresh(
        Case,
        terms=terms.to_value(),
        terms_version=terms.version,
        sensitive=terms.sensitive,
        number=number,
        kind=what.kind,
        class_code=what.class_code,
        title=what.title.strip()[:TITLE_LONGEST],
        text=what.text.strip(),
        unheard=bool(what.voices) and not what.text.strip(),
        state=kind.life.first.value,
        area_id=area.id,
        area_path=area.path,
        place=what.place.strip()[:120],
        longitude=what.longitude,
        latitude=what.latitude,
        source=what.source,
        source_key=what.source_key,
        raised_by_kind=what.raised_by.kind if what.raised_by else "",
        raised_by_key=what.raised_by.key if what.raised_by else "",
        concerns=what.concerns,
        cause_kind=what.cause.kind if what.cause else "",
        cause_key=what.cause.key if what.cause else "",
        receipt_salt=numbers.new_salt(),
        raised_at=at,
        claimed_at=what.claimed_at,
    )
