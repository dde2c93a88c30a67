"""One family, three children, three schools with invented names, a term to be paid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bihuan.kernel.affairs.billing import api as billing
from bihuan.kernel.affairs.billing import types as fee_words
from bihuan.kernel.affairs.billing.types import (
    Channel,
    Family,
    FeeClass,
    NewBill,
    NewItem,
    NewLine,
    NewPublication,
    Publication,
)
from bihuan.kernel.affairs.settlement import api as settlement
from bihuan.kernel.affairs.settlement import types as route_words
from bihuan.kernel.affairs.settlement.types import Nature, NewPayee, NewRoute, RouteKey, Weight
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import HAIYAN, Cast, invented_uscc
from bihuan.kernel.ground.registry.types import Power, Scope
from bihuan.kernel.tools.ledger import api as ledger
from bihuan.kernel.tools.ledger import types as book_words
from bihuan.platform import clock
from bihuan.scenes.school_fees.demo import MERCHANT
from bihuan.scenes.school_fees.models import ChildRow, GuardianRow, SchoolRow
from bihuan.scenes.school_fees.queries import CHILD

FAMILY = Family("household:lu")
TERM = "autumn"
SCHOOLS = {"yunxiu": "云岫高中", "haitang": "海塘小学", "haitang-k": "海塘幼儿园"}
PAYEES = (
    ("fiscal", "县财政专户", Nature.FISCAL),
    ("yunxiu-books", "云岫高中 代管费专户", Nature.ENTRUSTED),
    ("haitang-basic", "海塘小学 基本户", Nature.BASIC),
    ("haitang-books", "海塘小学 代管费专户", Nature.ENTRUSTED),
    ("haitang-canteen", "海塘小学 食堂专户", Nature.CANTEEN),
    ("haitang-k-canteen", "海塘幼儿园 食堂专户", Nature.CANTEEN),
)


@dataclass(frozen=True, slots=True)
class Fee:
    """One fee of one child's bill."""

    code: str
    name: str
    fee_class: FeeClass
    payee: str
    unit: str
    standard_fen: int
    quantity: int = 1
    voluntary: bool = False
    chosen: bool = False
    exempt: bool = False
    words: str = ""


CHILDREN = (
    ("陆一诺", "yunxiu", "高一(3)班", True, (
        Fee("tuition", "学费", FeeClass.FISCAL, "fiscal", "每学期", 85000),
        Fee("board", "住宿费", FeeClass.FISCAL, "fiscal", "每学期", 30000),
        Fee("books", "教材、作业本", FeeClass.ENTRUSTED, "yunxiu-books", "多退少补", 31650),
    )),
    ("陆一辰", "haitang", "五(2)班", False, (
        Fee("sundry", "学杂费", FeeClass.FISCAL, "fiscal", "每学期", 10000, exempt=True,
            words="义务教育免收"),
        Fee("after", "课后服务", FeeClass.SERVICE, "haitang-basic", "每学期", 30000,
            voluntary=True, chosen=True),
        Fee("meals", "伙食费", FeeClass.SERVICE, "haitang-canteen", "日", 1000, 21,
            words="9月21天 × 10.00"),
        Fee("uniform", "校服", FeeClass.ENTRUSTED, "haitang-books", "套", 16800, voluntary=True),
    )),
    ("陆一苗", "haitang-k", "中(1)班", False, (
        Fee("care", "保教费", FeeClass.FISCAL, "fiscal", "月", 35000, 5, words="5个月 × 350.00"),
        Fee("meals", "伙食费", FeeClass.SERVICE, "haitang-k-canteen", "日", 1100, 21,
            words="9月21天 × 11.00"),
    )),
)  # fmt: skip


def seed(world: Any) -> None:
    """Fill this story's part of the demo world."""
    plant(world.cast, at=world.now)


def plant(cast: Cast, *, at: datetime) -> None:
    """Build schools, children, published items, routes and bills through the doors."""
    people = _people(cast)
    early = at - timedelta(days=30)
    book = ledger.open_book(
        "330424-fees", name="海盐县学校代收费", area_code=HAIYAN, scope=people["finance"], at=early
    )
    for n, (code, name, nature) in enumerate(PAYEES, start=61):
        new = NewPayee(
            code, name, nature, "中国工商银行海盐支行", f"12040570000000{n:04d}",
            invented_uscc(n, division="330424", kind="12"), HAIYAN,
        )  # fmt: skip
        settlement.open_payee(new, book_id=book.id, scope=people["finance"], at=early)
    billing.open_merchant(
        Channel.WECHAT, MERCHANT, book_id=book.id, scope=people["finance"], at=early
    )
    path = registry.get_area(HAIYAN).path
    for code, name in SCHOOLS.items():
        SchoolRow.objects.get_or_create(code=code, defaults={"name": name, "area_path": path})
    GuardianRow.objects.get_or_create(
        person_id=cast.members["lu"].person_id,
        family=FAMILY,
        defaults={"verified_at": early, "consented_at": early},
    )
    for name, school, class_name, boards, fees in CHILDREN:
        child = ChildRow(
            school=SchoolRow.objects.get(code=school),
            name=name,
            class_name=class_name,
            boards=boards,
            family=FAMILY,
        )
        child.save(force_insert=True)
        published = [_publish(school, fee, people, path, early) for fee in fees]
        _bill(child, fees, published, people, path, at)


def _people(cast: Cast) -> dict[str, Scope]:
    """Return scopes of four different people for the hands that a bill and a route need."""
    books = (book_words.MAY_KEEP, book_words.MAY_POST)

    def scope(who: str, *powers: Power) -> Scope:
        found = registry.system_scope("seeds", (*powers, *books))
        return replace(found, person_id=cast.members[who].person_id)

    return {
        "finance": scope(
            "tao", fee_words.MAY_PUBLISH, fee_words.MAY_BILL, route_words.MAY_PROPOSE_ROUTE
        ),
        "reviewer": scope("mei", fee_words.MAY_REVIEW),
        "head": scope("duty", fee_words.MAY_APPROVE, route_words.MAY_APPROVE_ROUTE),
    }


def _publish(
    school: str, fee: Fee, people: dict[str, Scope], path: str, at: datetime
) -> Publication:
    key = RouteKey(f"{school}:{fee.code}")
    begins = clock.business_date(at) + timedelta(days=2)
    payee = settlement.get_payee(fee.payee)
    route = settlement.propose_route(
        NewRoute(key, begins, (Weight(payee.id),), "按收费公示文件"), scope=people["finance"], at=at
    )
    settlement.approve_route(route.id, scope=people["head"], at=at)
    item = NewItem(
        provider=Ref("school_fees.school", school),
        code=fee.code,
        name=fee.name,
        fee_class=fee.fee_class,
        route_key=key,
        area_path=path,
        voluntary=fee.voluntary,
    )
    publication = NewPublication(
        fee.unit, fee.standard_fen, "海发改价〔2026〕8号", "海盐县发展和改革局", begins
    )
    return billing.publish_item(item, publication, scope=people["finance"], at=at)


def _bill(
    child: ChildRow,
    fees: tuple[Fee, ...],
    published: list[Publication],
    people: dict[str, Scope],
    path: str,
    at: datetime,
) -> None:
    today = clock.business_date(at)
    lines = tuple(
        NewLine(
            publication_id=publication.id,
            amount_fen=fee.standard_fen * fee.quantity,
            quantity=fee.quantity,
            exempt_fen=fee.standard_fen * fee.quantity if fee.exempt else 0,
            words=fee.words,
        )
        for fee, publication in zip(fees, published, strict=True)
    )
    new = NewBill(
        provider=Ref("school_fees.school", child.school.code),
        beneficiary=Ref(CHILD, str(child.pk)),
        family=FAMILY,
        term=TERM,
        purpose="term",
        title="2026学年秋季",
        area_path=path,
        day=today,
        due_day=today + timedelta(days=14),
        lines=lines,
    )
    made = billing.draft_bills([new], scope=people["finance"], at=at).made
    for move, who in (("review", "reviewer"), ("approve", "head"), ("publish", "finance")):
        billing.move_bills(made, move, scope=people[who], at=at)
    (bill,) = [b for b in billing.list_family_bills([FAMILY]) if b.id in made]
    for fee, line in zip(fees, bill.lines, strict=True):
        if fee.chosen:
            billing.choose_line(line.id, chosen=True, families=[FAMILY], at=at)
