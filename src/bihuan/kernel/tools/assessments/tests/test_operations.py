"""Publishing, withdrawing, recording once; each refusal leaves nothing behind."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import AreaPath, Scope
from bihuan.kernel.tools.assessments import api as assessments
from bihuan.kernel.tools.assessments import kinds
from bihuan.kernel.tools.assessments.models import (
    AssessmentRow,
    InstrumentRow,
    ItemAnswerRow,
    VersionRow,
)
from bihuan.kernel.tools.assessments.testing import answers, checklist, nine, scale
from bihuan.kernel.tools.assessments.types import (
    MAY_FILL,
    MAY_PUBLISH,
    MAY_SEE,
    MAY_SEE_SCORES,
    AlertProcess,
    Answer,
    DeclaredVersion,
    InstrumentCode,
    Item,
    Licence,
    NewAssessment,
    Outcome,
    Version,
    assessment_ref,
)
from bihuan.platform.web.errors import Mismatch, NotAllowed, NotFound, Refused

AT = datetime(2026, 6, 24, 1, 30, tzinfo=UTC)
DAY = date(2026, 6, 24)
ABOUT = Ref("fieldwork.visit", "6f0e2f6e-0000-4000-8000-000000000001")
HERE = AreaPath("3304/330421/")
pytestmark = pytest.mark.django_db


@pytest.fixture
def scope() -> Scope:
    return registry.system_scope("test", [MAY_PUBLISH, MAY_FILL, MAY_SEE])


@pytest.fixture
def clerk() -> Scope:
    return registry.system_scope("clerk", [MAY_FILL, MAY_SEE])


@pytest.fixture
def version(scope: Scope) -> Version:
    return assessments.publish_version(checklist(), valid_from=DAY, scope=scope, at=AT)


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a process stand for the alert of the test scale."""
    process = AlertProcess(InstrumentCode("test.scale"), "ninth", "x:y")
    monkeypatch.setitem(kinds._processes, (process.instrument, process.alert), process)


def new(version: Version, given, **more: object) -> NewAssessment:
    values = {"id": uuid.uuid4(), "version_id": version.id, "subject": ABOUT, "area_path": HERE}
    return NewAssessment(**(values | {"answers": given} | more))


def count() -> tuple[int, int, int]:
    facts = sum(events.count_facts(name=f"assessments.{n}.v1") for n in FACTS)
    return AssessmentRow.objects.count(), ItemAnswerRow.objects.count(), facts


OURS = VersionRow.objects.filter(instrument__code__startswith="test.")  # not what scenes ship
FACTS = ("assessment_recorded", "item_failed", "alert_raised")
SOME = answers(electrician="absent", exit="fail")


class TestPublishing:
    def test_numbers_follow_and_the_same_content_is_no_new_version(self, scope: Scope) -> None:
        first = assessments.publish_version(checklist(), valid_from=DAY, scope=scope, at=AT)
        again = assessments.publish_version(checklist(), valid_from=DAY, scope=scope, at=AT)
        changed = replace(checklist(), opening="先看外面")
        second = assessments.publish_version(changed, valid_from=DAY, scope=scope, at=AT)
        assert (first.number, again.id, again.repeated, second.number) == (1, first.id, True, 2)
        assert events.count_facts(name="assessments.version_published.v1") == 2
        assert assessments.get_version(first.id).definition == checklist()

    def test_the_highest_in_force_is_offered(self, scope: Scope, version: Version) -> None:
        later = replace(checklist(), opening="先看外面")
        second = assessments.publish_version(
            later, valid_from=DAY + timedelta(days=7), scope=scope, at=AT
        )
        code = version.code
        assert assessments.get_offered(code, on=DAY).id == version.id
        assert assessments.get_offered(code, on=DAY + timedelta(days=7)).id == second.id
        with pytest.raises(NotFound):
            assessments.get_offered(code, on=DAY - timedelta(days=1))

    def test_refusals(self, scope: Scope, clerk: Scope) -> None:
        def publish(definition, by=scope, **more):
            assessments.publish_version(definition, valid_from=DAY, scope=by, at=AT, **more)

        with pytest.raises(NotAllowed):
            publish(checklist(), clerk)
        twice = replace(checklist(), items=(Item("a", "x"), Item("a", "x")))
        with pytest.raises(assessments.UnableToPublish) as refused:
            publish(twice)
        assert [p.code for p in refused.value.problems] == ["twice"]
        with pytest.raises(assessments.UnableToPublish) as refused:
            publish(scale())
        assert refused.value.code == "alert_without_process"
        licensed = replace(
            checklist(), licence=Licence("某协会", "只许登记后使用", needs_grant=True)
        )
        with pytest.raises(assessments.UnableToPublish) as refused:
            publish(licensed)
        assert refused.value.code == "no_grant"
        assert (
            OURS.all().count(),
            InstrumentRow.objects.filter(code__startswith="test.").count(),
        ) == (0, 0)
        assert events.count_facts() == 0
        publish(licensed, licence_grant="2026-17")
        assert OURS.all().get().licence_grant == "2026-17"

    def test_kind_and_sensitivity_never_change(self, scope: Scope, version: Version) -> None:
        secret = replace(checklist().instrument, sensitive=True)
        with pytest.raises(assessments.UnableToPublish):
            assessments.publish_version(
                replace(checklist(), instrument=secret), valid_from=DAY, scope=scope, at=AT
            )
        assert OURS.all().count() == 1

    @pytest.mark.portable
    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE assessments_version SET definition = '{}'",
            "UPDATE assessments_version SET number = 7",
            "UPDATE assessments_version SET valid_from = '2020-01-01'",
            "DELETE FROM assessments_version",
            "UPDATE assessments_version SET withdrawn_at = now()",
            "UPDATE assessments_instrument SET sensitive = true",
        ],
    )
    def test_the_database_keeps_what_was_published(self, version: Version, sql: str) -> None:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
        assert assessments.get_version(version.id) == version


class TestWithdrawing:
    def test_answers_that_arrive_later_are_kept_and_marked(
        self, scope: Scope, version: Version
    ) -> None:
        assessments.withdraw_version(version.id, why="第三题问错了", scope=scope, at=AT)
        with pytest.raises(NotFound):
            assessments.get_offered(version.code, on=DAY)
        made = assessments.record_assessment(new(version, SOME), scope=scope, at=AT)
        assert (made.version_was_withdrawn, made.version.number) == (True, 1)
        assert events.count_facts(name="assessments.item_failed.v1") == 1
        assert assessments.get_assessment(made.id, scope=scope).version_was_withdrawn

    def test_once_with_a_reason_by_whoever_may(
        self, scope: Scope, clerk: Scope, version: Version
    ) -> None:
        with pytest.raises(NotAllowed):
            assessments.withdraw_version(version.id, why="x", scope=clerk, at=AT)
        with pytest.raises(assessments.UnableToWithdraw):
            assessments.withdraw_version(version.id, why=" ", scope=scope, at=AT)
        assert assessments.get_version(version.id).withdrawn_at is None
        first = assessments.withdraw_version(version.id, why="x", scope=scope, at=AT)
        later = AT + timedelta(days=1)
        again = assessments.withdraw_version(version.id, why="y", scope=scope, at=later)
        assert (again.withdrawn_at, again.withdrawn_why, again.repeated) == (AT, "x", True)
        assert (first.repeated, OURS.all().get().withdrawn_why) == (False, "x")
        assert events.count_facts(name="assessments.version_withdrawn.v1") == 1


class TestLoading:
    def test_what_stands_stays_and_changed_content_needs_a_number(self, scope: Scope) -> None:
        declared = DeclaredVersion(1, DAY, checklist(), brought_by="test")
        assert assessments.load_declared([declared]) == 1
        assert assessments.load_declared([declared]) == 0
        changed = replace(declared, definition=replace(checklist(), opening="先看外面"))
        for wrong in (changed, replace(declared, valid_from=date(2020, 1, 1))):
            with pytest.raises(assessments.UnableToLoadVersion):
                assessments.load_declared([wrong])
        assert OURS.all().count() == 1
        assert assessments.load_declared([replace(changed, number=2)]) == 1
        assert events.count_facts() == 0  # what ships is no act of anybody


class TestStartUp:
    def test_refuses_an_alert_without_a_process(self, monkeypatch) -> None:
        monkeypatch.setattr(kinds, "_declared", {})
        monkeypatch.setattr(kinds, "_processes", {})
        kinds.declare_version(DeclaredVersion(1, DAY, scale()))
        with pytest.raises(kinds.UnableToOffer, match=r"test\.scale.*ninth"):
            kinds.seal()
        process = AlertProcess(InstrumentCode("test.scale"), "ninth", "x:y")
        kinds._processes[process.instrument, process.alert] = process
        kinds.seal()

    def test_the_process_hears_its_own_alert_only(self, monkeypatch) -> None:
        monkeypatch.setattr(kinds, "_processes", {})
        heard: list[object] = []
        handlers = {}
        monkeypatch.setattr(
            kinds.events, "subscribe", lambda fact, name, handler: handlers.update({fact: handler})
        )
        process = AlertProcess(InstrumentCode("test.scale"), "ninth", "x:y")
        kinds.declare_process(process, heard.append)
        (handler,) = handlers.values()
        for code, alert in (("test.scale", "ninth"), ("test.scale", "x"), ("other", "ninth")):
            fact = type("Recorded", (), {"payload": {"instrument": code, "alert": alert}})()
            handler(fact)
        assert [f.payload["alert"] for f in heard] == ["ninth"]
        with pytest.raises(kinds.UnableToOffer):
            kinds.declare_process(replace(process, handler="x:z"), heard.append)

    def test_a_version_without_its_process_is_offered_no_longer(
        self, scope: Scope, answered: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        version = assessments.publish_version(scale(), valid_from=DAY, scope=scope, at=AT)
        assert assessments.get_offered(version.code, on=DAY).id == version.id
        monkeypatch.setattr(kinds, "_processes", {})
        with pytest.raises(NotFound):
            assessments.get_offered(version.code, on=DAY)

    def test_a_file_that_does_not_hold(self, tmp_path) -> None:
        path = tmp_path / "x.yaml"
        text = (
            "{code: a.b, number: 1, valid_from: 2026-01-01, title: x, kind: checklist, source: x,"
            " items: [{code: a, text: x%s}]}"
        )
        path.write_text(text % "", "utf-8")
        assert kinds.read_version(path, brought_by="test").number == 1
        path.write_text(text % ", shown_if: {all: [{item: b, is: c}]}", "utf-8")
        with pytest.raises(kinds.UnableToOffer, match=r"a\.shown_if: looks_ahead"):
            kinds.read_version(path, brought_by="test")


class TestRecording:
    def test_one_fact_for_each_failed_item_and_none_for_others(
        self, scope: Scope, version: Version
    ) -> None:
        items = tuple(Item(f"i{n}", "x") for n in range(8))
        wide = assessments.publish_version(
            replace(checklist("test.wide"), items=items), valid_from=DAY, scope=scope, at=AT
        )
        four = [o.value for o in (Outcome.FAIL, Outcome.PASS, Outcome.WAIVED, Outcome.NOT_SEEN)]
        given = answers(**{f"i{n}": four[n % 4] for n in range(8)})
        made = assessments.record_assessment(new(wide, given), scope=scope, at=AT)
        assert events.count_facts(name="assessments.item_failed.v1") == 2
        for n in range(8):
            facts = events.list_facts(subject=Ref("assessments.item", f"{made.id}/i{n}"))
            assert [f.payload["item"] for f in facts] == ([f"i{n}"] if n in {0, 4} else [])
        (recorded,) = events.list_facts(subject=assessment_ref(made.id))
        assert (recorded.payload["failed"], recorded.payload["about"]) == (2, str(ABOUT))

    def test_the_version_is_kept_with_the_answer(self, scope: Scope, version: Version) -> None:
        made = assessments.record_assessment(new(version, SOME), scope=scope, at=AT)
        other = replace(checklist(), items=checklist().items[2:])
        assessments.publish_version(other, valid_from=DAY, scope=scope, at=AT)
        kept = assessments.get_assessment(made.id, scope=scope)
        assert (kept.version.number, kept.version.definition) == (1, checklist())
        assert kept.result == made.result

    def test_sent_again_it_changes_nothing(self, scope: Scope, version: Version) -> None:
        sent = new(version, SOME)
        first = assessments.record_assessment(sent, scope=scope, at=AT)
        before = count()
        again = assessments.record_assessment(sent, scope=scope, at=AT + timedelta(hours=1))
        assert (again.result, again.received_at, again.repeated) == (first.result, AT, True)
        other = replace(sent, answers=answers(electrician="absent", exit="pass"))
        with pytest.raises(Mismatch):
            assessments.record_assessment(other, scope=scope, at=AT)
        assert count() == before == (1, 3, 2)

    def test_somebody_elses_id_is_refused(self, scope: Scope, version: Version) -> None:
        sent = new(version, SOME)
        assessments.record_assessment(sent, scope=scope, at=AT)
        other = replace(scope, origin=replace(scope.origin, account_id=7))
        with pytest.raises(NotAllowed):
            assessments.record_assessment(sent, scope=other, at=AT)
        assert count() == (1, 3, 2)

    def test_what_was_hidden_is_kept_and_counts_nowhere(
        self, scope: Scope, version: Version
    ) -> None:
        given = answers(electrician="absent", wiring="fail", exit="pass")
        made = assessments.record_assessment(new(version, given), scope=scope, at=AT)
        row = ItemAnswerRow.objects.get(item="wiring")
        assert (row.value, row.shown, row.outcome) == ("fail", False, "")
        assert made.result.failed() == ()
        assert events.count_facts(name="assessments.item_failed.v1") == 0

    @pytest.mark.parametrize(
        "given",
        [
            {},
            answers(electrician="present", wiring="fail", exit="pass"),
            answers(electrician="maybe", exit="pass"),
            answers(electrician="absent", exit="pass", stranger="x"),
            {**SOME, "exit": Answer("fail", photos=("0" * 64,))},
            {**SOME, "exit": Answer("fail", note="x" * 501)},
        ],
    )
    def test_what_lacks_or_does_not_fit_leaves_nothing(
        self, scope: Scope, version: Version, given
    ) -> None:
        with pytest.raises(Refused):
            assessments.record_assessment(new(version, given), scope=scope, at=AT)
        assert count() == (0, 0, 0)

    def test_who_may_and_where(self, scope: Scope, version: Version) -> None:
        nobody = registry.system_scope("nobody", [MAY_SEE])
        elsewhere = replace(scope, area_paths=(AreaPath("3304/330424/"),))
        for other in (nobody, elsewhere):
            with pytest.raises(NotAllowed):
                assessments.record_assessment(new(version, SOME), scope=other, at=AT)
        assert count() == (0, 0, 0)
        made = assessments.record_assessment(new(version, SOME), scope=scope, at=AT)
        for other in (registry.system_scope("nobody"), elsewhere):
            with pytest.raises(NotFound):
                assessments.get_assessment(made.id, scope=other)
            assert assessments.list_assessments(ABOUT, scope=other) == ()
        assert [a.id for a in assessments.list_assessments(ABOUT, scope=scope)] == [made.id]

    @pytest.mark.portable
    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE assessments_item_answer SET outcome = 'pass'",
            "DELETE FROM assessments_item_answer",
            "UPDATE assessments_assessment SET area_path = ''",
            "DELETE FROM assessments_assessment",
            (
                "INSERT INTO assessments_item_answer"
                " (assessment_id, item, value, note, photos, shown, outcome)"
                " SELECT id, 'hidden', to_jsonb('x'::text), '', '{}', false, 'fail'"
                " FROM assessments_assessment"
            ),
        ],
    )
    def test_the_database_keeps_answers(self, scope: Scope, version: Version, sql: str) -> None:
        assessments.record_assessment(new(version, SOME), scope=scope, at=AT)
        before = list(ItemAnswerRow.objects.order_by("pk").values())
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
        assert list(ItemAnswerRow.objects.order_by("pk").values()) == before


@pytest.mark.usefixtures("answered")
class TestASensitiveScale:
    def _scale(self, scope: Scope) -> Version:
        return assessments.publish_version(scale(), valid_from=DAY, scope=scope, at=AT)

    def test_scores_go_to_a_named_few(self, scope: Scope) -> None:
        version = self._scale(scope)
        sent = new(version, nine(3, 3, 3, 0, 0, 0, 0, 0, 0, trouble="some"))
        made = assessments.record_assessment(sent, scope=scope, at=AT)
        assert made.result is None
        assert assessments.get_assessment(made.id, scope=scope).result is None
        clinical = registry.system_scope("clinic", [MAY_SEE, MAY_SEE_SCORES])
        result = assessments.get_assessment(made.id, scope=clinical).result
        assert [(s.dimension, s.total, s.band) for s in result.scores] == [
            ("", 9, "mild"),
            ("a", 6, ""),
        ]
        assert len(result.counted) == 10

    def test_its_facts_tell_no_score(self, scope: Scope) -> None:
        version = self._scale(scope)
        sent = new(version, nine(3, 3, 3, 3, 3, 3, 3, 3, 1, trouble="some"))
        assessments.record_assessment(sent, scope=scope, at=AT)
        (recorded, raised) = events.list_facts(subject=assessment_ref(sent.id))
        assert (recorded.payload["total"], recorded.payload["band"]) == (None, "")
        assert (raised.payload["alert"], raised.payload["about"]) == ("ninth", str(ABOUT))

    def test_broken_off_it_still_alerts_and_has_no_total(self, scope: Scope) -> None:
        version = self._scale(scope)
        sent = new(version, {"q9": Answer("d2")}, broken_off=True)
        assessments.record_assessment(sent, scope=scope, at=AT)
        assert events.count_facts(name="assessments.alert_raised.v1") == 1
        row = AssessmentRow.objects.get()
        assert (row.broken_off, row.scores, row.alerts) == (True, [], ["ninth"])
