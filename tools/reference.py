"""Writes docs/reference from the code: what each room offers, and every address with its power.

``python -m tools.reference`` (``make docs``). Nothing in that folder is written by hand.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
KERNEL = ROOT / "src" / "bihuan" / "kernel"
TARGET = ROOT / "docs" / "reference"
WINGS = ("ground", "tools", "affairs", "sight")
HEAD = "<!-- Written by `make docs`; change the docstrings instead. -->\n\n"


def rooms() -> Iterator[tuple[str, str]]:
    """Yield wing and room of the kernel, from the bottom."""
    for wing in WINGS:
        for folder in sorted((KERNEL / wing).iterdir()):
            if (folder / "api.py").exists():
                yield wing, folder.name
    yield "", "stage"


def first_paragraph(thing: Any) -> str:
    """Return the first paragraph of a docstring on one line."""
    text = inspect.getdoc(thing) or ""
    return " ".join(text.split("\n\n")[0].split())


def signature(function: Any) -> str:
    """Return a signature without the noise of module paths."""
    try:
        text = str(inspect.signature(function))
    except (TypeError, ValueError):
        return ""
    return text.replace("bihuan.kernel.", "").replace("'", "")


def offered(module: ModuleType) -> Iterator[str]:
    """Yield a line for each name that a door lets through."""
    for name in getattr(module, "__all__", ()):
        thing = getattr(module, name)
        if inspect.isclass(thing):
            kind = "error" if issubclass(thing, Exception) else "value"
            yield f"- `{name}` ({kind}): {first_paragraph(thing)}"
        elif callable(thing):
            yield f"- `{name}{signature(thing)}`\n  {first_paragraph(thing)}"
        else:
            yield f"- `{name}`"


def announced(module: ModuleType) -> Iterator[str]:
    """Yield a line for each fact that a room records."""
    for thing in vars(module).values():
        wire = getattr(thing, "name", None)
        if inspect.isclass(thing) and thing.__module__ == module.__name__ and wire:
            fields = ", ".join(getattr(thing, "__annotations__", {}))
            yield f"- `{wire}`: {first_paragraph(thing)} ({fields})"


def page_of(wing: str, room: str) -> str:
    """Return the page of one room."""
    path = ".".join(part for part in ("bihuan.kernel", wing, room) if part)
    package = import_module(path)
    parts = [HEAD, f"# {room}\n\n{inspect.getdoc(package) or ''}\n"]
    parts += ["\n## The door\n\n", "\n".join(offered(import_module(f"{path}.api"))), "\n"]
    if (KERNEL / wing / room / "facts.py").exists():
        parts += ["\n## What it announces\n\n"]
        parts += ["\n".join(announced(import_module(f"{path}.facts"))), "\n"]
    if (KERNEL / wing / room / "relations.py").exists():
        told = inspect.getdoc(import_module(f"{path}.relations")) or ""
        parts += ["\n## What figures may read\n\n", told, "\n"]
    return "".join(parts)


def addresses() -> str:
    """Return every address with its methods and the power that it needs."""
    from django.urls import URLPattern, get_resolver  # noqa: PLC0415

    def walk(patterns: list[Any], prefix: str) -> Iterator[tuple[str, Any]]:
        for pattern in patterns:
            path = prefix + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                yield path, pattern.callback
            else:
                yield from walk(pattern.url_patterns, path)

    lines = [HEAD, "# Addresses\n\n", "| address | methods | power |\n| --- | --- | --- |\n"]
    for path, view in walk(get_resolver().url_patterns, "/"):
        methods = ", ".join(sorted(view.methods - {"HEAD", "OPTIONS"}))
        lines.append(f"| `{path}` | {methods} | `{view.power}` |\n")
    return "".join(lines)


def main() -> None:
    """Write the folder anew."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings.test")
    import django  # noqa: PLC0415

    django.setup()
    TARGET.mkdir(parents=True, exist_ok=True)
    pages = {f"{room}.md": page_of(wing, room) for wing, room in rooms()}
    pages["addresses.md"] = addresses()
    for name, text in pages.items():
        (TARGET / name).write_text(text, encoding="utf-8")
    print(f"docs/reference: {len(pages)} pages", file=sys.stderr)


if __name__ == "__main__":
    main()
