"""Words of the knowledge base."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime
from typing import NewType

from bihuan.kernel.ground.registry.types import PersonId, Power, UnitId

ArticleId = NewType("ArticleId", int)

MAY_READ_ARTICLES = Power("appeals.read_articles")
MAY_WRITE_ARTICLES = Power("appeals.write_articles")
MAY_REVIEW_ARTICLES = Power("appeals.review_articles")

ARTICLE = "appeals.article"


class Stage(enum.StrEnum):
    """Where a version of an article stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SENT_BACK = "sent_back"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody writes: a question, its answer, on what it rests, when it holds."""

    question: str
    answer: str
    basis: str
    asked_as: str = ""
    """Other words by which people ask it, with blanks between."""
    class_code: str = ""
    is_public: bool = False
    valid_from: date | None = None
    valid_until: date | None = None
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article, with who wrote it and who looked at it."""

    no: int
    stage: Stage
    draft: Draft
    written_by: PersonId
    written_at: datetime
    reviewed_by: PersonId | None
    reviewed_at: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article with its versions, the newest first."""

    id: ArticleId
    number: str
    unit_id: UnitId
    unit_name: str
    live: Version | None
    """The version that is in force, if the article is published and not withdrawn."""
    versions: tuple[Version, ...]
    withdrawn_at: datetime | None
    withdrawn_why: str

    @property
    def open_version(self) -> Version | None:
        """Return the version that nobody has published yet."""
        return next((v for v in self.versions if v.stage is not Stage.PUBLISHED), None)


@dataclass(frozen=True, slots=True)
class Line:
    """An article as a list shows it."""

    id: ArticleId
    number: str
    question: str
    answer: str
    class_code: str
    unit_name: str
    no: int
    stage: Stage
    review_on: date
    is_public: bool
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Suggested:
    """An article that may answer a matter, and how well its question fits."""

    line: Line
    fit: float
    basis: str
