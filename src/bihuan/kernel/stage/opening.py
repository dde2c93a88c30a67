"""Start-up: read each manifest, hand each part to its room, check, seal."""

from __future__ import annotations

import importlib
from pathlib import Path

from django.apps import apps

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.privacy import api as privacy
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import SYSTEM_ADMIN
from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.stage import catalogue
from bihuan.kernel.stage.types import MANAGE_MACHINES, Scene
from bihuan.kernel.tools.assessments import api as assessments
from bihuan.kernel.tools.notices import api as notices
from bihuan.platform.adapters import kinds as systems


def open_stage(names: tuple[str, ...]) -> None:
    """Read the scenes called `names` (dotted packages), hand out what they bring, and seal.

    Raises:
        UnableToStage: a manifest is wrong.
    """
    registry.grant(SYSTEM_ADMIN, frozenset({MANAGE_MACHINES}))
    for name in names:
        module = importlib.import_module(f"{name}.scene")
        scene: Scene = module.SCENE
        catalogue.put(scene)
        for system in scene.outside:
            systems.declare(system)
        _hand_out(scene)
        folder = Path(module.__file__ or "").parent
        _offer_checklists(scene, folder)
        if scene.standards:
            privacy.declare_folder(folder / scene.standards)
        privacy.require_purposes(scene.purposes, by=f"scene {scene.name}")
    assessments.seal()
    cases.listen()
    for kind in cases.all_kinds():
        told = (transition.notice for transition in kind.life.transitions)
        notices.require_kinds(told, by=f"a matter of kind {kind.code}")
    privacy.seal()
    registry.seal()
    events.seal()


def _hand_out(scene: Scene) -> None:
    for duty in scene.duties:
        registry.declare_duty(duty)
    for grant in scene.grants:
        registry.grant(grant.duty, grant.powers)
    for notice in scene.notices:
        notices.declare_kind(notice)
    for kind in scene.case_kinds:
        cases.declare_kind(kind)
    for opens in scene.opens:
        cases.declare_opens(opens, catalogue.resolve(opens.raising, scene=scene.name))
    for name, dotted in scene.rules:
        standards.register_rule(name, catalogue.resolve(dotted, scene=scene.name))
    for wish in scene.subscriptions:
        handler = catalogue.resolve(wish.handler, scene=scene.name)
        name = f"{scene.name}:{wish.handler}"
        events.subscribe(wish.fact, name, handler, where=wish.where)


def _offer_checklists(scene: Scene, folder: Path) -> None:
    for process in scene.alert_processes:
        handler = catalogue.resolve(process.handler, scene=scene.name)
        assessments.declare_process(process, handler)
    for name in scene.checklists:
        path = folder / "checklists" / name
        if not path.exists():
            raise catalogue.UnableToStage(f"scene {scene.name}: there is no file {path.name}")
        assessments.declare_version(assessments.read_version(path, brought_by=scene.name))


def standards_folders() -> tuple[Path, ...]:
    """Return the folders of dated rules that rooms and scenes bring."""
    folders = (Path(config.path) / "standards" for config in apps.get_app_configs())
    return tuple(folder for folder in folders if any(folder.glob("*.yaml")))


def load_what_ships(**_: object) -> None:
    """Load the areas, dated rules and checklists that ship; what stands already stays.

    Runs after each migration, and after a test has emptied the tables.
    """
    registry.load_areas()
    for folder in standards_folders():
        standards.load_folder(folder)
    assessments.load_declared()
