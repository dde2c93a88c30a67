"""Reading answers from a form and from what a phone sends."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from bihuan.kernel.tools.assessments.types import Answer, Answers, ItemType, Value, Version
from bihuan.platform.files import store
from bihuan.platform.web.errors import Refused

DIGEST = re.compile(r"[0-9a-f]{64}")
MOST_AT_ONCE = 40


class UnableToReadAnswers(Refused):
    """What a phone sent is no set of answers."""


def wants_redrawing(request: HttpRequest) -> bool:
    """Return whether the form only asks which items its answers show."""
    return request.POST.get("draw") == "1"


def read_answers(version: Version, request: HttpRequest, *, at: datetime) -> Answers:
    """Return the answers of a form; photos are taken in first, so that a fault loses none.

    Raises:
        Refused: a file is no photo, or there are too many.
    """
    if sum(len(request.FILES.getlist(key)) for key in request.FILES) > MOST_AT_ONCE:
        raise UnableToReadAnswers("At most forty photos go at once.", code="photos")
    found: dict[str, Answer] = {}
    for item in version.definition.items:
        code = item.code
        many = item.type is ItemType.CHOICES
        given = request.POST.getlist(f"a-{code}")
        value: Value = tuple(given) if many else (given[-1].strip() if given else "")
        note = request.POST.get(f"n-{code}", "").strip()
        photos = _photos(request, code, at=at)
        if value or note or photos:
            found[code] = Answer(value, note, photos)
    return found


def _photos(request: HttpRequest, code: str, *, at: datetime) -> tuple[str, ...]:
    account = (request.user.pk if request.user.is_authenticated else None) or 0
    named = [d for d in request.POST.getlist(f"p-{code}") if DIGEST.fullmatch(d)]
    kept = [d for d in named if store.find_stored(account_id=account, digest=d)]
    files: Sequence[UploadedFile[Any]] = request.FILES.getlist(f"f-{code}")
    for file in filter(None, files):
        digest = store.receive_photo(file, at=at)
        store.remember_sender(account_id=account, digest=digest, at=at)
        kept.append(digest)
    return tuple(dict.fromkeys(kept))


def answers_of_json(raw: Any, *, account_id: int) -> Answers:
    """Return the answers that a phone sends: ``{item: {value, note, photos}}``.

    Photos are named by the phone's own hash; they must have arrived.

    Raises:
        UnableToReadAnswers: a part is of the wrong kind, or a photo has not arrived.
    """
    if not isinstance(raw, Mapping):
        raise UnableToReadAnswers("The answers could not be read. Send them again.")
    return {str(code): _answer(given, account_id) for code, given in raw.items()}


def _answer(given: Any, account_id: int) -> Answer:
    if not isinstance(given, Mapping):
        raise UnableToReadAnswers("The answers could not be read. Send them again.")
    value, note, photos = given.get("value", ""), given.get("note", ""), given.get("photos", [])
    lists = [part for part in (value, photos) if isinstance(part, list)]
    words = [word for part in lists for word in part]
    fits = isinstance(value, str | list) and isinstance(photos, list) and isinstance(note, str)
    if not fits or not all(isinstance(word, str) for word in words):
        raise UnableToReadAnswers("The answers could not be read. Send them again.")
    kept = [_stored(digest, account_id) for digest in photos]
    return Answer(tuple(value) if isinstance(value, list) else value.strip(), note, tuple(kept))


def _stored(digest: str, account_id: int) -> str:
    found = store.find_stored(account_id=account_id, digest=digest)
    if found is None:
        raise UnableToReadAnswers("The photo has not arrived. Send it again.", code="photo_missing")
    return found
