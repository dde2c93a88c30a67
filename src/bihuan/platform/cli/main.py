"""The console command: ``bihuan serve``, and management commands by scene or room.

``bihuan appeals import FILE`` runs the management command ``appeals_import``.
"""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
SERVE = ("serve [--fresh]", "The demo: database, web server, worker")
MIGRATE = ("migrate", "Bring the tables up to date as their owner (DATABASE_OWNER_URL)")
UNKNOWN = 2


def main() -> None:
    """Run the command line."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["serve"]:
        from bihuan.platform.cli.serve import serve  # noqa: PLC0415  needs no Django

        sys.exit(serve(ROOT, fresh="--fresh" in arguments))
    if arguments[:1] == ["migrate"] and "DATABASE_OWNER_URL" in os.environ:
        from bihuan.platform.cli.serve import migrate  # noqa: PLC0415

        migrate(ROOT, dict(os.environ))
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings.demo")
    _find_demo()
    import django  # noqa: PLC0415
    from django.core.management import ManagementUtility, get_commands  # noqa: PLC0415

    django.setup()
    commands = get_commands()
    if not arguments or arguments[0] in {"help", "--help", "-h"}:
        _show(commands, arguments[1] if len(arguments) > 1 else "")
        return
    name, rest = resolve(arguments, commands)
    if name not in commands:
        print(unknown(arguments, commands), file=sys.stderr)
        sys.exit(UNKNOWN)
    ManagementUtility(["bihuan", name, *rest]).execute()


def resolve(arguments: list[str], commands: Mapping[str, object]) -> tuple[str, list[str]]:
    """Return the management command that the words mean, and what is left of them."""
    name, rest = arguments[0].replace("-", "_"), arguments[1:]
    if rest and f"{name}_{rest[0]}" in commands:
        return f"{name}_{rest[0]}", rest[1:]
    return name, rest


def unknown(arguments: list[str], commands: Mapping[str, object]) -> str:
    """Say that there is no such command, and which is nearest."""
    asked = " ".join(word for word in arguments[:2] if not word.startswith("-"))
    known = [words for words, _name, _room in ours(commands)]
    near = difflib.get_close_matches(asked, known, n=1, cutoff=0.4)
    group = [words for words in known if words.split()[0] == arguments[0]]
    hint = f" Did you mean: bihuan {near[0]} ?" if near else ""
    if not near and group:
        hint = f" There is: {', '.join(group)}."
    return f"bihuan: there is no command “{asked}”.{hint} All commands: bihuan help"


def ours(commands: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """Yield our commands as one types them, their names, and the room they belong to."""
    for name, app in sorted(commands.items(), key=lambda pair: (str(pair[1]), pair[0])):
        if str(app).startswith("bihuan."):
            yield name.replace("_", " ", 1), name, str(app).removeprefix("bihuan.")


def _find_demo() -> None:
    """Use the running demo's database unless another one is named."""
    from bihuan.platform.cli.serve import addresses  # noqa: PLC0415
    from bihuan.platform.database.server import home_for  # noqa: PLC0415

    found = addresses(home_for(ROOT))
    for name, value in found.items():
        os.environ.setdefault(name, value)


def _show(commands: Mapping[str, object], room: str) -> None:
    from django.core.management import load_command_class  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table("bihuan …", "what it does", box=None, pad_edge=False, row_styles=[""])
    table.add_row(*SERVE)
    table.add_row(*MIGRATE)
    before = ""
    for words, name, where in ours(commands):
        if room and room not in {words.split()[0], where.rsplit(".", 1)[-1]}:
            continue
        if where != before:
            table.add_section()
            table.add_row(f"[bold]{where}[/bold]", "")
            before = where
        command = load_command_class(str(commands[name]), name)
        table.add_row(f"  {words}", str(command.help))
    console = Console()
    console.print(table)
    console.print("bihuan COMMAND --help tells the options of one.")


if __name__ == "__main__":
    main()
