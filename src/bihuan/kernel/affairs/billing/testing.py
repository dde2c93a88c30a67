"""A school year in small: three children, published items, bills, a merchant for each channel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bihuan.kernel.affairs.billing import api as billing
from bihuan.kernel.affairs.billing import types as words
from bihuan.kernel.affairs.billing.types import (
    Attempt,
    Bill,
    BillId,
    Channel,
    Family,
    FeeClass,
    NewBill,
    NewItem,
    NewLine,
    NewPublication,
    Order,
    Pay,
    Publication,
    Said,
    Told,
    Verdict,
)
from bihuan.kernel.affairs.settlement.testing import Settling, make_settling, person_scope
from bihuan.kernel.affairs.settlement.types import RouteKey
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import HAIYAN, NOW
from bihuan.kernel.ground.registry.types import Scope

DAY = date(2026, 6, 24)
TERM = "2026-autumn"
MERCHANTS = {Channel.WECHAT: "1900000109", Channel.ALIPAY: "2088101111111118"}
SCHOOL = Ref("test.school", "haitang")
GU = Family("household:gu")
ITEMS = (
    ("tuition", "学费", FeeClass.FISCAL, "fiscal", 85000, False, False),
    ("board", "住宿费", FeeClass.FISCAL, "fiscal", 30000, False, False),
    ("books", "教材、作业本", FeeClass.ENTRUSTED, "books", 31650, False, False),
    ("meals", "伙食费", FeeClass.SERVICE, "canteen", 21000, False, True),
    ("after", "课后服务", FeeClass.SERVICE, "basic", 30000, True, False),
    ("uniform", "校服", FeeClass.ENTRUSTED, "books", 16800, True, False),
)
"""Code, name, class, payee, standard in fen, voluntary, in parts."""


def scopes() -> dict[str, Scope]:
    """Return the people of billing, each with what his duty would give."""
    return {
        "finance": person_scope(11, words.MAY_PUBLISH, words.MAY_BILL, words.MAY_REFUND),
        "reviewer": person_scope(12, words.MAY_REVIEW, words.MAY_EXEMPT),
        "head": person_scope(13, words.MAY_APPROVE, words.MAY_APPROVE_REFUND),
        "parent": person_scope(14, words.MAY_PAY),
        "channel": registry.system_scope("channel", words.taking_powers()),
    }


@dataclass(frozen=True, slots=True)
class School:
    """A school with published items, routes, merchants and its people."""

    settling: Settling
    published: dict[str, Publication]
    people: dict[str, Scope]
    area_path: str

    def bill(self, child: str, *codes: str, family: Family = GU, **more: object) -> Bill:
        """Draft, review, approve and publish one bill."""
        new = self.new_bill(child, *codes, family=family)
        new = replace(new, **more)  # type: ignore[arg-type]
        (bill_id,) = billing.draft_bills([new], scope=self.people["finance"], at=NOW).made
        return self.publish(bill_id)

    def new_bill(self, child: str, *codes: str, family: Family = GU) -> NewBill:
        """Return a bill of the items called `codes`, at what was published."""
        return NewBill(
            provider=SCHOOL,
            beneficiary=Ref("test.child", child),
            family=family,
            term=TERM,
            purpose="term",
            title="2026学年秋季",
            area_path=self.area_path,
            day=DAY,
            due_day=DAY + timedelta(days=21),
            lines=tuple(
                NewLine(self.published[code].id, self.published[code].standard_fen)
                for code in codes
            ),
        )

    def publish(self, bill_id: BillId) -> Bill:
        """Bring a draft to its family."""
        for move, who in (("review", "reviewer"), ("approve", "head"), ("publish", "finance")):
            billing.move_bills([bill_id], move, scope=self.people[who], at=NOW)
        return billing.get_bill(bill_id, scope=self.people["finance"])

    def order(
        self, *bills: Bill, at: datetime = NOW, channel: Channel = Channel.WECHAT
    ) -> tuple[Order, Attempt]:
        """Order everything that is open on some bills."""
        wanted = [Pay(ln.id, ln.open_fen) for b in bills for ln in b.lines if ln.open_fen]
        return billing.open_order(
            wanted,
            families=[bills[0].family],
            channel=channel,
            merchant=MERCHANTS[channel],
            scope=self.people["parent"],
            at=at,
        )

    def take(self, told: Told, *, at: datetime = NOW) -> Verdict:
        """Take what a channel told, as verified."""
        return billing.take(told, body=b"{}", scope=self.people["channel"], at=at)


def told_of(attempt: Attempt, *, event: str = "", at: datetime = NOW, **more: object) -> Told:
    """Return what the channel would tell of a paid attempt."""
    key = event or f"event-{attempt.out_trade_no}"
    told = Told(
        channel=attempt.channel,
        event_key=key,
        nonce=f"nonce-{key}",
        issued_at=at,
        said=Said.SUCCESS,
        out_trade_no=attempt.out_trade_no,
        transaction_id=f"42000{attempt.id:019d}",
        amount_fen=attempt.amount_fen,
        currency="CNY",
        merchant=MERCHANTS[attempt.channel],
        paid_at=at,
    )
    return replace(told, **more)  # type: ignore[arg-type]


def make_school() -> School:
    """Build the school through the doors."""
    settling = make_settling()
    people = scopes()
    area_path = registry.get_area(HAIYAN).path
    published = {}
    for code, name, fee_class, payee, fen, voluntary, partial in ITEMS:
        settling.route(f"haitang:{code}", (payee, 1))
        item = NewItem(
            provider=SCHOOL,
            code=code,
            name=name,
            fee_class=fee_class,
            route_key=RouteKey(f"haitang:{code}"),
            area_path=area_path,
            voluntary=voluntary,
            partial=partial,
        )
        publication = NewPublication(
            "生·学期", fen, "海发改价〔2026〕8号", "海盐县发展和改革局", date(2026, 1, 1)
        )
        published[code] = billing.publish_item(item, publication, scope=people["finance"], at=NOW)
    for channel, number in MERCHANTS.items():
        billing.open_merchant(
            channel, number, book_id=settling.book.id, scope=people["finance"], at=NOW
        )
    return School(settling, published, people, area_path)


__all__ = ["GU", "School", "make_school", "told_of"]
