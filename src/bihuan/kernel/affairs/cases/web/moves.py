"""Forms of moves, made from the table: what a move needs decides its fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.kernel.affairs.cases import kinds
from bihuan.kernel.affairs.cases.rules import find_transition
from bihuan.kernel.affairs.cases.types import CaseView, KindCode, MoveName, Needs, On, Transition
from bihuan.kernel.affairs.cases.web import words
from bihuan.kernel.affairs.cases.web.photos import PhotosField


class MoveForm(forms.Form):
    """The fields that one move needs, and no other."""

    def __init__(self, transition: Transition, *args: Any, **options: Any) -> None:
        options["auto_id"] = f"{transition.name}-%s"
        super().__init__(*args, **options)
        for need in transition.needs:
            name, made = _FIELDS[need]
            self.fields[name] = made()

    def detail_values(self) -> dict[str, Any]:
        """Return what was typed, without the photos."""
        return {k: v for k, v in self.cleaned_data.items() if k != "photos"}


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
    Needs.MASTER: ("master", lambda: forms.CharField(label=_("Number of the main matter"))),
}

PRIMARY = ("pass", "file", "sign", "feed_back", "say_done", "resume", "evaluate")
"""Moves that lead on; the first that is open is the solid button."""
LAST_RESORT = frozenset({"reject", "void", "return", "fail", "suspend", "redo"})


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


def move_cards(view: CaseView) -> tuple[MoveCard, ...]:
    """Return the moves that are open to the reader; dispatch has a form of its own."""
    cards = [
        _card(view, name, On.CASE, reverse("cases:move", args=[view.id, name]), "")
        for name in view.moves
        if name not in {"dispatch", "pass", "fail"}
    ]
    for part in view.parts:
        for name in part.moves:
            href = reverse("cases:move_part", args=[part.id, name])
            cards.append(_card(view, name, On.PART, href, str(part.id)))
    first = next((c.name for name in PRIMARY for c in cards if c.name == name), "")
    return tuple(_with_primary(card, first) for card in cards)


def _card(view: CaseView, name: MoveName, on: On, href: str, part_key: str) -> MoveCard:
    transition = find_transition(kinds.get_kind(KindCode(view.kind)).life, name, on=on)
    assert transition is not None
    return MoveCard(
        name=name,
        words=words.move_words(name),
        href=href,
        form=MoveForm(transition),
        grave=name in LAST_RESORT,
        part_key=part_key,
    )


def _with_primary(card: MoveCard, first: str) -> MoveCard:
    return MoveCard(
        card.name, card.words, card.href, card.form, card.name == first, card.grave, card.part_key
    )
