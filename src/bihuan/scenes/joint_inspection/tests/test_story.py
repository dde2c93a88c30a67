"""From a plan to a written-off hazard, through HTTP; then each refusal; what the tables hold."""

from __future__ import annotations

import io
import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from PIL import Image

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.testing import Case, Part
from bihuan.kernel.affairs.cases.types import CaseId, Detail, MoveName, PartId
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.affairs.fieldwork.types.inspections import NewInspection
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.tools.assessments import api as assessments
from bihuan.kernel.tools.assessments.types import VersionId
from bihuan.kernel.tools.codes import api as codes
from bihuan.kernel.tools.codes.types import CodeId
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from bihuan.platform.files import store
from bihuan.platform.web.errors import NotAllowed
from bihuan.scenes.joint_inspection import library, planning, queries, visits
from bihuan.scenes.joint_inspection.models import PartRow, PlanRow, TaskRow
from bihuan.scenes.joint_inspection.testing import TOWN, Team, make_team
from bihuan.scenes.joint_inspection.types import LINES, Step, Task, task_ref

pytestmark = pytest.mark.django_db
SEED = "0123456789abcdef0123"


@pytest.fixture
def team() -> Team:
    return make_team(at=clock.now())


def settle() -> None:
    while events.deliver_pending(at=clock.now()):
        pass


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(out, "PNG")
    return SimpleUploadedFile("s.png", out.getvalue(), "image/png")


def client(team: Team, who: str) -> Client:
    return sign_in(Client(), team.account(who))


def post(page: Client, name: str, /, *args: Any, **data: Any) -> Any:
    return page.post(
        reverse(f"joint_inspection:{name}", args=args), data | {"command_id": str(uuid.uuid4())}
    )


def published(team: Team, year: int = 2027) -> planning.Made:
    made = planning.draft_plan(TOWN, year, seed=SEED, scope=team.scope("draft"), at=team.at)
    planning.review_plan(made.plan_id, opinion="合法", scope=team.scope("review"), at=team.at)
    return planning.publish_plan(made.plan_id, scope=team.scope("draft"), at=team.at)


def whole_task(team: Team) -> Task:
    """Draft a visit of all seven departments to the first firm, approve it and give notice."""
    units = [team.units[line].id for line in LINES]
    from bihuan.kernel.ground.registry import api as registry
    from bihuan.scenes.joint_inspection.types import MAY_PLAN

    scope = registry.system_scope("test", (MAY_PLAN,))
    made = visits.draft_case_task(
        team.firms[0].id, units, reason="举报转办", scope=scope, at=team.at
    )
    visits.approve_task(made, scope=team.scope("approve"), at=team.at)
    visits.notify_firm(made, scope=team.scope("approve"), at=team.at)
    return queries.get_task(made, scope=team.scope("approve"))


def arrival(team: Team, task: Task, **change: Any) -> NewInspection:
    given: dict[str, Any] = {
        "inspection_id": uuid.uuid4(),
        "approval": task_ref(task.id),
        "code_text": team.door_code(team.firms[0]),
        "organisation_id": task.firm_id,
        "people": tuple(p for part in task.parts for p in part.officers),
        "longitude": 120.86,
        "latitude": 30.70,
    }
    return NewInspection(**(given | change))


@pytest.mark.article("S4.09")
class TestTheLibrary:
    def test_forty_three_items_in_seven_departments(self, team: Team) -> None:
        kept = library.ensure_sample(at=team.at)
        counts = {line: len(items) for line, items in kept.by_line().items()}
        assert counts == dict(zip(LINES, (9, 7, 6, 6, 7, 4, 4), strict=True))
        assert sum(counts.values()) == 43
        assert kept.is_sample
        assert all(i.basis and i.criteria and i.evidence and i.method for i in kept.items)
        page = client(team, "draft").get(reverse("joint_inspection:library")).content.decode()
        assert "这是样本" in page

    def test_the_countys_excel_takes_its_place_after_a_preview(self, team: Team) -> None:
        library.ensure_sample(at=team.at)
        page = client(team, "draft")
        body = page.get(reverse("joint_inspection:library_template")).content
        book = load_workbook(io.BytesIO(body))
        sheet = book.active
        sheet.cell(2, 14).value = "否"
        sheet.cell(3, 3).value = "责任制"
        out = io.BytesIO()
        book.save(out)

        def send(**more: str) -> Any:
            return post(page, "library", file=SimpleUploadedFile("x.xlsx", out.getvalue()), **more)

        looked = send().content.decode()
        assert "改动 2" in looked and "没有公布、不显示 1" in looked
        assert library.find_library().edition == 1
        assert send(confirm="on").status_code == 303
        kept = library.find_library()
        assert (kept.edition, kept.is_sample, kept.items[1].title) == (2, False, "责任制")
        assert send(confirm="on").status_code == 303  # the same file changes nothing
        assert library.find_library().edition == 2
        asked = assessments.get_version(VersionId(kept.version_id)).definition.items
        assert len(asked) == 42  # what is not published is in no form

    def test_wrong_cells_are_named_and_nothing_is_written(self, team: Team) -> None:
        library.ensure_sample(at=team.at)
        book = Workbook()
        book.active.append([c.header for c in library.COLUMNS])
        good = ["a1", "消防", "门", "法", "", "", "", "", "开着", "", "", "", "", "是", "", ""]
        book.active.append(good)
        book.active.append(["a1", "卫生", "", "法", *good[4:13], "也许", "2026-13-01", ""])
        out = io.BytesIO()
        book.save(out)
        wrong = library.read_workbook(out.getvalue()).wrong
        assert [(w.row, w.column, w.code) for w in wrong] == [
            (3, "事项", "lacking"),
            (3, "部门", "line"),
            (3, "公布", "yes_or_no"),
            (3, "有效期起", "day"),
        ]
        page = client(team, "draft")
        for body in (out.getvalue(), b"no workbook"):
            sent = post(page, "library", file=SimpleUploadedFile("x.xlsx", body), confirm="on")
            assert sent.status_code == 422
        assert library.find_library().edition == 1
        sent = post(client(team, "approve"), "library", file=SimpleUploadedFile("x", b"x"))
        assert sent.status_code == 403


@pytest.mark.article("S4.08")
@pytest.mark.article("S4.10")
class TestThePlan:
    def test_drawn_merged_reviewed_published_and_drawn_again(self, team: Team) -> None:
        made = published(team)
        assert 0 < made.after < made.before == PartRow.objects.count()
        assert TaskRow.objects.count() == made.after
        assert set(PartRow.objects.values_list("line", flat=True)) == set(LINES)
        assert set(TaskRow.objects.values_list("team", flat=True)) == {"157"}
        for part in PartRow.objects.select_related("task"):
            assert abs((part.task.day - part.wished_day).days) <= 30
            assert len(part.officers) == 2
            assert part.task.day.weekday() < 5
        again = planning.redraw(made.plan_id)
        assert again.holds
        page = Client().get(reverse("joint_inspection:lots", args=[made.plan_id]))
        assert f"{made.before} 个结果全部一致" in page.content.decode()
        sheet = Client().get(reverse("joint_inspection:lots_sheet", args=[made.plan_id]))
        assert sheet.content.decode().count("drawn,") == made.before

    def test_another_seed_gives_another_draw_and_the_check_sees_it(
        self, team: Team, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = published(team)
        real = planning.draw_entries
        monkeypatch.setattr(planning, "draw_entries", lambda seed, *rest: real("f" * 20, *rest))
        assert not planning.redraw(made.plan_id).holds

    def test_once_for_a_year_and_by_the_right_people(self, team: Team) -> None:
        draft = {"seed": SEED, "at": team.at}
        made = planning.draft_plan(TOWN, 2027, scope=team.scope("draft"), **draft)
        same = planning.draft_plan(TOWN, 2027, scope=team.scope("draft"), **draft)
        assert (same.plan_id, same.repeated) == (made.plan_id, True)
        with pytest.raises(NotAllowed):
            planning.draft_plan(TOWN, 2028, scope=team.scope("approve"), **draft)
        with pytest.raises(planning.UnableToPlan):
            planning.publish_plan(made.plan_id, scope=team.scope("draft"), at=team.at)
        with pytest.raises(NotAllowed):
            planning.review_plan(made.plan_id, opinion="x", scope=team.scope("draft"), at=team.at)
        with pytest.raises(planning.UnableToPlan):
            planning.review_plan(made.plan_id, opinion="", scope=team.scope("review"), at=team.at)
        with pytest.raises(DatabaseError), transaction.atomic():
            PlanRow.objects.update(published_at=team.at)
        with pytest.raises(DatabaseError), transaction.atomic():
            PlanRow.objects.update(seed="x")
        with pytest.raises(DatabaseError), transaction.atomic():
            PartRow.objects.update(officers=[])
        task = queries.list_tasks(scope=team.scope("approve"))[0]
        with pytest.raises(visits.UnableToVisit):
            visits.approve_task(task.id, scope=team.scope("approve"), at=team.at)
        assert (
            Client().get(reverse("joint_inspection:lots", args=[made.plan_id])).status_code == 404
        )

    def test_through_the_pages(self, team: Team) -> None:
        page = client(team, "draft")
        sent = post(page, "plans", year="2027")
        assert sent.status_code == 303
        plan = PlanRow.objects.get()
        assert f'id="after">{plan.after}<' in page.get(sent["Location"]).content.decode()
        assert (
            post(client(team, "review"), "plan", plan.pk, review="1", opinion="合法").status_code
            == 303
        )
        assert post(page, "plan", plan.pk, publish="1").status_code == 303
        plan.refresh_from_db()
        assert plan.published_at is not None


class TestOnTheSpot:
    def test_golden_10_one_form_two_fail_two_matters_written_off(self, team: Team) -> None:
        task = whole_task(team)
        tablet = client(team, "fire1")
        people = [str(p) for part in task.parts for p in part.officers]
        begun = post(
            tablet,
            "arrive",
            task.id,
            inspection_id=str(uuid.uuid4()),
            code=team.door_code(team.firms[0]),
            lon="120.86",
            lat="30.70",
            people=people,
        )
        assert begun.status_code == 303
        drawn = tablet.get(begun["Location"]).content.decode()
        items = re.findall(r'id="item-(i\d\d)"', drawn)
        expected = [c for part in task.parts for c in part.items]
        assert sorted(items) == sorted(set(expected)) == sorted(expected)  # no item twice
        version = re.search(r'name="version_id" value="(\d+)"', drawn)
        answers = {f"a-{code}": "pass" for code in items}
        answers |= {"a-i10": "fail", "n-i10": "东门锁死", "a-i18": "fail", "n-i18": "五月工资未发"}
        answers |= {"a-i12": "waived", "version_id": version[1]}
        short = {k: v for k, v in answers.items() if k not in {"a-i01", "n-i10"}}
        lacking = post(tablet, "form", task.id, **short)
        assert lacking.status_code == 422
        assert assessments.count_assessments(library.CHECKLIST) == 0
        for _ in range(2):  # a batch sent twice
            assert post(tablet, "form", task.id, **answers).status_code == 303
        assert assessments.count_assessments(library.CHECKLIST) == 1
        typed = {"g-i10": "major", "m-i10": "当场打开", "d-i10": "2099-01-02"}
        half = post(tablet, "record", task.id, name="薄杰", **typed)
        kept = half.content.decode()
        assert half.status_code == 422
        assert all(f'value="{words}"' in kept for words in ("薄杰", "当场打开", "2099-01-02"))
        assert 'name="g-i10" value="major" checked' in kept
        unsigned = post(tablet, "record", task.id, name="薄杰")
        said = re.search(r"bh-fault.*", unsigned.content.decode(), re.DOTALL)
        assert unsigned.status_code == 422
        assert "请企业签名" in said[0][:400], said[0][:400]
        closed = post(tablet, "record", task.id, name="薄杰", signature=photo())
        assert closed.status_code == 303
        settle()
        first, second = Case.objects.order_by("class_code")
        assert [(c.kind, c.class_code, c.text) for c in (first, second)] == [
            ("rectification", "fire", "东门锁死"),
            ("rectification", "labour", "五月工资未发"),
        ]
        assert [Part.objects.get(case=c).unit_id for c in (first, second)] == [
            team.units["fire"].id,
            team.units["labour"].id,
        ]
        self._write_off(team, CaseId(first.pk))
        self._tell_and_publish(team, task)

    def _write_off(self, team: Team, case_id: CaseId) -> None:
        """The firm mends, an officer answers, another officer looks again: written off."""
        at, part = clock.now(), PartId(Part.objects.get(case_id=case_id).pk)
        digest = store.receive_photo(io.BytesIO(photo().read()), at=at)
        fire1 = team.scope("fire1", at)
        cases.move_part(
            part, move=MoveName("sign"), scope=fire1, at=at, detail=Detail(grade="general")
        )
        done = Detail(words="门已打开", photos=(digest,))
        cases.move_part(part, move=MoveName("feed_back"), scope=fire1, at=at, detail=done)
        check = cases.Check(visit_id=uuid.uuid4(), cleared=True)
        with pytest.raises(cases.UnableToDoAlone):
            cases.verify_case(case_id, check, scope=fire1, at=at)
        cases.verify_case(case_id, check, scope=team.scope("fire2", at), at=at)
        assert Case.objects.get(pk=case_id).state == "closed"

    def _tell_and_publish(self, team: Team, task: Task) -> None:
        desk, firm = client(team, "approve"), client(team, "boss")
        for act in ("tell", "publish"):
            assert post(desk, "task", task.id, act=act).status_code == 303
        assert queries.get_task(task.id, scope=team.scope("approve")).step is Step.PUBLISHED
        settle()
        page = firm.get(reverse("joint_inspection:firm_visit", args=[task.id])).content.decode()
        assert "东门锁死" in page and "浙0402-21" in page
        text = codes.code_text(CodeId(TaskRow.objects.get(pk=task.id).code_id))
        assert post(firm, "firm", code=text).status_code == 303
        assert post(firm, "firm", code="1.1.0.x").status_code == 422
        assert post(firm, "firm_visit", task.id, rating="neutral").status_code == 303
        assert (
            post(firm, "firm_visit", task.id, complain="1", words="让我等了两小时").status_code
            == 303
        )
        assert Case.objects.get(kind="inspection_complaint").text == "让我等了两小时"
        assert "joint_inspection" not in firm.get("/enterprise/").content.decode()
        assert task.number in firm.get("/enterprise/").content.decode()

    def test_nobody_of_a_department_then_its_items_wait(self, team: Team) -> None:
        task = whole_task(team)
        two = (team.people["fire1"], team.people["fire2"])
        seen = visits.start(
            task.id, arrival(team, task, people=two), scope=team.scope("fire1"), at=team.at
        )
        asked = visits.items_to_ask(task, seen)
        fire = next(part for part in task.parts if part.line == "fire")
        assert asked == fire.items

    def test_a_version_withdrawn_meanwhile_loses_nothing(self, team: Team) -> None:
        from bihuan.kernel.ground.registry import api as registry
        from bihuan.kernel.tools.assessments.types import MAY_PUBLISH, Answer

        task = whole_task(team)
        scope = team.scope("fire1")
        seen = visits.start(task.id, arrival(team, task), scope=scope, at=team.at)
        version = library.find_library().version_id
        publisher = registry.system_scope("test", (MAY_PUBLISH,))
        assessments.withdraw_version(VersionId(version), why="换版", scope=publisher, at=team.at)
        answers = {c: Answer("pass") for c in visits.items_to_ask(task, seen)}
        made = visits.record_items(task, seen, version, answers, scope=scope, at=team.at)
        assert made.version_was_withdrawn


class TestTheBlocks:
    def _refused(self, error: type[Exception], act: Any) -> str:
        before = (
            events.count_facts(),
            list(TaskRow.objects.values_list()),
            fieldwork.count_visits(),
        )
        with pytest.raises(error) as info, transaction.atomic():
            act()
        after = (
            events.count_facts(),
            list(TaskRow.objects.values_list()),
            fieldwork.count_visits(),
        )
        assert before == after
        return getattr(info.value, "code", "")

    def test_no_code_no_certificate_far_away(self, team: Team) -> None:
        task, scope = whole_task(team), team.scope("fire1")

        def begin(**change: Any) -> Any:
            return visits.start(task.id, arrival(team, task, **change), scope=scope, at=team.at)

        for code, change in (
            ("no_code", {"code_text": ""}),
            ("other_firm", {"code_text": team.door_code(team.firms[1])}),
            ("far_away", {"longitude": 120.9}),
            ("one_officer", {"people": (team.people["fire1"],)}),
            ("stranger", {"people": (team.people["fire1"], team.people["helper"])}),
        ):
            act = lambda change=change: begin(**change)  # noqa: E731
            assert self._refused(fieldwork.UnableToInspect, act) == code
        begin()

    def test_not_approved_or_not_told_nothing_begins(self, team: Team) -> None:
        published(team)
        scope = team.scope("approve")
        task = queries.list_tasks(scope=scope)[0]
        officer = task.parts[0].officers[0]
        who = next(name for name, person in team.people.items() if person == officer)
        firm = next(f for f in team.firms if f.id == task.firm_id)

        def begin() -> Any:
            new = arrival(team, task, code_text=team.door_code(firm))
            return visits.start(task.id, new, scope=team.scope(who), at=team.at)

        assert self._refused(visits.UnableToVisit, begin) == "not_approved"
        visits.approve_task(task.id, scope=scope, at=team.at)
        assert self._refused(visits.UnableToVisit, begin) == "not_notified"
        with pytest.raises(DatabaseError), transaction.atomic():
            TaskRow.objects.filter(pk=task.id).update(
                inspection_id=uuid.uuid4(), started_at=team.at
            )

    def test_cap_reached_needs_a_reason_and_a_higher_power(self, team: Team) -> None:
        from bihuan.kernel.ground.registry import api as registry
        from bihuan.scenes.joint_inspection.types import MAY_PLAN

        planner = registry.system_scope("test", (MAY_PLAN,))
        unit = team.units["fire"].id

        def draft(reason: str = "举报") -> Any:
            return visits.draft_case_task(
                team.firms[0].id, [unit], reason=reason, scope=planner, at=team.at
            )

        self._refused(visits.UnableToVisit, lambda: draft(" "))
        approver, law = team.scope("approve"), team.scope("review")
        for _ in range(2):
            visits.approve_task(draft(), scope=approver, at=team.at)
        third = draft()
        approve = lambda: visits.approve_task(third, scope=approver, at=team.at)  # noqa: E731
        assert self._refused(visits.UnableToVisit, approve) == "cap_reached"
        part = queries.get_task(third, scope=approver).parts[0]
        assert part.over_cap
        with pytest.raises(DatabaseError), transaction.atomic():
            TaskRow.objects.filter(pk=third).update(
                approved_at=team.at, approved_by=team.people["approve"], code_id=1
            )
        exempt = {"reason": "多次被举报", "at": team.at}
        self._refused(NotAllowed, lambda: visits.exempt_part(part.id, scope=approver, **exempt))
        self._refused(
            visits.UnableToVisit,
            lambda: visits.exempt_part(part.id, reason="", scope=law, at=team.at),
        )
        visits.exempt_part(part.id, scope=law, **exempt)
        approve()
        with pytest.raises(DatabaseError), transaction.atomic():
            PartRow.objects.create(
                task_id=third,
                unit_id=team.units["labour"].id,
                line="labour",
                organisation_id=team.firms[0].id,
                year=2026,
                wished_day=team.at.date(),
                items=[],
                cap=2,
                ordinal=3,
            )

    def test_an_item_out_of_force_is_hidden(self, team: Team) -> None:
        name, items = library.sample()
        from dataclasses import replace

        from bihuan.kernel.ground.registry import api as registry
        from bihuan.scenes.joint_inspection.types import MAY_KEEP_LIBRARY

        scope = registry.system_scope("test", (MAY_KEEP_LIBRARY,))
        today = clock.business_date(team.at)
        mine = [
            replace(i, published=i.code != "i10", valid_to=today if i.code == "i11" else None)
            for i in items
        ]
        library.keep_library(mine, name=name, is_sample=False, scope=scope, at=team.at)
        task = whole_task(team)
        asked = [c for part in task.parts for c in part.items]
        assert not {"i10", "i11"} & set(asked)
        assert "i12" in asked
