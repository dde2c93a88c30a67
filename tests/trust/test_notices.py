"""Trust test 4: what channels send, mutated in every way we know; nothing forged moves a fen.

The signer (`platform.paysim`) shares no code with the verifiers (`wechatpayv3` and
`python-alipay-sdk`). Short form here; `BIHUAN_TRUST=full` (make trust) sends 20,000. The controls
switch one check off each and demand that the same torture finds it.
"""

from __future__ import annotations

import base64
import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from django.db import connections

from bihuan.kernel.affairs.billing import api as billing
from bihuan.kernel.affairs.billing import rules
from bihuan.kernel.affairs.billing.channels import alipay, wechat
from bihuan.kernel.affairs.billing.testing import MERCHANTS, School, make_school
from bihuan.kernel.affairs.billing.types import Attempt, Channel, Verdict
from bihuan.kernel.ground.registry.testing import NOW
from bihuan.kernel.tools.ledger import api as ledger
from bihuan.platform.paysim.alipay import AlipaySim
from bihuan.platform.paysim.keys import make_pair
from bihuan.platform.paysim.orders import Manner, Notice, SimOrder
from bihuan.platform.paysim.wechat import WechatSim

COUNT = 20_000 if os.environ.get("BIHUAN_TRUST") == "full" else 1_000
MONEY = {Verdict.PAID, Verdict.SURPLUS}
OWN = make_pair()
OTHER = make_pair()


@dataclass
class Tortured:
    """A school, both channels, and one order of each that nobody has been told is paid."""

    school: School
    wechat: WechatSim
    alipay: AlipaySim
    attempts: dict[Channel, Attempt]
    rng: random.Random
    times: list[float]

    def send(self, channel: Channel, notice: Notice, *, seconds: float = 0) -> Verdict:
        began = time.perf_counter()
        verdict = billing.receive(
            channel.value,
            notice.headers,
            notice.body,
            scope=self.school.people["channel"],
            at=NOW + timedelta(seconds=seconds),
        )
        self.times.append(time.perf_counter() - began)
        return verdict

    def credits(self) -> int:
        """Return how many payments stand in the book."""
        found = ledger.get_trial(
            "fees", first=NOW.date(), last=NOW.date(), scope=self.school.settling.proposer
        )
        lines = {line.account.code: line for line in found.lines}
        return sum(lines[f"in:{channel.value}"].debit_fen for channel in self.attempts)


def make_tortured() -> Tortured:
    school = make_school()
    sims = (WechatSim(MERCHANTS[Channel.WECHAT]), AlipaySim(MERCHANTS[Channel.ALIPAY]))
    billing.forget_channels()
    billing.use_channel(
        wechat.WechatPay(
            wechat.Credentials(
                mchid=sims[0].mchid,
                appid=sims[0].appid,
                serial_no="77",
                private_key_pem=OWN.private_pem,
                apiv3_key=sims[0].apiv3_key,
                platform_keys={sims[0].serial: sims[0].pair.public_pem},
            )
        )
    )
    billing.use_channel(
        alipay.Alipay(
            alipay.Credentials(
                sims[1].app_id, sims[1].seller_id, OWN.private_pem, sims[1].pair.public_pem
            )
        )
    )
    attempts = {}
    for child, channel, sim in (
        ("yinuo", Channel.WECHAT, sims[0]),
        ("yichen", Channel.ALIPAY, sims[1]),
    ):
        _order, attempt = school.order(
            school.bill(child, "tuition", "books", "meals"), channel=channel
        )
        sim.book.open(
            SimOrder(attempt.out_trade_no, attempt.amount_fen, "学费", NOW + timedelta(hours=1))
        )
        sim.book.pay(attempt.out_trade_no, NOW)
        attempts[channel] = attempt
    return Tortured(school, *sims, attempts, random.Random(20260624), [])


@pytest.fixture
def tortured(db: None) -> Iterator[Tortured]:
    yield make_tortured()
    billing.forget_channels()


# -- mutations: each returns the channel, the notice, and how many seconds later it arrives -------

Mutated = tuple[Channel, Notice, float]


def _good(t: Tortured, channel: Channel) -> Notice:
    sim = t.wechat if channel is Channel.WECHAT else t.alipay
    ((_when, notice),) = sim.notices(t.attempts[channel].out_trade_no, at=NOW)
    return notice


def _either(t: Tortured) -> Channel:
    return t.rng.choice((Channel.WECHAT, Channel.ALIPAY))


def _fields(body: bytes) -> list[tuple[str, str]]:
    return parse_qsl(body.decode("latin-1"), keep_blank_values=True)


def flip_body(t: Tortured) -> Mutated:
    channel = _either(t)
    notice = _good(t, channel)
    at, bit = t.rng.randrange(len(notice.body)), 1 << t.rng.randrange(8)
    body = bytearray(notice.body)
    body[at] ^= bit
    if channel is Channel.ALIPAY and _fields(bytes(body)) == _fields(notice.body):
        return flip_body(t)  # %2F and %2f spell the same notice: nothing was changed
    return channel, Notice(notice.headers, bytes(body)), 0


def cut_body(t: Tortured) -> Mutated:
    channel = _either(t)
    notice = _good(t, channel)
    return channel, Notice(notice.headers, notice.body[: t.rng.randrange(len(notice.body))]), 0


def flip_signature(t: Tortured) -> Mutated:
    notice = _good(t, Channel.WECHAT)
    raw = bytearray(base64.b64decode(notice.headers["Wechatpay-Signature"]))
    raw[t.rng.randrange(len(raw))] ^= 1 << t.rng.randrange(8)
    signature = base64.b64encode(bytes(raw)).decode()
    return (
        Channel.WECHAT,
        Notice({**notice.headers, "Wechatpay-Signature": signature}, notice.body),
        0,
    )


def reencode_signature(t: Tortured) -> Mutated:
    notice = _good(t, Channel.WECHAT)
    signature = notice.headers["Wechatpay-Signature"]
    twisted = t.rng.choice(
        (signature + "\n", " " + signature, signature.rstrip("="), f"{signature}!")
    )
    return (
        Channel.WECHAT,
        Notice({**notice.headers, "Wechatpay-Signature": twisted}, notice.body),
        0,
    )


def reencode_body(t: Tortured) -> Mutated:
    notice = _good(t, Channel.WECHAT)
    body = json.dumps(json.loads(notice.body), indent=t.rng.choice((1, 2, 4))).encode()
    return Channel.WECHAT, Notice(notice.headers, body), 0


def add_field(t: Tortured) -> Mutated:
    if t.rng.random() < 0.5:
        notice = _good(t, Channel.WECHAT)
        body = json.dumps({**json.loads(notice.body), "more": 1}).encode()
        return Channel.WECHAT, Notice(notice.headers, body), 0
    notice = _good(t, Channel.ALIPAY)
    more = t.rng.choice((b"&more=1", b"&total_amount=1.00", b"&trade_status=TRADE_FINISHED"))
    return Channel.ALIPAY, Notice(notice.headers, notice.body + more), 0


def change_header(t: Tortured) -> Mutated:
    notice = _good(t, Channel.WECHAT)
    name = t.rng.choice([n for n in notice.headers if n != "Wechatpay-Signature"])
    value = t.rng.choice(("", "0", "x" * 32, str(int(NOW.timestamp()) + 1), "١٢٣", "9" * 30))
    return Channel.WECHAT, Notice({**notice.headers, name: value}, notice.body), 0


def drop_header(t: Tortured) -> Mutated:
    notice = _good(t, Channel.WECHAT)
    headers = dict(notice.headers)
    headers.pop(t.rng.choice(list(headers)))
    return Channel.WECHAT, Notice(headers, notice.body), 0


def other_key(t: Tortured) -> Mutated:
    channel = _either(t)
    sim = t.wechat if channel is Channel.WECHAT else t.alipay
    right, sim.pair = sim.pair, OTHER
    try:
        return channel, _good(t, channel), 0
    finally:
        sim.pair = right


def stale(t: Tortured) -> Mutated:
    channel = _either(t)
    return channel, _good(t, channel), t.rng.uniform(301, 86400)


def of_the_future(t: Tortured) -> Mutated:
    channel = _either(t)
    return channel, _good(t, channel), -t.rng.uniform(301, 86400)


def _signed(t: Tortured, **change: object) -> Mutated:
    """A notice that the channel itself would sign, about something else than was ordered."""
    order = t.wechat.book.orders[t.attempts[Channel.WECHAT].out_trade_no]
    told = t.wechat._transaction(order)
    amount = dict(told["amount"], **{k: v for k, v in change.items() if k in told["amount"]})
    told = {**told, **{k: v for k, v in change.items() if k not in amount}, "amount": amount}
    body = t.wechat.event(told, NOW)
    return Channel.WECHAT, Notice(t.wechat._headers(body, NOW), body), 0


def wrong_amount(t: Tortured) -> Mutated:
    right = t.attempts[Channel.WECHAT].amount_fen
    wrong = t.rng.choice((1, 0, -right, right - 1, right + 1, right * 100, right // 100))
    return _signed(t, total=wrong)


def wrong_currency(t: Tortured) -> Mutated:
    return _signed(t, currency=t.rng.choice(("USD", "HKD", "cny", "", "CNY ")))


def wrong_payee(t: Tortured) -> Mutated:
    return _signed(t, mchid=t.rng.choice(("1900000110", "", "0", MERCHANTS[Channel.ALIPAY])))


def other_order(t: Tortured) -> Mutated:
    number = t.attempts[Channel.WECHAT].out_trade_no
    other = t.rng.choice(
        (number[:-1], number + "0", number.lower() + "x", "", "' OR 1=1 --", "0" * 32)
    )
    return _signed(t, out_trade_no=other)


def not_a_success(t: Tortured) -> Mutated:
    state = t.rng.choice(("NOTPAY", "USERPAYING", "CLOSED", "PAYERROR", "success", ""))
    return _signed(t, trade_state=state)


def no_transaction(t: Tortured) -> Mutated:
    return _signed(t, transaction_id="")


def not_whole_fen(t: Tortured) -> Mutated:
    return _signed(
        t, total=t.rng.choice((float(t.attempts[Channel.WECHAT].amount_fen), "137650", True))
    )


def alipay_signed(t: Tortured) -> Mutated:
    order = t.alipay.book.orders[t.attempts[Channel.ALIPAY].out_trade_no]
    told = t.alipay.told(order, NOW, f"n{t.rng.random()}")
    told[t.rng.choice(("total_amount", "seller_id", "app_id", "out_trade_no", "trade_status"))] = (
        t.rng.choice(("1", "0.01", "-1.00", "1376.5", "1376.500", "１.00", "x", ""))
    )
    if t.rng.random() < 0.2:
        told["trans_currency"] = "USD"
    return Channel.ALIPAY, Notice({}, t.alipay.sign_form(told)), 0


def alipay_unsigned_change(t: Tortured) -> Mutated:
    order = t.alipay.book.orders[t.attempts[Channel.ALIPAY].out_trade_no]
    told = t.alipay.told(order, NOW, "changed")
    signed = dict(told)
    told["subject"] = "换了"
    form = t.alipay.sign_form(signed).decode().rsplit("&sign=", 1)[1]
    return Channel.ALIPAY, Notice({}, f"{urlencode(told)}&sign={form}".encode()), 0


def rubbish(t: Tortured) -> Mutated:
    body = t.rng.choice(
        (b"", b"{}", b"null", b"[]", b"\xff\xfe", b"a" * 5000, b"{" * 500, b"sign=1")
    )
    return _either(t), Notice(dict(_good(t, Channel.WECHAT).headers), body), 0


MUTATIONS: tuple[Callable[[Tortured], Mutated], ...] = (
    flip_body, cut_body, flip_signature, reencode_signature, reencode_body, add_field,
    change_header, drop_header, other_key, stale, of_the_future, wrong_amount, wrong_currency,
    wrong_payee, other_order, not_a_success, no_transaction, not_whole_fen, alipay_signed,
    alipay_unsigned_change, rubbish,
)  # fmt: skip


def torture(t: Tortured, count: int) -> Counter[str]:
    """Send mutated notices; return which mutations moved money."""
    moved: Counter[str] = Counter()
    for n in range(count):
        mutation = MUTATIONS[n % len(MUTATIONS)]
        channel, notice, seconds = mutation(t)
        verdict = t.send(channel, notice, seconds=seconds)
        if verdict in MONEY:
            moved[mutation.__name__] += 1
    return moved


@pytest.mark.trust
def test_nothing_forged_moves_a_fen(tortured: Tortured, capsys: pytest.CaptureFixture[str]) -> None:
    moved = torture(tortured, COUNT)
    assert moved == {}
    assert tortured.credits() == 0
    for channel in tortured.attempts:
        assert tortured.send(channel, _good(tortured, channel)) is Verdict.PAID
    owed = sum(attempt.amount_fen for attempt in tortured.attempts.values())
    assert tortured.credits() == owed
    slowest = sorted(tortured.times)[int(len(tortured.times) * 0.99)]
    with capsys.disabled():
        print(f"\nnotices: 0 of {COUNT:,} mutated ones accepted, p99 {slowest * 1000:.0f} ms")


@pytest.mark.trust
def test_without_the_check_of_age_old_notices_would_pay(
    tortured: Tortured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "is_fresh", lambda *_a, **_k: True)
    moved = torture(tortured, 4 * len(MUTATIONS))
    assert set(moved) & {"stale", "of_the_future"}


@pytest.mark.trust
def test_without_the_check_of_the_order_others_would_pay(
    tortured: Tortured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "judge", lambda *_a, **_k: None)
    moved = torture(tortured, 4 * len(MUTATIONS))
    assert set(moved) & {"wrong_amount", "wrong_currency", "wrong_payee"}


@pytest.mark.trust
def test_a_nonce_of_another_event_pays_nothing(tortured: Tortured) -> None:
    first = _good(tortured, Channel.WECHAT)
    tortured.send(Channel.WECHAT, first)
    paid = tortured.credits()
    order = tortured.wechat.book.orders[tortured.attempts[Channel.WECHAT].out_trade_no]
    body = tortured.wechat.event(tortured.wechat._transaction(order), NOW)
    nonce = first.headers["Wechatpay-Nonce"]
    stolen = Notice(tortured.wechat._headers(body, NOW, nonce), body)
    assert tortured.send(Channel.WECHAT, stolen) in {Verdict.REPLAYED, Verdict.REPEATED}
    assert tortured.credits() == paid


@pytest.mark.trust
@pytest.mark.parametrize("channel", [Channel.WECHAT, Channel.ALIPAY])
def test_the_official_schedule_pays_once(tortured: Tortured, channel: Channel) -> None:
    sim = tortured.wechat if channel is Channel.WECHAT else tortured.alipay
    number = tortured.attempts[channel].out_trade_no
    sent = sim.notices(number, at=NOW, tries=20)
    assert len(sent) == (16 if channel is Channel.WECHAT else 8)
    verdicts = [
        tortured.send(channel, notice, seconds=(when - NOW).total_seconds())
        for when, notice in sent
    ]
    assert verdicts == [Verdict.PAID] + [Verdict.REPEATED] * (len(sent) - 1)
    assert tortured.credits() == tortured.attempts[channel].amount_fen


@pytest.mark.trust
def test_the_simulator_misbehaves_when_told(tortured: Tortured) -> None:
    number = tortured.attempts[Channel.WECHAT].out_trade_no
    told = {}
    for manner in (Manner.FORGED, Manner.ONE_FEN_OFF, Manner.WRONG_AMOUNT, Manner.LOST):
        sent = tortured.wechat.notices(number, at=NOW, manner=manner)
        told[manner] = [tortured.send(Channel.WECHAT, notice) for _when, notice in sent]
    assert told == {
        Manner.FORGED: [Verdict.FORGED],
        Manner.ONE_FEN_OFF: [Verdict.WRONG_AMOUNT],
        Manner.WRONG_AMOUNT: [Verdict.WRONG_AMOUNT],
        Manner.LOST: [],
    }
    assert tortured.credits() == 0


@pytest.mark.trust
@pytest.mark.django_db(transaction=True)
def test_fifty_copies_at_once_pay_once(capsys: pytest.CaptureFixture[str]) -> None:
    tortured = make_tortured()
    notices = [_good(tortured, Channel.WECHAT) for _n in range(50)]

    def send(notice: Notice) -> Verdict:
        try:
            return tortured.send(Channel.WECHAT, notice)
        finally:
            connections.close_all()

    try:
        with ThreadPoolExecutor(8) as pool:
            verdicts = Counter(pool.map(send, notices))
        assert verdicts == {Verdict.PAID: 1, Verdict.REPEATED: 49}
        assert tortured.credits() == tortured.attempts[Channel.WECHAT].amount_fen
        assert all(found.sound for found in ledger.verify())
        with capsys.disabled():
            print(
                f"\n50 copies at once: 1 credit, slowest answer {max(tortured.times) * 1000:.0f} ms"
            )
    finally:
        billing.forget_channels()
