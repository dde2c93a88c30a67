"""Message catalogues without a system gettext: what is missing, what clashes, compiling them.

``check`` finds every source string and demands a Chinese one, not fuzzy, with the same places to
fill in, in the catalogue of its own app or of one that stands on the same storey or lower: Django
merges catalogues, so a word that several apps use stands once, and two different translations of it
are refused. ``extract`` adds what lacks to each app's own catalogue, untranslated; ``missing APP``
prints it instead. ``compile`` writes the binary catalogues.
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
STOREYS = ("platform", "kernel", "scenes", "desks", "config")
PLACES = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
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


def storey(path: Path) -> int:
    """Return on which storey of the house a path stands, from the lowest."""
    first = path.relative_to(SOURCE).parts[:1]
    return STOREYS.index(first[0]) if first and first[0] in STOREYS else 0


def missing() -> dict[Path, list[Used]]:
    """Return what lacks a Chinese string, by app."""
    folders = apps()
    lacking: dict[Path, list[Used]] = {}
    reachable: dict[int, set[Key]] = {level: set() for level in range(len(STOREYS))}
    for path in catalogues():
        known = {entry.key for entry in entries(path) if entry.is_done}
        for level in range(storey(path), len(STOREYS)):
            reachable[level] |= known
    for path in files():
        for used in used_in(path):
            if (used.context, used.msgid) not in reachable[storey(path)]:
                lacking.setdefault(owner(path, folders) or SOURCE, []).append(used)
    return lacking


Key = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a catalogue and where it stands."""

    key: Key
    sources: tuple[str, ...]
    words: tuple[str, ...]
    is_fuzzy: bool
    where: str

    @property
    def is_done(self) -> bool:
        """Whether it is translated, and by somebody who was sure."""
        return all(self.words) and not self.is_fuzzy

    @property
    def misplaced(self) -> set[str]:
        """Return the places to fill in that only the source or only the translation has."""
        wanted = {place for text in self.sources for place in PLACES.findall(text)}
        given = {place for text in self.words for place in PLACES.findall(text)}
        return wanted ^ given


def catalogues() -> list[Path]:
    """Return every text catalogue that Django reads: those of apps."""
    return [folder / LOCALE for folder in apps() if (folder / LOCALE).exists()]


def _several(value: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def entries(path: Path) -> Iterator[Entry]:
    """Yield the entries of a catalogue, without its header."""
    with path.open("rb") as source:
        catalogue = pofile.read_po(source)
    for message in catalogue:
        if message.id:
            sources = _several(message.id)
            yield Entry(
                key=(message.context, sources[0]),
                sources=sources,
                words=_several(message.string or ""),
                is_fuzzy=message.fuzzy,
                where=f"{path.relative_to(ROOT)}:{message.lineno}",
            )


def faults() -> list[str]:
    """Return what is wrong with what stands: clashes, and places that differ."""
    stray = set(SOURCE.rglob("*.po")) - set(catalogues())
    found = [f"{path.relative_to(ROOT)}: Django reads no catalogue here" for path in sorted(stray)]
    first: dict[Key, Entry] = {}
    for path in catalogues():
        for entry in entries(path):
            if not entry.is_done:
                continue
            if entry.misplaced:
                found.append(f"{entry.where}: {', '.join(sorted(entry.misplaced))} differ")
            other = first.setdefault(entry.key, entry)
            if other.words != entry.words:
                found.append(
                    f"{entry.where}: {entry.key[1]!r} is translated otherwise in {other.where}"
                )
    return found


def check() -> int:
    """Print each source string without a Chinese one and each fault; return how many there are."""
    lacking = missing()
    for folder, items in lacking.items():
        for used in items:
            print(f"{used.where}: no Chinese for {used.msgid!r} in {folder.name}")
    wrong = faults()
    for line in wrong:
        print(line)
    count = sum(len(items) for items in lacking.values())
    print(f"messages: {count} missing, {len(wrong)} faults")
    return count + len(wrong)


def _as_entries(items: list[Used]) -> str:
    """Return what lacks as untranslated entries of a catalogue."""
    text = ""
    for used in {(u.context, u.msgid): u for u in items}.values():
        text += f"\n#: {used.where.rsplit(':', 1)[0]}\n"
        text += f"msgctxt {_quoted(used.context)}\n" if used.context else ""
        text += f"msgid {_quoted(used.msgid)}\n"
        plural = f'msgid_plural {_quoted(used.plural)}\nmsgstr[0] ""\n'
        text += plural if used.plural else 'msgstr ""\n'
    return text


def show(name: str) -> None:
    """Print what lacks in one app as catalogue entries."""
    for folder, items in missing().items():
        if folder.name == name:
            print(_as_entries(items))


HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: zh_Hans\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""


def add_missing() -> int:
    """Add what lacks to each app's own catalogue, untranslated; return how many entries."""
    count = 0
    for folder, items in missing().items():
        path = folder / LOCALE
        known = {entry.key for entry in entries(path)} if path.exists() else set()
        fresh = [used for used in items if (used.context, used.msgid) not in known]
        if not fresh:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else HEADER
        path.write_text(before.rstrip("\n") + "\n" + _as_entries(fresh), encoding="utf-8")
        count += len({(u.context, u.msgid) for u in fresh})
    return count


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def compile_all() -> int:
    """Write the binary catalogue beside each text one; return how many."""
    count = 0
    for path in catalogues():
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
    if arguments[:1] == ["extract"]:
        print(f"messages: {add_missing()} added, to be translated")
        return 0
    if arguments[:1] == ["missing"]:
        show(arguments[1])
        return 0
    if arguments[:1] == ["compile"]:
        print(f"messages: {compile_all()} catalogues")
        return 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
