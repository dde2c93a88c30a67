"""A parent pays for three children at once; each refusal leaves nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from bihuan.kernel.affairs.billing import api as billing
from bihuan.kernel.affairs.billing.types import BillState
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.tools.ledger import api as ledger
from bihuan.kernel.tools.ledger.types import MAY_READ, BookId
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from bihuan.scenes.school_fees.demo import simulator, use_simulator
from bihuan.scenes.school_fees.models import ChildRow
from bihuan.scenes.school_fees.seeds import FAMILY, plant


@pytest.fixture
def cast(db: None, settings, tmp_path) -> Iterator[Cast]:
    settings.BIHUAN_DEMO = True
    made = make_cast(at=clock.now())
    plant(made, at=clock.now())
    billing.forget_channels()
    use_simulator()
    yield made
    billing.forget_channels()
    simulator.cache_clear()


def lines() -> dict[str, int]:
    found = billing.list_family_bills([FAMILY])
    return {line.name: line.id for bill in found for line in bill.lines}


def test_one_payment_for_three_children(cast: Cast, django_assert_max_num_queries) -> None:
    client = sign_in(Client(), cast.account("lu"))
    with django_assert_max_num_queries(16):  # session, sign-in and scope among them
        text = client.get("/fees/").content.decode()
    for words in ("陆一诺", "陆一辰", "陆一苗", "3,957.50", "县财政专户", "2,900.00", "免"):
        assert words in text
    answer = client.post("/fees/", {"take": [lines()["课后服务"]]})
    assert answer.status_code == 303
    text = client.get(answer["Location"]).content.decode()
    assert "3,957.50" in text
    number = answer["Location"].split("/")[-2]
    assert f"/fees/simulator/{number}/" in text
    paid = client.post(f"/fees/simulator/{number}/")
    assert (paid.status_code, paid["Location"]) == (303, answer["Location"])
    assert {b.state for b in billing.list_family_bills([FAMILY])} == {BillState.PAID}
    left = {b.account.code: b.balance_fen for b in ledger.balances_of(_book()) if b.balance_fen}
    assert left == {
        "in:wechat": 395750,
        "due:fiscal": 290000,
        "due:yunxiu-books": 31650,
        "due:haitang-basic": 30000,
        "due:haitang-canteen": 21000,
        "due:haitang-k-canteen": 23100,
    }
    assert all(found.sound for found in ledger.verify())


def _book() -> BookId:
    scope = registry.system_scope("tests", (MAY_READ,))
    return ledger.find_book("330424-fees", scope=scope).id


def test_without_the_voluntary_item(cast: Cast) -> None:
    client = sign_in(Client(), cast.account("lu"))
    answer = client.post("/fees/", {})
    assert "3,657.50" in client.get(answer["Location"]).content.decode()


def test_what_the_browser_says_on_its_way_back_changes_nothing(cast: Cast) -> None:
    client = sign_in(Client(), cast.account("lu"))
    address = client.post("/fees/", {})["Location"]
    for way in ("?paid=1", "?trade_status=TRADE_SUCCESS&out_trade_no=x"):
        assert client.get(address + way).status_code == 200
    assert client.post(address).status_code == 405
    states = {b.state for b in billing.list_family_bills([FAMILY])}
    assert states == {BillState.PUBLISHED}


def test_a_begun_payment_is_found_again_and_can_be_cancelled(cast: Cast) -> None:
    client = sign_in(Client(), cast.account("lu"))
    address = client.post("/fees/", {})["Location"]
    text = client.get("/fees/").content.decode()
    assert address in text
    assert "去付款" not in text
    again = client.post("/fees/", {})
    assert again.status_code == 422
    assert "正在缴" in again.content.decode()
    other = sign_in(Client(), cast.account("zhou"))
    assert other.post(f"{address}cancel/").status_code == 404
    assert client.post(f"{address}cancel/")["Location"] == "/fees/"
    assert "已关闭" in client.get(address).content.decode()
    assert client.post("/fees/", {}).status_code == 303


def test_what_was_paid_meanwhile_is_not_cancelled(cast: Cast) -> None:
    client = sign_in(Client(), cast.account("lu"))
    address = client.post("/fees/", {})["Location"]
    client.get(address)
    number = address.split("/")[-2]
    simulator().book.pay(number, clock.now())
    assert client.post(f"{address}cancel/")["Location"] == address
    assert "已付，已入账" in client.get(address).content.decode()


def test_nobody_sees_or_pays_for_somebody_elses_children(cast: Cast) -> None:
    address = sign_in(Client(), cast.account("lu")).post("/fees/", {})["Location"]
    for who in ("zhou", "gu"):
        other = sign_in(Client(), cast.account(who))
        assert "陆一" not in other.get("/fees/").content.decode()
        assert other.get(address).status_code in {403, 404}
        assert other.post("/fees/", {"take": list(lines().values())}).status_code in {403, 422}
    assert Client().get("/fees/").status_code in {302, 303}


def test_names_of_children_are_sealed(cast: Cast) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM school_fees_child")
        assert all("陆".encode() not in bytes(raw) for (raw,) in cursor.fetchall())
    assert {row.name.open() for row in ChildRow.objects.all()} == {"陆一诺", "陆一辰", "陆一苗"}


def test_no_simulator_outside_the_demo(cast: Cast, settings) -> None:
    client = sign_in(Client(), cast.account("lu"))
    number = client.post("/fees/", {})["Location"].split("/")[-2]
    settings.BIHUAN_DEMO = False
    assert client.post(f"/fees/simulator/{number}/").status_code == 404
