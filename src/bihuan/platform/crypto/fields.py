"""A model field that holds a text sealed for its own row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from bihuan.platform.crypto import sealing
from bihuan.platform.crypto.providers import UnableToUnseal
from bihuan.platform.crypto.sealing import Place

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
else:
    _Field = models.Field


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed text as it was read. It opens only on request; printed, it shows nothing."""

    raw: bytes = field(repr=False)
    place: Place | None = None

    def open(self) -> str:
        """Return the clear text."""
        if self.place is None:
            raise UnableToUnseal("bind the value to its row first: sealed.of(row)")
        return sealing.unseal(self.raw, self.place)

    def __str__(self) -> str:
        """Show nothing, so that no template or log can leak it."""
        return "•••"


class SealedAttribute(DeferredAttribute):
    """Hands out Sealed values bound to their row."""

    field: EncryptedText

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        """Return the value; one from the database comes bound to this row."""
        value = super().__get__(instance, cls)
        if instance is not None and isinstance(value, Sealed) and value.place is None:
            return Sealed(value.raw, self.field.place(instance))
        return value

    def __set__(self, instance: models.Model, value: object) -> None:
        """Keep the value until the row is saved; a data descriptor must say so."""
        instance.__dict__[self.field.attname] = value


class EncryptedText(_Field):
    """Text kept as bytes, sealed with the key of fields for table, column and row.

    Assign a ``str``; it is sealed when the row is saved. Read ``row.name.open()``. The row needs a
    random primary key of its own making. Look-ups and bulk updates by value are refused: use a
    blind index beside it, and save rows one by one.
    """

    descriptor_class = SealedAttribute

    def db_type(self, connection: Any) -> str:
        """Return PostgreSQL's type of bytes."""
        return "bytea"

    def place(self, instance: models.Model) -> Place:
        """Return where this field of `instance` belongs."""
        if instance.pk is None:
            raise FieldError("a sealed field needs a row that makes its own id")
        return Place(self.model._meta.db_table, str(self.column), str(instance.pk))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Seal a new text; leave one that was read as it is."""
        value = getattr(model_instance, self.attname)
        if isinstance(value, str):
            place = self.place(model_instance)
            value = Sealed(sealing.seal(value, place), place)
            setattr(model_instance, self.attname, value)
        return value

    def get_prep_value(self, value: Any) -> Any:
        """Return the bytes; a bare text is refused, since its row is not known here."""
        if value is None or isinstance(value, models.expressions.BaseExpression):
            return value
        if not isinstance(value, Sealed):
            raise FieldError(f"{self.name} is written by saving its row, not by update or filter")
        return value.raw

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        """Return what was read, still sealed."""
        return None if value is None else Sealed(bytes(value))

    def get_lookup(self, lookup_name: str) -> Any:
        """Refuse every look-up but ``isnull``."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed: look it up by its blind index")
        return super().get_lookup(lookup_name)
