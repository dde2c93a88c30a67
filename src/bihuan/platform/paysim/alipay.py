"""A simulated Alipay: orders by signed forms, queries, closing, genuine notices by its schedule."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from bihuan.platform.paysim.keys import Pair, make_pair
from bihuan.platform.paysim.orders import Manner, Notice, SimBook, SimOrder

CHINA = ZoneInfo("Asia/Shanghai")
SCHEDULE = tuple(timedelta(minutes=m) for m in (4, 10, 10, 60, 120, 360, 900))
"""Waits between one try and the next, until somebody answers with success."""


class AlipaySim:
    """One seller's Alipay."""

    def __init__(
        self, seller_id: str, *, app_id: str = "2021000000000001", pair: Pair | None = None
    ):
        self.seller_id, self.app_id = seller_id, app_id
        self.pair = pair or make_pair()
        self.book = SimBook("20")

    def handle(self, form: bytes, *, at: datetime) -> bytes:
        """Answer a request to the gateway."""
        asked = dict(parse_qsl(form.decode(), keep_blank_values=True))
        method, wish = asked["method"], json.loads(asked["biz_content"])
        number = wish["out_trade_no"]
        if method == "alipay.trade.close":
            self.book.close(number)
            return self._reply("alipay_trade_close_response", {"code": "10000", "msg": "Success"})
        order = self.book.orders.get(number)
        if order is None:
            missing = {"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST"}
            return self._reply("alipay_trade_query_response", missing)
        return self._reply("alipay_trade_query_response", self._trade(order))

    def _reply(self, name: str, value: dict[str, Any]) -> bytes:
        inner = json.dumps(value, separators=(",", ":"))
        return f'{{"{name}":{inner},"sign":"{self.pair.sign(inner.encode())}"}}'.encode()

    def open(self, number: str, amount_fen: int, words: str, expires_at: datetime) -> SimOrder:
        """Take an order, as the payer's page does."""
        return self.book.open(SimOrder(number, amount_fen, words, expires_at))

    def _trade(self, order: SimOrder) -> dict[str, Any]:
        state = (
            "TRADE_SUCCESS"
            if order.paid_at
            else "TRADE_CLOSED"
            if order.closed
            else "WAIT_BUYER_PAY"
        )
        told = {
            "code": "10000",
            "msg": "Success",
            "out_trade_no": order.number,
            "trade_status": state,
            "total_amount": f"{order.amount_fen // 100}.{order.amount_fen % 100:02d}",
        }
        if order.paid_at:
            paid = order.paid_at.astimezone(CHINA)
            told |= {
                "trade_no": order.transaction_id,
                "send_pay_date": f"{paid:%Y-%m-%d %H:%M:%S}",
            }
        return told

    def sign_form(self, given: dict[str, str], pair: Pair | None = None) -> bytes:
        """Return a signed notice as a form."""
        text = "&".join(f"{k}={v}" for k, v in sorted(given.items()) if v)
        signed = {"sign": (pair or self.pair).sign(text.encode()), "sign_type": "RSA2"}
        return urlencode({**given, **signed}).encode()

    def told(self, order: SimOrder, at: datetime, notify_id: str, off: int = 0) -> dict[str, str]:
        """Return the fields of a notice about a paid order."""
        assert order.paid_at is not None
        fen = order.amount_fen + off
        yuan = f"{fen // 100}.{fen % 100:02d}"
        return {
            "notify_time": f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}",
            "notify_type": "trade_status_sync",
            "notify_id": notify_id,
            "app_id": self.app_id,
            "charset": "utf-8",
            "version": "1.0",
            "trade_no": order.transaction_id,
            "out_trade_no": order.number,
            "trade_status": "TRADE_SUCCESS",
            "total_amount": yuan,
            "receipt_amount": yuan,
            "seller_id": self.seller_id,
            "subject": order.words,
            "gmt_payment": f"{order.paid_at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}",
        }

    def notices(
        self, number: str, *, at: datetime, manner: Manner = Manner.GOOD, tries: int = 1
    ) -> list[tuple[datetime, Notice]]:
        """Return what goes out about a paid order, and when: the first try and `tries` − 1 more."""
        order = self.book.orders[number]
        if manner is Manner.LOST:
            return []
        off = {Manner.ONE_FEN_OFF: -1, Manner.WRONG_AMOUNT: 100}.get(manner, 0)
        notify_id, when = secrets.token_hex(16), at
        if manner is Manner.LATE:
            when += timedelta(hours=1)
        out = []
        for wait in (timedelta(), *SCHEDULE)[: tries * (2 if manner is Manner.DOUBLE else 1)]:
            when += wait if manner is not Manner.DOUBLE else timedelta()
            pair = make_pair() if manner is Manner.FORGED else None
            body = self.sign_form(self.told(order, when, notify_id, off), pair)
            headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
            out.append((when, Notice(headers, body)))
        return out
