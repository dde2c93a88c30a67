"""A notice in words, in the reader's language; and the little that a public channel may say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bihuan.kernel.tools.notices import kinds
from bihuan.kernel.tools.notices.rules import moment_names
from bihuan.kernel.tools.notices.types import NoticeCode, NoticeKind
from bihuan.platform.ui.words import due_words


def title_of(code: NoticeCode) -> str:
    """Return the title of a kind of notice."""
    kind = kinds.find_kind(code)
    return _(kind.title) if kind else _("Notice")


def text_of(code: NoticeCode, params: Mapping[str, Any]) -> str:
    """Return the whole notice: the sentence, and what is added for each given parameter."""
    kind = kinds.find_kind(code)
    if kind is None:
        return _("Matter %(number)s has news.") % {"number": params.get("number", "")}
    said = _spoken(params) | _decoded(kind, params)
    more = [_(text) for name, text in kind.more if params.get(name)]
    gap = "" if _is_chinese() else " "
    return gap.join([_(kind.words), *more]) % said


def public_text_of(params: Mapping[str, Any]) -> str:
    """Return what strangers may read along: the number and the deadline, nothing of the matter."""
    said = _spoken(params)
    if params.get("due_at"):
        text = _("Matter %(number)s has news; deadline %(due_at)s. Sign in to Bihuan to read it.")
    else:
        text = _("Matter %(number)s has news. Sign in to Bihuan to read it.")
    return text % {"number": "", **said}


def _decoded(kind: NoticeKind, params: Mapping[str, Any]) -> dict[str, str]:
    words = dict(kind.code_words)
    codes = {name: str(params[name]) for name in params if name.endswith("_code")}
    return {name: _(words[code]) if code in words else code for name, code in codes.items()}


def _is_chinese() -> bool:
    return _("Notice") != "Notice"


def _spoken(params: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in params.items() if value is not None}
    for name in moment_names(said):
        said[name] = due_words(datetime.fromisoformat(said[name]))
    return said
