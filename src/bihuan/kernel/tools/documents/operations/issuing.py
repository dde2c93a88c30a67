"""Issuing papers and withdrawing them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.utils import translation

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.documents import kinds, printing, queries, rules
from bihuan.kernel.tools.documents.facts import PaperIssued, PaperWithdrawn
from bihuan.kernel.tools.documents.models import PaperRow
from bihuan.kernel.tools.documents.types import (
    MAY_WITHDRAW,
    NewPaper,
    Paper,
    PaperId,
    PaperKind,
    Printed,
)
from bihuan.platform.database import bulk
from bihuan.platform.database.locks import lock_words
from bihuan.platform.files import store
from bihuan.platform.web.errors import NotAllowed, NotFound, Refused

LANGUAGE = "zh-hans"
"""Papers are Chinese, whatever language the page has on which somebody asks for one."""


class UnableToIssue(Refused):
    """Nothing can be issued; the words say why."""


class UnableToWithdraw(Refused):
    """The paper has ended already, or no reason is given."""


def issue(what: NewPaper, *, scope: Scope, at: datetime) -> Printed:
    """Issue a paper; when nothing has changed, the one that stands is given again.

    Whoever calls has decided that the scope may have it. A changed content makes a new version
    that replaces the one before. With `clear`, that is printed, and neither it nor its file stays.

    Raises:
        UnableToPrint: this installation cannot print.
    """
    kind = kinds.get_kind(what.kind)
    with transaction.atomic():
        lock_words(f"documents.{what.kind}.{what.subject}")
        standing = _standing(what, scope)
        if standing is not None:
            return Printed(queries.to_paper(standing, repeated=True), _kept_body(standing))
        return _make(what, kind, scope, at)


def _standing(what: NewPaper, scope: Scope) -> PaperRow | None:
    """Return the paper that this command made, or else the valid one that says the same."""
    mine = queries.papers_of(what.kind, what.subject)
    if scope.origin.command_id is not None:
        made = mine.filter(command_id=scope.origin.command_id).first()
        if made is not None:
            return made
    if what.clear is not None:
        return None
    same = rules.fingerprint(what.content.to_value())
    return mine.filter(queries.VALID, fingerprint=same, blob__isnull=False).first()


def _kept_body(row: PaperRow) -> bytes:
    if row.blob is None:
        raise UnableToIssue("This was printed once with whole names and numbers. Ask for it anew.")
    return store.path_of(row.digest).read_bytes()


def _make(what: NewPaper, kind: PaperKind, scope: Scope, at: datetime) -> Printed:
    before = queries.papers_of(what.kind, what.subject).order_by("-version").first()
    version = before.version + 1 if before else 1
    number = rules.number_of(what.subject_number, kind.letter, version)
    code = rules.make_code(secrets.choice)
    unit = registry.find_unit(what.unit_id) if what.unit_id else None
    with translation.override(LANGUAGE):
        stamp = printing.stamp_of(
            number=number, code=code, root=what.root, unit=unit.name if unit else "", at=at
        )
    body = printing.print_paper({**(what.clear or what.content).to_value(), "stamp": stamp})
    digest = hashlib.sha256(body).hexdigest()
    row = PaperRow(
        kind=what.kind,
        subject_kind=what.subject.kind,
        subject_key=what.subject.key,
        version=version,
        number=number,
        code=code,
        content={**what.content.to_value(), "stamp": stamp},
        fingerprint=rules.fingerprint(what.content.to_value()),
        digest=digest,
        blob=None if what.clear else store.keep_paper(body, at=at),
        issued_at=at,
        unit_id=what.unit_id,
        account_id=scope.origin.account_id,
        post_id=scope.origin.post_id,
        command_id=scope.origin.command_id,
    )
    bulk.give_keys([row])
    replaced = queries.papers_of(what.kind, what.subject).filter(queries.VALID)
    gone = replaced.update(replaced_by=row, replaced_at=at)
    row.save(force_insert=True)
    fact = PaperIssued(
        what.subject,
        paper_id=row.pk,
        kind=what.kind,
        number=number,
        digest=digest,
        clear=what.clear is not None,
        replaces=before.number if before and gone else "",
    )
    events.record(fact, origin=scope.origin, at=at)
    return Printed(queries.to_paper(row), body)


def withdraw(paper_id: PaperId, *, words: str, scope: Scope, at: datetime) -> Paper:
    """Declare a paper invalid; whoever verifies it is told so, with the day.

    Raises:
        NotAllowed: the post withdraws no papers.
        NotFound: there is none for this scope.
        UnableToWithdraw: it has ended already, or no reason is given.
    """
    if not scope.has(MAY_WITHDRAW):
        raise NotAllowed("Your post does not withdraw papers.")
    said = words.strip()[:200]
    if not said:
        raise UnableToWithdraw("Say why it is withdrawn.", field="words")
    with transaction.atomic():
        found = PaperRow.objects.select_for_update(of=("self",)).filter(pk=paper_id)
        row = found.select_related("unit").first()
        if row is None or not queries.may_fetch(row, scope):
            raise NotFound("There is no such paper, or it is not in your care.")
        if row.replaced_by_id is not None or row.withdrawn_at is not None:
            raise UnableToWithdraw("This paper has been replaced or withdrawn already.")
        row.withdrawn_at, row.withdrawn_words = at, said
        row.withdrawn_by = scope.origin.account_id
        row.save(update_fields=["withdrawn_at", "withdrawn_words", "withdrawn_by"])
        subject = queries.subject_of(row)
        fact = PaperWithdrawn(subject, paper_id=row.pk, kind=row.kind, number=row.number)
        events.record(fact, origin=scope.origin, at=at)
    return queries.to_paper(row)
