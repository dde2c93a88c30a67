"""The app of the registry."""

from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class RegistryConfig(AppConfig):
    """Areas, people, firms, units, posts."""

    name = "bihuan.kernel.ground.registry"
    label = "registry"

    def ready(self) -> None:
        """Declare the duties that every county has. Rooms and scenes grant them powers."""
        from bihuan.kernel.ground.registry import kinds, types

        titles = {
            types.ACCEPTOR: _("Acceptor"),
            types.DISPATCHER: _("Dispatcher"),
            types.HANDLER: _("Handler"),
            types.VERIFIER: _("Verifier"),
            types.DUTY_OFFICER: _("Duty officer"),
            types.GRID_WORKER: _("Grid worker"),
            types.GRID_LEADER: _("Grid leader"),
            types.PROJECT_OFFICER: _("Project officer"),
            types.LEADER: _("Leader"),
            types.AUDITOR: _("Auditor"),
            types.SYSTEM_ADMIN: _("System administrator"),
            types.SECURITY_ADMIN: _("Security administrator"),
            types.AUDIT_ADMIN: _("Audit administrator"),
            types.RESIDENT: _("Resident"),
            types.FIRM_CONTACT: _("Firm contact"),
        }
        for code, title in titles.items():
            kinds.declare_duty(types.Duty(code, title, frozenset()))
        kinds.grant(types.SYSTEM_ADMIN, [types.MANAGE_AREAS, types.MANAGE_UNITS])
        kinds.grant(types.SECURITY_ADMIN, [types.APPOINT])
        kinds.grant(types.ACCEPTOR, [types.REGISTER_PEOPLE, types.LOOK_UP_PEOPLE])
        kinds.grant(types.GRID_WORKER, [types.REGISTER_FIRMS])
        kinds.grant(types.GRID_LEADER, [types.REGISTER_FIRMS])
        kinds.grant(types.LEADER, [types.ASSIGN_OFFICERS])
