"""Values of the design system, made from matters."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases.types import (
    Asked,
    CaseRow,
    CaseView,
    Entry,
    PartState,
    PartView,
    State,
)
from bihuan.kernel.affairs.cases.web import words
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks import web as clock_words
from bihuan.kernel.ground.clocks.types import TimerId
from bihuan.kernel.ground.registry.types import PersonId
from bihuan.platform.ui import values
from bihuan.platform.ui.words import moment_words

BY_THE_RAISER = frozenset(
    {"raise", "evaluate", "redo", "reopen", "supplement", "withdraw", "appeal"}
)
WORTH_SAYING = timedelta(minutes=10)
"""How far a claimed time must lie from the receipt to be told beside it."""
CLOSED = frozenset({State.CLOSED, State.EVALUATED})


def state_of(state: State, *, link: int) -> values.StatePill:
    """Return a state with its ring."""
    return values.StatePill(
        words.state_words(state),
        link=link,
        closed=state is State.EVALUATED,
        dashed=state in words.OUTSIDE,
    )


def part_state_of(state: PartState) -> values.StatePill:
    """Return a part's state with its ring."""
    links = {PartState.DISPATCHED: 3, PartState.FED_BACK: 5, PartState.ACCEPTED: 6}
    dashed = state in {PartState.RETURNED, PartState.WITHDRAWN}
    return values.StatePill(str(words.PART_STATES[state]), link=links.get(state, 4), dashed=dashed)


def rail_of(view: CaseView) -> tuple[values.RailLink, ...]:
    """Return the seven links, done, now and to come."""
    ended = view.state in {State.REJECTED, State.VOIDED, State.WITHDRAWN, State.EVALUATED}
    here = view.link + 1 if view.state is State.CLOSED else view.link
    return tuple(
        values.RailLink(
            str(name),
            "done" if n < here or (ended and n == here) else "now" if n == here else "next",
        )
        for n, name in enumerate(words.LINKS, 1)
    )


def badge_of(row: CaseRow, *, now: datetime) -> values.Deadline | None:
    """Return the deadline badge of a list row."""
    if row.state in CLOSED | {State.REJECTED, State.VOIDED, State.WITHDRAWN, State.MERGED}:
        return None
    return clock_words.deadline(
        row.due_at, row.yellow_at, row.orange_at, now=now, paused=row.paused
    )


def explained_of(view: CaseView, *, now: datetime) -> values.ExplainedDue | None:
    """Return when the present stage is due, and why then."""
    if view.timer_id is None or view.state in CLOSED:
        return None
    timer = clocks.get_timer(TimerId(view.timer_id), seen_at=now)
    promise = words.PROMISES.get(view.state, words.DONE_BY)
    return clock_words.explained(timer, now=now, promise=str(promise))


def timeline_of(
    view: CaseView, *, now: datetime, own: PersonId | None = None, as_raiser: bool = False
) -> tuple[values.TimelineEntry, ...]:
    """Return the history, the newest first; `own` is called "you"."""
    newest = len(view.history) - 1
    lines = [
        _line(
            entry,
            view,
            now=now,
            own=own,
            as_raiser=as_raiser,
            kind="now" if n == newest else "past",
        )
        for n, entry in enumerate(view.history)
    ]
    return tuple(reversed(lines))


def _line(
    entry: Entry, view: CaseView, *, now: datetime, own: PersonId | None, as_raiser: bool, kind: str
) -> values.TimelineEntry:
    notes = [words.reason_words(entry.reason) if entry.reason != entry.words else ""]
    if entry.claimed_at is not None and abs(entry.at - entry.claimed_at) >= WORTH_SAYING:
        claimed = moment_words(entry.claimed_at, now)
        notes.append(
            _("The phone says %(when)s. The time above, when the centre received it, counts.")
            % {"when": claimed}
        )
    told = [str(words.TOLD[entry.what])]
    if entry.what != "raise":
        told.append(entry.words)
    return values.TimelineEntry(
        kind="waiting" if entry.what == "suspend" else kind,
        when=moment_words(entry.at, now),
        who=_who(entry, own, as_raiser),
        what=" ".join(part for part in told if part),
        note=" ".join(note for note in notes if note),
    )


def _who(entry: Entry, own: PersonId | None, as_raiser: bool) -> str:
    mine = entry.person_id is not None and entry.person_id == own
    if mine or (as_raiser and entry.what in BY_THE_RAISER):
        return _("You")
    if entry.unit_name:
        return entry.unit_name
    return _("Who reported it") if entry.what == "raise" else ""


def part_cards(view: CaseView, *, now: datetime) -> tuple[values.PartCard, ...]:
    """Return the parts of the present round, each with its own deadline."""
    return tuple(_part_card(part, now) for part in view.parts)


def _part_card(part: PartView, now: datetime) -> values.PartCard:
    waiting = {PartState.DISPATCHED, PartState.SIGNED, PartState.IN_PROGRESS, PartState.REWORK}
    badge = None
    if part.timer_id is not None and part.state in waiting:
        timer = clocks.get_timer(TimerId(part.timer_id), seen_at=now)
        badge = clock_words.deadline(
            timer.due.at,
            timer.yellow_at,
            timer.orange_at,
            now=now,
            paused=timer.suspended,
            unit=timer.due.budget.unit,
        )
    note = part.returned_basis and _("Basis: %(basis)s") % {"basis": part.returned_basis}
    grade = words.GRADES.get(part.grade)
    if part.suggested_unit:
        note = _("%(note)s Names %(unit)s instead.") % {
            "note": note,
            "unit": part.suggested_unit,
        }
    return values.PartCard(
        role=_("Lead") if part.role == "lead" else _("Co-handler"),
        is_lead=part.role == "lead",
        unit=part.unit_name,
        task=_task(part, str(grade) if grade else ""),
        state=part_state_of(part.state),
        badge=badge,
        note=note or part.answer,
        key=str(part.id),
    )


def _task(part: PartView, grade: str) -> str:
    """Return what the unit has to do: the task, the stage, whether the centre assigned it."""
    said = [part.task or grade]
    if part.stages:
        stage = part.stages[part.stage - 1]
        said.append(
            _("Stage %(n)s of %(all)s: %(name)s")
            % {"n": part.stage, "all": len(part.stages), "name": stage.name}
        )
    if part.forced:
        said.append(_("Assigned after a joint review"))
    if part.extended:
        said.append(_("Extended once"))
    return " · ".join(bit for bit in said if bit)


def photo_href(evidence_id: int) -> str:
    """Return the address of a photo; its guard decides who may have it."""
    return reverse("evidence", args=[evidence_id])


def asked_words(asked: Asked) -> str:
    """Return what is asked for, by whom, how much, why."""
    said = [str(words.ASKED[asked.kind]), asked.unit_name]
    if asked.amount:
        said.append(f"+{asked.amount}")
    if asked.reason:
        said.append(words.reason_words(asked.reason))
    return " · ".join(bit for bit in [*said, asked.words] if bit)
