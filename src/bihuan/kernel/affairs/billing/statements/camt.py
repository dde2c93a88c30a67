"""ISO 20022: camt.053 (statement) and camt.054 (notification) of a bank, whatever version."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree as ET

from bihuan.kernel.affairs.billing.statements.words import (
    Row,
    Statement,
    Unreadable,
    fen,
    yuan,
)

FORMS = {"BkToCstmrStmt": "camt.053", "BkToCstmrDbtCdtNtfctn": "camt.054"}
PARTS = {"camt.053": "Stmt", "camt.054": "Ntfctn"}
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)


def read(content: bytes) -> Statement:
    """Read a message.

    Raises:
        Unreadable: it is no such message, or carries a document type (which none does).
    """
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Unreadable("a message of a bank declares no document type")
    try:
        root = ET.fromstring(content)  # noqa: S314  no document type, see above
    except ET.ParseError as error:
        raise Unreadable(f"line {error.position[0]}: the file is damaged or cut short") from error
    for element in root.iter():
        element.tag = element.tag.split("}", 1)[-1]
    form = next((FORMS[child.tag] for child in root if child.tag in FORMS), None)
    if form is None:
        raise Unreadable("this is neither camt.053 nor camt.054")
    problems: list[str] = []
    rows: list[Row] = []
    for part in root.iter(PARTS[form]):
        own = [_row(len(rows) + n, entry) for n, entry in enumerate(part.findall("Ntry"), start=1)]
        problems += _balance(part, own)
        problems += _sums(part, own)
        rows += own
    total = sum(row.amount_fen for row in rows)
    return Statement("camt", form, tuple(rows), total, 0, tuple(problems))


def _text(element: ET.Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _signed(element: ET.Element, where: str) -> Decimal:
    sign = -1 if _text(element, "CdtDbtInd") == "DBIT" else 1
    return sign * yuan(_text(element, "Amt"), where)


def _row(n: int, entry: ET.Element) -> Row:
    where = f"entry {n}"
    amount = _signed(entry, where)
    details = entry.find("NtryDtls/TxDtls/Refs")
    found = details if details is not None else entry
    return Row(
        line=n,
        kind="in" if amount >= 0 else "out",
        out_trade_no=_text(found, "EndToEndId") or _text(found, "InstrId"),
        transaction_id=_text(found, "AcctSvcrRef") or _text(entry, "AcctSvcrRef"),
        amount_fen=fen(amount, where),
        fee=Decimal(0),
        at=_text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm"),
        state=_text(entry, "Sts") or _text(entry, "Sts/Cd"),
    )


def _balance(part: ET.Element, rows: list[Row]) -> list[str]:
    """Compare opening balance and entries with the closing one, where the part has both."""
    found: dict[str, int] = {}
    for balance in part.findall("Bal"):
        code = _text(balance, "Tp/CdOrPrtry/Cd")
        found[code] = fen(_signed(balance, code), code)
    opening = next((found[code] for code in OPENING if code in found), None)
    closing = next((found[code] for code in CLOSING if code in found), None)
    if opening is None or closing is None:
        return []
    moved = sum(row.amount_fen for row in rows)
    if opening + moved == closing:
        return []
    gap = (closing - opening - moved) / 100
    whole = f"opening {opening / 100:.2f} and entries {moved / 100:.2f}"
    return [f"{whole} do not give closing {closing / 100:.2f}: {gap:.2f} are missing"]


def _sums(part: ET.Element, rows: list[Row]) -> list[str]:
    """Compare the entries with what the part says of their number and sum, where it does."""
    problems = []
    number = _text(part, "TxsSummry/TtlNtries/NbOfNtries")
    if number and int(number) != len(rows):
        problems.append(f"the summary counts {number} entries, the file has {len(rows)}")
    whole = _text(part, "TxsSummry/TtlNtries/Sum")
    if whole:
        told, found = fen(yuan(whole, "summary"), "summary"), sum(abs(r.amount_fen) for r in rows)
        if told != found:
            problems.append(f"the summary says {whole}, the entries add up to {found / 100:.2f}")
    return problems
