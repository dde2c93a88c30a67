"""Who may see the evidence of a kind of subject; filled at start-up, deny by default."""

from __future__ import annotations

from collections.abc import Callable

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Scope

MaySee = Callable[[Scope, Ref], bool]

_guards: dict[str, MaySee] = {}


def guard(ref_kind: str, may_see: MaySee) -> None:
    """Let `may_see` decide over the evidence of subjects of a kind."""
    _guards[ref_kind] = may_see


def may_see(scope: Scope, subject: Ref) -> bool:
    """Return whether the scope may see the subject's evidence; a kind without guard shows none."""
    decide = _guards.get(subject.kind)
    return decide is not None and decide(scope, subject)
