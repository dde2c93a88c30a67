"""Bills: drafted set-wise, reviewed, approved, published; each by another hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from bihuan.kernel.affairs.billing import policies, queries, rules
from bihuan.kernel.affairs.billing.facts import BillMoved
from bihuan.kernel.affairs.billing.models import BillRow, LineRow
from bihuan.kernel.affairs.billing.types import (
    MAY_BILL,
    BillId,
    BillState,
    Family,
    LineId,
    NewBill,
    NewLine,
    Publication,
    PublicationId,
    bill_ref,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.web.errors import NotAllowed, Refused


class UnableToBill(Refused):
    """A bill cannot stand; the words say which line and why."""


class UnableToMoveBill(Refused):
    """This move does not follow from where the bill stands."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a billing run did: new bills, and those that stood already."""

    made: tuple[BillId, ...]
    known: int
    amount_fen: int


DRAFT = """
WITH given AS (
    SELECT * FROM unnest(%(provider_keys)s::text[], %(provider_kinds)s::text[],
        %(beneficiary_kinds)s::text[], %(beneficiary_keys)s::text[], %(families)s::text[],
        %(terms)s::text[], %(purposes)s::text[], %(titles)s::text[], %(areas)s::text[],
        %(days)s::date[], %(due_days)s::date[])
        WITH ORDINALITY AS g(provider_key, provider_kind, beneficiary_kind, beneficiary_key,
            family, term, purpose, title, area_path, day, due_day, no)
), made AS (
    INSERT INTO billing_bill (provider_kind, provider_key, beneficiary_kind, beneficiary_key,
        family, term, purpose, title, area_path, state, day, due_day, drafted_by, moved_at)
    SELECT provider_kind, provider_key, beneficiary_kind, beneficiary_key, family, term, purpose,
           title, area_path, 'draft', day, due_day, %(person)s, %(at)s
      FROM given
        ON CONFLICT (provider_key, beneficiary_key, term, purpose, provider_kind, beneficiary_kind)
           WHERE NOT (state = 'cancelled') DO NOTHING
    RETURNING id, provider_kind, provider_key, beneficiary_kind, beneficiary_key, term, purpose
), fresh AS (
    SELECT made.id, given.no FROM made JOIN given
        ON concat_ws(chr(31), given.beneficiary_key, given.beneficiary_kind, given.provider_key,
                     given.provider_kind, given.term, given.purpose) COLLATE "C"
         = concat_ws(chr(31), made.beneficiary_key, made.beneficiary_kind, made.provider_key,
                     made.provider_kind, made.term, made.purpose) COLLATE "C"
), lines AS (
    INSERT INTO billing_line (bill_id, publication_id, amount_fen, quantity, exempt_fen, paid_fen,
        voluntary, words)
    SELECT fresh.id, l.publication_id, l.amount_fen, l.quantity, l.exempt_fen, 0, l.voluntary,
           l.words
      FROM unnest(%(nos)s::bigint[], %(publications)s::bigint[], %(amounts)s::bigint[],
                  %(quantities)s::smallint[], %(exempts)s::bigint[], %(voluntaries)s::boolean[],
                  %(words)s::text[])
        AS l(no, publication_id, amount_fen, quantity, exempt_fen, voluntary, words)
      JOIN fresh USING (no)
)
SELECT id, no FROM fresh ORDER BY no
"""


def draft_bills(bills: Sequence[NewBill], *, scope: Scope, at: datetime) -> Drafted:
    """Draft many bills in one statement; a bill that stands already is left alone.

    Raises:
        NotAllowed: the scope does not bill there.
        UnableToBill: a line has no published item in force, or asks more than was published;
            then nothing of the run stands.
    """
    policies.require(scope, MAY_BILL)
    known = queries.publications_by_id(line.publication_id for b in bills for line in b.lines)
    for path in {bill.area_path for bill in bills}:
        policies.require_area(scope, path)
    for no, bill in enumerate(bills, start=1):
        _check(no, bill, known)
    given = _columns(bills, known, scope.person_id, at)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(DRAFT, given)
            made = cursor.fetchall()
    except IntegrityError as error:
        raise UnableToBill("A line has no published item behind it. Nothing was billed.") from error
    return Drafted(
        made=tuple(BillId(bill_id) for bill_id, _no in made),
        known=len(bills) - len(made),
        amount_fen=sum(_payable(bills[no - 1]) for _id, no in made),
    )


def _payable(bill: NewBill) -> int:
    return sum(line.amount_fen - line.exempt_fen for line in bill.lines)


def _check(no: int, bill: NewBill, known: dict[PublicationId, Publication]) -> None:
    if not bill.lines:
        raise UnableToBill("Bill %(no)s has no line.", no=no)
    for line in bill.lines:
        published = known.get(line.publication_id)
        if published is None or published.provider != bill.provider:
            raise UnableToBill("Bill %(no)s: this fee is not published by this school.", no=no)
        in_force = published.valid_from <= bill.day and (
            published.valid_to is None or bill.day < published.valid_to
        )
        if not in_force:
            raise UnableToBill(
                "Bill %(no)s: %(fee)s is not published on its day.", no=no, fee=published.name
            )
        _check_amount(no, line, published)


def _check_amount(no: int, line: NewLine, published: Publication) -> None:
    if not 0 < line.amount_fen <= published.standard_fen * line.quantity:
        raise UnableToBill(
            "Bill %(no)s: %(fee)s asks more than was published.", no=no, fee=published.name
        )
    if not 0 <= line.exempt_fen <= line.amount_fen:
        raise UnableToBill("Bill %(no)s: more is exempt than is owed.", no=no)


def _columns(
    bills: Sequence[NewBill],
    known: dict[PublicationId, Publication],
    person: UUID | None,
    at: datetime,
) -> dict[str, Any]:
    lines = [(no, line) for no, bill in enumerate(bills, start=1) for line in bill.lines]
    return {
        "provider_keys": [b.provider.key for b in bills],
        "provider_kinds": [b.provider.kind for b in bills],
        "beneficiary_kinds": [b.beneficiary.kind for b in bills],
        "beneficiary_keys": [b.beneficiary.key for b in bills],
        "families": [b.family for b in bills],
        "terms": [b.term for b in bills],
        "purposes": [b.purpose for b in bills],
        "titles": [b.title for b in bills],
        "areas": [b.area_path for b in bills],
        "days": [b.day for b in bills],
        "due_days": [b.due_day for b in bills],
        "person": person,
        "at": at,
        "nos": [no for no, _line in lines],
        "publications": [line.publication_id for _no, line in lines],
        "amounts": [line.amount_fen for _no, line in lines],
        "quantities": [line.quantity for _no, line in lines],
        "exempts": [line.exempt_fen for _no, line in lines],
        "voluntaries": [known[line.publication_id].voluntary for _no, line in lines],
        "words": [line.words for _no, line in lines],
    }


def move_bills(
    bill_ids: Iterable[BillId], move: str, *, scope: Scope, at: datetime
) -> tuple[BillId, ...]:
    """Move bills by one row of `BILL_MOVES`, all or none, with a fact for each.

    Raises:
        NotAllowed: the power lacks, or the same hand drafted or reviewed.
        UnableToMoveBill: the move does not follow for one of them.
    """
    with transaction.atomic():
        rows = list(
            BillRow.objects.select_for_update().filter(pk__in=list(bill_ids)).order_by("pk")
        )
        before = {row.pk: row.state for row in rows}
        for row in rows:
            policies.require_area(scope, row.area_path)
            _move(row, move, scope, at)
        columns = ["state", "moved_at", "reviewed_by", "approved_by"]
        BillRow.objects.bulk_update(rows, columns, batch_size=2000)
        facts = [
            (
                BillMoved(
                    bill_ref(BillId(row.pk)), move=move, source=before[row.pk], target=row.state
                ),
                scope.origin,
            )
            for row in rows
        ]
        if facts:
            events.record_many(facts, at=at)
    return tuple(BillId(row.pk) for row in rows)


def _move(row: BillRow, move: str, scope: Scope, at: datetime) -> None:
    found = rules.bill_move(BillState(row.state), move)
    if found is None:
        raise UnableToMoveBill("This step does not follow. Look at the bills again.")
    target, power = found
    person = policies.require_person(scope, power)
    if move == "approve" and person in {row.drafted_by, row.reviewed_by}:
        raise NotAllowed("Who drafted or reviewed a bill cannot approve it.")
    if move == "review":
        row.reviewed_by = person
    elif move == "approve":
        row.approved_by = person
    elif move == "send_back":
        row.reviewed_by = row.approved_by = None
    row.state, row.moved_at = target.value, at


def choose_line(line_id: LineId, *, chosen: bool, families: Iterable[Family], at: datetime) -> None:
    """Take or leave a voluntary item (自愿), by the family itself, until it is paid or ordered.

    Raises:
        UnableToBill: not voluntary, paid, in an open order, or somebody else's.
    """
    with transaction.atomic():
        row = (
            LineRow.objects.select_for_update(of=("self",))
            .filter(pk=line_id, bill__family__in=list(families), bill__state__in=queries.SHOWN)
            .first()
        )
        if row is None or not row.voluntary:
            raise UnableToBill("This is not yours to choose.")
        if row.paid_fen or queries.is_live(LineId(row.pk)):
            raise UnableToBill("This is paid, or being paid. It cannot be changed now.")
        row.chosen_at = (row.chosen_at or at) if chosen else None
        row.save(update_fields=["chosen_at"])
