"""The matter, its rounds, its parts, its history."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q

from bihuan.kernel.affairs.cases.types import (
    BY_ANSWER,
    CHANNELS,
    PartState,
    Role,
    State,
)

ENDED = [
    State.REJECTED,
    State.VOIDED,
    State.WITHDRAWN,
    State.CLOSED,
    State.EVALUATED,
    State.MERGED,
]
OPEN = ~Q(state__in=ENDED)
TURNS = {
    "accept": Q(state__in=["reported", "verifying", "appealed"]),
    "dispatch": Q(state__in=["filed", "returned"]),
    "handle": Q(state__in=["dispatched", "signed", "in_progress", "rework", "suspended"]),
    "verify": Q(state__in=["fed_back"]),
    "call_back": Q(state="closed", malicious=False) & ~Q(raised_by_key=""),
    "supervised": Q(supervised=True),
    "open": OPEN,
}
"""Whose turn it is, as a condition; each has an index of its own, so that a list reads its page."""
Rank = Func("due_at", "paused", function="cases_rank", output_field=models.DateTimeField())
"""By what lists are sorted: the due time; far behind, all whose clock is paused; then all that has
no due time."""
Pairs = Func("title", "place", function="cases_pairs", output_field=ArrayField(models.TextField()))
"""Every pair of neighbouring letters of title and place, and single letters that nobody asks for;
a search by words of two Chinese characters finds nothing to hold on to in pg_trgm, which wants
three."""
SEEN = ["due_at", "paused", "orange_at", "yellow_at", "state", "kind", "area_path", "sensitive"]
"""What a list looks at before it shows a row: kept in its index, so that counting reads no row."""
OUT_OF_PLAY = [PartState.RETURNED, PartState.WITHDRAWN]
PART_AT_WORK = Q(state__in=["dispatched", "signed", "in_progress", "rework"])


def _choices(words: type[State | PartState | Role]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


class Dated(models.Model):
    """The moments at which the colour of a deadline changes; a cache of the clocks' ledger."""

    personal_data = "none"

    timer_id = models.BigIntegerField(null=True)
    yellow_at = models.DateTimeField(null=True)
    orange_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    paused = models.BooleanField(default=False)

    class Meta:
        """Inherited by matters and parts."""

        abstract = True


class Case(Dated):
    """A matter that must be closed. Its parts, rounds and history hang on it."""

    personal_data = (
        "Title, text and place are written by people and may name them; seen only through a Scope, "
        "erased with the matter's retention class. Who raised it is a pointer."
    )

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=40)
    class_code = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=_choices(State))
    area = models.ForeignKey("registry.Area", on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=120)
    place = models.CharField(max_length=120, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    source = models.CharField(max_length=20)
    source_key = models.CharField(max_length=60, blank=True)
    raised_by_kind = models.CharField(max_length=60, blank=True)
    raised_by_key = models.CharField(max_length=80, blank=True)
    concerns = models.UUIDField(null=True)
    cause_kind = models.CharField(max_length=60, blank=True)
    cause_key = models.CharField(max_length=80, blank=True)
    receipt_salt = models.CharField(max_length=32)
    raised_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    filed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    review_at = models.DateTimeField(null=True)
    master = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    round_no = models.PositiveSmallIntegerField(default=1)
    returns = models.PositiveSmallIntegerField(default=0)
    reworks = models.PositiveSmallIntegerField(default=0)
    grade = models.CharField(max_length=8, blank=True)
    answer = models.TextField(blank=True)
    rating = models.CharField(max_length=20, blank=True)
    solved = models.CharField(max_length=12, blank=True)
    version = models.PositiveIntegerField(default=0)
    terms = models.JSONField(default=dict)
    """The rules of its class as they stood when it was raised; a later rule changes nothing."""
    terms_version = models.PositiveIntegerField(default=0)
    sensitive = models.BooleanField(default=False)
    first_contact = models.ForeignKey(
        "registry.Unit", null=True, on_delete=models.PROTECT, related_name="+"
    )
    """The first unit that received it stays responsible until another one signs (首接负责)."""
    reject_reason = models.CharField(max_length=20, blank=True)
    appealed = models.BooleanField(default=False)
    repeats = models.PositiveSmallIntegerField(default=0)
    """How often the same person raised the same matter again."""
    redos = models.PositiveSmallIntegerField(default=0)
    reopenings = models.PositiveSmallIntegerField(default=0)
    reopen_until = models.DateTimeField(null=True)
    look_back_at = models.DateTimeField(null=True)
    unreasonable = models.CharField(max_length=20, blank=True)
    """From the closed list, once the centre has agreed; kept out of the rate of solved matters."""
    malicious = models.BooleanField(default=False)
    supervised = models.BooleanField(default=False)
    unheard = models.BooleanField(default=False)
    """Only a voice note says what it is about; its class is undecided until it is written down."""

    class Meta:
        """What the database itself refuses."""

        db_table = "cases_case"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in State]), name="cases_case_known_state"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "evaluated"]) | Q(closed_at__isnull=False),
                name="cases_case_closed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(master__isnull=False),
                name="cases_case_merged_has_master",
            ),
            models.CheckConstraint(
                condition=~Q(state="suspended") | Q(review_at__isnull=False),
                name="cases_case_suspended_has_review",
            ),
            models.CheckConstraint(
                condition=Q(master__isnull=True) | ~Q(master=F("id")),
                name="cases_case_not_own_master",
            ),
            models.CheckConstraint(
                condition=~Q(kind__startswith="petition"), name="cases_case_no_petition"
            ),
            models.CheckConstraint(
                condition=Q(unheard=False)
                | Q(text="", state__in=["reported", "verifying", "appealed", *ENDED]),
                name="cases_case_heard_before_filed",
            ),
            models.UniqueConstraint(
                fields=["cause_kind", "cause_key"],
                condition=~Q(cause_key=""),
                name="cases_case_once_for_a_cause",
            ),
            models.UniqueConstraint(
                fields=["source", "source_key"],
                condition=~Q(source_key=""),
                name="cases_case_once_from_a_source",
            ),
        ]
        indexes: ClassVar = [
            models.Index(Rank, "id", include=SEEN, name="cases_case_rank"),
            models.Index("kind", Rank, "id", include=SEEN, name="cases_case_kind"),
            *(
                models.Index(Rank, "id", include=SEEN, condition=turn, name=f"cases_case_{name}")
                for name, turn in TURNS.items()
            ),
            models.Index(
                OpClass("area_path", "varchar_pattern_ops"),
                Rank,
                "id",
                include=SEEN,
                name="cases_case_below",
            ),
            models.Index(
                fields=["area_path", "raised_at"],
                opclasses=["varchar_pattern_ops", "timestamptz_ops"],
                name="cases_case_area",
            ),
            GinIndex(Pairs, name="cases_case_pairs"),
            models.Index(fields=["raised_by_key"], name="cases_case_raiser"),
            models.Index(fields=["concerns"], name="cases_case_concerns"),
            models.Index(fields=["raised_at"], name="cases_case_raised"),
            models.Index(fields=["filed_at"], name="cases_case_filed"),
            models.Index(
                fields=["closed_at"],
                condition=Q(closed_at__isnull=False),
                name="cases_case_closed",
            ),
            models.Index(
                fields=["closed_at"],
                condition=Q(closed_at__isnull=False),
                name="cases_case_ended",
            ),
            models.Index(
                fields=["master"], condition=Q(master__isnull=False), name="cases_case_master"
            ),
            models.Index(
                fields=["review_at"], condition=Q(state="suspended"), name="cases_case_review"
            ),
            models.Index(
                fields=["returns"], condition=Q(state="returned"), name="cases_case_returned"
            ),
            models.Index(
                fields=["look_back_at"],
                condition=Q(look_back_at__isnull=False),
                name="cases_case_look_back",
            ),
        ]


class Round(models.Model):
    """One go at a matter: the first, or a redo. Its hands may not verify it."""

    personal_data = "Ids of the people who had a hand in it."

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="rounds")
    no = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    dispatched_by = models.UUIDField(null=True)
    hands = ArrayField(models.UUIDField(), default=list)
    verified_by = models.UUIDField(null=True)
    verified_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    kind = models.CharField(max_length=12, default="first")
    draft = models.TextField(blank=True)
    """The one answer, assembled from the parts by the lead unit."""
    drafted_by = models.UUIDField(null=True)
    approved_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        """A round is counted once. That a hand cannot verify is a constraint of migration 0002."""

        db_table = "cases_round"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "no"], name="cases_round_counted_once"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("drafted_by")),
                name="cases_round_another_approves",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["case"],
                condition=Q(approved_at__isnull=True) & ~Q(draft=""),
                name="cases_round_drafted",
            ),
        ]


class Part(Dated):
    """One unit's share of a round, with a deadline and an answer of its own."""

    personal_data = "Answers are written by officers; seen only through a Scope."

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parts")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="parts")
    unit = models.ForeignKey("registry.Unit", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=_choices(Role))
    task = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=_choices(PartState))
    grade = models.CharField(max_length=8, blank=True)
    answer = models.TextField(blank=True)
    returned_basis = models.TextField(blank=True)
    dispatched_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    fed_back_at = models.DateTimeField(null=True)
    forced = models.BooleanField(default=False)
    """Assigned by the centre after a joint review (指定承办); it may not be returned."""
    return_until = models.DateTimeField(null=True)
    contact_until = models.DateTimeField(null=True)
    """Until when the unit speaks with who raised the matter."""
    contacted_at = models.DateTimeField(null=True)
    contact_channel = models.CharField(max_length=8, blank=True)
    stage = models.PositiveSmallIntegerField(default=1)
    extended = models.BooleanField(default=False)
    suggested_unit = models.ForeignKey(
        "registry.Unit", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """One active lead in a round, no unit twice."""

        db_table = "cases_part"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(role="lead") & ~Q(state__in=OUT_OF_PLAY),
                name="cases_part_one_active_lead",
            ),
            models.UniqueConstraint(
                fields=["round", "unit"],
                condition=~Q(state__in=OUT_OF_PLAY),
                name="cases_part_unit_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in PartState]), name="cases_part_known_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(returned_basis=""),
                name="cases_part_return_has_basis",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | Q(forced=False), name="cases_part_forced_stays"
            ),
            models.CheckConstraint(
                condition=Q(contacted_at__isnull=True, contact_channel="")
                | Q(contacted_at__isnull=False, contact_channel__in=[*CHANNELS, BY_ANSWER]),
                name="cases_part_contact_has_channel",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "state", "due_at"], name="cases_part_unit_due"),
            models.Index(fields=["dispatched_at"], name="cases_part_dispatched"),
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="cases_part_promised"
            ),
            models.Index(
                fields=["fed_back_at"],
                condition=Q(fed_back_at__isnull=False),
                name="cases_part_fed_back",
            ),
            models.Index(
                "unit",
                Rank,
                "id",
                include=["case", "due_at", "paused", "orange_at", "yellow_at"],
                condition=PART_AT_WORK,
                name="cases_part_at_work",
            ),
        ]


class EntryRow(models.Model):
    """One line of a matter's history, with the words that people wrote. Never changed."""

    personal_data = "Words of people and ids of who wrote them; erasable with the matter."

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="entries")
    part = models.ForeignKey(Part, null=True, on_delete=models.PROTECT, related_name="+")
    round_no = models.PositiveSmallIntegerField()
    move = models.CharField(max_length=20)
    at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    account_id = models.BigIntegerField(null=True)
    person_id = models.UUIDField(null=True)
    unit = models.ForeignKey("registry.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)

    class Meta:
        """Read by matter, in order."""

        db_table = "cases_entry"
        indexes: ClassVar = [models.Index(fields=["case", "id"], name="cases_entry_case")]
        triggers: ClassVar = [pgtrigger.Protect(name="no_rewriting", operation=pgtrigger.Update)]
