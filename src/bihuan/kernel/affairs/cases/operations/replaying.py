"""One matter's past, replayed in memory by the same table, the same effects, the same clocks.

What another system recorded is what happened: who might have done it, and in which time, was that
system's law and is not judged again. What this house cannot hold is refused: a step that the table
does not know from where the matter stands, a step without its words or reason, a check by
somebody who had a hand in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from bihuan.kernel.affairs.cases import kinds
from bihuan.kernel.affairs.cases.lifecycle import ACCEPT, DISPOSE
from bihuan.kernel.affairs.cases.models import Application, CallBack, Case, Part, Round
from bihuan.kernel.affairs.cases.operations import asking, clockwork, effects, writing
from bihuan.kernel.affairs.cases.operations.effects import Act
from bihuan.kernel.affairs.cases.operations.locking import Locked
from bihuan.kernel.affairs.cases.operations.pasts import Past, Pool
from bihuan.kernel.affairs.cases.operations.permitting import (
    GUARD_WORDS,
    NEED_WORDS,
    LackingEvidence,
    UnableToDoAlone,
    UnableToMove,
)
from bihuan.kernel.affairs.cases.policies import standing_of
from bihuan.kernel.affairs.cases.rules import (
    AT_WORK,
    IN_PLAY,
    failing_guards,
    faults_of_dispatch,
    find_transition,
    missing_needs,
    state_of_round,
)
from bihuan.kernel.affairs.cases.types import (
    EXTENSION,
    SUSPENSION,
    UNREACHED,
    UNREASONABLE,
    CaseId,
    Clock,
    ClockEffect,
    Deed,
    Detail,
    Guard,
    Hand,
    History,
    KindCode,
    Needs,
    On,
    PartId,
    PartState,
    Role,
    State,
    Transition,
    case_ref,
    part_ref,
)
from bihuan.kernel.affairs.fieldwork.types import NewVerification
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks.types import Timer, TimerId
from bihuan.kernel.ground.events.types import Door, Fact, Origin
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import AreaPath, Scope

TAKEN_OVER = "taken over"
"""How the origin of each fact says that it happened in another house."""
NOT_TAKEN = frozenset({"merge", "detach", "supervise", "answer_supervision"})
"""What stands between matters or waits for a leader's eye is done here, on what was taken over."""
JUDGED = frozenset(
    {
        Guard.ANOTHER_PERSON,
        Guard.ANSWER_READY,
        Guard.ASKED,
        Guard.LAST_STAGE,
        Guard.MORE_STAGES,
        Guard.NOT_ASKED,
        Guard.NOT_THE_ASKER,
        Guard.NOT_THE_DRAFTER,
    }
)
"""Guards that hold for the past too: without them the record would not fit together."""
ABSENT = frozenset({Needs.AFTER_PHOTO, Needs.ON_THE_SPOT})
"""Photos stay in the old system, and it does not say who stood where."""
MOOT = frozenset({EXTENSION, SUSPENSION, UNREASONABLE})
CALLS = frozenset({"call_back", "call_back_missed", "call_back_redo"})


class Replay:
    """Lets one matter live its past again, step by step."""

    def __init__(self, case: Case, *, book: clocks.Book, pool: Pool, scope: Scope) -> None:
        """Stand where nothing has happened yet; `case` has its key."""
        self.past, self.book, self.pool, self.scope = Past(case), book, pool, scope
        self.locked = Locked(case, None, [], nothing_asked=True)
        self.life = kinds.get_kind(KindCode(case.kind)).life
        self.at = case.raised_at

    def live(self, history: History) -> Iterator[int]:
        """Make every step; each number given is that of the step that comes next, from 1.

        Raises:
            UnableToMove, UnableToDoAlone, LackingEvidence.
        """
        case, who = self.past.case, self._by(history.by)
        self._round("first", self.at)
        self._start_case(ACCEPT, who.origin)
        given = Detail(
            words=history.what.text,
            longitude=history.what.longitude,
            latitude=history.what.latitude,
            claimed_at=history.what.claimed_at,
        )
        self._note("raise", given, who)
        self.past.facts.append((writing.opened_fact(case), who.origin, self.at))
        for number, deed in enumerate(history.deeds, 1):
            yield number
            if deed.at < self.at:
                raise UnableToMove("This step lies before the one before it.", code="order")
            self.at = deed.at
            self._make(deed, self._by(deed.by))
            case.version += 1

    def _by(self, hand: Hand) -> Scope:
        origin = Origin(
            Door.IMPORT, account_id=hand.account_id, unit_id=hand.unit_id, words=TAKEN_OVER
        )
        units = frozenset({hand.unit_id} if hand.unit_id is not None else ())
        return Scope(
            origin=origin,
            county_id=self.scope.county_id,
            person_id=hand.person_id,
            unit_id=hand.unit_id,
            unit_ids=units,
            area_paths=(AreaPath(""),),
        )

    # -- steps -------------------------------------------------------------------------------------

    def _make(self, deed: Deed, who: Scope) -> None:
        part = self._part_of(deed)
        row = find_transition(self.life, deed.move, on=On.PART if part else On.CASE)
        if row is None or row.name in NOT_TAKEN:
            raise UnableToMove("This step cannot be taken over.", code="unknown_move")
        self._check(row, part, deed, who)
        act = Act(self.locked, row, deed.detail, who, self.at)
        if deed.parts:
            self._dispatch(act, deed)
        elif part is not None:
            self._move_part(act, part)
        else:
            self._move_case(act)

    def _part_of(self, deed: Deed) -> Part | None:
        if deed.part_of is None:
            return None
        theirs = [part for part in self.locked.parts if part.unit_id == deed.part_of]
        if not theirs:
            raise UnableToMove("The matter was not given to this unit.", code="unknown_part")
        return theirs[-1]

    def _check(self, row: Transition, part: Part | None, deed: Deed, who: Scope) -> None:
        if (part.state if part else self.past.case.state) not in row.source:
            raise UnableToMove("The matter does not stand where this step begins.", code="moved_on")
        standing = standing_of(
            who,
            self.past.case,
            self.locked.round,
            part,
            parts=self.locked.parts,
            asked=self.locked.asked if row.asks or row.decides else (),
            at=self.at,
        )
        guards = [guard for guard in failing_guards(row, standing) if guard in JUDGED]
        if guards:
            raise UnableToDoAlone(GUARD_WORDS[guards[0]], code=guards[0].value)
        lacking = [
            need
            for need in missing_needs(row, deed.detail, self.locked.terms)
            if need not in ABSENT
        ]
        if lacking:
            raise LackingEvidence(NEED_WORDS[lacking[0]], code=lacking[0].value)

    def _dispatch(self, act: Act, deed: Deed) -> None:
        case, locked, before = act.case, self.locked, act.case.state
        standing = [(Role(p.role), p.unit_id) for p in locked.parts if p.state in IN_PLAY]
        if faults_of_dispatch([*standing, *((new.role, new.unit_id) for new in deed.parts)]):
            raise UnableToMove("Exactly one unit leads, and no unit stands twice.", code="parts")
        assert locked.round is not None
        locked.round.dispatched_by = act.scope.person_id
        effects.note_hand(act)
        self._turn_case(act)
        until = clockwork.moment_after(case, "cases.limit.return", self.at)
        speak = clockwork.moment_after(case, "cases.limit.contact", self.at)
        for new in deed.parts:
            part = Part(
                pk=self.pool.key(Part),
                case=case,
                round=locked.round,
                unit_id=new.unit_id,
                role=new.role.value,
                task=new.task.strip(),
                state=PartState.DISPATCHED.value,
                dispatched_at=self.at,
                forced=act.row.name == "assign",
                return_until=until,
                contact_until=speak if case.raised_by_key else None,
            )
            self._start_part(part, DISPOSE, act.scope.origin)
            locked.parts.append(part)
            self.past.parts.append(part)
        case.state = State.DISPATCHED.value
        if case.first_contact_id is None:
            lead = next(new for new in deed.parts if new.role == Role.LEAD)
            case.first_contact_id = lead.unit_id
        clockwork.follow_parts(case, locked.parts)
        self._written(act, before)

    def _move_part(self, act: Act, part: Part) -> None:
        case, row, before, case_before = act.case, act.row, part.state, act.case.state
        wish = self._wish(row, part)
        self._ask_or_decide(act, part)
        if row.target is not None:
            part.state = row.target.value
        effects.note_part(act, part)
        if not row.decides:
            effects.note_hand(act)
        more = replace(act.detail, amount=wish.amount) if wish else act.detail
        for effect in row.clocks:
            self._turn_part(part, effect, more, act.scope)
        if row.target is not None:
            case.state = self._followed().value
        clockwork.follow_parts(case, self.locked.parts)
        waits = {State.FED_BACK: "verify", State.RETURNED: "dispatch"}.get(State(case.state))
        if row.target is not None and waits:
            self._start_case(waits, act.scope.origin)
        self._note(row.name, act.detail, act.scope, part)
        self._tell(writing.part_fact(case, part, row, before), act.scope)
        if case.state != case_before:
            self._tell(writing.case_fact(case, move=row.name, before=case_before), act.scope)

    def _move_case(self, act: Act) -> None:
        case, row, before = act.case, act.row, act.case.state
        self._beside(act)
        self._ask_or_decide(act, None)
        if row.target is not None:
            case.state = row.target.value
        effects.note_case(act)
        if row.new_round:
            effects.count_round(act)
            self._round(row.new_round, self.at, act.words)
        self._settle(act)
        self._turn_case(act)
        for part, effect in [(p, e) for e in row.clocks for p in self._parts_at(e)]:
            self._turn_part(part, effect, act.detail, act.scope)
        if row.name == "allow_unreasonable":
            effects.end_by_review(act)
        if row.target in {State.REWORK, State.SUSPENDED, State.IN_PROGRESS}:
            clockwork.follow_parts(case, self.locked.parts)
        if row.name in {"resume", "review"}:
            case.state, case.review_at = self._followed().value, None
        self._written(act, before)

    def _settle(self, act: Act) -> None:
        if act.row.name in {"pass", "fail"}:
            effects.settle_parts(act)
        if act.row.target == State.CLOSED:
            effects.after_closing(act)
            self._drop_moot()

    def _beside(self, act: Act) -> None:
        """Keep the look on the spot, or the call, that this step was made by."""
        case, detail, name = act.case, act.detail, act.row.name
        if name in {"pass", "fail"}:
            look = NewVerification(
                visit_id=uuid5(
                    NAMESPACE_URL, f"{case.source}:{case.source_key}:{len(self.past.entries)}"
                ),
                verifies=case_ref(CaseId(case.pk)),
                area_path=AreaPath(case.area_path),
                passed=name == "pass",
                words=detail.words,
                longitude=detail.longitude,
                latitude=detail.latitude,
                claimed_at=detail.claimed_at,
            )
            self.past.looks.append((look, act.scope.person_id, act.scope.origin, self.at))
        if name in CALLS and act.scope.person_id is not None:
            result = {"call_back_missed": UNREACHED, "call_back_redo": "unsatisfied"}
            call = CallBack(
                case=case,
                round_no=case.round_no,
                person_id=act.scope.person_id,
                channel=detail.channel,
                result=result.get(name, detail.rating),
                words=act.words,
                at=self.at,
            )
            self.past.calls.append(call)

    # -- what is asked for -------------------------------------------------------------------------

    def _wish(self, row: Transition, part: Part | None) -> Application | None:
        part_id = part.pk if part else None
        waiting = self.locked.asked if row.decides else []
        return next((a for a in waiting if (a.kind, a.part_id) == (row.decides, part_id)), None)

    def _ask_or_decide(self, act: Act, part: Part | None) -> None:
        row, detail = act.row, act.detail
        if row.asks:
            wish = asking.wish_of(act.case, part, row, detail, scope=act.scope, at=self.at)
            self.past.asked.append(wish)
            self.locked.asked.append(wish)
        wish_decided = self._wish(row, part)
        if wish_decided is not None:
            asking.note_decision(
                self.locked, wish_decided, row, detail, scope=act.scope, at=self.at
            )
            self.locked.asked.remove(wish_decided)

    def _drop_moot(self) -> None:
        for wish in [a for a in self.locked.asked if a.kind in MOOT]:
            wish.decided_at, wish.granted, wish.decision = self.at, False, ""
            self.locked.asked.remove(wish)

    # -- clocks ------------------------------------------------------------------------------------

    def _turn_case(self, act: Act) -> None:
        case = act.case
        for effect in act.row.clocks:
            if effect.clock == DISPOSE:
                continue
            if effect.effect == Clock.START:
                self._start_case(effect.clock, act.scope.origin)
            elif effect.effect == Clock.STOP and case.timer_id is not None:
                self.book.stop(TimerId(case.timer_id), at=self.at, origin=act.scope.origin)
                clockwork.remember(case, None)

    def _parts_at(self, effect: ClockEffect) -> list[Part]:
        if effect.clock != DISPOSE:
            return []
        wanted = {PartState.REWORK} if effect.effect == Clock.REOPEN else AT_WORK
        return [part for part in self.locked.parts if part.state in wanted]

    def _turn_part(self, part: Part, effect: ClockEffect, detail: Detail, who: Scope) -> None:
        if effect.effect in {Clock.START, Clock.NEXT_STAGE}:
            part.stage += effect.effect == Clock.NEXT_STAGE
            self._start_part(part, effect.clock, who.origin)
        elif part.timer_id is not None:
            timer = _TURNS[effect.effect](self, TimerId(part.timer_id), detail, who)
            if effect.effect != Clock.STOP or part.paused:
                clockwork.remember(part, timer)

    def _start_case(self, name: str, origin: Origin) -> None:
        case = self.past.case
        budget = clockwork.budget_for(case, name, self.at)
        timer = self.book.start(
            case_ref(CaseId(case.pk)), f"{name}.{case.round_no}", budget, at=self.at, origin=origin
        )
        clockwork.remember(case, timer)

    def _start_part(self, part: Part, name: str, origin: Origin) -> None:
        case = self.past.case
        budget = clockwork.budget_for(case, name, self.at, stage=part.stage)
        full = f"{name}.{case.round_no}" + (f".{part.stage}" if part.stage > 1 else "")
        timer = self.book.start(part_ref(PartId(part.pk)), full, budget, at=self.at, origin=origin)
        clockwork.remember(part, timer)

    # -- rows and facts ----------------------------------------------------------------------------

    def _followed(self) -> State:
        return state_of_round((Role(p.role), PartState(p.state)) for p in self.locked.parts)

    def _round(self, kind: str, at: datetime, reason: str = "") -> None:
        case = self.past.case
        fresh = Round(
            pk=self.pool.key(Round),
            case=case,
            no=case.round_no,
            kind=kind,
            opened_at=at,
            reason=reason,
        )
        self.locked.round, self.locked.parts = fresh, []
        self.past.rounds.append(fresh)

    def _written(self, act: Act, before: str) -> None:
        self._note(act.row.name, act.detail, act.scope)
        fact = writing.case_fact(act.case, move=act.row.name, before=before, notice=act.row.notice)
        self._tell(fact, act.scope)

    def _note(self, move: str, detail: Detail, who: Scope, part: Part | None = None) -> None:
        case = self.past.case
        self.past.entries.append(
            writing.entry_of(case, move, detail, scope=who, at=self.at, part=part)
        )

    def _tell(self, fact: Fact, who: Scope) -> None:
        self.past.facts.append((fact, who.origin, self.at))


Turn = Callable[[Replay, TimerId, Detail, Scope], Timer]


def _extend(replay: Replay, timer_id: TimerId, detail: Detail, who: Scope) -> Timer:
    unit = registry.find_unit(who.unit_id) if who.unit_id else None
    said = unit.name if unit else ""
    return replay.book.extend(
        timer_id, amount=detail.amount, approved_by=said, at=replay.at, origin=who.origin
    )


_TURNS: dict[Clock, Turn] = {
    Clock.STOP: lambda r, t, d, who: r.book.stop(t, at=r.at, origin=who.origin),
    Clock.REOPEN: lambda r, t, d, who: r.book.reopen(t, at=r.at, origin=who.origin),
    Clock.RESUME: lambda r, t, d, who: r.book.resume(t, at=r.at, origin=who.origin),
    Clock.PAUSE: lambda r, t, d, who: r.book.suspend(
        t, reason=d.reason, review_at=d.review_at, at=r.at, origin=who.origin
    ),
    Clock.EXTEND: _extend,
}
