"""What the tests of privacy share: the cast, and a subject whose care a test decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.privacy import kinds
from bihuan.kernel.ground.privacy.types import Care
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.ground.registry.types import PersonId, Scope

SUBJECT = Ref("tests.matter", "7")


@dataclass
class Matters:
    """A pretended upper room: LU raised matter 7, TAO and DUTY have it in care."""

    people: frozenset[PersonId] = frozenset()
    in_care_of: set[PersonId | None] = field(default_factory=set)
    seen_by: set[PersonId | None] = field(default_factory=set)

    def answer(self, ref: Ref, scope: Scope, _at: object) -> Care | None:
        if ref.key != "7" or scope.person_id not in self.seen_by | self.in_care_of:
            return None
        return Care(self.people, in_care=scope.person_id in self.in_care_of)


@pytest.fixture
def cast(db) -> Cast:
    """Return the cast."""
    return make_cast()


@pytest.fixture
def matters(cast: Cast) -> Iterator[Matters]:
    """Let the pretended room guard its subjects while the test runs."""
    own = Matters(frozenset({cast.members["lu"].person_id}))
    own.in_care_of = {cast.members[who].person_id for who in ("tao", "zongzhi")}
    own.seen_by = {cast.members[who].person_id for who in ("duty", "leader", "auditor", "wrong")}
    kinds._guards["tests.matter"] = own.answer
    yield own
    del kinds._guards["tests.matter"]
