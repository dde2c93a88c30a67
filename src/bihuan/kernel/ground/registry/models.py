"""Tables of the registry: areas, parties, units, posts and what binds them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce

from bihuan.kernel.ground.registry.types import AreaLevel, GridKind, LineageKind, RelationKind
from bihuan.platform.crypto.fields import EncryptedText


def _choices(
    kinds: type[AreaLevel | GridKind | LineageKind | RelationKind],
) -> list[tuple[str, str]]:
    return [(kind.value, kind.value) for kind in kinds]


def _period() -> Func:
    """Return the row's time as a range; `valid_to` is the first day that no longer counts."""
    return Func("valid_from", "valid_to", function="daterange", output_field=DateRangeField())


def _or_zero(name: str) -> Coalesce:
    return Coalesce(F(name), Value(0), output_field=models.BigIntegerField())


def _period_is_right(name: str) -> models.CheckConstraint:
    right = Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
    return models.CheckConstraint(condition=right, name=name)


class Area(models.Model):
    """A county, town, village, industrial community or grid. Never deleted: it ends."""

    personal_data = "none"

    code = models.CharField(max_length=24)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=24, choices=_choices(AreaLevel))
    grid_kind = models.CharField(max_length=12, blank=True, choices=_choices(GridKind))
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    path = models.CharField(max_length=160)
    aliases = ArrayField(models.CharField(max_length=60), default=list)
    sort_key = models.CharField(max_length=240, help_text="Pinyin, for sorting and search.")
    initials = models.CharField(max_length=40)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    is_schematic = models.BooleanField(default=True, help_text="The centre is only roughly right.")
    shape = models.JSONField(null=True, help_text="GeoJSON of the county itself, WGS-84.")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        """One area in force for each code; the path ends with the code."""

        db_table = "registry_area"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to__isnull=True), name="registry_area_code"
            ),
            models.CheckConstraint(
                condition=Q(path__endswith=models.functions.Concat(F("code"), Value("/"))),
                name="registry_area_path_ends_with_code",
            ),
            models.CheckConstraint(
                condition=Q(level=AreaLevel.GRID.value) ^ Q(grid_kind=""),
                name="registry_area_only_grids_have_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
                name="registry_area_centre_is_on_earth",
            ),
            _period_is_right("registry_area_period"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["level", "path"], name="registry_area_level"),
            models.Index(
                fields=["path"], opclasses=["varchar_pattern_ops"], name="registry_area_below"
            ),
            GinIndex(fields=["aliases"], name="registry_area_aliases"),
        ]


class AreaLineage(models.Model):
    """How one area became another: renamed, merged or split, on a day."""

    personal_data = "none"

    predecessor = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=_choices(LineageKind))
    on_date = models.DateField()

    class Meta:
        """Each step once."""

        db_table = "registry_area_lineage"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"], name="registry_lineage_once"
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="registry_lineage_of_two"
            ),
        ]


class Unit(models.Model):
    """A department, town office, station or operator that may hold a matter."""

    personal_data = "none"

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    path = models.CharField(max_length=200)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    line = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=24, blank=True, help_text="The unit's public telephone.")
    is_open = models.BooleanField(default=True)

    class Meta:
        """The path holds the codes from the top."""

        db_table = "registry_unit"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(path__endswith=models.functions.Concat(F("code"), Value("/"))),
                name="registry_unit_path_ends_with_code",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["path"], opclasses=["varchar_pattern_ops"], name="registry_unit_below"
            )
        ]


class Person(models.Model):
    """A human being, with or without an account."""

    personal_data = (
        "Name, identity number and phone, sealed for this row; blind indexes find equal numbers. "
        "No door hands out the clear values, except a person's own to that person."
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    name = EncryptedText()
    id_number = EncryptedText(null=True)
    id_number_index = models.BinaryField(max_length=32, null=True, unique=True)
    phone = EncryptedText(null=True)
    phone_index = models.BinaryField(max_length=32, null=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    registered_at = models.DateTimeField()

    class Meta:
        """A number stands with its index or not at all."""

        db_table = "registry_person"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(id_number__isnull=True, id_number_index__isnull=True)
                | Q(id_number__isnull=False, id_number_index__isnull=False),
                name="registry_person_id_number_with_index",
            ),
            models.CheckConstraint(
                condition=Q(phone__isnull=True, phone_index__isnull=True)
                | Q(phone__isnull=False, phone_index__isnull=False),
                name="registry_person_phone_with_index",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["phone_index"], name="registry_person_phone")]


class Household(models.Model):
    """People who live together at one address."""

    personal_data = "The address below the village, sealed for this row."

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    address = EncryptedText()
    registered_at = models.DateTimeField()

    class Meta:
        """Its own table name."""

        db_table = "registry_household"
        indexes: ClassVar = [models.Index(fields=["area"], name="registry_household_area")]


class Organisation(models.Model):
    """A firm, shop, school, collective or other body with a social credit code."""

    personal_data = "none: what a public register shows. People of the firm stand in PartyRelation."

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    uscc = models.CharField(max_length=18, null=True, unique=True)  # noqa: DJ001  unknown is not ""
    name = models.CharField(max_length=120)
    sort_key = models.CharField(max_length=480)
    industry = models.CharField(max_length=8, blank=True, help_text="GB/T 4754, such as C348.")
    is_above_scale = models.BooleanField(default=False)
    address = models.CharField(max_length=160, blank=True, help_text="Where it really is.")
    registered_address = models.CharField(max_length=160, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    registered_at = models.DateTimeField()
    closed_on = models.DateField(null=True)

    class Meta:
        """Sorted and found by name within an area."""

        db_table = "registry_organisation"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(uscc__isnull=True) | Q(uscc__regex="^[0-9A-HJ-NPQRTUWXY]{18}$"),
                name="registry_organisation_uscc_shape",
            ),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
                name="registry_organisation_on_earth",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["area", "sort_key"], name="registry_organisation_area"),
            models.Index(fields=["sort_key", "id"], name="registry_organisation_sorted"),
        ]


class PartyRelation(models.Model):
    """What a person is to a firm, a household or another person, for a time."""

    personal_data = "Ids of people only, and what one is to another."

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24, choices=_choices(RelationKind))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        """One target; the same relation never twice at a time; one legal representative."""

        db_table = "registry_party_relation"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, household__isnull=True, other__isnull=True)
                | Q(organisation__isnull=True, household__isnull=False, other__isnull=True)
                | Q(organisation__isnull=True, household__isnull=True, other__isnull=False),
                name="registry_relation_has_one_target",
            ),
            models.CheckConstraint(
                condition=Q(other__isnull=True) | ~Q(other=F("person")),
                name="registry_relation_of_two",
            ),
            ExclusionConstraint(
                name="registry_relation_once",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (
                        Coalesce(F("organisation"), F("household"), F("other")),
                        RangeOperators.EQUAL,
                    ),
                    (_period(), RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="registry_one_legal_representative",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    (_period(), RangeOperators.OVERLAPS),
                ],
                condition=Q(kind=RelationKind.LEGAL_REPRESENTATIVE.value),
            ),
            _period_is_right("registry_relation_period"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "kind"], name="registry_relation_firm"),
            models.Index(fields=["household"], name="registry_relation_household"),
        ]


class Post(models.Model):
    """One person's duty in a unit and an area, for a time."""

    personal_data = "Ids of people only."

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    duty = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        """The same post never twice at a time."""

        db_table = "registry_post"
        constraints: ClassVar = [
            ExclusionConstraint(
                name="registry_post_once",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("duty", RangeOperators.EQUAL),
                    (_or_zero("unit"), RangeOperators.EQUAL),
                    ("area", RangeOperators.EQUAL),
                    (_period(), RangeOperators.OVERLAPS),
                ],
            ),
            _period_is_right("registry_post_period"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "duty"], name="registry_post_unit"),
            models.Index(fields=["area", "duty"], name="registry_post_area"),
        ]


class OfficerAssignment(models.Model):
    """The one officer who looks after a firm (一企一警), for a time."""

    personal_data = "Ids of people only."

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        """One officer at a time for each firm."""

        db_table = "registry_officer_assignment"
        constraints: ClassVar = [
            ExclusionConstraint(
                name="registry_one_officer",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    (_period(), RangeOperators.OVERLAPS),
                ],
            ),
            _period_is_right("registry_officer_period"),
        ]
        indexes: ClassVar = [models.Index(fields=["person"], name="registry_officer_person")]
