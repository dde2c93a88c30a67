"""The folder of keys: one file for each key, ``field-1.key``, ``index-1.key``, ``signing-1.key``.

A file holds the algorithm and the secret in hex. The highest number is used for new work; all
others stay for reading. In demo and tests missing keys are made; elsewhere they are refused.
"""

from __future__ import annotations

import contextlib
import enum
import functools
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from bihuan.platform.crypto.providers import INDEXERS, SEALERS

NAME = re.compile(r"^(field|index|signing)-([1-9][0-9]{0,4})\.key$")
SIGNING = "ed25519"


class UnableToFindKeys(RuntimeError):
    """The installation has no keys, or one that cannot be read; it says what to do."""


class Use(enum.StrEnum):
    """What a key is for. No key serves two uses."""

    FIELD = "field"
    INDEX = "index"
    SIGNING = "signing"


DEFAULT_ALGORITHM = {Use.FIELD: "aes-256-gcm", Use.INDEX: "hmac-sha-256", Use.SIGNING: SIGNING}


@dataclass(frozen=True, slots=True)
class Key:
    """One secret with its number and algorithm."""

    number: int
    algorithm: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys of an installation, by use and number."""

    keys: Mapping[Use, Mapping[int, Key]]

    def current(self, use: Use) -> Key:
        """Return the key that new work is done with."""
        return self.keys[use][max(self.keys[use])]

    def find(self, use: Use, number: int) -> Key | None:
        """Return the key of that number, or None when it is gone."""
        return self.keys[use].get(number)

    def all(self, use: Use) -> tuple[Key, ...]:
        """Return the keys of one use, newest first."""
        return tuple(self.keys[use][number] for number in sorted(self.keys[use], reverse=True))


def load(folder: Path) -> KeyRing:
    """Return the keys in `folder`.

    Raises:
        UnableToFindKeys: a use has no key, or a file cannot be understood.
    """
    found: dict[Use, dict[int, Key]] = {use: {} for use in Use}
    for path in sorted(folder.glob("*.key")) if folder.is_dir() else []:
        match = NAME.match(path.name)
        if match:
            key = _read(path, Use(match[1]), int(match[2]))
            found[Use(match[1])][key.number] = key
    missing = [use.value for use in Use if not found[use]]
    if missing:
        raise UnableToFindKeys(
            f"No key for {', '.join(missing)} in {folder}. Make them with "
            "`python -m bihuan.platform.crypto FOLDER`, keep a copy apart from the database, "
            "and set BIHUAN_KEYS to the folder."
        )
    return KeyRing(found)


def add_key(folder: Path, use: Use, *, algorithm: str = "") -> int:
    """Make the next key of one use in `folder` and return its number."""
    chosen = algorithm or DEFAULT_ALGORITHM[use]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    numbers = [int(m[2]) for p in folder.iterdir() if (m := NAME.match(p.name)) and m[1] == use]
    number = max(numbers, default=0) + 1
    _write(folder / f"{use}-{number}.key", f"{chosen} {_new_secret(use, chosen).hex()}\n")
    return number


def make_missing(folder: Path) -> None:
    """Make the first key of each use that has none; another process may do the same."""
    for use in Use:
        if not list(folder.glob(f"{use}-*.key")):
            with contextlib.suppress(FileExistsError):
                add_key(folder, use)


def ring() -> KeyRing:
    """Return the keys of this installation."""
    if not settings.BIHUAN_KEYS:
        raise UnableToFindKeys("Set BIHUAN_KEYS to the folder of the installation's keys.")
    return _ring(str(settings.BIHUAN_KEYS), bool(settings.BIHUAN_MAKE_KEYS))


def forget() -> None:
    """Read the folder afresh next time: a key was added."""
    _ring.cache_clear()


@functools.lru_cache(maxsize=8)
def _ring(folder: str, make: bool) -> KeyRing:
    if make:
        make_missing(Path(folder))
    return load(Path(folder))


def _read(path: Path, use: Use, number: int) -> Key:
    algorithm, _, secret = path.read_text("ascii").strip().partition(" ")
    try:
        raw = bytes.fromhex(secret)
    except ValueError:
        raw = b""
    if len(raw) != _secret_bytes(use, algorithm):
        raise UnableToFindKeys(f"{path} does not hold a key for {use}.")
    return Key(number, algorithm, raw)


def _secret_bytes(use: Use, algorithm: str) -> int:
    """Return the length of the secret; -1 when the algorithm is not one for this use."""
    if use is Use.SIGNING:
        return 32 if algorithm == SIGNING else -1
    if use is Use.FIELD:
        return SEALERS[algorithm].secret_bytes if algorithm in SEALERS else -1
    return INDEXERS[algorithm].secret_bytes if algorithm in INDEXERS else -1


def _new_secret(use: Use, algorithm: str) -> bytes:
    length = _secret_bytes(use, algorithm)
    if length < 0:
        raise UnableToFindKeys(f"{algorithm} is not an algorithm for {use}.")
    return secrets.token_bytes(length)


def _write(path: Path, text: str) -> None:
    """Write a new file whole or not at all; never over an old one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    finally:
        draft.unlink()
