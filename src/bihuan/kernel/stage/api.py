"""The door of the stage."""

from bihuan.kernel.stage.catalogue import (
    UnableToStage,
    find_command,
    nav,
    panels,
    scenes,
)
from bihuan.kernel.stage.opening import load_what_ships, open_stage, standards_folders
from bihuan.kernel.stage.steps import (
    StepRequest,
    perform_command,
    perform_form,
    scope_of,
    step,
)

__all__ = [
    "StepRequest",
    "UnableToStage",
    "find_command",
    "load_what_ships",
    "nav",
    "open_stage",
    "panels",
    "perform_command",
    "perform_form",
    "scenes",
    "scope_of",
    "standards_folders",
    "step",
]
