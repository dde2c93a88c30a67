"""The full proof of a book: every entry balances, every kept balance equals the replay of its legs.

It trusts no trigger: it reads entries and legs alone and compares.
"""

from __future__ import annotations

from django.db import connection

from bihuan.kernel.tools.ledger.models import BookRow
from bihuan.kernel.tools.ledger.types import Verified

PROOF = """
WITH legs AS (
    SELECT l.*, e.id AS e_id, e.day AS e_day, a.book_id AS a_book, e.book_id AS e_book
      FROM ledger_leg l
      LEFT JOIN ledger_entry e ON e.id = l.entry_id
      LEFT JOIN ledger_account a ON a.id = l.account_id
     WHERE coalesce(e.book_id, a.book_id) = %(book)s
), by_entry AS (
    SELECT e.id, count(l.no) AS legs, coalesce(sum(l.amount_fen), 0) AS total
      FROM ledger_entry e LEFT JOIN ledger_leg l ON l.entry_id = e.id
     WHERE e.book_id = %(book)s GROUP BY e.id
), replay AS (
    SELECT a.id, a.restricted, CASE WHEN a.kind IN ('asset', 'expense') THEN 1 ELSE -1 END AS sign,
           coalesce(sum(l.amount_fen) FILTER (WHERE l.amount_fen > 0), 0) AS debits,
           coalesce(-sum(l.amount_fen) FILTER (WHERE l.amount_fen < 0), 0) AS credits
      FROM ledger_account a LEFT JOIN ledger_leg l ON l.account_id = a.id
     WHERE a.book_id = %(book)s GROUP BY a.id
), kept AS (
    SELECT b.account_id, sum(b.debit_fen) AS debits, sum(b.credit_fen) AS credits
      FROM ledger_balance b JOIN ledger_account a ON a.id = b.account_id
     WHERE a.book_id = %(book)s GROUP BY b.account_id
)
SELECT (SELECT count(*) FROM by_entry),
       (SELECT count(*) FROM legs),
       (SELECT coalesce(sum(debits), 0) FROM replay),
       (SELECT count(*) FROM by_entry WHERE total <> 0),
       (SELECT count(*) FROM by_entry WHERE legs < 2),
       (SELECT count(*) FROM replay r LEFT JOIN kept k ON k.account_id = r.id
         WHERE (coalesce(k.debits, 0), coalesce(k.credits, 0)) <> (r.debits, r.credits)),
       (SELECT count(*) FROM replay WHERE restricted AND sign * (debits - credits) < 0),
       (SELECT count(*) FROM legs WHERE e_id IS NULL OR a_book IS DISTINCT FROM e_book
                                     OR day <> e_day),
       (SELECT count(*) FROM ledger_entry r JOIN ledger_entry o ON o.id = r.reverses_id
         WHERE r.book_id = %(book)s AND (
               o.reverses_id IS NOT NULL OR o.book_id <> r.book_id
               OR EXISTS (SELECT 1 FROM ledger_entry twin
                           WHERE twin.reverses_id = r.reverses_id AND twin.id <> r.id)
               OR EXISTS (SELECT 1 FROM ledger_leg l WHERE l.entry_id IN (r.id, o.id)
                           GROUP BY l.account_id HAVING sum(l.amount_fen) <> 0)))
"""


def verify(book_code: str | None = None) -> tuple[Verified, ...]:
    """Read one book, or all of them, from the first leg to the last, and say what was found."""
    books = BookRow.objects.order_by("code")
    if book_code is not None:
        books = books.filter(code=book_code)
    found = []
    for book in books:
        with connection.cursor() as cursor:
            cursor.execute(PROOF, {"book": book.pk})
            found.append(Verified(book.code, *(int(value) for value in cursor.fetchone())))
    return tuple(found)
