"""Pure decisions of papers: numbers, codes, and when two contents are the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters and digits that nobody confuses when reading them aloud or typing them."""
CODE_LENGTH = 16
"""Some 78 bits: nobody finds a paper by trying."""


def number_of(subject_number: str, letter: str, version: int) -> str:
    """Return the number of a paper: that of its subject, its kind's letter, its version."""
    return f"{subject_number}-{letter}{version}"


def make_code(choose: Callable[[str], str]) -> str:
    """Return a fresh code; `choose` picks one letter of the alphabet."""
    return "".join(choose(ALPHABET) for _ in range(CODE_LENGTH))


def clean_code(text: str) -> str:
    """Return a code as it is kept, however it was typed; nothing when it can be none."""
    cleaned = "".join(text.upper().replace("-", "").split())
    known = len(cleaned) == CODE_LENGTH and all(letter in ALPHABET for letter in cleaned)
    return cleaned if known else ""


def grouped(code: str) -> str:
    """Return a code in groups of four, as a person reads it."""
    return " ".join(code[n : n + 4] for n in range(0, len(code), 4))


def fingerprint(content: dict[str, Any]) -> str:
    """Return a hash of what a paper says, without its number, code and day."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def replace_unknown(value: Any, known: Callable[[str], bool]) -> Any:
    """Return a content in which each letter that no font draws is said by its number.

    A paper with an empty box in somebody's name would be wrong and look right.
    """
    if isinstance(value, str):
        return "".join(c if c.isspace() or known(c) else f"〔U+{ord(c):04X}〕" for c in value)
    if isinstance(value, dict):
        return {key: replace_unknown(item, known) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [replace_unknown(item, known) for item in value]
    return value
