"""What of a personal value may be shown by default."""

from __future__ import annotations


def mask_name(name: str) -> str:
    """Return the first character and a star for each other: 王**, 陆*."""
    return name[:1] + "*" * (len(name) - 1)


def mask_id_number(number: str) -> str:
    """Return the first six and the last four characters: 330424********1234."""
    return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"


def mask_phone(phone: str) -> str:
    """Return the first three and the last four digits: 138****8000."""
    return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}"


def mask_bank_card(number: str) -> str:
    """Return the last four digits alone."""
    return f"{'*' * (len(number) - 4)}{number[-4:]}"
