"""Kinds of notices that rooms and scenes declared; filled at start-up, checked and sealed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils import translation

from bihuan.kernel.tools.notices.types import NoticeCode, NoticeKind

_kinds: dict[NoticeCode, NoticeKind] = {}
_PLACES = re.compile(r"%\((\w+)\)s")


class UnableToDeclareNotice(RuntimeError):
    """A kind of notice is declared twice, lacks words, or is missing; the site does not start."""


def declare_kind(kind: NoticeKind) -> None:
    """Take in a kind of notice.

    Raises:
        UnableToDeclareNotice: another declaration of the code stands, or it lacks words.
    """
    if _kinds.get(kind.code, kind) != kind:
        raise UnableToDeclareNotice(f"notice {kind.code} is declared twice, and differently")
    faults = faults_of(kind)
    if faults:
        raise UnableToDeclareNotice(f"notice {kind.code}: {'; '.join(faults)}")
    _kinds[kind.code] = kind


def faults_of(kind: NoticeKind) -> list[str]:
    """Return what a kind lacks: words in English and in Chinese, with the same places."""
    faults = []
    for text in sentences(kind):
        if not text.strip():
            faults.append("words are missing")
            continue
        with translation.override("zh-hans"):
            chinese = translation.gettext(text)
        if chinese == text:
            faults.append(f"no Chinese for {text!r} (are the catalogues compiled?)")
        elif set(_PLACES.findall(chinese)) != set(_PLACES.findall(text)):
            faults.append(f"the Chinese of {text!r} has other places")
    for name, text in kind.more:
        if set(_PLACES.findall(text)) - {name, "number"}:
            faults.append(f"{text!r} needs more than {name}")
    return faults


def sentences(kind: NoticeKind) -> tuple[str, ...]:
    """Return every source string of a kind."""
    spoken = (*kind.more, *kind.code_words)
    return (kind.title, kind.words, *(text for _name, text in spoken))


def require_kinds(codes: Iterable[str], *, by: str) -> None:
    """Refuse the start of a site where somebody would be told in words that nobody wrote.

    Raises:
        UnableToDeclareNotice: with each code that nobody declared.
    """
    lacking = sorted({code for code in codes if code} - set(_kinds))
    if lacking:
        raise UnableToDeclareNotice(f"{by} tells people {', '.join(lacking)}: nobody wrote it")


def find_kind(code: str) -> NoticeKind | None:
    """Return the kind called `code`, or None when a release has removed it."""
    return _kinds.get(NoticeCode(code))


def get_kind(code: str) -> NoticeKind:
    """Return the kind called `code`.

    Raises:
        UnableToDeclareNotice: nobody declared it.
    """
    found = find_kind(code)
    if found is None:
        raise UnableToDeclareNotice(f"nobody declared the notice {code}")
    return found


def all_kinds() -> tuple[NoticeKind, ...]:
    """Return every kind, by code."""
    return tuple(_kinds[code] for code in sorted(_kinds))
