"""Posting, reversing, locking: what stands afterwards, and what each refusal leaves behind."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import HAIYAN, JIASHAN, NOW
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.ledger import api as ledger
from bihuan.kernel.tools.ledger.models import BalanceRow, EntryRow, LegRow
from bihuan.kernel.tools.ledger.tests.conftest import DAY, Books
from bihuan.kernel.tools.ledger.types import (
    MAY_POST,
    AccountId,
    EntryId,
    Kind,
    Leg,
    NewAccount,
    NewEntry,
    entry_ref,
)
from bihuan.platform.web.errors import NotAllowed


def proven() -> None:
    """Let the deferred wall look now, and read everything."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert all(found.sound for found in ledger.verify())


@contextlib.contextmanager
def refused(error: type[Exception], words: str = "") -> Iterator[None]:
    """Expect a refusal; it ends the transaction of whatever asked, and nothing of that stands."""
    before = counts()
    with pytest.raises(error, match=words or None), transaction.atomic():
        yield
    assert counts() == before


def run_sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def counts() -> tuple[int, int, int]:
    return EntryRow.objects.count(), LegRow.objects.count(), events.count_facts()


class TestPosting:
    def test_moves_the_balances_and_stands_with_its_origin(self, books: Books) -> None:
        entry = books.entry("o1", ("wechat", 116650), ("fiscal", -85000), ("canteen", -31650))
        posted = ledger.post_entry(books.book.id, entry, scope=books.scope, at=NOW)
        assert posted.repeated is False
        assert [books.balance(n) for n in ("wechat", "fiscal", "canteen")] == [116650, 85000, 31650]
        found = ledger.get_entry(posted.entry_id)
        assert found.legs == entry.legs
        assert EntryRow.objects.get(pk=posted.entry_id).door == "system"
        proven()

    def test_takes_one_statement(self, books: Books, django_assert_num_queries) -> None:
        entry = books.entry("o1", ("wechat", 3), ("fiscal", -3))
        ledger.post_entry(
            books.book.id,
            books.entry("o0", ("wechat", 3), ("fiscal", -3)),
            scope=books.scope,
            at=NOW,
        )
        with django_assert_num_queries(1):  # planned once a connection, just before
            ledger.post_entry(books.book.id, entry, scope=books.scope, at=NOW)

    def test_the_same_key_is_the_same_entry(self, books: Books) -> None:
        entry = books.entry("o1", ("wechat", 3), ("fiscal", -3))
        first = ledger.post_entry(books.book.id, entry, scope=books.scope, at=NOW)
        again = ledger.post_entry(books.book.id, entry, scope=books.scope, at=NOW)
        assert (again.entry_id, again.repeated) == (first.entry_id, True)
        assert books.balance("wechat") == 3

    @pytest.mark.parametrize(
        ("amounts", "day"),
        [
            ((("wechat", 4), ("fiscal", -4)), DAY),
            ((("wechat", 3), ("canteen", -3)), DAY),
            ((("wechat", 3), ("fiscal", -3)), DAY + timedelta(days=1)),
        ],
    )
    def test_a_known_key_with_other_contents_is_refused(
        self, books: Books, amounts: tuple[tuple[str, int], ...], day: date
    ) -> None:
        entry = books.entry("o1", ("wechat", 3), ("fiscal", -3))
        ledger.post_entry(books.book.id, entry, scope=books.scope, at=NOW)
        with refused(ledger.UnableToPost, "other contents"):
            ledger.post_entry(
                books.book.id, books.entry("o1", *amounts, day=day), scope=books.scope, at=NOW
            )
        assert books.balance("wechat") == 3

    @pytest.mark.parametrize(
        "amounts",
        [
            (("wechat", 3), ("fiscal", -2)),
            (("wechat", 3),),
            (("wechat", 3), ("fiscal", -3), ("canteen", 0)),
            (("wechat", 10**15 + 1), ("fiscal", -(10**15) - 1)),
            (),
        ],
    )
    def test_what_is_no_entry_is_refused(
        self, books: Books, amounts: tuple[tuple[str, int], ...]
    ) -> None:
        with refused(ledger.UnableToPost):
            ledger.post_entry(books.book.id, books.entry("o1", *amounts), scope=books.scope, at=NOW)

    def test_floats_and_truths_are_no_fen(self, books: Books) -> None:
        for wrong in (1.0, True):
            legs = (Leg(books.accounts["wechat"], wrong), Leg(books.accounts["fiscal"], -1))
            entry = NewEntry("o1", DAY, "x", legs)
            with refused(ledger.UnableToPost, "whole fen"):
                ledger.post_entry(books.book.id, entry, scope=books.scope, at=NOW)

    def test_a_restricted_account_never_falls_below_zero(self, books: Books) -> None:
        for key, amounts in (
            ("in", (("wechat", 500), ("family", -500))),
            ("out", (("family", 300), ("canteen", -300))),
        ):
            ledger.post_entry(books.book.id, books.entry(key, *amounts), scope=books.scope, at=NOW)
        with refused(ledger.UnableToPost, "does not hold so much"):
            ledger.post_entry(
                books.book.id,
                books.entry("more", ("family", 201), ("canteen", -201)),
                scope=books.scope,
                at=NOW,
            )
        assert books.balance("family") == 200
        proven()

    def test_an_account_of_another_book_is_refused(self, books: Books) -> None:
        other = ledger.open_book("other", name="x", area_code=HAIYAN, scope=books.scope, at=NOW)
        new = (NewAccount("a", "a", Kind.ASSET),)
        (foreign,) = ledger.open_accounts(other.id, new, scope=books.scope, at=NOW)
        legs = (Leg(foreign.id, 3), Leg(books.accounts["fiscal"], -3))
        for wrong in (legs, (Leg(AccountId(0), 3), legs[1])):
            with refused(ledger.UnableToPost, "another book"):
                ledger.post_entry(
                    books.book.id, NewEntry("o1", DAY, "x", wrong), scope=books.scope, at=NOW
                )

    def test_needs_the_power_and_the_area(self, books: Books) -> None:
        entry = books.entry("o1", ("wechat", 3), ("fiscal", -3))
        nobody = registry.system_scope("nobody")
        with refused(NotAllowed):
            ledger.post_entry(books.book.id, entry, scope=nobody, at=NOW)
        path = registry.get_area(JIASHAN).path
        elsewhere = scope_of(path)
        with refused(ledger.UnableToFindBook):
            ledger.post_entry(books.book.id, entry, scope=elsewhere, at=NOW)
        assert EntryRow.objects.count() == 0


def scope_of(path: str) -> Scope:
    return replace(registry.system_scope("elsewhere", (MAY_POST,)), area_paths=(path,))


class TestManyAtOnce:
    def test_gives_the_same_as_one_by_one(self, books: Books) -> None:
        entries = [
            books.entry(f"o{n}", ("wechat", 10 + n), ("fiscal", -4), ("canteen", -6 - n))
            for n in range(50)
        ]
        for entry in entries[:5]:
            ledger.post_entry(books.book.id, entry, scope=books.scope, at=NOW)
        done = ledger.post_entries(books.book.id, entries, scope=books.scope, at=NOW)
        assert [p.key for p in done] == [e.key for e in entries]
        assert [p.repeated for p in done] == [n < 5 for n in range(50)]
        assert books.balance("wechat") == sum(10 + n for n in range(50))
        assert [ledger.get_entry(p.entry_id).legs for p in done] == [e.legs for e in entries]
        proven()

    def test_one_wrong_entry_keeps_the_whole_batch_out(self, books: Books) -> None:
        entries = [books.entry(f"o{n}", ("wechat", 5), ("fiscal", -5)) for n in range(9)]
        entries.append(books.entry("o9", ("family", 5), ("fiscal", -5)))
        with refused(ledger.UnableToPost):
            ledger.post_entries(books.book.id, entries, scope=books.scope, at=NOW)
        assert books.balance("wechat") == 0

    def test_takes_the_same_statements_at_any_size(
        self, books: Books, django_assert_num_queries
    ) -> None:
        entries = [books.entry(f"o{n}", ("wechat", 5), ("fiscal", -5)) for n in range(300)]
        with django_assert_num_queries(1):
            ledger.post_entries(books.book.id, entries, scope=books.scope, at=NOW)

    def test_two_equal_keys_in_a_batch_are_refused(self, books: Books) -> None:
        entry = books.entry("o1", ("wechat", 5), ("fiscal", -5))
        with refused(ledger.UnableToPost, "same key"):
            ledger.post_entries(books.book.id, [entry, entry], scope=books.scope, at=NOW)


class TestReversing:
    def reverse(self, books: Books, entry_id: EntryId, key: str = "r1", day: date = DAY):
        return ledger.reverse_entry(
            entry_id, key=key, day=day, words="冲销", scope=books.scope, at=NOW
        )

    def posted(self, books: Books) -> EntryId:
        entry = books.entry("o1", ("wechat", 8), ("fiscal", -5), ("canteen", -3))
        return ledger.post_entry(books.book.id, entry, scope=books.scope, at=NOW).entry_id

    def test_mirrors_once_and_says_so(self, books: Books) -> None:
        first = self.posted(books)
        undone = self.reverse(books, first)
        assert self.reverse(books, first).entry_id == undone.entry_id
        assert [books.balance(n) for n in ("wechat", "fiscal", "canteen")] == [0, 0, 0]
        assert ledger.get_entry(first).reversed_by == undone.entry_id
        facts = events.list_facts(subject=entry_ref(undone.entry_id))
        assert [f.payload for f in facts] == [{"reverses": first, "amount_fen": 8}]
        proven()

    def test_a_second_reversal_is_refused(self, books: Books) -> None:
        first = self.posted(books)
        self.reverse(books, first)
        with refused(ledger.UnableToReverse, "reversed before"):
            self.reverse(books, first, "r2")

    def test_a_reversal_is_not_reversed(self, books: Books) -> None:
        undone = self.reverse(books, self.posted(books))
        with refused(ledger.UnableToReverse, "not reversed"):
            self.reverse(books, undone.entry_id, "r2")

    def test_cannot_take_from_a_restricted_account_what_was_spent(self, books: Books) -> None:
        money = books.entry("in", ("wechat", 500), ("family", -500))
        first = ledger.post_entry(books.book.id, money, scope=books.scope, at=NOW).entry_id
        spent = books.entry("out", ("family", 1), ("fiscal", -1))
        ledger.post_entry(books.book.id, spent, scope=books.scope, at=NOW)
        with refused(ledger.UnableToPost, "does not hold so much"):
            self.reverse(books, first)
        assert books.balance("family") == 499


class TestLocking:
    def lock(self, books: Books, day: date):
        return ledger.lock_days_before(books.book.id, open_from=day, scope=books.scope, at=NOW)

    def test_nothing_lands_on_a_locked_day(self, books: Books) -> None:
        first = ledger.post_entry(
            books.book.id,
            books.entry("o1", ("wechat", 8), ("fiscal", -8)),
            scope=books.scope,
            at=NOW,
        )
        assert self.lock(books, DAY + timedelta(days=1)).open_from == DAY + timedelta(days=1)
        late = books.entry("o2", ("wechat", 8), ("fiscal", -8))
        with refused(ledger.UnableToPost, "locked"):
            ledger.post_entry(books.book.id, late, scope=books.scope, at=NOW)
        with refused(ledger.UnableToPost, "locked"):
            ledger.reverse_entry(
                first.entry_id, key="r", day=DAY, words="冲销", scope=books.scope, at=NOW
            )
        again = books.entry("o1", ("wechat", 8), ("fiscal", -8))
        assert ledger.post_entry(books.book.id, again, scope=books.scope, at=NOW).repeated
        ledger.reverse_entry(
            first.entry_id,
            key="r",
            day=DAY + timedelta(days=1),
            words="冲销",
            scope=books.scope,
            at=NOW,
        )
        proven()

    def test_a_locked_day_stays_locked(self, books: Books) -> None:
        self.lock(books, DAY)
        facts = events.count_facts()
        self.lock(books, DAY)
        assert events.count_facts() == facts
        with refused(ledger.UnableToLock):
            self.lock(books, DAY - timedelta(days=1))
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE ledger_book SET open_from = NULL")


class TestOpening:
    def test_the_same_account_again_is_the_same(self, books: Books) -> None:
        new = (NewAccount("wechat", "改了名", Kind.ASSET),)
        facts = events.count_facts()
        (same,) = ledger.open_accounts(books.book.id, new, scope=books.scope, at=NOW)
        assert same.id == books.accounts["wechat"]
        assert events.count_facts() == facts

    def test_another_meaning_is_refused(self, books: Books) -> None:
        for new in (
            NewAccount("wechat", "x", Kind.LIABILITY),
            NewAccount("wechat", "x", Kind.ASSET, restricted=True),
        ):
            with refused(ledger.UnableToOpenAccount):
                ledger.open_accounts(books.book.id, (new,), scope=books.scope, at=NOW)


COPIED = """
INSERT INTO ledger_balance (account_id, stripe, sign, restricted, debit_fen, credit_fen)
SELECT account_id, 9, sign, restricted, 1, 1 FROM ledger_balance LIMIT 1
"""
BARE = """
INSERT INTO ledger_entry (book_id, key, day, words, cause_kind, cause_key, door, at)
SELECT id, 'bare', now(), 'x', '', '', 'cli', now() FROM ledger_book
"""


class TestWalls:
    """What the database refuses from anybody, the owner of the tables too."""

    @pytest.fixture
    def entry(self, books: Books) -> EntryId:
        new = books.entry("o1", ("wechat", 8), ("fiscal", -5), ("canteen", -3))
        return ledger.post_entry(books.book.id, new, scope=books.scope, at=NOW).entry_id

    @pytest.mark.parametrize(
        "attack",
        [
            "UPDATE ledger_leg SET amount_fen = amount_fen * 2",
            "UPDATE ledger_entry SET words = 'x'",
            "UPDATE ledger_account SET kind = 'equity'",
            "UPDATE ledger_balance SET debit_fen = debit_fen + 1",
            "DELETE FROM ledger_leg",
            "DELETE FROM ledger_entry",
            "DELETE FROM ledger_account",
            "DELETE FROM ledger_balance",
            "DELETE FROM ledger_book",
            COPIED,
            "UPDATE ledger_book SET code = 'x'",
        ],
    )
    def test_refuse(self, books: Books, entry: EntryId, attack: str) -> None:
        with pytest.raises(Exception, match=r"Cannot|kept|keeps"), transaction.atomic():
            run_sql(attack)
        assert books.balance("wechat") == 8
        proven()

    def test_refuse_legs_that_do_not_balance(self, books: Books, entry: EntryId) -> None:
        with pytest.raises(IntegrityError, match="do not balance"), transaction.atomic():
            LegRow.objects.create(
                entry_id=entry, no=9, account_id=books.accounts["wechat"], amount_fen=1, day=DAY
            )
        assert books.balance("wechat") == 8

    def test_refuse_an_entry_without_legs(self, books: Books) -> None:
        with pytest.raises(IntegrityError, match="0 legs"), transaction.atomic():
            run_sql(BARE, "SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db(transaction=True)
class TestAcrossTransactions:
    def test_no_leg_joins_an_entry_of_before(self) -> None:
        from bihuan.kernel.tools.ledger.tests.conftest import make_books

        books = make_books()
        new = books.entry("o1", ("wechat", 8), ("fiscal", -8))
        entry = ledger.post_entry(books.book.id, new, scope=books.scope, at=NOW).entry_id
        pair = [
            LegRow(entry_id=entry, no=n, account_id=books.accounts[a], amount_fen=fen, day=DAY)
            for n, a, fen in ((8, "wechat", 1), (9, "canteen", -1))
        ]
        with pytest.raises(IntegrityError, match="belong"):
            LegRow.objects.bulk_create(pair)
        assert books.balance("wechat") == 8
        assert all(found.sound for found in ledger.verify())


class TestProof:
    def test_prints_what_it_found_and_leaves_with_nothing(self, books: Books) -> None:
        new = books.entry("o1", ("wechat", 8), ("fiscal", -8))
        ledger.post_entry(books.book.id, new, scope=books.scope, at=NOW)
        out = io.StringIO()
        call_command("ledger_verify", "--json", stdout=out)
        answer = json.loads(out.getvalue())
        assert answer["sound"] is True
        (book,) = answer["books"]
        assert (book["entries"], book["legs"], book["turnover_fen"]) == (1, 2, 8)

    def test_finds_a_balance_that_somebody_bent(self, books: Books) -> None:
        new = books.entry("o1", ("wechat", 8), ("fiscal", -8))
        ledger.post_entry(books.book.id, new, scope=books.scope, at=NOW)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE ledger_balance DISABLE TRIGGER USER")
            cursor.execute("UPDATE ledger_balance SET debit_fen = 9 WHERE debit_fen = 8")
            cursor.execute("ALTER TABLE ledger_balance ENABLE TRIGGER USER")
        out = io.StringIO()
        with pytest.raises(SystemExit) as left:
            call_command("ledger_verify", stdout=out)
        assert left.value.code == 1
        assert "wrong_balances 1" in out.getvalue()

    def test_says_when_there_is_no_such_book(self, books: Books) -> None:
        with pytest.raises(SystemExit):
            call_command("ledger_verify", "nowhere", stdout=io.StringIO())


def test_stripes_add_up(books: Books) -> None:
    """Balances of unrestricted accounts may lie in several rows; a restricted one in row 0."""
    new = books.entry("o1", ("wechat", 8), ("family", -8))
    ledger.post_entry(books.book.id, new, scope=books.scope, at=NOW)
    stripes = dict(BalanceRow.objects.values_list("account_id", "stripe"))
    assert stripes[books.accounts["family"]] == 0
    assert stripes[books.accounts["wechat"]] in range(8)
