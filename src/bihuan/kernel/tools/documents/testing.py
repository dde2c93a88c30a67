"""What tests of rooms above need of this one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from bihuan.kernel.tools.documents import kinds
from bihuan.kernel.tools.documents.kinds import MaySee
from bihuan.kernel.tools.documents.models import EvidenceRow, PaperRow


@contextlib.contextmanager
def guarding(ref_kind: str, may_see: MaySee) -> Iterator[None]:
    """Let `may_see` decide over subjects of a kind inside the block."""
    before = kinds._guards.get(ref_kind)
    kinds._guards[ref_kind] = may_see
    try:
        yield
    finally:
        if before is None:
            del kinds._guards[ref_kind]
        else:
            kinds._guards[ref_kind] = before


__all__ = ["EvidenceRow", "PaperRow", "guarding"]
