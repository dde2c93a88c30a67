"""Alipay. Signatures by `python-alipay-sdk`; what they say is judged by the room."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from alipay import AliPay
from alipay.exceptions import AliPayException, AliPayValidationError

from bihuan.kernel.affairs.billing.channels.transport import Transport, over_the_net
from bihuan.kernel.affairs.billing.kinds import Forged, Unreachable
from bihuan.kernel.affairs.billing.types import Channel, Said, Told

GATEWAY = "https://openapi.alipay.com/gateway.do"
CHINA = ZoneInfo("Asia/Shanghai")
YUAN = re.compile(r"(\d{1,12})\.(\d{2})", re.ASCII)
SAID = {
    "TRADE_SUCCESS": Said.SUCCESS,
    "TRADE_FINISHED": Said.SUCCESS,
    "WAIT_BUYER_PAY": Said.NOT_PAID,
    "TRADE_CLOSED": Said.CLOSED,
}


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a seller was given."""

    app_id: str
    seller_id: str
    private_key_pem: str
    alipay_public_key_pem: str


def fen_of(yuan: str) -> int:
    """Return yuan with two places as fen; anything else is no amount."""
    found = YUAN.fullmatch(yuan)
    if found is None:
        raise Forged("an amount has two places")
    return int(found[1]) * 100 + int(found[2])


def moment_of(text: str) -> datetime:
    """Return a time of Alipay, which is that of China."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)


class Alipay:
    """The adapter."""

    channel = Channel.ALIPAY

    def __init__(self, credentials: Credentials, *, transport: Transport = over_the_net):
        self.own, self.transport = credentials, transport
        self.merchant = credentials.seller_id
        self._sdk = AliPay(
            appid=credentials.app_id,
            app_notify_url=None,
            app_private_key_string=credentials.private_key_pem,
            alipay_public_key_string=credentials.alipay_public_key_pem,
            sign_type="RSA2",
        )

    def read(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Told:
        """Return what a notice tells, once its signature is verified."""
        try:
            pairs = parse_qsl(
                body.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=100
            )
            given = dict(pairs)
            if len(given) != len(pairs):
                raise Forged("a field stands twice")
            signature = given.pop("sign")
            canonical = base64.b64encode(base64.b64decode(signature, validate=True)).decode()
            if given.get("sign_type") != "RSA2" or canonical != signature:
                raise Forged("not the form of a signed notice")
            if any("&" in value for value in given.values()):
                raise Forged("fields run into each other")
            if not self._sdk.verify(dict(given), signature):
                raise Forged("Alipay did not sign this")
            if given["app_id"] != self.own.app_id:
                raise Forged("for another application")
            return self._told(given)
        except (ValueError, KeyError, TypeError, AliPayException) as error:
            raise Forged(f"unreadable: {type(error).__name__}") from error

    def _told(self, given: Mapping[str, str]) -> Told:
        paid = given.get("gmt_payment")
        return Told(
            channel=Channel.ALIPAY,
            event_key=given["notify_id"],
            nonce=given["notify_id"],
            issued_at=moment_of(given["notify_time"]),
            said=SAID.get(given["trade_status"], Said.PAYING),
            out_trade_no=given["out_trade_no"],
            transaction_id=given["trade_no"],
            amount_fen=fen_of(given["total_amount"]),
            currency=given.get("trans_currency") or "CNY",
            merchant=given.get("seller_id", ""),
            paid_at=moment_of(paid) if paid else None,
        )

    def answer(self, *, accepted: bool) -> tuple[int, str, bytes]:
        """Return what Alipay expects to hear: one word and nothing else."""
        return 200, "text/plain", b"success" if accepted else b"failure"

    def ask(self, out_trade_no: str, *, at: datetime) -> Told:
        """Ask what became of a payment; the answer is verified."""
        found = self._call("alipay.trade.query", {"out_trade_no": out_trade_no})
        if found.get("sub_code") == "ACQ.TRADE_NOT_EXIST":
            return Told(Channel.ALIPAY, "", "", at, Said.NOT_PAID, out_trade_no)
        if found.get("code") != "10000":
            raise Unreachable(str(found.get("code")))
        try:
            paid = found.get("send_pay_date")
            return Told(
                channel=Channel.ALIPAY,
                event_key="",
                nonce="",
                issued_at=at,
                said=SAID.get(found["trade_status"], Said.PAYING),
                out_trade_no=found["out_trade_no"],
                transaction_id=found.get("trade_no", ""),
                amount_fen=fen_of(found["total_amount"]),
                currency=found.get("trans_currency") or "CNY",
                merchant=self.own.seller_id,
                paid_at=moment_of(paid) if paid else None,
            )
        except (KeyError, ValueError) as error:
            raise Forged(f"unreadable: {type(error).__name__}") from error

    def close(self, out_trade_no: str) -> None:
        """Tell Alipay to take no payment for this number any more."""
        self._call("alipay.trade.close", {"out_trade_no": out_trade_no})

    def _call(self, method: str, wish: dict[str, str]) -> dict[str, str]:
        form = self._sdk.sign_data(self._sdk.build_body(method, wish))
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        _status, _headers, raw = self.transport("POST", GATEWAY, headers, form.encode())
        name = method.replace(".", "_") + "_response"
        try:
            # the library's public call sends as well; the sending here is the transport's
            found = self._sdk._verify_and_return_sync_response(raw.decode(), name)
        except (AliPayException, AliPayValidationError, ValueError, KeyError) as error:
            raise Forged(f"unreadable: {type(error).__name__}") from error
        return {str(k): str(v) for k, v in found.items()}

    def begin(
        self, out_trade_no: str, *, amount_fen: int, words: str, expires_at: datetime, notify: str
    ) -> str:
        """Return the address at which the family pays: a signed page of Alipay."""
        order = self._sdk.api_alipay_trade_wap_pay(
            subject=words,
            out_trade_no=out_trade_no,
            total_amount=f"{amount_fen // 100}.{amount_fen % 100:02d}",
            return_url=None,
            notify_url=notify,
            time_expire=f"{expires_at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}",
        )
        return f"{GATEWAY}?{order}"
