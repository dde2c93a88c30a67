"""The app of the field desk."""

from django.apps import AppConfig


class FieldConfig(AppConfig):
    """The field desk."""

    name = "bihuan.desks.field"
    label = "desk_field"
