"""The app of matters."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Matters that must be closed."""

    name = "bihuan.kernel.affairs.cases"
    label = "cases"

    def ready(self) -> None:
        """Give duties their powers, guard the photos of matters, tell whom they concern."""
        from bihuan.kernel.affairs.cases import api as cases
        from bihuan.kernel.affairs.cases import jobs as _jobs  # noqa: F401
        from bihuan.kernel.affairs.cases import subscribers, types
        from bihuan.kernel.affairs.cases.web import papers
        from bihuan.kernel.ground.privacy import api as privacy
        from bihuan.kernel.ground.registry import api as registry
        from bihuan.kernel.ground.registry.types import DutyCode
        from bihuan.kernel.tools.documents import api as documents

        for duty, powers in types.POWERS_OF_DUTIES.items():
            registry.grant(DutyCode(duty), frozenset(powers))
        documents.guard(types.CASE, cases.may_see_ref)
        privacy.guard(types.CASE, cases.care_of)
        for kind in papers.KINDS:
            documents.declare_kind(kind)
        subscribers.start()
