"""The seven documents (七类文书) of an inspection, as papers with a code that verifies them.

They are official papers and are printed in Chinese, whatever language the page has.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_noop

from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.affairs.fieldwork.types.inspections import (
    Attendance,
    Inspection,
    RecordKind,
    Signing,
)
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.documents import api as documents
from bihuan.kernel.tools.documents.types import (
    Block,
    Content,
    Facts,
    NewPaper,
    Paper,
    PaperKind,
    Table,
    Words,
)
from bihuan.platform import clock
from bihuan.platform.web.errors import Refused
from bihuan.scenes.joint_inspection import library
from bihuan.scenes.joint_inspection.types import Task, task_ref
from bihuan.scenes.joint_inspection.words import LINE_NAMES

SEVEN = {
    "approval": ("行政检查审批表", gettext_noop("Approval of an inspection"), "P"),
    "notice": ("行政检查通知书", gettext_noop("Notice of an inspection"), "T"),
    "record": ("现场检查笔录", gettext_noop("Record on the spot"), "B"),
    "sampling": ("抽样取证凭证", gettext_noop("Record of sampling"), "C"),
    "survey": ("现场勘验笔录", gettext_noop("Record of a survey"), "K"),
    "enquiry": ("询问笔录", gettext_noop("Record of an enquiry"), "X"),
    "result": ("行政检查结果告知书", gettext_noop("Result of an inspection"), "G"),
}
"""Code → name on the paper, name on a page, letter behind the number."""
KINDS = tuple(
    PaperKind(f"joint_inspection.{code}", title, letter)
    for code, (_name, title, letter) in SEVEN.items()
)
RIGHTS = (
    (
        "企业的权利：可以要求检查人员出示执法证件和行政检查码；认为检查人员有利害关系的，可以申请回避；"
        "没有公布的事项、没有证件的人员，可以拒绝检查并投诉；对检查结果有异议的，可以陈述申辩，"
        "也可以依法申请行政复议或者提起行政诉讼。"
    ),
    "检查人员不得接受馈赠、宴请，不得要求企业支付费用或者指定中介，不得刻意要求法定代表人到场。",
)


class UnableToWrite(Refused):
    """This document's turn has not come."""


def write(task: Task, code: str, *, root: str, scope: Scope, at: datetime) -> Paper:
    """Issue one of the seven; unchanged, the one that stands is given again.

    Raises:
        UnableToWrite: its turn has not come, or nothing of the kind was done.
    """
    if code not in SEVEN:
        raise UnableToWrite("There is no such document.")
    seen = fieldwork.find_inspection(task_ref(task.id))
    name = SEVEN[code][0]
    content = Content(
        unit=task.lead_unit,
        title=name,
        opening=f"{task.firm}：",
        blocks=tuple(_blocks(task, seen, code)),
        signed=task.lead_unit,
    )
    what = NewPaper(
        kind=f"joint_inspection.{code}",
        subject=task_ref(task.id),
        subject_number=task.number,
        content=content,
        root=root,
        unit_id=task.parts[0].unit_id,
    )
    return documents.issue(what, scope=scope, at=at).paper


def _blocks(task: Task, seen: Inspection | None, code: str) -> list[Block]:
    if code == "approval":
        _require(task.approved_at is not None)
        return [_facts(task), _items(task), _officers(task)]
    if code == "notice":
        _require(task.notified_at is not None)
        return [_facts(task), _items(task), _officers(task), Words(RIGHTS, "您的权利")]
    if seen is None:
        raise UnableToWrite("The inspection has not begun.")
    if code in {kind.value for kind in RecordKind}:
        said = [r for r in fieldwork.list_records(seen.id) if r.kind.value == code]
        _require(bool(said))
        return [_facts(task), Words(tuple(r.words for r in said), "记录"), _people(seen)]
    _require(seen.closed_at is not None and (code == "record" or task.told_at is not None))
    return [_facts(task, seen), _people(seen), *_found(seen), Words(RIGHTS, "您的权利")]


def _require(holds: bool) -> None:
    if not holds:
        raise UnableToWrite("The turn of this document has not come yet.")


def _moment(at: datetime) -> str:
    return f"{at.astimezone(clock.CHINA):%Y-%m-%d %H:%M}"


def _facts(task: Task, seen: Inspection | None = None) -> Facts:
    rows = [
        ("任务编号", task.number),
        ("检查方式", "综合查一次" if len(task.parts) > 1 else "单部门检查"),
        ("检查类别", "计划内（双随机抽取）" if task.plan_id else f"个案：{task.reason}"),
        ("计划日期", task.day.isoformat()),
        ("联合队伍", task.team),
        ("牵头单位", task.lead_unit),
        ("参加单位", "、".join(part.unit_name for part in task.parts)),
    ]
    rows += [("频次上限豁免", f"{p.unit_name}：{p.exemption}") for p in task.parts if p.exempted]
    if seen is not None:
        rows.append(("开始时间", _moment(seen.started_at)))
        rows.append(
            ("离登记地址", "未登记坐标" if seen.distance_m is None else f"{seen.distance_m} 米")
        )
        if seen.signing is Signing.SIGNED:
            rows.append(("企业签名", seen.signed_name))
        if seen.signing is Signing.REFUSED:
            rows.append(("企业拒绝签名", seen.refusal))
    return Facts(tuple(rows))


def _items(task: Task) -> Table:
    known = library.find_library()
    items = {i.code: i for i in known.items} if known else {}
    rows = [
        (items[code].title, LINE_NAMES[part.line], items[code].basis)
        for part in task.parts
        for code in part.items
        if code in items
    ]
    return Table(("事项", "部门", "依据"), tuple(rows), (3, 2, 4), "检查事项")


def _officers(task: Task) -> Words:
    said = tuple(
        f"{part.unit_name}：{len(part.officers)} 名持证执法人员（随机抽取）" for part in task.parts
    )
    return Words(said, "检查人员")


def _people(seen: Inspection) -> Table:
    cards = registry.person_cards(p.person_id for p in seen.people)
    units = registry.units_by_id({p.unit_id for p in seen.people})
    rows = [
        (
            cards[p.person_id].name,
            units[p.unit_id].name,
            p.certificate_number if p.attendance is Attendance.OFFICER else "辅助人员（无执法权）",
        )
        for p in seen.people
    ]
    return Table(("姓名", "单位", "执法证号"), tuple(rows), (2, 4, 4), "检查人员")


def _found(seen: Inspection) -> Sequence[Block]:
    found = fieldwork.list_inspection_findings(seen.id)
    if not found:
        return [Words(("没有发现不合格的事项。",), "检查结果")]
    rows = tuple(
        (
            f.text,
            LINE_NAMES[f.line],
            "重大，责令改正" if f.grade.value == "major" else "一般，责令改正",
            f.assurances.due_on.isoformat() if f.assurances.due_on else "",
        )
        for f in found
    )
    return [Table(("问题", "部门", "处理", "改正期限"), rows, (5, 2, 3, 2), "检查结果")]
