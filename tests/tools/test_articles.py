"""The 122 statements of the source: each number once; a test may claim only numbers that exist."""

from __future__ import annotations

import csv
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROWS = list(csv.DictReader((ROOT / "docs" / "articles.csv").read_text("utf-8").splitlines()))


def test_every_number_once_and_in_words() -> None:
    numbers = [row["row"] for row in ROWS]
    assert len(numbers) == len(set(numbers)) == 122
    assert all(row["statement"].strip() for row in ROWS)
    assert all(re.fullmatch(r"S(10|[1-9])\.\d\d", number) for number in numbers)


def test_tests_claim_only_what_the_source_states() -> None:
    known = {row["row"] for row in ROWS}
    claimed: set[str] = set()
    for path in [*(ROOT / "src").rglob("test_*.py"), *(ROOT / "tests").rglob("test_*.py")]:
        found = re.findall(r"mark\.article\(([^)]*)\)", path.read_text("utf-8"))
        claimed |= {number for text in found for number in re.findall(r'"(S\d+\.\d+)"', text)}
    assert claimed, "no test claims a statement"
    assert claimed <= known
