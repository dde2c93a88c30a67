"""The app of the scene."""

from django.apps import AppConfig


class JointInspectionConfig(AppConfig):
    """综合查一次."""

    name = "bihuan.scenes.joint_inspection"
    label = "scene_joint_inspection"

    def ready(self) -> None:
        """Say who answers for the clocks of tasks, and who sees their papers."""
        from bihuan.kernel.affairs.fieldwork.types.inspections import (
            INSPECTION,
            INSPECTION_FINDING,
        )
        from bihuan.kernel.ground.clocks import api as clocks
        from bihuan.kernel.tools.documents import api as documents
        from bihuan.scenes.joint_inspection import letters, queries
        from bihuan.scenes.joint_inspection.types import TASK

        clocks.declare_cover("joint_inspection", (TASK,), queries.list_unpublished)
        documents.guard(TASK, queries.may_see_papers)
        documents.guard(INSPECTION, queries.may_see_evidence)
        documents.guard(INSPECTION_FINDING, queries.may_see_evidence)
        for kind in letters.KINDS:
            documents.declare_kind(kind)
