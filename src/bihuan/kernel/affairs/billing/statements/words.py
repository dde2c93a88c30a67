"""What a statement holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation


class Unreadable(ValueError):
    """The file is not what it is called, or is damaged; the words say where."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a payment, a refund, or money in and out of an account."""

    line: int
    kind: str
    """``pay``, ``refund``, ``in`` or ``out``."""
    out_trade_no: str
    transaction_id: str
    amount_fen: int
    """Money to the merchant above zero, from him below; a refund bill's own sign otherwise."""
    fee: Decimal
    """In yuan; channels give up to five places."""
    at: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A whole file, and what is wrong with it."""

    channel: str
    form: str
    rows: tuple[Row, ...]
    total_fen: int
    fee_fen: int
    problems: tuple[str, ...] = ()


AMOUNT = re.compile(r"[-+]?\d{1,12}(\.\d{1,5})?", re.ASCII)


def yuan(text: str, where: str) -> Decimal:
    """Return an amount of yuan, exactly.

    Raises:
        Unreadable: it is no amount.
    """
    bare = text.strip().replace("¥", "").replace(",", "")
    try:
        if AMOUNT.fullmatch(bare) is None:
            raise Unreadable(f"{where}: “{text.strip()}” is no amount")
        return Decimal(bare)
    except InvalidOperation as error:
        raise Unreadable(f"{where}: “{text.strip()}” is no amount") from error


def fen(amount: Decimal, where: str) -> int:
    """Return yuan as whole fen.

    Raises:
        Unreadable: it has parts of a fen.
    """
    whole = amount * 100
    if whole != whole.to_integral_value():
        raise Unreadable(f"{where}: {amount} has parts of a fen")
    return int(whole)


def rounded_fen(amount: Decimal) -> int:
    """Return a sum of fees as fen, half a fen upwards: single fees have five places."""
    return int((amount * 100).quantize(Decimal(1), rounding="ROUND_HALF_UP"))


def column(name: str) -> str:
    """Return a column's name without the marks that exports differ in: brackets, units, spaces."""
    bare = name.replace("（", "(").replace("）", ")").strip().strip("`\ufeff\t ")
    return re.sub(r"\([^)]*\)$", "", bare).strip()
