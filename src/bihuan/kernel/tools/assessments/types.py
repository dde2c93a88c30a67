"""Words of questionnaires: an instrument, its versions as data, answers, and what they come to."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NewType
from uuid import UUID

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import AreaPath, Power

InstrumentCode = NewType("InstrumentCode", str)
VersionId = NewType("VersionId", int)

MAY_FILL = Power("assessments.fill")
MAY_SEE = Power("assessments.see")
MAY_PUBLISH = Power("assessments.publish")
MAY_SEE_SCORES = Power("assessments.see_scores")
"""Answers and scores of sensitive instruments. Given to nobody by default: a scene names who."""

POWERS_OF_DUTIES: dict[str, tuple[Power, ...]] = {
    "grid_worker": (MAY_FILL, MAY_SEE),
    "grid_leader": (MAY_FILL, MAY_SEE),
    "verifier": (MAY_SEE,),
    "auditor": (MAY_SEE,),
    "leader": (MAY_SEE,),
    "system_admin": (MAY_PUBLISH,),
}
"""What the standing duties may do with questionnaires."""

ASSESSMENT = "assessments.assessment"
VERSION = "assessments.version"


class Kind(enum.StrEnum):
    """What an instrument is for."""

    CHECKLIST = "checklist"
    """Items that pass or fail; each failed one is followed up."""
    QUESTIONNAIRE = "questionnaire"
    """Answers that are read."""
    SCALE = "scale"
    """Answers that add up to a score with bands. A score screens; it never diagnoses."""


class ItemType(enum.StrEnum):
    """How an item is answered."""

    CHECK = "check"
    """In order, not in order, does not apply, not seen: the four outcomes as options."""
    CHOICE = "choice"
    CHOICES = "choices"
    WHOLE = "whole"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    NOTE = "note"
    """Words to read; nothing to answer."""


class Outcome(enum.StrEnum):
    """How an item of a checklist came out."""

    PASS = "pass"  # noqa: S105  an outcome, no secret
    FAIL = "fail"
    WAIVED = "waived"
    """Does not apply here."""
    NOT_SEEN = "not_seen"


class Mode(enum.StrEnum):
    """Who answered."""

    OBSERVED = "observed"
    """Somebody looked and wrote down what is so."""
    SELF = "self"
    INTERVIEW = "interview"
    PROXY = "proxy"
    """Somebody who knows the person answered."""


class Compare(enum.StrEnum):
    """How a clause looks at an answer."""

    IS = "is"
    IS_NOT = "is_not"
    """Of several chosen options, whether one is that. An open item is neither."""
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    """The number, the points of the chosen options, or the total so far."""


class Method(enum.StrEnum):
    """How points become a total."""

    NONE = "none"
    SUM = "sum"
    WEIGHTED = "weighted"
    """Points times the item's weight."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose. Points are whole: who needs halves doubles them all."""

    code: str
    text: str
    points: int | None = None
    outcome: Outcome | None = None


CHECK_OPTIONS = tuple(Option(o.value, o.value, outcome=o) for o in Outcome)
"""The options of every `check` item; their words come from the catalogue."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison: of an earlier item, or of the total of the items before (no item named)."""

    compare: Compare
    value: str
    item: str = ""
    dimension: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """Clauses of which all must hold, or any. Without clauses it always holds."""

    clauses: tuple[Clause, ...] = ()
    any_of: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One question."""

    code: str
    text: str
    type: ItemType = ItemType.CHECK
    section: str = ""
    hint: str = ""
    """How to look, or an example."""
    required: bool = True
    options: tuple[Option, ...] = ()
    shown_if: Condition = Condition()
    at_least: int | None = None
    at_most: int | None = None
    photo_on: frozenset[Outcome] = frozenset()
    """Outcomes that need a photo."""
    note_on: frozenset[Outcome] = frozenset()
    """Outcomes that need a sentence."""
    dimension: str = ""
    weight: int = 1
    reversed: bool = False
    """The points count from the other end."""
    scored: bool = False
    """A whole number counts as points itself; it then needs `at_least` and `at_most`."""
    labels: tuple[tuple[str, str], ...] = ()
    """Words for the scene that reads the outcome: who is competent, what it becomes."""

    def label(self, name: str, default: str = "") -> str:
        """Return the scene's word called `name`."""
        return dict(self.labels).get(name, default)

    def choices(self) -> tuple[Option, ...]:
        """Return what may be chosen."""
        return CHECK_OPTIONS if self.type is ItemType.CHECK else self.options


@dataclass(frozen=True, slots=True)
class Band:
    """A range of totals, both ends in it, and what it is called."""

    code: str
    text: str
    at_least: int
    at_most: int


@dataclass(frozen=True, slots=True)
class Dimension:
    """A part of a scale with a total, and perhaps bands, of its own. The whole has code ``""``."""

    code: str
    text: str = ""
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True)
class Scoring:
    """How answers add up."""

    method: Method = Method.NONE
    bands: tuple[Band, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    prorate_up_to: int = 0
    """So many scored answers may lack; the total is then made up from the mean of the others."""


@dataclass(frozen=True, slots=True)
class Alert:
    """An answer or a total on which somebody must act at once, by a declared process."""

    code: str
    text: str
    when: Condition


@dataclass(frozen=True, slots=True)
class Licence:
    """Whose wording it is, and whether using it needs a grant."""

    holder: str = ""
    terms: str = ""
    needs_grant: bool = False


@dataclass(frozen=True, slots=True)
class Instrument:
    """What stays the same over all versions."""

    code: InstrumentCode
    title: str
    kind: Kind
    sensitive: bool = False
    """Answers and scores are shown only to `MAY_SEE_SCORES`."""


@dataclass(frozen=True, slots=True)
class Definition:
    """The whole content of a version; its hash is that of this."""

    instrument: Instrument
    source: str
    items: tuple[Item, ...]
    language: str = "zh-Hans"
    opening: str = ""
    """What to read before the first item."""
    scoring: Scoring = Scoring()
    alerts: tuple[Alert, ...] = ()
    licence: Licence = Licence()

    def item(self, code: str) -> Item | None:
        """Return the item called `code`, or None."""
        return next((item for item in self.items if item.code == code), None)


@dataclass(frozen=True, slots=True)
class Version:
    """A published version: a number, a day from which it holds, and the hash of its content."""

    id: VersionId
    number: int
    content_hash: str
    valid_from: date
    definition: Definition
    withdrawn_at: datetime | None = None
    withdrawn_why: str = ""
    licence_grant: str = ""
    repeated: bool = False

    @property
    def code(self) -> InstrumentCode:
        """Return whose version it is."""
        return self.definition.instrument.code


@dataclass(frozen=True, slots=True)
class DeclaredVersion:
    """A version that a scene ships as a file."""

    number: int
    valid_from: date
    definition: Definition
    brought_by: str = ""
    licence_grant: str = ""


@dataclass(frozen=True, slots=True)
class AlertProcess:
    """What a scene does when an alert is raised: `handler` (dotted) receives its fact."""

    instrument: InstrumentCode
    alert: str
    handler: str


Value = str | tuple[str, ...]
"""An answer as it is kept: the option's code, several of them, or the text of a number or day."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one item."""

    value: Value = ""
    note: str = ""
    photos: tuple[str, ...] = ()


Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the answer to an item, as a code; `words.py` knows the words."""

    item: str
    code: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a definition, as a code: in which item (or none), in which part."""

    code: str
    part: str
    item: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Score:
    """A total of the whole (code ``""``) or of a dimension, and its band."""

    dimension: str
    total: int
    band: str = ""
    prorated: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """What an item that was shown came to."""

    item: str
    answer: Answer
    outcome: Outcome | None = None
    points: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What the answers come to. Hidden items are not in it."""

    counted: tuple[Counted, ...]
    hidden: tuple[str, ...]
    scores: tuple[Score, ...] = ()
    alerts: tuple[str, ...] = ()

    def failed(self) -> tuple[Counted, ...]:
        """Return the items that failed, in order."""
        return tuple(c for c in self.counted if c.outcome is Outcome.FAIL)


@dataclass(frozen=True, slots=True)
class NewAssessment:
    """Answers as a page or a phone sends them. The id is the sender's, so that twice is once."""

    id: UUID
    version_id: VersionId
    subject: Ref
    area_path: AreaPath
    answers: Answers
    claimed_at: datetime | None = None
    mode: Mode = Mode.OBSERVED
    broken_off: bool = False
    """Answers may lack; there is then no total, but what alerts, alerts."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """Recorded answers. `result` is None where the reader may not see the scores."""

    id: UUID
    version: Version
    subject: Ref
    area_path: AreaPath
    received_at: datetime
    result: Result | None
    claimed_at: datetime | None = None
    mode: Mode = Mode.OBSERVED
    broken_off: bool = False
    version_was_withdrawn: bool = False
    """The version had been withdrawn when the answers arrived; they are kept all the same."""
    repeated: bool = False


def assessment_ref(assessment_id: UUID) -> Ref:
    """Return the pointer to an assessment."""
    return Ref(ASSESSMENT, str(assessment_id))


def version_ref(version_id: VersionId) -> Ref:
    """Return the pointer to a version."""
    return Ref(VERSION, str(version_id))
