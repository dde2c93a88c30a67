"""What tests of other rooms ask: who was told what. Read-only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bihuan.kernel.tools.notices import kinds, wording
from bihuan.kernel.tools.notices.models import Notice
from bihuan.kernel.tools.notices.types import NoticeCode


@dataclass(frozen=True, slots=True)
class Told:
    """One notice, to whom, in words of the active language."""

    kind: str
    to_key: str
    params: dict[str, Any]
    text: str


def all_told(kind: str = "") -> list[Told]:
    """Return every notice, or those of a kind, the oldest first."""
    rows = Notice.objects.order_by("pk")
    rows = rows.filter(kind=kind) if kind else rows
    return [
        Told(r.kind, r.to_key, r.params, wording.text_of(NoticeCode(r.kind), r.params))
        for r in rows
    ]


def faults_of_kind(code: str) -> list[str]:
    """Return what the kind of notice called `code` lacks; that nobody declared it, too."""
    kind = kinds.find_kind(code)
    return kinds.faults_of(kind) if kind else [f"nobody declared {code}"]


__all__ = ["Told", "all_told", "faults_of_kind"]
