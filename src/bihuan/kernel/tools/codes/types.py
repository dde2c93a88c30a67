"""Words of codes: kinds, colours, what a check says."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Power
from bihuan.kernel.ground.standards.types import DecisionId

CodeId = NewType("CodeId", int)

MAY_SET_STANDING = Power("codes.set_standing")
MAY_ISSUE = Power("codes.issue")

DYNAMIC_SECONDS = 60
"""A dynamic code lives for a minute: a picture of it is soon worthless."""


class Colour(enum.StrEnum):
    """Colours of a standing. They order attention and restrict nobody's rights."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Verdict(enum.StrEnum):
    """What a check says."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer to who checks a code. The colour is given with a fresh dynamic code only."""

    verdict: Verdict
    kind: str = ""
    subject: Ref | None = None
    dynamic: bool = False
    colour: Colour | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The colour of a subject, since when, by which decision."""

    subject: Ref
    colour: Colour
    score: int
    decision_id: DecisionId
    since: datetime
    computed_at: datetime
    awaits_person: bool = False
    """The rule says red; a person has to confirm before the colour turns."""
