"""WeChat Pay, API v3. Signatures by `wechatpayv3`; what they say is judged by the room."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from wechatpayv3 import utils

from bihuan.kernel.affairs.billing.channels.transport import Transport, over_the_net
from bihuan.kernel.affairs.billing.kinds import Forged, Unreachable
from bihuan.kernel.affairs.billing.types import Channel, Said, Told

HOST = "https://api.mch.weixin.qq.com"
SAID = {
    "SUCCESS": Said.SUCCESS,
    "REFUND": Said.SUCCESS,
    "NOTPAY": Said.NOT_PAID,
    "USERPAYING": Said.PAYING,
    "CLOSED": Said.CLOSED,
    "REVOKED": Said.CLOSED,
    "PAYERROR": Said.FAILED,
}


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a merchant was given. Keys of the platform by serial: a rotation adds one."""

    mchid: str
    appid: str
    serial_no: str
    private_key_pem: str
    apiv3_key: str
    platform_keys: Mapping[str, str] = field(default_factory=dict)
    """Serial or public-key id → PEM."""


class WechatPay:
    """The adapter."""

    channel = Channel.WECHAT

    def __init__(self, credentials: Credentials, *, transport: Transport = over_the_net):
        self.own, self.transport = credentials, transport
        self.merchant = credentials.mchid
        self._keys = {
            serial: utils.load_public_key(pem) for serial, pem in credentials.platform_keys.items()
        }
        self._private = utils.load_private_key(credentials.private_key_pem)

    def read(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Told:
        """Return what a notice tells, once its signature is verified and its resource opened."""
        given = {name.lower(): value for name, value in headers.items()}
        nonce, issued_at = self._verify(given, body)
        try:
            event = json.loads(body)
            resource = event["resource"]
            if resource["original_type"] != "transaction":
                raise Forged("not about a payment")
            opened = utils.aes_decrypt(
                resource["nonce"],
                resource["ciphertext"],
                resource.get("associated_data") or "",
                self.own.apiv3_key,
            )
            if opened is None:
                raise Forged("the resource does not open")
            return self._told(json.loads(opened), str(event["id"]), nonce, issued_at)
        except (ValueError, KeyError, TypeError) as error:
            raise Forged(f"unreadable: {type(error).__name__}") from error

    def _verify(self, given: Mapping[str, str], body: bytes) -> tuple[str, datetime]:
        try:
            stamp, nonce = given["wechatpay-timestamp"], given["wechatpay-nonce"]
            signature, serial = given["wechatpay-signature"], given["wechatpay-serial"]
            text = body.decode()
            canonical = base64.b64encode(base64.b64decode(signature, validate=True)).decode()
            if canonical != signature or not stamp.isdecimal() or not stamp.isascii():
                raise Forged("not the form of a signature")
            issued_at = datetime.fromtimestamp(int(stamp), UTC)
        except (KeyError, ValueError, OverflowError, OSError) as error:
            raise Forged(f"unreadable: {type(error).__name__}") from error
        key = self._keys.get(serial)
        if key is None or not utils.rsa_verify(stamp, nonce, text, signature, key):
            raise Forged("no key of the channel signed this")
        return nonce, issued_at

    def _told(self, told: dict[str, Any], event: str, nonce: str, issued_at: datetime) -> Told:
        amount = told.get("amount") or {}
        total = amount.get("total", 0)
        if type(total) is not int:
            raise Forged("an amount is whole fen")
        paid = told.get("success_time")
        return Told(
            channel=Channel.WECHAT,
            event_key=event,
            nonce=nonce,
            issued_at=issued_at,
            said=SAID.get(str(told["trade_state"]), Said.PAYING),
            out_trade_no=str(told["out_trade_no"]),
            transaction_id=str(told.get("transaction_id", "")),
            amount_fen=total,
            currency=str(amount.get("currency", "")),
            merchant=str(told.get("mchid", "")),
            paid_at=datetime.fromisoformat(paid) if paid else None,
        )

    def answer(self, *, accepted: bool) -> tuple[int, str, bytes]:
        """Return what WeChat Pay expects to hear."""
        if accepted:
            return 200, "application/json", b'{"code":"SUCCESS"}'
        return 400, "application/json", b'{"code":"FAIL"}'

    def ask(self, out_trade_no: str, *, at: datetime) -> Told:
        """Ask what became of a payment; the answer is verified like a notice."""
        path = f"/v3/pay/transactions/out-trade-no/{out_trade_no}?mchid={self.own.mchid}"
        status, headers, body = self._send("GET", path, None)
        given = {name.lower(): value for name, value in headers.items()}
        nonce, issued_at = self._verify(given, body)
        if status == 404:
            return Told(Channel.WECHAT, nonce, nonce, issued_at, Said.NOT_PAID, out_trade_no)
        if status != 200:
            raise Unreachable(f"status {status}")
        try:
            return self._told(json.loads(body), nonce, nonce, issued_at)
        except (ValueError, KeyError, TypeError) as error:
            raise Forged(f"unreadable: {type(error).__name__}") from error

    def close(self, out_trade_no: str) -> None:
        """Tell WeChat Pay to take no payment for this number any more."""
        path = f"/v3/pay/transactions/out-trade-no/{out_trade_no}/close"
        status, _headers, _body = self._send("POST", path, {"mchid": self.own.mchid})
        if status >= 500:
            raise Unreachable(f"status {status}")

    def begin(
        self, out_trade_no: str, *, amount_fen: int, words: str, expires_at: datetime, notify: str
    ) -> str:
        """Open a payment and return the address at which the family pays."""
        wish = {
            "appid": self.own.appid,
            "mchid": self.own.mchid,
            "description": words,
            "out_trade_no": out_trade_no,
            "time_expire": expires_at.isoformat(timespec="seconds"),
            "notify_url": notify,
            "amount": {"total": amount_fen, "currency": "CNY"},
        }
        status, _headers, body = self._send("POST", "/v3/pay/transactions/h5", wish)
        if status != 200:
            raise Unreachable(f"status {status}")
        return str(json.loads(body)["h5_url"])

    def _send(
        self, method: str, path: str, wish: dict[str, Any] | None
    ) -> tuple[int, dict[str, str], bytes]:
        text = json.dumps(wish) if wish is not None else ""
        signed = utils.build_authorization(
            path, method, self.own.mchid, self.own.serial_no, self._private, data=text
        )
        headers = {
            "Authorization": signed,
            "Accept": "application/json",
            "Content-Type": "application/json",
        }
        return self.transport(method, HOST + path, headers, text.encode())
