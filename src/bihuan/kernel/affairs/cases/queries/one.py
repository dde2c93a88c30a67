"""One matter with everything that hangs on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from bihuan.kernel.affairs.cases import kinds, numbers
from bihuan.kernel.affairs.cases.models import (
    Application,
    Case,
    EntryRow,
    Part,
    Round,
    Supervision,
)
from bihuan.kernel.affairs.cases.policies import at_work, standing_of, terms_of, visible
from bihuan.kernel.affairs.cases.rules import (
    Standing,
    compose_answer,
    failing_guards,
    link_of,
    open_transitions,
)
from bihuan.kernel.affairs.cases.types import (
    Asked,
    CaseId,
    CaseLink,
    CaseView,
    Entry,
    Guard,
    KindCode,
    MoveName,
    On,
    PartId,
    PartState,
    PartView,
    Role,
    State,
    Transition,
    Watched,
    case_ref,
)
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import (
    AreaPath,
    OrganisationId,
    PersonId,
    Scope,
    UnitId,
)
from bihuan.kernel.tools.documents import api as documents
from bihuan.platform.web.errors import NotFound

BY_RECEIPT = frozenset({"supplement", "evaluate"})
"""What somebody may do who holds number and receipt code and has no account."""


class UnableToFind(NotFound):
    """There is no such matter, or none that the asker may know of."""


WITH = ("area", "first_contact", "master")


def get_case(case_id: CaseId, *, scope: Scope, at: datetime | None = None) -> CaseView:
    """Return a matter with its parts and history, as far as `scope` sees.

    With `at`, moves whose time has run out are not among those that are open.

    Raises:
        UnableToFind: there is none, or none for this scope.
    """
    return _get(case_id, visible(scope), scope, at)


def _get(case_id: CaseId, seen: Q, scope: Scope, at: datetime | None) -> CaseView:
    case = Case.objects.select_related(*WITH).filter(seen, pk=case_id).first()
    if case is None:
        raise UnableToFind("There is no such matter, or it is not in your care.")
    return _view(case, scope, at)


def get_case_at_work(case_id: CaseId, *, scope: Scope, at: datetime | None = None) -> CaseView:
    """Return a matter on which `scope` works by area, unit or duty: the officers' page.

    Raises:
        UnableToFind: there is none, or who asks only raised it or is the firm concerned.
    """
    return _get(case_id, at_work(scope), scope, at)


def works_on(case_id: CaseId, *, scope: Scope) -> bool:
    """Return whether `scope` works on a matter, by area, unit or duty."""
    return Case.objects.filter(at_work(scope), pk=case_id).exists()


def get_case_of_part(part_id: PartId, *, scope: Scope, at: datetime | None = None) -> CaseView:
    """Return the matter to which a part belongs, as far as `scope` sees.

    Raises:
        UnableToFind: there is none, or none for this scope.
    """
    found = Part.objects.filter(pk=part_id).values_list("case_id", flat=True).first()
    return get_case(CaseId(found or 0), scope=scope, at=at)


def find_by_number(number: str, *, scope: Scope) -> CaseId | None:
    """Return the matter with `number`, if `scope` sees it."""
    rows = Case.objects.filter(visible(scope), number=number.strip().upper())
    found = rows.values_list("pk", flat=True).first()
    return CaseId(found) if found is not None else None


def standing_source_keys(source: str, keys: Iterable[str]) -> set[str]:
    """Return those of a source's numbers that stand as matters already; it tells nothing else."""
    rows = Case.objects.filter(source=source, source_key__in=set(keys) - {""})
    return set(rows.values_list("source_key", flat=True))


def get_case_by_receipt(
    number: str, code: str, *, scope: Scope, at: datetime | None = None
) -> CaseView:
    """Return a matter to whoever holds its number and receipt code; no account is needed.

    Raises:
        UnableToFind: number or code is wrong; which of them is not said.
    """
    case = Case.objects.select_related(*WITH).filter(number=number.strip().upper()).first()
    salt = case.receipt_salt if case else "0" * 32
    right = numbers.same_code(code, number.strip().upper(), salt)
    if case is None or not right:
        raise UnableToFind("Number and receipt code do not belong together. Check both.")
    return _view(case, scope, at, raiser=True)


def _view(case: Case, scope: Scope, at: datetime | None, *, raiser: bool = False) -> CaseView:
    current = Round.objects.filter(case=case, no=case.round_no).first()
    rows = Part.objects.select_related("unit", "suggested_unit")
    parts = list(rows.filter(round=current).order_by("pk"))
    waiting = Application.objects.select_related("asked_unit").filter(
        case=case, decided_at__isnull=True
    )
    ask = _Asking(case, current, parts, list(waiting.order_by("pk")), scope, at, raiser)
    entries = EntryRow.objects.select_related("unit").filter(case=case).order_by("pk")
    ref = case_ref(CaseId(case.pk))
    evidence = documents.list_evidence([ref]).get(ref, ())
    return CaseView(
        id=CaseId(case.pk),
        number=case.number,
        kind=KindCode(case.kind),
        class_code=case.class_code,
        class_title=kinds.class_title(KindCode(case.kind), case.class_code),
        title=case.title,
        text=case.text,
        state=State(case.state),
        link=link_of(State(case.state)),
        area_path=AreaPath(case.area_path),
        area_name=case.area.name,
        place=case.place,
        source=case.source,
        round_no=case.round_no,
        raised_at=case.raised_at,
        due_at=case.due_at,
        timer_id=case.timer_id,
        closed_at=case.closed_at,
        longitude=case.longitude,
        latitude=case.latitude,
        concerns=OrganisationId(case.concerns) if case.concerns else None,
        raised_by=Ref(case.raised_by_kind, case.raised_by_key) if case.raised_by_key else None,
        answer=case.answer,
        rating=case.rating,
        version=case.version,
        parts=tuple(_part(part, ask) for part in parts),
        history=tuple(_entry(row) for row in entries),
        moves=ask.moves(None),
        photos_before=tuple(e.id for e in evidence if e.kind == "before"),
        photos_after=tuple(e.id for e in evidence if e.kind == "after"),
        voices=tuple(e.id for e in evidence if e.kind == "voice"),
        unheard=case.unheard,
        terms=terms_of(case),
        answerable=case.first_contact.name if case.first_contact else "",
        draft=current.draft if current else "",
        draft_approved=bool(current and current.approved_at),
        composed=compose_answer((Role(p.role), p.unit.name, p.answer) for p in parts),
        asked=tuple(_asked(row) for row in ask.asked),
        watched=_watched(case),
        master=_link(case.master) if case.master else None,
        attached=tuple(
            _link(row) for row in Case.objects.filter(master=case, state=State.MERGED)[:50]
        ),
        repeats=case.repeats,
        reject_reason=case.reject_reason,
        unreasonable=case.unreasonable,
        malicious=case.malicious,
        solved=case.solved,
        review_at=case.review_at,
        reopen_until=case.reopen_until,
        look_back_at=case.look_back_at,
    )


@dataclass(frozen=True, slots=True)
class _Asking:
    """Who looks at which rows when: what decides which moves are open."""

    case: Case
    round: Round | None
    parts: Sequence[Part]
    asked: Sequence[Application]
    scope: Scope
    at: datetime | None
    by_receipt: bool

    def moves(self, part: Part | None) -> tuple[MoveName, ...]:
        """Return the moves that are open now; what each needs is asked for on its form."""
        if part and self.case.state == State.SUSPENDED:
            return ()
        life = kinds.get_kind(KindCode(self.case.kind)).life
        state = PartState(part.state) if part else State(self.case.state)
        standing = standing_of(
            self.scope,
            self.case,
            self.round,
            part,
            parts=self.parts,
            asked=self.asked,
            at=self.at,
        )
        rows = open_transitions(life, state, on=On.PART if part else On.CASE)
        return tuple(row.name for row in rows if self._may(row) and not self._fails(row, standing))

    def _may(self, row: Transition) -> bool:
        return self.scope.has(row.power) or (self.by_receipt and row.name in BY_RECEIPT)

    def _fails(self, row: Transition, standing: Standing) -> bool:
        failing = set(failing_guards(row, standing))
        if self.by_receipt and row.name in BY_RECEIPT:
            failing -= {Guard.RAISER}
        return bool(failing)


def _asked(row: Application) -> Asked:
    return Asked(
        kind=row.kind,
        unit_name=row.asked_unit.name if row.asked_unit else "",
        asked_at=row.asked_at,
        words=row.words,
        reason=row.reason,
        amount=row.amount,
        review_at=row.review_at,
        part_id=PartId(row.part_id) if row.part_id else None,
    )


def _watched(case: Case) -> Watched | None:
    if not case.supervised:
        return None
    row = Supervision.objects.select_related("owner").get(case=case, answered_at__isnull=True)
    return Watched(row.words, row.at, row.owner.name if row.owner else "")


def _link(case: Case) -> CaseLink:
    return CaseLink(CaseId(case.pk), case.number, case.title, State(case.state))


def _part(part: Part, ask: _Asking) -> PartView:
    stages = terms_of(ask.case).stages
    return PartView(
        id=PartId(part.pk),
        unit_id=UnitId(part.unit_id),
        unit_name=part.unit.name,
        role=Role(part.role),
        task=part.task,
        state=PartState(part.state),
        due_at=part.due_at,
        timer_id=part.timer_id,
        grade=part.grade,
        answer=part.answer,
        returned_basis=part.returned_basis,
        moves=ask.moves(part),
        forced=part.forced,
        extended=part.extended,
        stage=part.stage,
        stages=stages if len(stages) > 1 else (),
        suggested_unit=part.suggested_unit.name if part.suggested_unit else "",
    )


def _entry(row: EntryRow) -> Entry:
    return Entry(
        at=row.at,
        what=row.move,
        person_id=PersonId(row.person_id) if row.person_id else None,
        words=row.words,
        reason=row.reason,
        unit_name=row.unit.name if row.unit else "",
        claimed_at=row.claimed_at,
    )
