"""Consents: given and withdrawn by whom, to which words, with effect at once."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.privacy import api as privacy
from bihuan.kernel.ground.privacy import kinds
from bihuan.kernel.ground.privacy.models import Consent
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import NOW, Cast, cast_scope
from bihuan.kernel.ground.registry.types import PersonId, PurposeCode, RelationKind, person_ref
from bihuan.platform.web.errors import NotAllowed, NotFound, Refused

SURVEY, HANDLING = PurposeCode("survey"), PurposeCode("handling")


def give(cast: Cast, who: str, person_id: PersonId, version: int = 1):
    return privacy.give_consent(
        SURVEY, person_id=person_id, version=version, scope=cast.scope(who), at=NOW
    )


def facts_about(person_id: PersonId) -> list[tuple[str, object]]:
    found = events.list_facts(subject=person_ref(person_id))
    return [(f.name, f.payload["by"]) for f in found if f.name.startswith("privacy.")]


def allowed(person_id: PersonId) -> bool:
    try:
        privacy.require_consent(person_id, SURVEY, at=NOW)
    except NotAllowed:
        return False
    return True


def test_given_and_withdrawn_with_effect_at_once(cast: Cast) -> None:
    lu = cast.members["lu"].person_id
    assert not allowed(lu)
    assert give(cast, "lu", lu).given
    assert give(cast, "lu", lu).given  # again: nothing more is written
    assert allowed(lu) and not allowed(cast.members["zhou"].person_id)
    row = Consent.objects.get()
    words = kinds.list_purposes(on=NOW.date())
    (survey,) = [purpose for purpose in words if purpose.code == SURVEY]
    assert row.words_hash == hashlib.sha256(survey.words.encode()).hexdigest()
    ended = privacy.withdraw_consent(SURVEY, person_id=lu, scope=cast.scope("lu"), at=NOW)
    assert not ended.given
    assert not allowed(lu)
    assert [n for n, _by in facts_about(lu)] == [
        "privacy.consent_given.v1",
        "privacy.consent_withdrawn.v1",
    ]
    assert Consent.objects.count() == 2


def test_a_guardian_acts_for_a_ward_and_nobody_else_does(cast: Cast) -> None:
    lu, zhou = (cast.members[who].person_id for who in ("lu", "zhou"))
    before = (Consent.objects.count(), events.count_facts())
    for who in ("zhou", "tao", "auditor"):
        with pytest.raises(NotFound):
            give(cast, who, lu)
    assert (Consent.objects.count(), events.count_facts()) == before
    registry.relate_to_person(
        zhou, other_id=lu, kind=RelationKind.GUARDIAN, scope=cast_scope(), at=NOW
    )
    assert give(cast, "zhou", lu).given
    assert facts_about(lu) == [("privacy.consent_given.v1", str(zhou))]
    with pytest.raises(NotFound):
        give(cast, "lu", zhou)  # a ward does not act for the guardian
    names = [
        (a.person.id, a.is_own) for a in privacy.list_agreements(scope=cast.scope("zhou"), at=NOW)
    ]
    assert names == [(zhou, True)] * 2 + [(lu, False)] * 2


def test_what_law_asks_for_is_not_agreed_to(cast: Cast) -> None:
    lu = cast.members["lu"].person_id
    before = events.count_facts()
    for code in (HANDLING, PurposeCode("gossip")):
        for act in (
            lambda code=code: privacy.give_consent(
                code, person_id=lu, version=1, scope=cast.scope("lu"), at=NOW
            ),
            lambda code=code: privacy.withdraw_consent(
                code, person_id=lu, scope=cast.scope("lu"), at=NOW
            ),
        ):
            with pytest.raises(privacy.UnableToAgree):
                act()
    assert (Consent.objects.count(), events.count_facts()) == (0, before)
    privacy.require_consent(lu, HANDLING, at=NOW)
    with pytest.raises(Refused):
        privacy.require_consent(lu, PurposeCode("gossip"), at=NOW)


def test_consent_to_older_words_no_longer_counts(cast: Cast, monkeypatch) -> None:
    lu = cast.members["lu"].person_id
    give(cast, "lu", lu)
    (old,) = kinds._purposes[SURVEY]
    new = replace(old, version=2, words="还会录音。", valid_from=date(2026, 6, 25))
    monkeypatch.setitem(kinds._purposes, SURVEY, (old, new))
    privacy.require_consent(lu, SURVEY, at=NOW)
    later = NOW + timedelta(days=2)
    with pytest.raises(NotAllowed):
        privacy.require_consent(lu, SURVEY, at=later)
    found = privacy.find_agreement(SURVEY, lu, scope=cast.scope("lu"), at=later)
    assert found and (found.given, found.stale) == (False, True)
    with pytest.raises(privacy.WordsChanged):
        privacy.give_consent(SURVEY, person_id=lu, version=1, scope=cast.scope("lu"), at=later)
    privacy.give_consent(SURVEY, person_id=lu, version=2, scope=cast.scope("lu"), at=later)
    privacy.require_consent(lu, SURVEY, at=later)
