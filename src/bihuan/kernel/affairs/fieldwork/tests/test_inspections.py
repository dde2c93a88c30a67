"""Inspections: what begins one, who orders, what closes it; and what a patrol can never do."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.affairs.fieldwork.models import (
    CertificateRow,
    FindingRow,
    InspectionFindingRow,
    InspectionOfficerRow,
    InspectionRequestRow,
    InspectionRow,
    VisitRow,
)
from bihuan.kernel.affairs.fieldwork.rules import metres_between
from bihuan.kernel.affairs.fieldwork.types import (
    Domain,
    NewPatrol,
    NewServiceVisit,
    PatrolEffect,
    PatrolFinding,
)
from bihuan.kernel.affairs.fieldwork.types.inspections import (
    MAY_CERTIFY,
    MAY_INSPECT,
    Assurances,
    Attendance,
    Closing,
    Grade,
    Inspection,
    NewCertificate,
    NewInspection,
    NewInspectionFinding,
    NewRequest,
    OrderEffect,
    RecordKind,
    RequestState,
    Signing,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import NOW, Cast, granting, make_cast
from bihuan.kernel.ground.registry.types import DutyCode, organisation_ref
from bihuan.kernel.tools.codes import api as codes
from bihuan.kernel.tools.codes.types import MAY_ISSUE
from bihuan.platform.web.errors import NotAllowed, NotFound

pytestmark = pytest.mark.django_db
TABLES = (
    VisitRow,
    FindingRow,
    CertificateRow,
    InspectionRow,
    InspectionOfficerRow,
    InspectionFindingRow,
    InspectionRequestRow,
)
PLAN = Ref("test.task", "1")
ALL_FIVE = Assurances("车间主任", "加装防护罩", "企业自筹 2 万元", date(2026, 7, 20), "停机断电")


@pytest.fixture
def cast() -> Iterator[Cast]:
    with granting(DutyCode("handler"), MAY_INSPECT, MAY_CERTIFY):
        cast = make_cast()
        for who, unit in (("js_fire", "330421-fire"), ("wrong", "330421-zongzhi")):
            new = NewCertificate(
                cast.members[who].person_id,
                cast.unit(unit).id,
                f"浙F-{who}",
                date(2025, 1, 1),
                date(2027, 1, 1),
            )
            fieldwork.enter_certificate(new, scope=cast.scope("wrong"), at=NOW)
        yield cast


def code_of(firm: Any) -> str:
    scope = registry.system_scope("test", [MAY_ISSUE])
    found = codes.issue_code("safe", subject=organisation_ref(firm.id), scope=scope, at=NOW)
    return codes.code_text(found)


def begin(cast: Cast, who: str = "js_fire", at: Any = NOW, **change: Any) -> Inspection:
    people = change.pop("people", ("js_fire", "wrong"))
    new = NewInspection(
        inspection_id=uuid.uuid4(),
        approval=PLAN,
        code_text=f"http://localhost/c/{code_of(cast.hengyue)}/",
        organisation_id=cast.hengyue.id,
        people=tuple(cast.members[p].person_id for p in people),
        longitude=120.964,
        latitude=30.858,
    )
    units = (
        (cast.members["js_fire"].person_id, cast.unit("330421-fire").id),
        (cast.members["wrong"].person_id, cast.unit("330421-zongzhi").id),
        (cast.members["js_check"].person_id, cast.unit("330421-fire").id),
    )
    given = dataclasses.replace(new, **change)
    return fieldwork.start_inspection(given, units=units, scope=cast.scope(who), at=at)


def found(cast: Cast, unit: str = "330421-fire", **change: Any) -> NewInspectionFinding:
    new = NewInspectionFinding(
        finding_id=uuid.uuid4(),
        item="fire-11",
        line="fire",
        unit_id=cast.unit(unit).id,
        text="灭火器过期两只",
        assurances=Assurances(due_on=date(2026, 7, 1)),
    )
    return dataclasses.replace(new, **change)


def traces() -> tuple[object, ...]:
    return events.count_facts(), *[sorted(map(str, t.objects.values_list())) for t in TABLES]


def refused(error: type[Exception], act: Callable[[], object]) -> str:
    """Demand a refusal that changes nothing and records no fact; return its code."""
    before = traces()
    with pytest.raises(error) as info, transaction.atomic():
        act()
    assert traces() == before
    return getattr(info.value, "code", "")


class TestBeginning:
    def test_two_certificates_the_code_and_the_place(self, cast: Cast) -> None:
        seen = begin(cast)
        assert [(p.attendance, p.certificate_number) for p in seen.people] == [
            (Attendance.OFFICER, "浙F-js_fire"),
            (Attendance.OFFICER, "浙F-wrong"),
        ]
        assert seen.distance_m is not None and 90 < seen.distance_m < 100
        assert events.count_facts(name="fieldwork.inspection_started.v1") == 1

    def test_begun_twice_with_one_id_it_is_one(self, cast: Cast) -> None:
        same = uuid.uuid4()
        first, again = begin(cast, inspection_id=same), begin(cast, inspection_id=same)
        assert (first.repeated, again.repeated) == (False, True)
        assert InspectionRow.objects.count() == 1
        refused(NotAllowed, lambda: begin(cast, who="wrong", inspection_id=same))
        refused(fieldwork.UnableToInspect, lambda: begin(cast))

    def test_without_what_the_law_asks_nothing_begins(self, cast: Cast) -> None:
        for code, change in (
            ("no_code", {"code_text": ""}),
            ("no_code", {"code_text": "1.1.0.forged"}),
            ("other_firm", {"code_text": code_of(cast.yongxin)}),
            ("no_place", {"longitude": None}),
            ("far_away", {"longitude": 120.99}),
            ("one_officer", {"people": ("js_fire",)}),
            ("one_officer", {"people": ("js_fire", "js_check")}),
            ("no_certificate", {"people": ("wrong",)}),
            ("stranger", {"people": ("js_fire", "wrong", "gu")}),
        ):
            act = lambda change=change: begin(cast, **change)  # noqa: E731
            assert refused(fieldwork.UnableToInspect, act) == code, change
        for who in ("gu", "js_check", "fire", "system"):
            refused(NotAllowed, lambda who=who: begin(cast, who=who))
        begin(cast)  # the control

    def test_a_certificate_that_ended_yesterday_is_none(self, cast: Cast) -> None:
        late = NOW + timedelta(days=191)  # 1 January 2027, the day on which both end
        act = lambda: begin(cast, at=late)  # noqa: E731
        assert refused(fieldwork.UnableToInspect, act) == "no_certificate"

    def test_who_has_none_assists(self, cast: Cast) -> None:
        seen = begin(cast, people=("js_fire", "wrong", "js_check"))
        assert [p.attendance.value for p in seen.people] == ["officer", "officer", "assistant"]
        assert len(seen.units()) == 2


class TestTheDatabase:
    """Whoever gets past the operations meets the same law in the tables."""

    def _row(self, cast: Cast) -> InspectionRow:
        return InspectionRow.objects.create(
            approval_kind="test.task",
            approval_key="9",
            organisation_id=cast.hengyue.id,
            area_path="x",
            code_id=1,
            on_date=date(2026, 6, 24),
            started_at=NOW,
            longitude=1,
            latitude=1,
            person_id=cast.members["gu"].person_id,
        )

    def test_one_officer_does_not_commit(self, cast: Cast) -> None:
        with pytest.raises(DatabaseError), transaction.atomic():
            self._row(cast)
            connection.check_constraints()

    def test_no_officer_without_a_certificate_of_his_own(self, cast: Cast) -> None:
        other = CertificateRow.objects.get(number="浙F-wrong")
        unit = cast.unit("330421-fire").id
        for held in (None, other):
            with pytest.raises(DatabaseError), transaction.atomic():
                InspectionOfficerRow.objects.create(
                    inspection=self._row(cast),
                    person_id=cast.members["js_check"].person_id,
                    unit_id=unit,
                    attendance="officer",
                    certificate=held,
                )

    def test_a_patrol_never_orders_and_a_service_finds_nothing(self, cast: Cast) -> None:
        visit, _found = fieldwork.record_patrol(
            NewPatrol(uuid.uuid4(), cast.hengyue.area_path), scope=cast.scope("gu"), at=NOW
        )
        service = fieldwork.record_service(
            NewServiceVisit(uuid.uuid4(), cast.hengyue.area_path, cast.hengyue.id, "讲了惠企政策"),
            scope=cast.scope("officer"),
            at=NOW,
        )
        given = {"domain": "fire", "text": "x"}
        FindingRow.objects.create(visit_id=visit.id, effect="report", **given)  # the control
        for visit_id, effect in ((visit.id, "order"), (service.id, "report")):
            with pytest.raises(DatabaseError), transaction.atomic():
                FindingRow.objects.create(visit_id=visit_id, effect=effect, **given)
        assert "ORDER" not in PatrolEffect.__members__
        assert not {f.name for f in dataclasses.fields(PatrolFinding)} & {"assurances", "due_on"}

    def test_an_assistant_orders_nothing(self, cast: Cast) -> None:
        seen = begin(cast, people=("js_fire", "wrong", "js_check"))
        assistant = InspectionOfficerRow.objects.get(attendance="assistant")
        with pytest.raises(DatabaseError), transaction.atomic():
            InspectionFindingRow.objects.create(
                inspection_id=seen.id,
                officer=assistant,
                unit_id=assistant.unit_id,
                item="x",
                line="fire",
                text="x",
                effect="order",
                grade="general",
                due_on=date(2026, 7, 1),
                at=NOW,
            )


class TestFinding:
    def test_an_order_belongs_to_the_department_whose_item_it_is(self, cast: Cast) -> None:
        seen = begin(cast)
        other = found(cast, "330421-zongzhi", item="law-36", line="urban_management")
        made = fieldwork.record_inspection_findings(
            seen.id, [found(cast), other], scope=cast.scope("js_fire"), at=NOW
        )
        members = cast.members
        assert [f.found_by for f in made] == [members[w].person_id for w in ("js_fire", "wrong")]
        assert events.count_facts(name="fieldwork.inspection_finding_recorded.v1") == 2

    def test_sent_twice_it_is_once(self, cast: Cast) -> None:
        seen, new = begin(cast), found(cast)
        for _ in range(2):
            fieldwork.record_inspection_findings(
                seen.id, [new], scope=cast.scope("js_fire"), at=NOW
            )
        assert InspectionFindingRow.objects.count() == 1
        assert events.count_facts(name="fieldwork.inspection_finding_recorded.v1") == 1

    def test_a_major_one_needs_all_five(self, cast: Cast) -> None:
        seen = begin(cast)

        def record(new: NewInspectionFinding) -> object:
            scope = cast.scope("js_fire")
            return fieldwork.record_inspection_findings(seen.id, [new], scope=scope, at=NOW)

        major = found(cast, grade=Grade.MAJOR, assurances=ALL_FIVE)
        for name in [f.name for f in dataclasses.fields(ALL_FIVE)]:
            empty = None if name == "due_on" else ""
            short = dataclasses.replace(ALL_FIVE, **{name: empty})
            lacking = dataclasses.replace(major, assurances=short)
            refused(fieldwork.UnableToInspect, lambda lacking=lacking: record(lacking))
        advised = dataclasses.replace(major, effect=OrderEffect.ADVICE)
        refused(fieldwork.UnableToInspect, lambda: record(advised))
        refused(fieldwork.UnableToInspect, lambda: record(found(cast, text=" ")))
        refused(fieldwork.UnableToInspect, lambda: record(found(cast, "330421-emergency")))
        record(major)

    def test_only_who_takes_part_writes(self, cast: Cast) -> None:
        seen = begin(cast)
        for who, error in (("js_mei", NotAllowed), ("fire", NotFound), ("gu", NotAllowed)):
            scope = cast.scope(who)
            refused(
                error,
                lambda scope=scope: fieldwork.record_inspection_findings(
                    seen.id, [found(cast)], scope=scope, at=NOW
                ),
            )


class TestClosing:
    def test_signed_or_refused_and_never_again(self, cast: Cast) -> None:
        seen, scope = begin(cast), cast.scope("js_fire")

        def close(closing: Closing) -> Inspection:
            return fieldwork.close_inspection(seen.id, closing, scope=scope, at=NOW)

        refused(fieldwork.UnableToInspect, lambda: close(Closing(Signing.SIGNED, name="沈国平")))
        refused(fieldwork.UnableToInspect, lambda: close(Closing(Signing.REFUSED)))
        closed = close(Closing(Signing.REFUSED, refusal="负责人说要等老板回来，见证人俞向东"))
        assert closed.signing is Signing.REFUSED
        assert close(Closing(Signing.REFUSED, refusal="别的")).refusal == closed.refusal
        assert events.count_facts(name="fieldwork.inspection_closed.v1") == 1
        late = [found(cast)]
        refused(
            fieldwork.UnableToInspect,
            lambda: fieldwork.record_inspection_findings(seen.id, late, scope=scope, at=NOW),
        )
        with pytest.raises(DatabaseError), transaction.atomic():
            InspectionRow.objects.update(refusal="改过的")

    def test_further_records_are_added_once(self, cast: Cast) -> None:
        seen, scope, same = begin(cast), cast.scope("wrong"), uuid.uuid4()
        for _ in range(2):
            fieldwork.add_record(
                seen.id,
                record_id=same,
                kind=RecordKind.SAMPLING,
                words="抽取紧固件 3 件，封样",
                scope=scope,
                at=NOW,
            )
        assert [r.words for r in fieldwork.list_records(seen.id)] == ["抽取紧固件 3 件，封样"]


class TestAsking:
    def _found(self, cast: Cast) -> PatrolFinding:
        finding = PatrolFinding(uuid.uuid4(), Domain.FIRE, "通道又被堵")
        visit = NewPatrol(uuid.uuid4(), cast.hengyue.area_path, cast.hengyue.id)
        fieldwork.record_patrol(visit, findings=[finding], scope=cast.scope("gu"), at=NOW)
        return finding

    def test_a_patrol_asks_and_the_department_decides_with_a_reason(self, cast: Cast) -> None:
        finding, unit = self._found(cast), cast.unit("330421-fire").id
        new = NewRequest(uuid.uuid4(), finding.finding_id, unit, "三个月里第三次")

        def ask(asked: NewRequest, who: str = "gu") -> object:
            return fieldwork.request_inspection(asked, scope=cast.scope(who), at=NOW)

        def decide(who: str, reason: str, *, approve: bool = True) -> Any:
            return fieldwork.decide_request(
                new.request_id, approve=approve, reason=reason, scope=cast.scope(who), at=NOW
            )

        wordless = dataclasses.replace(new, reason=" ")
        refused(fieldwork.UnableToRequest, lambda: ask(wordless))
        refused(NotAllowed, lambda: ask(new, "other_gu"))
        refused(NotAllowed, lambda: ask(new, "js_fire"))
        for _ in range(2):
            ask(new)
        second = dataclasses.replace(new, request_id=uuid.uuid4())
        refused(fieldwork.UnableToRequest, lambda: ask(second))
        refused(NotAllowed, lambda: decide("gu", "可以"))
        refused(NotFound, lambda: decide("wrong", "可以"))
        refused(fieldwork.UnableToRequest, lambda: decide("js_fire", " "))
        assert decide("js_fire", "属实，列入个案检查").state is RequestState.APPROVED
        refused(fieldwork.UnableToRequest, lambda: decide("js_fire", "算了", approve=False))
        assert events.count_facts(name="fieldwork.inspection_requested.v1") == 1
        assert events.count_facts(name="fieldwork.inspection_request_decided.v1") == 1
        assert InspectionRow.objects.count() == 0  # asking begins nothing


def test_metres_along_the_ground() -> None:
    assert metres_between((120.0, 30.0), (120.0, 30.0)) == 0
    assert metres_between((120.0, 30.0), (120.0, 31.0)) == 111195
    assert metres_between((120.0, 30.0), (121.0, 30.0)) == 96297
