"""Giving and withdrawing consent: one line each, by the person or who acts for them."""

from __future__ import annotations

import hashlib
from datetime import datetime

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.privacy import kinds, queries
from bihuan.kernel.ground.privacy.facts import ConsentGiven, ConsentWithdrawn
from bihuan.kernel.ground.privacy.models import Consent
from bihuan.kernel.ground.privacy.types import Agreement, Purpose
from bihuan.kernel.ground.registry.types import PersonId, PurposeCode, Scope, person_ref
from bihuan.platform import clock
from bihuan.platform.database.locks import lock_words
from bihuan.platform.database.sight import seeing
from bihuan.platform.web.errors import Conflict, NotFound, Refused


class UnableToAgree(Refused):
    """There is nothing to agree to."""


class WordsChanged(Conflict):
    """The words were changed between reading and agreeing."""


def give_consent(
    purpose: PurposeCode, *, person_id: PersonId, version: int, scope: Scope, at: datetime
) -> Agreement:
    """Agree to a purpose in the words of `version`; agreed already, nothing more is written.

    Raises:
        NotFound: the person is neither the asker nor in their guardianship.
        UnableToAgree: the purpose needs no consent.
        WordsChanged: other words are in force by now.
    """
    found = _purpose(purpose, person_id, scope, at)
    if found.version != version:
        raise WordsChanged("The words have changed. Read them once more, please.", code="words")
    return _write(found, person_id, given=True, scope=scope, at=at)


def withdraw_consent(
    purpose: PurposeCode, *, person_id: PersonId, scope: Scope, at: datetime
) -> Agreement:
    """Withdraw; from the commit on, whatever asks by this purpose is refused.

    Raises:
        NotFound: the person is neither the asker nor in their guardianship.
        UnableToAgree: the purpose needs no consent, so there is none to withdraw.
    """
    found = _purpose(purpose, person_id, scope, at)
    return _write(found, person_id, given=False, scope=scope, at=at)


def _purpose(code: PurposeCode, person_id: PersonId, scope: Scope, at: datetime) -> Purpose:
    if person_id not in queries.people_of(scope, at=at):
        raise NotFound("There is no such person.", code="no_person")
    found = kinds.find_purpose(code, on=clock.business_date(at))
    if found is None or not found.basis.needs_consent:
        raise UnableToAgree("This needs no consent: law asks for it, or nobody does.", code="law")
    return found


def _write(
    purpose: Purpose, person_id: PersonId, *, given: bool, scope: Scope, at: datetime
) -> Agreement:
    assert scope.person_id is not None
    with seeing([person_id]):
        lock_words(f"privacy.consent:{person_id}")
        standing = queries.agreement_of(person_id, purpose, scope=scope)
        if standing.given == given and not standing.stale:
            return standing
        Consent.objects.create(
            person_id=person_id,
            purpose=purpose.code,
            version=purpose.version,
            words_hash=hashlib.sha256(purpose.words.encode()).hexdigest(),
            given=given,
            by_id=scope.person_id,
            at=at,
        )
        announce = ConsentGiven if given else ConsentWithdrawn
        fact = announce(person_ref(person_id), purpose.code, purpose.version, scope.person_id)
        events.record(fact, origin=scope.origin, at=at)
        return queries.agreement_of(person_id, purpose, scope=scope)
