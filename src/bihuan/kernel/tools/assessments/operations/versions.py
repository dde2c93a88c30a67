"""Publishing, withdrawing and loading versions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.assessments import kinds, policies, queries
from bihuan.kernel.tools.assessments.facts import (
    VersionPublished,
    VersionWithdrawn,
)
from bihuan.kernel.tools.assessments.models import (
    InstrumentRow,
    VersionRow,
)
from bihuan.kernel.tools.assessments.rules.checking import check_definition
from bihuan.kernel.tools.assessments.rules.data import hash_definition, to_data
from bihuan.kernel.tools.assessments.types import (
    DeclaredVersion,
    Definition,
    Problem,
    Version,
    VersionId,
    version_ref,
)
from bihuan.platform.database.locks import lock_words
from bihuan.platform.web.errors import Refused


class UnableToPublish(Refused):
    """The definition does not hold; `problems` says where."""

    problems: tuple[Problem, ...] = ()


class UnableToWithdraw(Refused):
    """The version cannot be withdrawn so."""


def publish_version(
    definition: Definition,
    *,
    valid_from: date,
    licence_grant: str = "",
    scope: Scope,
    at: datetime,
) -> Version:
    """Publish the next version of an instrument; the same content as the newest is no new one.

    Raises:
        NotAllowed: the scope may not publish.
        UnableToPublish: the content does not hold, an alert has no process, a grant lacks.
    """
    with transaction.atomic():
        policies.require_publish(scope)
        _require_sound(definition, licence_grant)
        instrument = _instrument(definition)
        newest = instrument.versions.order_by("-number").first()
        digest = hash_definition(definition)
        if newest and newest.content_hash == digest and newest.withdrawn_at is None:
            return queries.to_version(newest, repeated=True)
        row = VersionRow.objects.create(
            instrument=instrument,
            number=newest.number + 1 if newest else 1,
            content_hash=digest,
            definition=to_data(definition),
            valid_from=valid_from,
            licence_grant=licence_grant.strip(),
            account_id=scope.origin.account_id,
            published_at=at,
        )
        events.record(_published(row), origin=scope.origin, at=at)
    return queries.to_version(row)


def _published(row: VersionRow) -> VersionPublished:
    return VersionPublished(
        version_ref(VersionId(row.pk)),
        instrument=row.instrument.code,
        number=row.number,
        content_hash=row.content_hash,
        valid_from=row.valid_from.isoformat(),
    )


def _require_sound(definition: Definition, licence_grant: str) -> None:
    problems = check_definition(definition)
    if problems:
        refusal = UnableToPublish("The checklist does not hold yet. Mend what is marked.")
        refusal.problems = problems
        raise refusal
    lacking = kinds.unanswered_alerts(definition)
    if lacking:
        raise UnableToPublish(
            "Nobody answers the alert %(alert)s. Declare a process for it first.",
            code="alert_without_process",
            alert=lacking[0],
        )
    if definition.licence.needs_grant and not licence_grant.strip():
        raise UnableToPublish(
            "%(holder)s must permit the use first. Give the number of the grant.",
            code="no_grant",
            holder=definition.licence.holder,
        )


def _instrument(definition: Definition) -> InstrumentRow:
    """Return the instrument's row, locked, so that two numbers cannot meet."""
    instrument = definition.instrument
    defaults = {"kind": instrument.kind.value, "sensitive": instrument.sensitive}
    InstrumentRow.objects.get_or_create(code=instrument.code, defaults=defaults)
    # By word, not by row: the run-time role may not change an instrument, so it may not lock one.
    lock_words("assessments.instrument", instrument.code)
    row = InstrumentRow.objects.get(code=instrument.code)
    if (row.kind, row.sensitive) != (instrument.kind.value, instrument.sensitive):
        raise UnableToPublish(
            "Kind and sensitivity of a checklist never change. Take another code.",
            code="other_kind",
        )
    return row


def withdraw_version(version_id: VersionId, *, why: str, scope: Scope, at: datetime) -> Version:
    """Offer a version no longer. Answers that arrive later are kept and marked, never dropped.

    Raises:
        NotAllowed: the scope may not.
        NotFound: there is no such version.
        UnableToWithdraw: no reason is given.
    """
    with transaction.atomic():
        row = VersionRow.objects.select_for_update().filter(pk=version_id).first()
        policies.require_publish(scope)
        if row is None:
            raise queries.no_version()
        if row.withdrawn_at is not None:
            return queries.to_version(row, repeated=True)
        if not why.strip():
            raise UnableToWithdraw("Say why it is withdrawn.", field="why")
        row.withdrawn_at, row.withdrawn_why = at, why.strip()[:200]
        row.save(update_fields=["withdrawn_at", "withdrawn_why"])
        version = queries.to_version(row)
        fact = VersionWithdrawn(
            version_ref(version_id), instrument=version.code, number=version.number
        )
        events.record(fact, origin=scope.origin, at=at)
    return version


class UnableToLoadVersion(ValueError):
    """A shipped version contradicts what stands; changed content needs the next number."""


def load_declared(declared: Iterable[DeclaredVersion] | None = None) -> int:
    """Publish what the scenes ship; what stands already stays. Return how many are new.

    Raises:
        UnableToLoadVersion: a number stands with another content or day.
    """
    made = 0
    with transaction.atomic():
        for version in kinds.all_declared() if declared is None else declared:
            made += _load_one(version)
    return made


def _load_one(declared: DeclaredVersion) -> int:
    definition = declared.definition
    code, digest = definition.instrument.code, hash_definition(definition)
    _require_sound(definition, declared.licence_grant)
    instrument = _instrument(definition)
    row = instrument.versions.filter(number=declared.number).first()
    if row is not None:
        if (row.content_hash, row.valid_from) != (digest, declared.valid_from):
            raise UnableToLoadVersion(
                f"version {declared.number} of {code} stands with another content or day"
            )
        return 0
    VersionRow.objects.create(
        instrument=instrument,
        number=declared.number,
        content_hash=digest,
        definition=to_data(definition),
        valid_from=declared.valid_from,
        licence_grant=declared.licence_grant,
        brought_by=declared.brought_by,
    )
    return 1
