"""Message catalogues without a system gettext: what is missing, and compiling them.

``check`` finds every source string and demands a Chinese one, not fuzzy, in a catalogue of the
house: Django merges them, so a word that several apps use stands once. ``missing APP`` prints what
lacks as catalogue entries. ``compile`` writes the binary catalogues.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import django
from babel.messages import extract, mofile, pofile
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "bihuan"
LOCALE = Path("locale") / "zh_Hans" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    **extract.DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
REFUSAL = re.compile(r"^class (\w+)\((\w+)\):", re.MULTILINE)


@lru_cache(maxsize=1)
def refusals() -> frozenset[str]:
    """Return the names of every error that people read: Refused and what descends from it."""
    pairs = [
        found.groups()
        for path in SOURCE.rglob("*.py")
        for found in REFUSAL.finditer(path.read_text(encoding="utf-8"))
    ]
    known = {"Refused"}
    while fresh := {name for name, base in pairs if base in known} - known:
        known |= fresh
    return frozenset(known)


@dataclass(frozen=True, slots=True)
class Used:
    """One source string and where it stands."""

    msgid: str
    plural: str
    context: str | None
    where: str


def apps() -> list[Path]:
    """Return every folder with an ``apps.py``: each has a catalogue of its own."""
    return sorted(path.parent for path in SOURCE.rglob("apps.py"))


def owner(path: Path, folders: list[Path]) -> Path | None:
    """Return the app in which a file lies."""
    return max((f for f in folders if f in path.parents), key=lambda f: len(f.parts), default=None)


CALL = re.compile(
    r"""\b(?P<name>n?p?gettext)\(\s*u?(?P<one>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
    r"""(?:\s*,\s*u?(?P<two>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))?"""
)


def used_in(path: Path) -> Iterator[Used]:
    """Yield the source strings of a Python file or a template."""
    text = path.read_text(encoding="utf-8")
    yield from _in_template(path, text) if path.suffix == ".html" else _in_python(path, text)


def _in_template(path: Path, text: str) -> Iterator[Used]:
    """Yield what Django itself would hand to a message extractor."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    source = templatize(text)
    for found in CALL.finditer(source):
        one = ast.literal_eval(found["one"])
        two = ast.literal_eval(found["two"]) if found["two"] else ""
        line = source.count("\n", 0, found.start()) + 1
        where = f"{path.relative_to(ROOT)}:{line}"
        if found["name"] == "pgettext":
            yield Used(two, "", one, where)
        else:
            yield Used(one, two, None, where)


def _in_python(path: Path, text: str) -> Iterator[Used]:
    keywords = dict.fromkeys(refusals()) | KEYWORDS
    found = extract.extract("python", io.BytesIO(text.encode()), keywords=keywords)
    for line, message, _comments, context in found:
        parts = message if isinstance(message, tuple) else (message, "")
        if parts[0] and any(char.isalpha() for char in parts[0]):
            where = f"{path.relative_to(ROOT)}:{line}"
            yield Used(parts[0], parts[1] if len(parts) > 1 else "", context, where)


def files() -> Iterator[Path]:
    """Yield every file that may hold source strings."""
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html")]):
        if not {"tests", "migrations"} & set(path.parts):
            yield path


def missing() -> dict[Path, list[Used]]:
    """Return what lacks a Chinese string, by app."""
    folders = apps()
    lacking: dict[Path, list[Used]] = {}
    catalogues = {folder: _translated(folder) for folder in folders}
    shared = set().union(*catalogues.values()) if catalogues else set()
    for path in files():
        folder = owner(path, folders)
        for used in used_in(path):
            if (used.context, used.msgid) not in shared:
                lacking.setdefault(folder or SOURCE, []).append(used)
    return lacking


def _translated(folder: Path) -> set[tuple[str | None, str]]:
    path = folder / LOCALE
    if not path.exists():
        return set()
    with path.open("rb") as source:
        catalogue = pofile.read_po(source)
    found = set()
    for message in catalogue:
        singular = message.id[0] if isinstance(message.id, tuple) else message.id
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        if singular and all(words) and not message.fuzzy:
            found.add((message.context, singular))
    return found


def check() -> int:
    """Print each source string without a Chinese one; return how many there are."""
    lacking = missing()
    for folder, items in lacking.items():
        for used in items:
            print(f"{used.where}: no Chinese for {used.msgid!r} in {folder.name}")
    count = sum(len(items) for items in lacking.values())
    print(f"messages: {count} missing")
    return count


def show(name: str) -> None:
    """Print what lacks in one app as catalogue entries."""
    for folder, items in missing().items():
        if folder.name != name:
            continue
        for used in {(u.context, u.msgid, u.plural): u for u in items}.values():
            if used.context:
                print(f'msgctxt "{used.context}"')
            print(f"msgid {_quoted(used.msgid)}")
            if used.plural:
                print(f'msgid_plural {_quoted(used.plural)}\nmsgstr[0] ""\n')
            else:
                print('msgstr ""\n')


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def compile_all() -> int:
    """Write the binary catalogue beside each text one; return how many."""
    count = 0
    for path in SOURCE.rglob("*.po"):
        with path.open("rb") as source:
            catalogue = pofile.read_po(source, locale="zh")
        with path.with_suffix(".mo").open("wb") as target:
            mofile.write_mo(target, catalogue)
        count += 1
    return count


def main(arguments: list[str]) -> int:
    """Run the verb; the exit code of ``check`` tells whether anything lacks."""
    if arguments[:1] == ["check"]:
        return 1 if check() else 0
    if arguments[:1] == ["missing"]:
        show(arguments[1])
        return 0
    print(f"messages: {compile_all()} catalogues")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
