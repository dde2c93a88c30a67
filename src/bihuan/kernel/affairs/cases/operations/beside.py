"""Saved filters of a person, ready words of a unit."""

from __future__ import annotations

from django.db import transaction

from bihuan.kernel.affairs.cases.models import ReplyTemplate, SavedFilter
from bihuan.kernel.affairs.cases.types import MAY_HANDLE
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.web.errors import NotAllowed, Refused

MOST_FILTERS = 12
MOST_TEMPLATES = 30


class UnableToSave(Refused):
    """It has no name, or there are too many already."""


def save_filter(name: str, query: str, *, scope: Scope) -> None:
    """Keep a list under a name; the same name again replaces it.

    Raises:
        NotAllowed, UnableToSave.
    """
    account = scope.origin.account_id
    if account is None:
        raise NotAllowed("Sign in first.")
    if not name.strip():
        raise UnableToSave("Give it a name.", field="name")
    mine = SavedFilter.objects.filter(account_id=account)
    with transaction.atomic():
        if mine.exclude(name=name.strip()[:20]).count() >= MOST_FILTERS:
            raise UnableToSave("There are twelve already. Remove one first.", field="name")
        mine.update_or_create(
            account_id=account, name=name.strip()[:20], defaults={"query": query[:300]}
        )


def drop_filter(filter_id: int, *, scope: Scope) -> None:
    """Forget one of one's own lists."""
    account = scope.origin.account_id
    if account is not None:
        SavedFilter.objects.filter(pk=filter_id, account_id=account).delete()


def save_template(name: str, words: str, *, scope: Scope) -> None:
    """Keep words with which one's unit answers often; the same name again replaces them.

    Raises:
        NotAllowed, UnableToSave.
    """
    if not scope.has(MAY_HANDLE) or scope.unit_id is None:
        raise NotAllowed("Ready words belong to a unit that handles matters.")
    if not name.strip() or not words.strip():
        raise UnableToSave("Give it a name and words.", field="name")
    theirs = ReplyTemplate.objects.filter(unit_id=scope.unit_id)
    with transaction.atomic():
        if theirs.exclude(name=name.strip()[:20]).count() >= MOST_TEMPLATES:
            raise UnableToSave("There are thirty already.", field="name")
        theirs.update_or_create(
            unit_id=scope.unit_id, name=name.strip()[:20], defaults={"words": words.strip()[:1000]}
        )
