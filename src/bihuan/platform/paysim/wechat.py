"""A simulated WeChat Pay (API v3): orders, queries, closing, genuine notices by its schedule."""

from __future__ import annotations

import base64
import json
import re
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bihuan.platform.paysim.keys import Pair, make_pair
from bihuan.platform.paysim.orders import Manner, Notice, SimBook, SimOrder

CHINA = ZoneInfo("Asia/Shanghai")
_SECONDS = "15 15 30 180 600 1200 1800 1800 1800 3600 10800 10800 10800 21600 21600"
SCHEDULE = tuple(timedelta(seconds=int(s)) for s in _SECONDS.split())
"""Waits between one try and the next, until somebody answers with success."""

AUTH = re.compile(r'(\w+)="([^"]*)"')
Reply = tuple[int, dict[str, str], bytes]


class WechatSim:
    """One merchant's WeChat Pay."""

    def __init__(self, mchid: str, *, merchant_public_pem: str = "", pair: Pair | None = None):
        self.mchid, self.appid = mchid, "wx8888888888888888"
        self.apiv3_key = secrets.token_hex(16)
        self.pair = pair or make_pair()
        self.serial = secrets.token_hex(20).upper()
        self.merchant_public_pem = merchant_public_pem
        self.page = "/paysim/wechat/"
        self.book = SimBook("42000")

    # -- what the merchant asks -------------------------------------------------------------------

    def handle(
        self, method: str, path: str, headers: dict[str, str], body: bytes, *, at: datetime
    ) -> Reply:
        """Answer a request of the merchant, after its signature was checked."""
        if self.merchant_public_pem and not self._signed(method, path, headers, body):
            return self._reply(401, {"code": "SIGN_ERROR"}, at)
        if path.endswith("/close"):
            self.book.close(path.split("/")[-2])
            return self._reply(204, None, at)
        if method == "POST":
            return self._open(json.loads(body), at)
        number = path.split("?", maxsplit=1)[0].rsplit("/", 1)[-1]
        order = self.book.orders.get(number)
        if order is None:
            return self._reply(404, {"code": "ORDER_NOT_EXIST"}, at)
        return self._reply(200, self._transaction(order), at)

    def _open(self, wish: dict[str, Any], at: datetime) -> Reply:
        order = SimOrder(
            number=wish["out_trade_no"],
            amount_fen=wish["amount"]["total"],
            words=wish["description"],
            expires_at=datetime.fromisoformat(wish["time_expire"]),
            notify=wish["notify_url"],
        )
        self.book.open(order)
        return self._reply(200, {"h5_url": f"{self.page}{order.number}/"}, at)

    def _signed(self, method: str, path: str, headers: dict[str, str], body: bytes) -> bool:
        given = dict(AUTH.findall(headers.get("Authorization", "")))
        text = "\n".join((method, path, given["timestamp"], given["nonce_str"], body.decode(), ""))
        key = serialization.load_pem_public_key(self.merchant_public_pem.encode())
        assert isinstance(key, rsa.RSAPublicKey)
        try:
            signature = base64.b64decode(given["signature"])
            key.verify(signature, text.encode(), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return bool(given["mchid"] == self.mchid)

    def _reply(self, status: int, value: dict[str, Any] | None, at: datetime) -> Reply:
        body = b"" if value is None else json.dumps(value).encode()
        return status, self._headers(body, at), body

    # -- what it tells ----------------------------------------------------------------------------

    def _headers(self, body: bytes, at: datetime, nonce: str = "") -> dict[str, str]:
        nonce = nonce or secrets.token_hex(16)
        stamp = str(int(at.timestamp()))
        text = f"{stamp}\n{nonce}\n".encode() + body + b"\n"
        return {
            "Wechatpay-Timestamp": stamp,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Serial": self.serial,
            "Wechatpay-Signature": self.pair.sign(text),
        }

    def _transaction(self, order: SimOrder, *, off: int = 0) -> dict[str, Any]:
        state = "SUCCESS" if order.paid_at else "CLOSED" if order.closed else "NOTPAY"
        told: dict[str, Any] = {
            "appid": self.appid,
            "mchid": self.mchid,
            "out_trade_no": order.number,
            "trade_state": state,
            "amount": {"total": order.amount_fen + off, "currency": "CNY"},
        }
        if order.paid_at:
            told |= {
                "transaction_id": order.transaction_id,
                "trade_type": "MWEB",
                "success_time": order.paid_at.astimezone(CHINA).isoformat(timespec="seconds"),
            }
            told["amount"] |= {"payer_total": order.amount_fen + off, "payer_currency": "CNY"}
        return told

    def event(self, resource: dict[str, Any], at: datetime, event_id: str = "") -> bytes:
        """Return a notice's body around an encrypted resource."""
        nonce, extra = secrets.token_hex(6), "transaction"
        sealed = AESGCM(self.apiv3_key.encode()).encrypt(
            nonce.encode(), json.dumps(resource).encode(), extra.encode()
        )
        return json.dumps(
            {
                "id": event_id or str(uuid.uuid4()),
                "create_time": at.astimezone(CHINA).isoformat(timespec="seconds"),
                "resource_type": "encrypt-resource",
                "event_type": "TRANSACTION.SUCCESS",
                "summary": "支付成功",
                "resource": {
                    "original_type": "transaction",
                    "algorithm": "AEAD_AES_256_GCM",
                    "ciphertext": base64.b64encode(sealed).decode(),
                    "associated_data": extra,
                    "nonce": nonce,
                },
            },
            ensure_ascii=False,
        ).encode()

    def notices(
        self, number: str, *, at: datetime, manner: Manner = Manner.GOOD, tries: int = 1
    ) -> list[tuple[datetime, Notice]]:
        """Return what goes out about a paid order, and when: the first try and `tries` − 1 more."""
        order = self.book.orders[number]
        if manner is Manner.LOST:
            return []
        off = {Manner.ONE_FEN_OFF: -1, Manner.WRONG_AMOUNT: 100}.get(manner, 0)
        event_id, when = str(uuid.uuid4()), at
        if manner is Manner.LATE:
            when += timedelta(hours=1)
        out = []
        for wait in (timedelta(), *SCHEDULE)[: tries * (2 if manner is Manner.DOUBLE else 1)]:
            when += wait if manner is not Manner.DOUBLE else timedelta()
            body = self.event(self._transaction(order, off=off), when, event_id)
            headers = self._headers(body, when)
            if manner is Manner.FORGED:
                headers["Wechatpay-Signature"] = make_pair().sign(body)
            out.append((when, Notice(headers, body)))
        return out
