"""A world of settlement: four people, a book, payees and approved routes, by the doors."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bihuan.kernel.affairs.settlement import api as settlement
from bihuan.kernel.affairs.settlement import types as words
from bihuan.kernel.affairs.settlement.types import (
    NewPayee,
    NewRoute,
    Payee,
    Route,
    RouteKey,
    Weight,
)
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import HAIYAN, NOW, invented_uscc
from bihuan.kernel.ground.registry.types import PersonId, Power, Scope
from bihuan.kernel.tools.ledger import api as ledger
from bihuan.kernel.tools.ledger import types as book_words
from bihuan.kernel.tools.ledger.types import AccountId, Book, Kind, NewAccount

BOOK_POWERS = (
    book_words.MAY_KEEP,
    book_words.MAY_POST,
    book_words.MAY_LOCK,
    book_words.MAY_READ,
)


def person_scope(serial: int, *powers: Power) -> Scope:
    """Return the scope of an invented person with the powers named, over the whole city."""
    scope = registry.system_scope("tests", (*powers, *BOOK_POWERS, words.MAY_READ))
    return replace(scope, person_id=PersonId(uuid.UUID(int=serial)))


PROPOSER = 1
APPROVER = 2
CLEARER = 3
CHECKER = 4


@dataclass(frozen=True, slots=True)
class Settling:
    """A book, its channel accounts, four people, and payees by code."""

    book: Book
    channels: dict[str, AccountId]
    payees: dict[str, Payee]
    proposer: Scope
    approver: Scope
    clearer: Scope
    checker: Scope

    def route(self, key: str, *parts: tuple[str, int], valid_from: date | None = None) -> Route:
        """Propose and approve a route in good time before `valid_from`."""
        begins = valid_from or NOW.date() - timedelta(days=300)
        early = datetime.combine(begins, NOW.timetz()) - timedelta(days=9)
        new = NewRoute(
            RouteKey(key),
            begins,
            tuple(Weight(self.payees[code].id, weight) for code, weight in parts),
            "按收费公示文件",
        )
        proposed = settlement.propose_route(new, scope=self.proposer, at=early)
        return settlement.approve_route(proposed.id, scope=self.approver, at=early)


PAYEES = (
    ("fiscal", "县财政专户", words.Nature.FISCAL, 11),
    ("books", "云岫高中 代管费专户", words.Nature.ENTRUSTED, 12),
    ("basic", "海塘小学 基本户", words.Nature.BASIC, 13),
    ("canteen", "海塘小学 食堂专户", words.Nature.CANTEEN, 13),
)


def make_settling(code: str = "fees") -> Settling:
    """Build the world of settlement, without routes."""
    registry.load_areas()
    proposer = person_scope(PROPOSER, words.MAY_PROPOSE_ROUTE)
    book = ledger.open_book(code, name="海盐县代收费", area_code=HAIYAN, scope=proposer, at=NOW)
    channels = ledger.open_accounts(
        book.id,
        [NewAccount(f"in:{name}", name, Kind.ASSET) for name in ("wechat", "alipay", "icbc")],
        scope=proposer,
        at=NOW,
    )
    payees = {
        payee_code: settlement.open_payee(
            NewPayee(
                code=payee_code,
                name=name,
                nature=nature,
                bank="中国工商银行海盐支行",
                account_no=f"12040570000000{serial:04d}",
                holder_uscc=invented_uscc(serial, division="330424", kind="12"),
                area_code=HAIYAN,
            ),
            book_id=book.id,
            scope=proposer,
            at=NOW,
        )
        for payee_code, name, nature, serial in PAYEES
    }
    return Settling(
        book=book,
        channels={a.code.removeprefix("in:"): a.id for a in channels},
        payees=payees,
        proposer=proposer,
        approver=person_scope(APPROVER, words.MAY_APPROVE_ROUTE),
        clearer=person_scope(CLEARER, words.MAY_CLEAR, words.MAY_RELEASE, words.MAY_EXPECT),
        checker=person_scope(CHECKER, words.MAY_CHECK_BATCH),
    )


__all__ = ["Settling", "make_settling", "person_scope"]
