"""Which column of a file holds what: by the names that people and other centres use."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Sequence

from bihuan.platform.web.errors import Refused
from bihuan.scenes.appeals.importing.types import Columns, Field

NAMES: dict[Field, tuple[str, ...]] = {
    Field.TEXT: (
        "诉求内容",
        "留言详情",
        "内容",
        "诉求详情",
        "诉求描述",
        "问题描述",
        "事件描述",
        "案件描述",
        "反映内容",
        "来电内容",
        "工单内容",
        "详情",
        "描述",
        "text",
        "content",
        "description",
    ),
    Field.TITLE: (
        "标题",
        "主题",
        "留言主题",
        "诉求标题",
        "工单标题",
        "事件标题",
        "案件名称",
        "title",
        "subject",
    ),
    Field.NUMBER: (
        "工单编号",
        "工单号",
        "受理编号",
        "受理号",
        "案件编号",
        "事件编号",
        "留言编号",
        "编号",
        "number",
        "id",
    ),
    Field.DATE: (
        "受理时间",
        "来电时间",
        "上报时间",
        "诉求时间",
        "留言时间",
        "登记时间",
        "创建时间",
        "受理日期",
        "日期",
        "时间",
        "date",
        "time",
    ),
    Field.PLACE: (
        "所属区域",
        "镇街道",
        "镇(街道)",
        "镇街",
        "村社区",
        "村(社区)",
        "区域",
        "事发地",
        "发生地",
        "地点",
        "地址",
        "area",
        "place",
    ),
    Field.CLASS: ("事项类别代码", "小类代码", "类别代码", "class_code"),
}
"""Usual names, the surer first. The first of a file's columns that bears the surest name counts."""


class UnableToMap(Refused):
    """The columns do not say what is needed; the words say which to add or name."""


def plain_name(header: str) -> str:
    """Return a header as it is compared: without spaces, width and case."""
    wide = str.maketrans("（）：＊　", "():* ")
    return "".join(header.translate(wide).split()).strip("*:").lower()


def map_columns(headers: Sequence[str], wanted: Sequence[tuple[Field, str]] = ()) -> Columns:
    """Return which column holds what.

    Raises:
        UnableToMap: no column holds words, one that counts stands twice, or a named one is absent.
    """
    written = tuple(str(header).strip() for header in headers)
    plain = [plain_name(header) for header in written]
    chosen = {name: plain_name(header) for name, header in wanted}
    _require_named(wanted, plain, written)
    for name, usual in NAMES.items():
        if name not in chosen:
            taken = set(chosen.values())
            known = (plain_name(form) for form in usual)
            found = next((form for form in known if form in plain and form not in taken), None)
            if found is not None:
                chosen[name] = found
    _require_once(chosen, plain, written)
    if not chosen.keys() & {Field.TEXT, Field.TITLE}:
        raise UnableToMap(
            "No column holds what people said. The file has: %(headers)s. Name one of them "
            "“诉求内容”, or say which it is (--map text=…).",
            code="no_text",
            headers="、".join(name for name in written if name) or "—",
        )
    return Columns({name: plain.index(form) for name, form in chosen.items()}, written)


def _require_named(
    wanted: Sequence[tuple[Field, str]], plain: list[str], written: tuple[str, ...]
) -> None:
    for _name, header in wanted:
        if plain_name(header) in plain:
            continue
        near = difflib.get_close_matches(header, written, n=1, cutoff=0.3)
        raise UnableToMap(
            "The file has no column “%(header)s”. It has: %(headers)s. Nearest: %(near)s.",
            code="no_column",
            header=header,
            headers="、".join(name for name in written if name) or "—",
            near=near[0] if near else "—",
        )


def _require_once(chosen: dict[Field, str], plain: list[str], written: tuple[str, ...]) -> None:
    counted = Counter(plain)
    for form in chosen.values():
        if counted[form] > 1:
            places = [n + 1 for n, name in enumerate(plain) if name == form]
            raise UnableToMap(
                "The column “%(header)s” stands %(times)s times (columns %(places)s). Give the "
                "others another name, so that it is clear which one counts.",
                code="doubled_column",
                header=written[places[0] - 1],
                times=counted[form],
                places="、".join(str(place) for place in places),
            )
