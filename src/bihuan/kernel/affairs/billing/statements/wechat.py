"""WeChat Pay: the trade bill (new and old, ALL, SUCCESS, REFUND) and the fund-flow bill."""

from __future__ import annotations

from collections.abc import Iterable
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

SETTLED = ("应结订单金额", "总金额")
SUMMARY_SETTLED = ("应结订单总金额", "总交易额")
SUMMARY_REFUND = ("退款总金额", "总退款金额")
SUMMARY_FEE = ("手续费总金额",)


def split(line: str) -> list[str]:
    """Return the fields of a line: each has a backtick before it, and commas may stand inside."""
    if line.startswith("`"):
        return [part.strip() for part in line[1:].split(",`")]
    return [part.strip() for part in line.split(",")]


def read(text: str) -> Statement:
    """Read a bill.

    Raises:
        Unreadable: it is none, or a row cannot be read.
    """
    lines = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        raise Unreadable("the file is empty")
    head = [column(name) for name in split(lines[0][1])]
    if head[0] == "记账时间":
        return _funds(head, lines[1:])
    if head[0] != "交易时间":
        raise Unreadable("line 1: this is no bill of WeChat Pay")
    return _trades(head, lines[1:])


Lines = list[tuple[int, str]]


def _parts(lines: Lines, mark: str) -> tuple[Lines, dict[str, str] | None]:
    """Return the rows, and the summary by name; None when the file was cut before it."""
    for n, (_no, line) in enumerate(lines):
        if line.startswith(mark):
            names = [column(name) for name in split(line)]
            values = split(lines[n + 1][1]) if n + 1 < len(lines) else []
            whole = len(values) == len(names)
            return lines[:n], dict(zip(names, values, strict=True)) if whole else None
    return lines, None


def _records(
    head: list[str], rows: Lines, problems: list[str]
) -> Iterable[tuple[int, dict[str, str]]]:
    for no, line in rows:
        values = split(line)
        if len(values) != len(head):
            problems.append(f"line {no}: {len(values)} fields, {len(head)} expected")
            continue
        yield no, dict(zip(head, values, strict=True))


def _first(record: dict[str, str], names: tuple[str, ...], otherwise: str = "0") -> str:
    return next((record[name] for name in names if record.get(name)), otherwise)


def _trades(head: list[str], lines: Lines) -> Statement:
    body, summary = _parts(lines, "总交易单数")
    problems: list[str] = []
    rows: list[Row] = []
    settled = refunds = fees = Decimal(0)
    for no, record in _records(head, body, problems):
        where = f"line {no}"
        paid = yuan(_first(record, SETTLED), where)
        back = yuan(_first(record, ("退款金额",)), where)
        fee = yuan(_first(record, ("手续费",)), where)
        settled, refunds, fees = settled + paid, refunds + back, fees + fee
        refund = record["交易状态"] == "REFUND"
        rows.append(
            Row(
                line=no,
                kind="refund" if refund else "pay",
                out_trade_no=record["商户退款单号" if refund else "商户订单号"],
                transaction_id=record["微信退款单号" if refund else "微信订单号"],
                amount_fen=fen(-back if refund else paid, where),
                fee=fee,
                at=record["交易时间"],
                state=record.get("退款状态", "") if refund else record["交易状态"],
            )
        )
    if summary is None:
        problems.append("the summary is missing: the file was cut short")
    else:
        _compare(summary, len(rows), settled, refunds, fees, problems)
    problems += _twice(rows)
    return Statement(
        "wechat", "trades", tuple(rows), fen(settled, "sum"), rounded_fen(fees), tuple(problems)
    )


def _compare(
    summary: dict[str, str],
    count: int,
    settled: Decimal,
    refunds: Decimal,
    fees: Decimal,
    problems: list[str],
) -> None:
    told = int(yuan(_first(summary, ("总交易单数",)), "summary"))
    if told != count:
        problems.append(f"the summary counts {told} rows, the file has {count}")
    for names, found in (
        (SUMMARY_SETTLED, settled),
        (SUMMARY_REFUND, refunds),
        (SUMMARY_FEE, fees),
    ):
        name = next((n for n in names if n in summary), None)
        if name and yuan(summary[name], "summary") != found:
            problems.append(f"the summary says {name} {summary[name]}, the rows add up to {found}")


def _funds(head: list[str], lines: Lines) -> Statement:
    body, summary = _parts(lines, "资金流水总笔数")
    problems: list[str] = []
    rows: list[Row] = []
    came = went = Decimal(0)
    for no, record in _records(head, body, problems):
        amount = yuan(record["收支金额"], f"line {no}")
        comes = record["收支类型"] == "收入"
        came, went = (came + amount, went) if comes else (came, went + amount)
        rows.append(
            Row(
                line=no,
                kind="in" if comes else "out",
                out_trade_no=record["业务凭证号"],
                transaction_id=record["资金流水单号"],
                amount_fen=fen(amount if comes else -amount, f"line {no}"),
                fee=Decimal(0),
                at=record["记账时间"],
                state=record["业务类型"],
            )
        )
    if summary is None:
        problems.append("the summary is missing: the file was cut short")
    else:
        told = int(yuan(summary["资金流水总笔数"], "summary"))
        if told != len(rows):
            problems.append(f"the summary counts {told} rows, the file has {len(rows)}")
        for name, found in (("收入金额", came), ("支出金额", went)):
            if yuan(summary[name], "summary") != found:
                problems.append(
                    f"the summary says {name} {summary[name]}, the rows add up to {found}"
                )
    problems += _twice(rows)
    return Statement("wechat", "funds", tuple(rows), fen(came - went, "sum"), 0, tuple(problems))


def _twice(rows: list[Row]) -> list[str]:
    seen: set[tuple[str, str]] = set()
    problems = []
    for row in rows:
        key = (row.kind, row.transaction_id)
        if key in seen:
            problems.append(f"line {row.line}: {row.transaction_id} stands twice")
        seen.add(key)
    return problems
