"""Asking channels, closing at channels, and the door at which they knock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from bihuan.kernel.affairs.billing import api as billing
from bihuan.kernel.affairs.billing.channels import alipay, configured, wechat
from bihuan.kernel.affairs.billing.channels.transport import over_the_net
from bihuan.kernel.affairs.billing.models import AttemptRow, OrderRow
from bihuan.kernel.affairs.billing.operations.ordering import look_after
from bihuan.kernel.affairs.billing.testing import MERCHANTS, School, make_school
from bihuan.kernel.affairs.billing.types import Attempt, AttemptState, BillState, Channel
from bihuan.kernel.ground.registry.testing import NOW
from bihuan.platform import clock
from bihuan.platform.paysim.alipay import AlipaySim
from bihuan.platform.paysim.keys import make_pair
from bihuan.platform.paysim.wechat import WechatSim

OWN = make_pair()
HOUR = timedelta(hours=1)


@dataclass
class World:
    """A school, both simulated channels, and whether they answer."""

    school: School
    wechat: WechatSim
    alipay: AlipaySim
    at: datetime = NOW
    silent: bool = False

    def ask_wechat(self, method: str, url: str, headers: dict[str, str], body: bytes):
        if self.silent:
            raise billing.Unreachable("silent")
        path = url.removeprefix(wechat.HOST)
        return self.wechat.handle(method, path, headers, body, at=self.at)

    def ask_alipay(self, _method: str, _url: str, _headers: dict[str, str], body: bytes):
        if self.silent:
            raise billing.Unreachable("silent")
        return 200, {}, self.alipay.handle(body, at=self.at)

    def begin(self, channel: Channel) -> Attempt:
        """Order everything of a new bill, and open the payment at the channel."""
        bill = self.school.bill(f"child-{channel.value}", "tuition")
        _order, attempt = self.school.order(bill, channel=channel)
        if channel is Channel.ALIPAY:
            self.alipay.open(attempt.out_trade_no, attempt.amount_fen, "学费", NOW + HOUR)
        else:
            adapter = billing.find_channel(channel.value)
            assert adapter is not None
            address = adapter.begin(
                attempt.out_trade_no,
                amount_fen=attempt.amount_fen,
                words="学费",
                expires_at=NOW + HOUR,
                notify="https://pay.example/pay/notice/wechat/",
            )
            assert attempt.out_trade_no in address
        return attempt

    def look(self, minutes: int) -> None:
        self.at = NOW + timedelta(minutes=minutes)
        billing.look_after_payments(scope=self.school.people["channel"], at=self.at)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    sims = (
        WechatSim(MERCHANTS[Channel.WECHAT], merchant_public_pem=OWN.public_pem),
        AlipaySim(MERCHANTS[Channel.ALIPAY]),
    )
    made = World(make_school(), *sims)
    billing.forget_channels()
    keys = {sims[0].serial: sims[0].pair.public_pem}
    own = wechat.Credentials(
        sims[0].mchid, sims[0].appid, "77", OWN.private_pem, sims[0].apiv3_key, keys
    )
    billing.use_channel(wechat.WechatPay(own, transport=made.ask_wechat))
    seller = alipay.Credentials(
        sims[1].app_id, sims[1].seller_id, OWN.private_pem, sims[1].pair.public_pem
    )
    billing.use_channel(alipay.Alipay(seller, transport=made.ask_alipay))
    yield made
    billing.forget_channels()


def state(attempt: Attempt) -> AttemptState:
    return AttemptState(AttemptRow.objects.get(pk=attempt.id).state)


BOTH = pytest.mark.parametrize("channel", [Channel.WECHAT, Channel.ALIPAY])


@BOTH
def test_a_notice_that_never_came_is_asked_for(world: World, channel: Channel) -> None:
    attempt = world.begin(channel)
    sim = world.wechat if channel is Channel.WECHAT else world.alipay
    world.look(1)
    assert state(attempt) is AttemptState.CREATED
    world.look(2)
    assert state(attempt) is AttemptState.PAYING
    sim.book.pay(attempt.out_trade_no, NOW + timedelta(minutes=3))
    world.look(4)
    assert state(attempt) is AttemptState.PAYING
    world.look(5)
    assert state(attempt) is AttemptState.SUCCESS
    (bill,) = billing.list_family_bills([world.school.bill("later", "meals").family])[:1]
    assert bill.state is BillState.PAID


@BOTH
def test_what_nobody_paid_is_closed_there_and_here(world: World, channel: Channel) -> None:
    attempt = world.begin(channel)
    sim = world.wechat if channel is Channel.WECHAT else world.alipay
    world.look(31)
    assert state(attempt) is AttemptState.CLOSED
    assert OrderRow.objects.get(pk=attempt.order_id).state == "closed"
    assert sim.book.pay(attempt.out_trade_no, world.at) is False


@BOTH
def test_what_was_paid_in_the_last_moment_is_not_closed(world: World, channel: Channel) -> None:
    attempt = world.begin(channel)
    sim = world.wechat if channel is Channel.WECHAT else world.alipay
    world.look(30 - 1)
    sim.book.pay(attempt.out_trade_no, NOW + timedelta(minutes=30))
    world.look(31)
    assert state(attempt) is AttemptState.SUCCESS
    assert OrderRow.objects.get(pk=attempt.order_id).state == "paid"


@BOTH
def test_no_answer_leaves_it_unknown_and_it_is_asked_again(world: World, channel: Channel) -> None:
    attempt = world.begin(channel)
    sim = world.wechat if channel is Channel.WECHAT else world.alipay
    sim.book.pay(attempt.out_trade_no, NOW)
    world.silent = True
    world.look(2)
    assert state(attempt) is AttemptState.UNKNOWN
    world.look(31)
    assert OrderRow.objects.get(pk=attempt.order_id).state == "open"
    world.silent = False
    world.look(90)
    assert state(attempt) is AttemptState.SUCCESS


@pytest.mark.django_db
def test_looks_come_after_2_5_10_30_minutes() -> None:
    past, seen = timedelta(), []
    for looks in range(5):
        past += look_after(looks, NOW)
        seen.append(int(past.total_seconds()) // 60)
    assert seen == [2, 5, 10, 30, 60]


def test_a_rotated_key_is_known_beside_the_old_one(world: World) -> None:
    fresh = make_pair()
    adapter = billing.find_channel("wechat")
    assert isinstance(adapter, wechat.WechatPay)
    keys = {**adapter.own.platform_keys, "NEW": fresh.public_pem}
    both = replace(adapter.own, platform_keys=keys)
    billing.use_channel(wechat.WechatPay(both, transport=world.ask_wechat))
    attempt = world.begin(Channel.WECHAT)
    world.wechat.book.pay(attempt.out_trade_no, NOW)
    told = [world.wechat.notices(attempt.out_trade_no, at=NOW)[0][1]]
    world.wechat.pair, world.wechat.serial = fresh, "NEW"
    told.append(world.wechat.notices(attempt.out_trade_no, at=NOW)[0][1])
    scope = world.school.people["channel"]
    verdicts = [
        billing.receive("wechat", n.headers, n.body, scope=scope, at=NOW).value for n in told
    ]
    assert verdicts == ["paid", "repeated"]


class TestTheDoor:
    def knock(self, world: World, channel: Channel, *, body: bytes | None = None):
        attempt = world.begin(channel)
        sim = world.wechat if channel is Channel.WECHAT else world.alipay
        now = clock.now()
        sim.book.pay(attempt.out_trade_no, now)
        ((_when, notice),) = sim.notices(attempt.out_trade_no, at=now)
        headers = {k: v for k, v in notice.headers.items() if k != "Content-Type"}
        kind = notice.headers.get("Content-Type", "application/json")
        answer = Client(enforce_csrf_checks=True).post(
            f"/pay/notice/{channel.value}/",
            notice.body if body is None else body,
            content_type=kind,
            headers=headers,
        )
        return attempt, answer

    def test_answers_wechat(self, world: World) -> None:
        attempt, answer = self.knock(world, Channel.WECHAT)
        assert (answer.status_code, answer.json()) == (200, {"code": "SUCCESS"})
        assert state(attempt) is AttemptState.SUCCESS

    def test_answers_alipay_with_one_word(self, world: World) -> None:
        attempt, answer = self.knock(world, Channel.ALIPAY)
        assert (answer.status_code, answer.content) == (200, b"success")
        assert state(attempt) is AttemptState.SUCCESS

    def test_tells_a_forger_nothing(self, world: World) -> None:
        attempt, answer = self.knock(world, Channel.WECHAT, body=b'{"id": "x"}')
        assert (answer.status_code, answer.json()) == (400, {"code": "FAIL"})
        attempt, answer = self.knock(world, Channel.ALIPAY, body=b"a=1")
        assert answer.content == b"failure"
        assert state(attempt) is AttemptState.CREATED

    def test_reads_no_book(self, world: World) -> None:
        _attempt, answer = self.knock(world, Channel.WECHAT, body=b"x" * 70_000)
        assert answer.status_code == 400

    def test_knows_no_other_channel_and_no_other_method(self, world: World) -> None:
        assert Client().post("/pay/notice/icbc/").status_code == 404
        assert Client().get("/pay/notice/wechat/").status_code == 405


def test_the_network_is_https_only() -> None:
    with pytest.raises(billing.Unreachable):
        over_the_net("GET", "file:///etc/hostname", {}, b"")


class TestConfigured:
    def write(self, folder: Path, text: str) -> Path:
        file = folder / "channels.yaml"
        file.write_text(text)
        file.chmod(0o600)
        (folder / "own.key").write_text(OWN.private_pem)
        (folder / "their.pem").write_text(OWN.public_pem)
        return file

    ALIPAY = "alipay: {app_id: 1, seller_id: 2, private_key: own.key, alipay_public_key: their.pem}"

    def test_uses_what_the_file_names(self, tmp_path: Path) -> None:
        assert configured.load(self.write(tmp_path, self.ALIPAY)) == ("alipay",)
        adapter = billing.find_channel("alipay")
        assert adapter is not None
        assert adapter.merchant == "2"
        billing.forget_channels()

    def test_refuses_to_start_on_a_fault(self, tmp_path: Path) -> None:
        for text in ("alipay: {app_id: 1}", "paypal: {}", "alipay: 3", ": :"):
            with pytest.raises(configured.UnableToConfigure):
                configured.load(self.write(tmp_path, text))
        file = self.write(tmp_path, self.ALIPAY)
        file.chmod(0o644)
        with pytest.raises(configured.UnableToConfigure, match="others"):
            configured.load(file)
        with pytest.raises(configured.UnableToConfigure):
            configured.load(tmp_path / "none.yaml")
        assert billing.all_channels() == ()
