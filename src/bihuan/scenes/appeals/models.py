"""What the kernel cannot know of this story: files that were taken in, and their wrong cells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bihuan.scenes.appeals.importing.types import SOURCES, Fault
from bihuan.scenes.appeals.knowledge.models import ArticleRow, ArticleVersion

__all__ = [
    "ArticleRow",
    "ArticleVersion",
    "ImportFault",
    "ImportRun",
    "PublicWords",
    "TopicMemberRow",
    "TopicRow",
]


class ImportRun(models.Model):
    """One file taken in with one set of options. Each batch of rows moves it in its transaction."""

    personal_data = "Who sent it, as an id. The file itself is removed when its rows are in."

    class State(models.TextChoices):
        """Where it stands."""

        CHECKED = "checked"
        RUNNING = "running"
        DONE = "done"
        BROKEN = "broken"
        DROPPED = "dropped"

    digest = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=20)
    options = models.JSONField(default=dict)
    encoding = models.CharField(max_length=12)
    state = models.CharField(max_length=8, choices=State, default=State.CHECKED)
    whole = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    preview = models.JSONField(default=dict)
    account_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    trouble = models.CharField(max_length=300, blank=True)
    began_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """The same file with the same options is one import; its counts add up."""

        db_table = "appeals_import"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["digest", "fingerprint"], name="appeals_import_once_a_file"
            ),
            models.CheckConstraint(
                condition=Q(done=F("made") + F("unchanged") + F("refused")),
                name="appeals_import_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("whole")), name="appeals_import_no_more_than_whole"
            ),
            models.CheckConstraint(
                condition=Q(source__in=SOURCES), name="appeals_import_known_source"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account_id", "-began_at"], name="appeals_import_mine")
        ]


class ImportFault(models.Model):
    """One cell of a file that could not be taken in."""

    personal_data = "The first sixty characters of a cell that people may have written."

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="faults")
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=120)
    written = models.CharField(max_length=60, blank=True)
    fault = models.CharField(max_length=20, choices=[(f.value, f.value) for f in Fault])
    hint = models.CharField(max_length=60, blank=True)

    class Meta:
        """Each fault of a cell once."""

        db_table = "appeals_import_fault"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "row", "column", "fault"], name="appeals_import_fault_once"
            )
        ]


class PublicWords(models.Model):
    """What a reviewer let the public read of a matter. Without a row its text is withheld."""

    personal_data = "A text that a person freed of personal data; who did it, as an id."

    case_id = models.BigIntegerField(primary_key=True)
    words = models.CharField(max_length=4000)
    answer = models.CharField(max_length=4000, blank=True)
    """The answer, where everybody may read it too: then the matter is asked and answered."""
    reviewed_by = models.BigIntegerField(null=True)
    reviewed_at = models.DateTimeField()

    class Meta:
        """Never empty: to withhold is to have no row."""

        db_table = "appeals_public_words"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(words=""), name="appeals_public_words_not_empty")
        ]


class TopicRow(models.Model):
    """Open matters that seem to be one, as a proposal; a person makes them one or dismisses it."""

    personal_data = "Words that several matters share; who settled it, as an id."

    class State(models.TextChoices):
        """Where the proposal stands."""

        PROPOSED = "proposed"
        DISMISSED = "dismissed"
        JOINED = "joined"
        FADED = "faded"

    area_path = models.CharField(max_length=120)
    class_code = models.CharField(max_length=40)
    words = models.JSONField(default=list)
    percent = models.PositiveSmallIntegerField()
    people = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    """How many matters it had when it was last found open, or when it was dismissed."""
    master = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        """Settled has its time."""

        db_table = "appeals_topic"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(settled_at__isnull=False),
                name="appeals_topic_settled_has_time",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "area_path"], name="appeals_topic_standing")
        ]

    @staticmethod
    def inside(area_paths: Iterable[str]) -> Q:
        """Return the condition of topics inside some areas."""
        condition = Q(pk__in=[])
        for path in area_paths:
            condition |= Q(area_path__startswith=path)
        return condition


class TopicMemberRow(models.Model):
    """One matter of a topic."""

    personal_data = "none"

    topic = models.ForeignKey(TopicRow, on_delete=models.CASCADE, related_name="members")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Each matter of a topic once."""

        db_table = "appeals_topic_member"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "case"], name="appeals_topic_member_once")
        ]
