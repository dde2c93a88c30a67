"""Alipay: 业务明细 (trades) and 账务明细 (funds), old and new columns, by name."""

from __future__ import annotations

import re
from decimal import Decimal

from bihuan.kernel.affairs.billing.statements.words import (
    Row,
    Statement,
    Unreadable,
    column,
    fen,
    rounded_fen,
    yuan,
)

TRADES = re.compile(r"#交易合计：(\d+)笔，商家实收共([-\d.,]+)元")
REFUNDS = re.compile(r"#退款合计：(\d+)笔，商家实收退款共([-\d.,]+)元")
SPENT = re.compile(r"#支出合计：(\d+)笔，共([-\d.,]+)元")
TAKEN = re.compile(r"#收入合计：(\d+)笔，共([-\d.,]+)元")


def read(text: str) -> Statement:
    """Read a bill.

    Raises:
        Unreadable: it is none, or a row cannot be read.
    """
    lines = list(enumerate(text.splitlines(), start=1))
    comments = [line for _n, line in lines if line.startswith("#")]
    body = [(n, line) for n, line in lines if line.strip() and not line.startswith("#")]
    if not any("支付宝" in line for line in comments) or not body:
        raise Unreadable("line 1: this is no bill of Alipay")
    head = [column(name) for name in body[0][1].split(",")]
    while head and not head[-1]:
        head.pop()
    problems = [] if any("列表结束" in line for line in comments) else [
        "the line that ends the list is missing: the file was cut short"
    ]  # fmt: skip
    records = [(n, _record(head, line, n, problems)) for n, line in body[1:]]
    whole = [(n, record) for n, record in records if record is not None]
    if "商家实收" in head or "实收净额" in head:
        return _trades(whole, comments, problems)
    if "账务流水号" in head:
        return _funds(whole, comments, problems)
    raise Unreadable("line 1: these columns are not known")


def _record(head: list[str], line: str, n: int, problems: list[str]) -> dict[str, str] | None:
    values = [value.strip() for value in line.split(",")]
    if len(values) > len(head) and not any(values[len(head) :]):
        values = values[: len(head)]
    if len(values) != len(head):
        problems.append(f"line {n}: {len(values)} fields, {len(head)} expected")
        return None
    return dict(zip(head, values, strict=True))


Records = list[tuple[int, dict[str, str]]]


def _trades(records: Records, comments: list[str], problems: list[str]) -> Statement:
    rows = []
    total = fees = Decimal(0)
    for n, record in records:
        got = yuan(record.get("商家实收") or record["实收净额"], f"line {n}")
        fee = yuan(record.get("服务费") or "0", f"line {n}")
        total, fees = total + got, fees + fee
        refund = record["业务类型"] == "退款"
        number = record.get("退款批次号/请求号") if refund else ""
        rows.append(
            Row(
                line=n,
                kind="refund" if refund else "pay",
                out_trade_no=number or record["商户订单号"],
                transaction_id=record["支付宝交易号"],
                amount_fen=fen(got, f"line {n}"),
                fee=-fee,
                at=record["完成时间"],
                state=record["业务类型"],
            )
        )
    _compare_trades(rows, total, comments, problems)
    return Statement(
        "alipay", "trades", tuple(rows), fen(total, "sum"), rounded_fen(-fees), tuple(problems)
    )


def _compare_trades(
    rows: list[Row], total: Decimal, comments: list[str], problems: list[str]
) -> None:
    traded = _summary(TRADES, comments)
    back = _summary(REFUNDS, comments)
    if traded is None:
        problems.append("the summary of trades is missing: the file was cut short")
        return
    count, told = traded[0] + (back[0] if back else 0), traded[1] + (back[1] if back else 0)
    if count != len(rows):
        problems.append(f"the summary counts {count} rows, the file has {len(rows)}")
    if told != total:
        problems.append(f"the summary says {told}, the rows add up to {total}")


def _summary(form: re.Pattern[str], comments: list[str]) -> tuple[int, Decimal] | None:
    found = next((match for line in comments if (match := form.match(line))), None)
    return (int(found[1]), yuan(found[2], "summary")) if found else None


def _funds(records: Records, comments: list[str], problems: list[str]) -> Statement:
    rows = []
    came = went = Decimal(0)
    for n, record in records:
        income = yuan(record.get("收入金额") or "0", f"line {n}")
        spent = yuan(record.get("支出金额") or "0", f"line {n}")
        came, went = came + income, went + spent
        rows.append(
            Row(
                line=n,
                kind="in" if income else "out",
                out_trade_no=record["商户订单号"],
                transaction_id=record["账务流水号"],
                amount_fen=fen(income - abs(spent), f"line {n}"),
                fee=Decimal(0),
                at=record["发生时间"],
                state=record["业务类型"],
            )
        )
    for form, found in ((TAKEN, came), (SPENT, went)):
        told = _summary(form, comments)
        if told is None:
            problems.append("a sum is missing: the file was cut short")
        elif abs(told[1]) != abs(found):
            problems.append(f"the summary says {told[1]}, the rows add up to {found}")
    total = fen(came - abs(went), "sum")
    return Statement("alipay", "funds", tuple(rows), total, 0, tuple(problems))
