"""The console command: ``bihuan serve``, and management commands by scene or room.

``bihuan appeals import FILE`` runs the management command ``appeals_import``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]


def main() -> None:
    """Run the command line."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["serve"]:
        from bihuan.platform.cli.serve import serve  # noqa: PLC0415  needs no Django

        sys.exit(serve(ROOT, fresh="--fresh" in arguments))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings.demo")
    _find_demo()
    import django  # noqa: PLC0415
    from django.core.management import ManagementUtility, get_commands  # noqa: PLC0415

    django.setup()
    commands = get_commands()
    if not arguments or arguments[0] in {"help", "--help"}:
        _show(commands)
        return
    name, rest = arguments[0], arguments[1:]
    if rest and f"{name}_{rest[0]}" in commands:
        name, rest = f"{name}_{rest[0]}", rest[1:]
    ManagementUtility(["bihuan", name, *rest]).execute()


def _find_demo() -> None:
    """Use the running demo's database unless another one is named."""
    from bihuan.platform.cli.serve import addresses  # noqa: PLC0415
    from bihuan.platform.database.server import home_for  # noqa: PLC0415

    found = addresses(home_for(ROOT))
    for name, value in found.items():
        os.environ.setdefault(name, value)


def _show(commands: Mapping[str, object]) -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table("command", "from", title="bihuan")
    table.add_row("serve [--fresh]", "the demo: database, web server, worker")
    for name, app in sorted(commands.items(), key=lambda pair: (str(pair[1]), pair[0])):
        if str(app).startswith("bihuan"):
            table.add_row(name.replace("_", " ", 1), str(app).removeprefix("bihuan."))
    Console().print(table)


if __name__ == "__main__":
    main()
