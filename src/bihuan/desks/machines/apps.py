"""The app of the administrator's desk."""

from django.apps import AppConfig


class MachinesConfig(AppConfig):
    """The system administrator's desk."""

    name = "bihuan.desks.machines"
    label = "desk_machines"
