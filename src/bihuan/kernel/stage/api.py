"""The door of the stage."""

from bihuan.kernel.stage.catalogue import (
    UnableToStage,
    find_command,
    nav,
    page_of,
    panels,
    ready_words,
    scenes,
    searches,
    system_title,
)
from bihuan.kernel.stage.machines import (
    KEY_POWERS,
    MachineRequest,
    end_hook,
    machine,
    make_hook,
    make_key,
    revoke_key,
    scope_of_key,
    try_again,
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
    "KEY_POWERS",
    "MachineRequest",
    "StepRequest",
    "UnableToStage",
    "end_hook",
    "find_command",
    "load_what_ships",
    "machine",
    "make_hook",
    "make_key",
    "nav",
    "open_stage",
    "page_of",
    "panels",
    "perform_command",
    "perform_form",
    "ready_words",
    "revoke_key",
    "scenes",
    "scope_of",
    "scope_of_key",
    "searches",
    "standards_folders",
    "step",
    "system_title",
    "try_again",
]
