"""Kinds of papers, and who may see what hangs on a subject; filled at start, deny by default."""

from __future__ import annotations

from collections.abc import Callable

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.documents.types import PaperKind

MaySee = Callable[[Scope, Ref], bool]

_guards: dict[str, MaySee] = {}
_kinds: dict[str, PaperKind] = {}


def guard(ref_kind: str, may_see: MaySee) -> None:
    """Let `may_see` decide over the evidence of subjects of a kind."""
    _guards[ref_kind] = may_see


def may_see(scope: Scope, subject: Ref) -> bool:
    """Return whether the scope may see the subject's evidence; a kind without guard shows none."""
    decide = _guards.get(subject.kind)
    return decide is not None and decide(scope, subject)


def declare_kind(kind: PaperKind) -> None:
    """Let papers of a kind be issued.

    Raises:
        RuntimeError: the kind stands already, and differently.
    """
    if _kinds.setdefault(kind.code, kind) != kind:
        raise RuntimeError(f"paper {kind.code} is declared twice, and differently")


def get_kind(code: str) -> PaperKind:
    """Return a kind of paper.

    Raises:
        KeyError: nobody declared it: a fault of the program, not of who asks.
    """
    return _kinds[code]
