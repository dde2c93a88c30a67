"""Forms of moves, made from the table: what a move needs decides its fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.kernel.affairs.cases import kinds
from bihuan.kernel.affairs.cases.rules import find_transition
from bihuan.kernel.affairs.cases.types import (
    SUSPENSION,
    CaseView,
    KindCode,
    MoveName,
    Needs,
    On,
    Terms,
    Transition,
)
from bihuan.kernel.affairs.cases.web import words
from bihuan.kernel.affairs.cases.web.photos import PhotosField


class MoveForm(forms.Form):
    """The fields that one move needs, and no other."""

    def __init__(
        self, transition: Transition, *args: Any, terms: Terms | None = None, **options: Any
    ) -> None:
        options["auto_id"] = f"{transition.name}-%s"
        super().__init__(*args, **options)
        photos = terms.after_photos if terms else 1
        for need in (*transition.needs, *transition.takes):
            name, made = _FIELDS[need]
            field = made()
            if need is Needs.REASON and transition.reasons:
                field = _listed(transition)
            field.required = need in transition.needs
            if need is Needs.AFTER_PHOTO:
                field.required = photos > 0
            self.fields[name] = field

    def detail_values(self) -> dict[str, Any]:
        """Return what was typed, without the photos."""
        return {k: v for k, v in self.cleaned_data.items() if k != "photos" and v is not None}


def _listed(transition: Transition) -> forms.Field:
    choices = [(code, words.REASONS[code]) for code in transition.reasons]
    return forms.ChoiceField(label=_("Reason"), choices=choices, widget=forms.RadioSelect)


def _words() -> forms.Field:
    return forms.CharField(
        label=_("In one sentence"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


def _reason() -> forms.Field:
    return forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


def _basis() -> forms.Field:
    return forms.CharField(
        label=_("Legal basis"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


def _grade() -> forms.Field:
    return forms.ChoiceField(
        label=_("Grade"), choices=list(words.GRADES.items()), widget=forms.RadioSelect
    )


def _rating() -> forms.Field:
    return forms.ChoiceField(
        label=_("How satisfied are you?"),
        choices=list(words.RATINGS.items()),
        widget=forms.RadioSelect,
    )


def _solved() -> forms.Field:
    return forms.ChoiceField(
        label=_("Is it solved?"), choices=list(words.SOLVED.items()), widget=forms.RadioSelect
    )


def _channel() -> forms.Field:
    return forms.ChoiceField(
        label=_("How were they reached?"),
        choices=list(words.CHANNELS.items()),
        widget=forms.RadioSelect,
    )


def _photos() -> forms.Field:
    return PhotosField(label=_("Add photos"), required=False)


def _amount() -> forms.Field:
    return forms.IntegerField(
        label=_("How much more, in the unit of the limit"), min_value=1, max_value=365
    )


_FIELDS: dict[Needs, tuple[str, Any]] = {
    Needs.WORDS: ("words", _words),
    Needs.REASON: ("reason", _reason),
    Needs.BASIS: ("reason", _basis),
    Needs.AFTER_PHOTO: ("photos", lambda: PhotosField(label=_("Photo of how it looks now"))),
    Needs.ON_THE_SPOT: ("on_the_spot", lambda: forms.BooleanField(label=_("I stand there now"))),
    Needs.GRADE: ("grade", _grade),
    Needs.RATING: ("rating", _rating),
    Needs.REVIEW_DATE: (
        "review_at",
        lambda: forms.DateTimeField(
            label=_("Looked at again on"), widget=forms.DateInput(attrs={"type": "date"})
        ),
    ),
    Needs.PHOTO: ("photos", _photos),
    Needs.SOLVED: ("solved", _solved),
    Needs.CHANNEL: ("channel", _channel),
    Needs.AMOUNT: ("amount", _amount),
    Needs.SUGGESTED_UNIT: (
        "suggested_unit",
        lambda: forms.CharField(label=_("Which unit is it then?"), max_length=60),
    ),
    Needs.MASTER: ("master", lambda: forms.CharField(label=_("Number of the main matter"))),
}

PRIMARY = (
    "pass",
    "file",
    "sign",
    "finish_stage",
    "feed_back",
    "say_done",
    "allow_extension",
    "allow_unreasonable",
    "confirm_malicious",
    "grant_appeal",
    "approve_answer",
    "draft_answer",
    "answer_supervision",
    "resume",
    "look_back",
    "evaluate",
    "detach",
)
"""Moves that lead on; the first that is open is the solid button."""
LAST_RESORT = frozenset(
    {"reject", "uphold", "void", "withdraw", "return", "fail", "redo", "reopen_by_centre"}
)


@dataclass(frozen=True, slots=True)
class MoveCard:
    """One open move as a page shows it: its words, where it is sent, its empty form."""

    name: MoveName
    words: str
    href: str
    form: MoveForm
    primary: bool = False
    grave: bool = False
    part_key: str = ""


def _address(view: CaseView) -> Callable[[MoveName], str]:
    return lambda name: reverse("cases:move", args=[view.id, name])


def move_cards(
    view: CaseView, *, address: Callable[[MoveName], str] | None = None, reply: str = ""
) -> tuple[MoveCard, ...]:
    """Return the moves that are open to the reader; dispatch has a form of its own.

    `address` says where a move on the matter is sent, when not to the room's own pages;
    `reply` are ready words with which an answer begins.
    """
    href_of = address or _address(view)
    cards = [
        _card(view, name, On.CASE, href_of(name), "", reply)
        for name in view.moves
        if not _row(view, name, On.CASE).by_hand
    ]
    for part in view.parts:
        for name in part.moves:
            href = reverse("cases:move_part", args=[part.id, name])
            cards.append(_card(view, name, On.PART, href, str(part.id), reply))
    first = next((c.name for name in PRIMARY for c in cards if c.name == name), "")
    shown = [_with_primary(card, first) for card in cards]
    shown.sort(key=lambda card: (not card.primary, card.name not in PRIMARY, card.grave))
    return tuple(shown)


def _row(view: CaseView, name: MoveName, on: On) -> Transition:
    transition = find_transition(kinds.get_kind(KindCode(view.kind)).life, name, on=on)
    assert transition is not None
    return transition


def _initial(view: CaseView, name: MoveName, reply: str) -> dict[str, Any]:
    """Return what stands in a form already: the parts' answers, the draft, what was asked for."""
    if name == "feed_back":
        return {"words": reply}
    if name == "draft_answer":
        return {"words": view.draft or view.composed}
    if name == "approve_answer":
        return {"words": view.draft}
    if name == "suspend":
        asked = next((a for a in view.asked if a.kind == SUSPENSION), None)
        return {"reason": asked.reason, "review_at": asked.review_at} if asked else {}
    return {}


def _card(view: CaseView, name: MoveName, on: On, href: str, part_key: str, reply: str) -> MoveCard:
    transition = _row(view, name, on)
    return MoveCard(
        name=name,
        words=words.move_words(name),
        href=href,
        form=MoveForm(transition, terms=view.terms, initial=_initial(view, name, reply)),
        grave=name in LAST_RESORT,
        part_key=part_key,
    )


def _with_primary(card: MoveCard, first: str) -> MoveCard:
    return MoveCard(
        card.name, card.words, card.href, card.form, card.name == first, card.grave, card.part_key
    )
