"""W2a to W2d: payments, settlement files, bills, matching, each beside the least work for it.

``python -m bench.w2_payments [ROWS]`` starts a database of its own (durability on) and prints one
line a figure: ours, the limit, the ratio, all of one run. The limit is hand-written SQL through
psycopg with the same commits, on plain twins of the tables: their keys and indexes, no triggers.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ROWS = 60_000
PAYMENTS = 600
ROUNDS = 3

TWINS = (
    "billing_attempt", "billing_order", "billing_order_line", "billing_line", "billing_bill",
    "billing_notice", "settlement_intake", "settlement_line", "ledger_entry", "ledger_leg",
    "ledger_balance", "events_fact",
)  # fmt: skip

ONE_PAYMENT = """
WITH noted AS (
    INSERT INTO twin_billing_notice (id, channel, event_key, nonce, out_trade_no, verdict,
                                     body_hash, at)
    VALUES (%(n)s, 'wechat', %(key)s, %(key)s, %(key)s, 'paid', '', now())
), attempt AS (
    UPDATE twin_billing_attempt SET state = 'success', transaction_id = %(key)s, paid_at = now()
     WHERE id = %(attempt)s
), ordered AS (
    UPDATE twin_billing_order SET state = 'paid' WHERE id = %(order)s
), parts AS (
    UPDATE twin_billing_order_line SET live = false WHERE order_id = %(order)s
    RETURNING line_id, amount_fen
), paid AS (
    UPDATE twin_billing_line l SET paid_fen = l.paid_fen + parts.amount_fen
      FROM parts WHERE l.id = parts.line_id RETURNING l.bill_id
), bills AS (
    UPDATE twin_billing_bill SET state = 'paid' WHERE id IN (SELECT bill_id FROM paid)
), taken AS (
    INSERT INTO twin_settlement_intake (id, cause_kind, cause_key, channel, day, amount_fen,
                                        reference, at)
    VALUES (%(n)s, 'a', %(key)s, 'wechat', now(), 137650, '', now())
), lines AS (
    INSERT INTO twin_settlement_line (id, intake_id, payee_id, route_id, amount_fen)
    SELECT %(n)s * 10 + i, %(n)s, gen_random_uuid(), 1, 1 FROM generate_series(1, 3) i
), entry AS (
    INSERT INTO twin_ledger_entry
           (id, book_id, key, day, words, cause_kind, cause_key, door, at, xact)
    VALUES (%(n)s, 1, %(key)s, now(), 'x', '', '', 'api', now(), 0)
), legs AS (
    INSERT INTO twin_ledger_leg (entry_id, no, account_id, amount_fen, day)
    SELECT %(n)s, i, i, 1, now() FROM generate_series(1, 4) i
), sums AS (
    INSERT INTO twin_ledger_balance AS b
           (account_id, stripe, sign, restricted, debit_fen, credit_fen)
    SELECT i, 0, 1, false, 1, 1 FROM generate_series(1, 4) i
        ON CONFLICT (account_id, stripe) DO UPDATE SET debit_fen = b.debit_fen + 1
)
INSERT INTO twin_events_fact (id, name, subject_kind, subject_key, payload, door, words, at)
VALUES (%(n)s, 'x', 'x', %(key)s, '{}', 'api', '', now())
"""

SET_ENTRIES = """
WITH given AS (
    SELECT ordinality AS id, key, day FROM unnest(%(keys)s::text[], %(days)s::date[])
      WITH ORDINALITY AS g(key, day, ordinality)
), head AS (
    INSERT INTO twin_ledger_entry
           (id, book_id, key, day, words, cause_kind, cause_key, door, at, xact)
    SELECT id, 1, key, day, 'x', '', '', 'cli', now(), 0 FROM given
), legs AS (
    INSERT INTO twin_ledger_leg (entry_id, no, account_id, amount_fen, day)
    SELECT given.id, l.no, l.account_id, l.amount_fen, given.day
      FROM unnest(%(places)s::bigint[], %(nos)s::smallint[], %(accounts)s::bigint[],
                  %(amounts)s::bigint[]) AS l(id, no, account_id, amount_fen)
      JOIN given USING (id)
    RETURNING account_id, amount_fen
)
INSERT INTO twin_ledger_balance (account_id, stripe, sign, restricted, debit_fen, credit_fen)
SELECT account_id, 0, 1, false, sum(amount_fen), 0 FROM legs GROUP BY account_id
"""

SET_BILLS = """
WITH bills AS (
    INSERT INTO twin_billing_bill (id, provider_kind, provider_key, beneficiary_kind,
        beneficiary_key, family, term, purpose, title, area_path, state, day, due_day, moved_at)
    SELECT no, 'school', 's', 'child', key, key, 't', 'p', 'x', '3304/', 'draft', %(day)s, %(day)s,
           now()
      FROM unnest(%(children)s::text[]) WITH ORDINALITY AS g(key, no)
)
INSERT INTO twin_billing_line (id, bill_id, publication_id, amount_fen, quantity, exempt_fen,
                               paid_fen, voluntary, words)
SELECT row_number() OVER (), l.no, l.publication_id, l.amount_fen, 1, 0, 0, false, ''
  FROM unnest(%(nos)s::bigint[], %(publications)s::bigint[], %(amounts)s::bigint[])
    AS l(no, publication_id, amount_fen)
"""


def line(name: str, ours: float, limit: float, bar: float, *, more_is_better: bool) -> None:
    """Print one figure."""
    ratio = ours / limit
    kept = ratio >= bar if more_is_better else ratio <= bar
    sign = "at least" if more_is_better else "at most"
    print(
        f"{name:34}{ours:12,.2f}   limit {limit:10,.2f}   ratio {ratio:5.2f}   "
        f"bar {sign} {bar}   {'kept' if kept else 'MISSED'}",
        flush=True,
    )


def timed(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def twins(link: Any) -> None:
    """Make plain twins: keys and indexes, and not one trigger."""
    for table in TWINS:
        link.execute(f"DROP TABLE IF EXISTS twin_{table}")
        link.execute(
            f"CREATE TABLE twin_{table} (LIKE {table} INCLUDING DEFAULTS INCLUDING INDEXES)"
        )


def one_by_one(url: str, school: Any) -> None:
    """W2a: notices of PAYMENTS orders of three fees, one commit each."""
    import psycopg
    from django.test.utils import CaptureQueriesContext

    from bihuan.kernel.affairs.billing import api as billing
    from bihuan.kernel.affairs.billing.testing import told_of
    from bihuan.kernel.affairs.billing.types import Family
    from bihuan.kernel.ground.registry.testing import NOW

    new = [
        school.new_bill(f"c{n}", "tuition", "books", "meals", family=Family(f"f{n}"))
        for n in range(PAYMENTS)
    ]
    made = billing.draft_bills(new, scope=school.people["finance"], at=NOW).made
    for move, who in (("review", "reviewer"), ("approve", "head"), ("publish", "finance")):
        billing.move_bills(made, move, scope=school.people[who], at=NOW)
    orders = []
    for bill_id in made:
        bill = billing.get_bill(bill_id, scope=school.people["finance"])
        orders.append(school.order(bill)[1])
    with psycopg.connect(url, autocommit=True) as link:
        twins(link)
        for table in TWINS[:5]:
            link.execute(f"INSERT INTO twin_{table} SELECT * FROM {table}")
        link.execute("ANALYZE")
        told = [told_of(attempt) for attempt in orders]
        from django.db import connection

        school.take(told[0])  # plans its statements
        with CaptureQueriesContext(connection) as seen:
            school.take(told[1])
        # alternate by turns of a hundred, so that a busy moment of the machine hits both
        ours, limit, statement = [], [], {"n": 0}
        for start in range(2, PAYMENTS, 100):
            part = told[start : start + 100]
            ours.append(timed(lambda part=part: [school.take(one) for one in part]) / len(part))
            limit.append(
                timed(lambda s=start, p=part: _plain(link, orders, s, len(p), statement))
                / len(part)
            )
    spent = [q for q in seen.captured_queries if not q["sql"].startswith(("BEGIN", "COMMIT"))]
    print(f"W2a statements a payment: {len(spent)} (bar: at most 8)")
    line(
        "W2a payments/s",
        1 / statistics.median(ours),
        1 / statistics.median(limit),
        0.35,
        more_is_better=True,
    )


def _plain(link: Any, orders: list[Any], start: int, count: int, statement: dict[str, int]) -> None:
    for attempt in orders[start : start + count]:
        statement["n"] += 1
        given = {
            "n": statement["n"],
            "key": attempt.out_trade_no,
            "attempt": attempt.id,
            "order": attempt.order_id,
        }
        link.execute(ONE_PAYMENT, given)


def set_wise(url: str, rows: int) -> None:
    """W2b: a settlement file of `rows` payments, each posted with four legs."""
    import psycopg

    from bihuan.kernel.ground.registry.testing import NOW
    from bihuan.kernel.tools.ledger import api as ledger
    from bihuan.kernel.tools.ledger.operations import posting
    from bihuan.kernel.tools.ledger.tests.conftest import make_books

    ours, limit = [], []
    for turn in range(ROUNDS):
        books = make_books(f"bench{turn}")
        entries = [
            books.entry(
                f"p{turn}:{n}",
                ("wechat", 3 + n),
                ("fiscal", -1 - n),
                ("canteen", -1),
                ("family", -1),
            )
            for n in range(rows)
        ]
        ours.append(
            timed(
                lambda e=entries, b=books: ledger.post_entries(b.book.id, e, scope=b.scope, at=NOW)
            )
        )
        with psycopg.connect(url) as link:
            twins(link)
            link.commit()
            limit.append(timed(lambda e=entries, b=books, ln=link: _set(ln, posting, b, e, NOW)))
        assert all(found.sound for found in ledger.verify(f"bench{turn}"))
    line(
        "W2b payments posted/s",
        rows / statistics.median(ours),
        rows / statistics.median(limit),
        0.6,
        more_is_better=True,
    )


def _set(link: Any, posting: Any, books: Any, entries: Any, at: Any) -> None:
    link.execute(SET_ENTRIES, posting._columns(books.book.id, entries, books.scope, at, None))
    link.commit()


def bills(url: str, rows: int, school: Any) -> None:
    """W2c: `rows` bills of three published items."""
    import psycopg

    from bihuan.kernel.affairs.billing import api as billing
    from bihuan.kernel.affairs.billing.testing import DAY
    from bihuan.kernel.affairs.billing.types import Family
    from bihuan.kernel.ground.registry.testing import NOW

    ours, limit = [], []
    for turn in range(ROUNDS):
        new = [
            school.new_bill(f"w{turn}:{n}", "tuition", "books", "meals", family=Family(f"w{n}"))
            for n in range(rows)
        ]
        ours.append(
            timed(lambda x=new: billing.draft_bills(x, scope=school.people["finance"], at=NOW))
        )
        with psycopg.connect(url) as link:
            twins(link)
            link.commit()
            limit.append(timed(lambda x=new, ln=link: _set_bills(ln, x, DAY)))
    line(
        "W2c seconds for the bills",
        statistics.median(ours),
        statistics.median(limit),
        2,
        more_is_better=False,
    )


PLAIN_MATCH = """
INSERT INTO twin_settlement_difference (id, day_id, kind, reference, ours_fen, theirs_fen, holder,
                                        found_at, reason)
SELECT row_number() OVER (), 1, 'x', coalesce(o.reference, t.reference), o.amount_fen, t.amount_fen,
       'x', now(), ''
  FROM (SELECT reference, amount_fen FROM settlement_intake
         WHERE channel = 'bench' AND day = %(day)s) o
  FULL JOIN twin_bench_theirs t ON t.reference = o.reference
 WHERE o.amount_fen IS DISTINCT FROM t.amount_fen
"""


def match(url: str, rows: int) -> None:
    """W2d: match `rows` lines of a bill, a hundredth each missing, extra and one fen off."""
    from bihuan.kernel.affairs.settlement import api as settlement
    from bihuan.kernel.affairs.settlement.testing import person_scope
    from bihuan.kernel.affairs.settlement.types import (
        MAY_EXPECT,
        MAY_READ,
        MAY_RECONCILE,
        Expected,
        RouteKey,
        TheirLine,
        Wanted,
    )
    from bihuan.kernel.ground.events.types import Ref
    from bihuan.kernel.ground.registry.testing import NOW
    from bihuan.platform import clock

    scope = person_scope(9, MAY_EXPECT, MAY_READ, MAY_RECONCILE)
    day, each = clock.business_date(NOW), rows // 120
    one = settlement.split_lines([Wanted(RouteKey("haitang:tuition"), 100)], on=day)
    ours = [
        Expected(Ref("bench", str(n)), "bench", day, 100, one, f"r{n}") for n in range(rows - each)
    ]
    settlement.expect(ours, scope=scope, at=NOW)
    theirs = [
        TheirLine("pay", f"r{n}", f"t{n}", 101 if n < 2 * each else 100, NOW)
        for n in range(each, rows)
    ]
    began = time.perf_counter()
    settlement.load_bill("bench", theirs, day=day, scope=scope, at=NOW)
    loaded = time.perf_counter()
    found = settlement.match_day("bench", day=day, holder="x", scope=scope, at=NOW)
    ended = time.perf_counter()
    kinds = dict.fromkeys(("shortage", "surplus", "amount"), 0)
    for difference in found.differences:
        kinds[difference.kind.value] += 1
    assert set(kinds.values()) == {each}, kinds
    again = timed(lambda: settlement.match_day("bench", day=day, holder="x", scope=scope, at=NOW))
    limit = _plain_match(url, theirs, day)
    print(f"W2d {3 * each} planted, all found; load {loaded - began:.2f} s, again {again:.2f} s")
    line("W2d seconds to load and match", ended - began, limit, 2, more_is_better=False)


def _plain_match(url: str, theirs: list[Any], day: Any) -> float:
    import psycopg

    with psycopg.connect(url) as link:
        link.execute("CREATE TABLE twin_bench_theirs (reference text, amount_fen bigint)")
        link.execute("CREATE TABLE twin_settlement_difference (LIKE settlement_difference)")
        link.commit()
        began = time.perf_counter()
        with link.cursor().copy("COPY twin_bench_theirs FROM STDIN") as copied:
            for one in theirs:
                copied.write_row((one.reference, one.amount_fen))
        link.execute(PLAIN_MATCH, {"day": day})
        link.commit()
        return time.perf_counter() - began


def _set_bills(link: Any, new: Any, day: Any) -> None:
    lines = [(no, item) for no, bill in enumerate(new, start=1) for item in bill.lines]
    link.execute(
        SET_BILLS,
        {
            "day": day,
            "children": [bill.beneficiary.key for bill in new],
            "nos": [no for no, _item in lines],
            "publications": [item.publication_id for _no, item in lines],
            "amounts": [item.amount_fen for _no, item in lines],
        },
    )
    link.commit()


@contextmanager
def database() -> Iterator[str]:
    """Start a database of our own, migrated, with the settings of the demo."""
    from bihuan.platform.database.server import Server

    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = Server(folder / "home")
        with server.running():
            url = server.url("bihuan")
            os.environ |= {
                "DATABASE_URL": url,
                "DJANGO_SETTINGS_MODULE": "bihuan.config.settings.demo",
                "BIHUAN_KEYS": str(folder / "keys"),
                "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            }
            import psycopg

            with psycopg.connect(server.url(), autocommit=True) as link:
                link.execute("CREATE DATABASE bihuan")
            manage = [sys.executable, str(ROOT / "manage.py"), "migrate", "-v", "0"]
            subprocess.run(manage, cwd=ROOT, check=True)
            yield url


def main(rows: int = ROWS) -> None:
    """Print the figures."""
    with database() as url:
        import django

        django.setup()
        from django.db import connections

        from bihuan.kernel.affairs.billing.testing import make_school

        school = make_school()
        one_by_one(url, school)
        set_wise(url, rows)
        bills(url, rows, school)
        match(url, rows)
        connections.close_all()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
