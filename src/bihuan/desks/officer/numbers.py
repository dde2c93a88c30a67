"""Which words typed into a search are numbers of people: those are never looked for in clear."""

from __future__ import annotations

import re
from uuid import UUID

BETWEEN = re.compile(r"(?<=[\dXx])[\s\-.()（）]+(?=\d)")
LONG = re.compile(r"(?<![0-9A-Za-z\-])\+?\d{7,}[Xx]?(?![0-9A-Za-z\-])")
"""Seven digits and more that stand alone: a telephone, an identity number, or a part of one.
Numbers of matters and of petitions begin with letters, and a firm's credit code holds some."""
DAY = re.compile(r"(?<!\d)(19|20)\d\d-\d{1,2}(-\d{1,2})?(?![\d\-])")
CREDIT_CODE = re.compile(r"9[123]\d{16}")
"""A firm's credit code of digits alone; no identity number begins so."""


def is_personal(text: str) -> bool:
    """Return whether a text holds what may be a number of a person."""
    joined = BETWEEN.sub("", DAY.sub(" ", text))
    return any(not CREDIT_CODE.fullmatch(number) for number in LONG.findall(joined))


def is_uuid(text: str) -> bool:
    """Return whether a text is an id of the kind that firms have."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
