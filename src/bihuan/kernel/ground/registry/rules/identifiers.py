"""Identifiers of people, firms and places: what is wrong with one, and where.

Each check takes the cleaned text and returns None when it is right, else a Fault: the part that
is wrong, a code for the words, and what was expected when that can be known.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ALNUM = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PROVINCES = frozenset(
    str(number)
    for first, last in (
        (11, 15),
        (21, 23),
        (31, 37),
        (41, 46),
        (50, 54),
        (61, 65),
        (71, 71),
        (81, 83),
    )
    for number in range(first, last + 1)
)
DIVISION_LENGTHS = (2, 4, 6, 9, 12)
DIGITS = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an identifier.

    `part` is one of length, character, division, birth_date, check_digit, prefix; `position`
    counts from 1; `expected` is the right value where it follows from the rest.
    """

    part: str
    position: int = 0
    expected: str = ""


def clean(text: str) -> str:
    """Return the identifier as meant: half-width, upper case, without spaces or hyphens."""
    narrow = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s\-‐-―·]", "", narrow).upper()


def id_number_fault(number: str, *, today: date | None = None) -> Fault | None:
    """Check a citizen identity number (公民身份号码, GB 11643); `today` refuses later births."""
    shape = _wrong_shape(number, 18, DIGITS, last=DIGITS | {"X"})
    if shape:
        return shape
    if number[:2] not in PROVINCES:
        return Fault("division", 1)
    birth = birth_date(number)
    if birth is None or birth.year < 1850 or (today is not None and birth > today):
        return Fault("birth_date", 7)
    right = id_check_digit(number[:17])
    return None if number[17] == right else Fault("check_digit", 18, right)


def id_check_digit(first_17: str) -> str:
    """Return the 18th character that belongs to the first seventeen."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, ID_WEIGHTS, strict=True))
    return ID_CHECKS[total % 11]


def birth_date(number: str) -> date | None:
    """Return the date of birth that an identity number holds, or None when there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def uscc_fault(code: str) -> Fault | None:
    """Check a unified social credit code (统一社会信用代码, GB 32100)."""
    shape = _wrong_shape(code, 18, frozenset(USCC_ALPHABET))
    if shape:
        return shape
    if not code[2:8].isdigit() or code[2:4] not in PROVINCES | {"10"}:
        return Fault("division", 3)
    right = uscc_check_character(code[:17])
    if code[17] != right:
        return Fault("check_digit", 18, right)
    inner = organisation_check_character(code[8:16])
    return None if code[16] == inner else Fault("organisation_code", 17, inner)


def uscc_check_character(first_17: str) -> str:
    """Return the 18th character that belongs to the first seventeen."""
    values = (USCC_ALPHABET.index(character) for character in first_17)
    total = sum(value * weight for value, weight in zip(values, USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[(31 - total) % 31]


def organisation_code_fault(code: str) -> Fault | None:
    """Check an organisation code (组织机构代码, GB 11714) of nine characters, without hyphen."""
    shape = _wrong_shape(code, 9, frozenset(ALNUM))
    if shape:
        return shape
    right = organisation_check_character(code[:8])
    return None if code[8] == right else Fault("check_digit", 9, right)


def organisation_check_character(first_8: str) -> str:
    """Return the ninth character that belongs to the first eight."""
    values = (ALNUM.index(character) for character in first_8)
    total = sum(value * weight for value, weight in zip(values, ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def division_code_fault(code: str) -> Fault | None:
    """Check a division code (GB/T 2260, 统计用区划代码): 2, 4, 6, 9 or 12 digits."""
    if len(code) not in DIVISION_LENGTHS:
        return Fault("length", expected="6, 9, 12")
    wrong = _wrong_shape(code, len(code), DIGITS)
    if wrong:
        return wrong
    return None if code[:2] in PROVINCES else Fault("division", 1)


def phone_fault(phone: str) -> Fault | None:
    """Check a mobile number of the mainland: eleven digits, the first 1, the second 3 to 9."""
    wrong = _wrong_shape(phone, 11, DIGITS)
    if wrong:
        return wrong
    return None if phone[0] == "1" and phone[1] in "3456789" else Fault("prefix", 1)


def bank_card_fault(number: str) -> Fault | None:
    """Check a bank card: 16 to 19 digits that satisfy Luhn's rule."""
    if not 16 <= len(number) <= 19:
        return Fault("length", expected="16–19")
    wrong = _wrong_shape(number, len(number), DIGITS)
    if wrong:
        return wrong
    right = luhn_digit(number[:-1])
    return None if number[-1] == right else Fault("check_digit", len(number), right)


def luhn_digit(body: str) -> str:
    """Return the last digit that belongs to `body` by Luhn's rule."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(body)))
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def _wrong_shape(
    text: str, length: int, allowed: frozenset[str], *, last: frozenset[str] | None = None
) -> Fault | None:
    """Return a Fault for the length or the first character that does not belong."""
    if len(text) != length:
        return Fault("length", expected=str(length))
    for position, character in enumerate(text, start=1):
        belongs = last if last is not None and position == length else allowed
        if character not in belongs:
            return Fault("character", position)
    return None
