"""Looks: what is shown, to whom, what is refused, and that each leaves its line first."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.privacy import api as privacy
from bihuan.kernel.ground.privacy.models import Look
from bihuan.kernel.ground.privacy.tests.conftest import SUBJECT, Matters
from bihuan.kernel.ground.privacy.types import Asked, LookFilter, LookKind
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import NOW, Cast, cast_scope
from bihuan.kernel.ground.registry.types import (
    REACH_PEOPLE,
    Field,
    PurposeCode,
    RelationKind,
    Scope,
    person_ref,
)
from bihuan.platform.web.errors import NotAllowed, NotFound, Refused

WHY = "回访核实路灯是否修好"
HANDLING, EMERGENCY, ERRAND, SURVEY = (
    PurposeCode(code) for code in ("handling", "emergency", "errand", "survey")
)


def asked(cast: Cast, **changes: object) -> Asked:
    lu = cast.members["lu"].person_id
    return replace(Asked(lu, Field.PHONE, HANDLING, WHY, SUBJECT), **changes)  # type: ignore[arg-type]


def facts_about(cast: Cast, who: str = "lu") -> list[str]:
    found = events.list_facts(subject=person_ref(cast.members[who].person_id))
    return [fact.name for fact in found if fact.name.startswith("privacy.")]


def with_command(scope: Scope) -> Scope:
    return scope.through(replace(scope.origin, command_id=uuid.uuid4()))


def refuse(cast: Cast, who: str, code: str, **changes: object) -> Look:
    """Expect a refusal: one line with its code, one fact, no value."""
    lines, told = Look.objects.count(), len(facts_about(cast))
    with pytest.raises(privacy.UnableToReveal) as refusal:
        privacy.reveal(asked(cast, **changes), scope=cast.scope(who), at=NOW)
    assert refusal.value.code == code
    assert refusal.value.spoken() != refusal.value.words  # there is Chinese for it
    assert Look.objects.count() == lines + 1
    row = Look.objects.latest("pk")
    assert (row.kind, row.refusal) == ("refused", code)
    if asked(cast, **changes).person_id == cast.members["lu"].person_id:
        assert facts_about(cast)[told:] == ["privacy.look_refused.v1"]
    return row


class TestRevealing:
    def test_in_care_with_purpose_and_reason(self, cast: Cast, matters: Matters) -> None:
        lu = cast.members["lu"]
        shown = privacy.reveal(asked(cast), scope=cast.scope("zongzhi"), at=NOW)
        assert shown.value == lu.phone
        assert (shown.until, shown.glass) == (NOW + timedelta(minutes=5), False)
        row = Look.objects.get()
        assert (row.kind, row.field, row.purpose, row.reason) == (
            "revealed",
            "phone",
            "handling",
            WHY,
        )
        assert (row.duty, row.county, row.unit_id) == (
            "handler",
            "330424",
            cast.unit("330424-zongzhi").id,
        )
        assert row.asker_id == cast.members["zongzhi"].person_id
        (fact,) = [
            f
            for f in events.list_facts(subject=person_ref(lu.person_id))
            if f.name == "privacy.identifier_revealed.v1"
        ]
        assert fact.payload == {
            "look_id": row.pk,
            "field": "phone",
            "purpose": "handling",
            "about": "tests.matter:7",
        }

    def test_the_line_stands_before_the_value_is_read(
        self, cast: Cast, matters: Matters, monkeypatch
    ) -> None:
        seen: list[tuple[int, list[str]]] = []
        plain = registry.open_identifier

        def spy(*args, **options):
            seen.append((Look.objects.count(), facts_about(cast)))
            return plain(*args, **options)

        monkeypatch.setattr(registry, "open_identifier", spy)
        privacy.reveal(asked(cast), scope=cast.scope("tao"), at=NOW)
        assert seen == [(1, ["privacy.identifier_revealed.v1"])]

    def test_if_the_value_cannot_be_read_nothing_was_looked_at(
        self, cast: Cast, matters: Matters, monkeypatch
    ) -> None:
        def fail(*args, **options):
            raise RuntimeError("the keys are away")

        monkeypatch.setattr(registry, "open_identifier", fail)
        with pytest.raises(RuntimeError):
            privacy.reveal(asked(cast), scope=cast.scope("tao"), at=NOW)
        assert Look.objects.count() == 0
        assert facts_about(cast) == []

    def test_the_same_form_again_shows_nothing(self, cast: Cast, matters: Matters) -> None:
        scope = with_command(cast.scope("tao"))
        privacy.reveal(asked(cast), scope=scope, at=NOW)
        with pytest.raises(privacy.ShownAlready):
            privacy.reveal(asked(cast), scope=scope, at=NOW)
        assert Look.objects.count() == 1
        assert facts_about(cast) == ["privacy.identifier_revealed.v1"]

    def test_a_refused_form_may_be_mended_and_sent_again(
        self, cast: Cast, matters: Matters
    ) -> None:
        scope = with_command(cast.scope("tao"))
        with pytest.raises(privacy.UnableToReveal):
            privacy.reveal(asked(cast, reason=""), scope=scope, at=NOW)
        assert privacy.reveal(asked(cast), scope=scope, at=NOW).value

    def test_inside_anothers_transaction_it_refuses_to_run(
        self, transactional_db, cast: Cast, matters: Matters
    ) -> None:
        with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
            privacy.reveal(asked(cast), scope=cast.scope("tao"), at=NOW)
        assert Look.objects.count() == 0


class TestRefusals:
    def test_each_is_written_down(self, cast: Cast, matters: Matters) -> None:
        zhou = cast.members["zhou"].person_id
        refuse(cast, "tao", "short", reason=" ")
        refuse(cast, "tao", "duty", purpose=PurposeCode("gossip\x00"))
        refuse(cast, "tao", "duty", field=Field.ID_NUMBER)
        refuse(cast, "lu", "duty")
        assert refuse(cast, "auditor", "duty", reason="看\x00一看吧").reason == "看 一看吧"
        refuse(cast, "leader", "duty")
        refuse(cast, "mei", "no_subject")
        refuse(cast, "tao", "no_subject", subject=replace(SUBJECT, key="8"))
        refuse(cast, "tao", "no_subject", subject=replace(SUBJECT, kind="tests.other"))
        refuse(cast, "tao", "not_of_subject", person_id=zhou)
        refuse(cast, "wrong", "out_of_care")
        assert Look.objects.filter(kind__in=["revealed", "glass"]).count() == 0

    def test_a_number_in_the_reason_is_not_kept(self, cast: Cast, matters: Matters) -> None:
        phone = cast.members["lu"].phone
        assert refuse(cast, "tao", "number", reason=f"请打{phone}").reason == ""

    def test_ones_own_and_ones_familys(self, cast: Cast, matters: Matters) -> None:
        tao, lu = (cast.members[who].person_id for who in ("tao", "lu"))
        matters.people = frozenset({tao})
        refuse(cast, "tao", "own", person_id=tao)
        matters.people = frozenset({lu})
        assert privacy.reveal(asked(cast), scope=cast.scope("tao"), at=NOW).value
        registry.relate_to_person(
            lu, other_id=tao, kind=RelationKind.SPOUSE, scope=cast_scope(), at=NOW
        )
        refuse(cast, "tao", "own")

    def test_those_who_live_with_one_are_family(self, cast: Cast, matters: Matters) -> None:
        home = registry.register_household(
            area_code="330424005004", address="新兴路9号", scope=cast_scope(), at=NOW
        )
        for who, kind in (
            ("tao", RelationKind.HOUSEHOLD_HEAD),
            ("lu", RelationKind.HOUSEHOLD_MEMBER),
        ):
            registry.relate_to_household(
                cast.members[who].person_id,
                household_id=home,
                kind=kind,
                scope=cast_scope(),
                at=NOW,
            )
        refuse(cast, "tao", "own")
        assert privacy.reveal(asked(cast), scope=cast.scope("zongzhi"), at=NOW).value

    def test_nobody_and_no_person(self, cast: Cast, matters: Matters) -> None:
        stranger = uuid.uuid4()
        for act in (
            lambda: privacy.reveal(asked(cast), scope=registry.system_scope("x"), at=NOW),
            lambda: privacy.reveal(
                asked(cast, person_id=stranger), scope=cast.scope("tao"), at=NOW
            ),
        ):
            with pytest.raises(NotFound):
                act()
        assert Look.objects.count() == 0


class TestBreakingGlass:
    def test_out_of_care_in_danger(self, cast: Cast, matters: Matters) -> None:
        for who in ("duty", "leader"):
            shown = privacy.reveal(
                asked(cast, purpose=EMERGENCY, reason="说要轻生,民警在找人"),
                scope=cast.scope(who),
                at=NOW,
            )
            assert (shown.value, shown.glass) == (cast.members["lu"].phone, True)
        assert facts_about(cast) == ["privacy.glass_broken.v1"] * 2
        assert list(Look.objects.values_list("kind", flat=True)) == ["glass"] * 2

    def test_not_by_everybody_and_not_without_a_reason(self, cast: Cast, matters: Matters) -> None:
        refuse(cast, "tao", "duty", purpose=EMERGENCY)
        refuse(cast, "auditor", "duty", purpose=EMERGENCY)
        refuse(cast, "duty", "short", purpose=EMERGENCY, reason="急")
        refuse(cast, "duty", "out_of_care")


class TestConsent:
    def test_by_separate_consent_only_while_it_stands(self, cast: Cast, matters: Matters) -> None:
        lu = cast.members["lu"]
        wish = {"purpose": ERRAND, "field": Field.ID_NUMBER}
        refuse(cast, "tao", "no_consent", **wish)
        privacy.give_consent(
            ERRAND, person_id=lu.person_id, version=1, scope=cast.scope("lu"), at=NOW
        )
        shown = privacy.reveal(asked(cast, **wish), scope=cast.scope("tao"), at=NOW)
        assert shown.value == lu.id_number
        privacy.withdraw_consent(ERRAND, person_id=lu.person_id, scope=cast.scope("lu"), at=NOW)
        refuse(cast, "tao", "no_consent", **wish)


class TestAlarm:
    def look(self, cast: Cast, minutes: float) -> Look:
        privacy.reveal(asked(cast), scope=cast.scope("tao"), at=NOW + timedelta(minutes=minutes))
        return Look.objects.latest("pk")

    def test_more_than_thirty_in_ten_minutes_once(self, cast: Cast, matters: Matters) -> None:
        rows = [self.look(cast, n / 10) for n in range(33)]
        assert [row.alarmed for row in rows] == [False] * 30 + [True] + [False] * 2
        (fact,) = events.list_facts(subject=person_ref(cast.members["tao"].person_id))[-1:]
        assert fact.name == "privacy.many_looks.v1"
        assert (fact.payload["looks"], fact.payload["minutes"]) == (31, 10)
        assert facts_about(cast, "tao") == ["privacy.many_looks.v1"]

    def test_names_and_slow_looks_do_not_count(self, cast: Cast, matters: Matters) -> None:
        for _n in range(31):
            privacy.reveal(asked(cast, field=Field.NAME), scope=cast.scope("tao"), at=NOW)
        for n in range(4):
            self.look(cast, 11 * n)
        assert not Look.objects.filter(alarmed=True).exists()


class TestTheLog:
    def test_systems_are_in_it(self, cast: Cast) -> None:
        sender = registry.system_scope("notices", [REACH_PEOPLE])
        lu = cast.members["lu"]
        assert privacy.find_phone_to_reach(lu.person_id, scope=sender, at=NOW) == lu.phone
        (row,) = privacy.list_own_looks(scope=cast.scope("lu")).rows
        assert (row.kind, row.asker, row.purpose) == (LookKind.SYSTEM, None, "telling")
        assert facts_about(cast) == ["privacy.identifier_used.v1"]
        with pytest.raises(NotAllowed):
            privacy.find_phone_to_reach(lu.person_id, scope=cast.scope("tao"), at=NOW)
        assert Look.objects.count() == 1

    def test_the_person_reads_their_own_and_no_refusals(self, cast: Cast, matters: Matters) -> None:
        privacy.reveal(asked(cast), scope=cast.scope("zongzhi"), at=NOW)
        refuse(cast, "tao", "short", reason="")
        (row,) = privacy.list_own_looks(scope=cast.scope("lu")).rows
        assert row.asker and row.asker.name == "潘**"
        assert (row.unit_name, row.reason) == ("海盐县综合行政执法局", WHY)
        assert privacy.list_own_looks(scope=cast.scope("zhou")).rows == ()
        assert privacy.list_own_looks(scope=registry.system_scope("x")).rows == ()

    def test_the_auditor_filters_and_sees_no_other_county(
        self, cast: Cast, matters: Matters
    ) -> None:
        privacy.reveal(asked(cast), scope=cast.scope("tao"), at=NOW)
        refuse(cast, "wrong", "out_of_care")  # of another county
        auditor = cast.scope("auditor")

        def kinds(wanted: LookFilter) -> list[str]:
            return [row.kind for row in privacy.list_looks(wanted, scope=auditor).rows]

        day = NOW.date()
        tao, zhou = (cast.members[who].person_id for who in ("tao", "zhou"))
        assert kinds(LookFilter()) == ["revealed"]
        assert kinds(LookFilter(asker=tao, since=day, until=day)) == ["revealed"]
        assert kinds(LookFilter(until=day - timedelta(days=1))) == []
        assert kinds(LookFilter(since=day + timedelta(days=1))) == []
        assert kinds(LookFilter(person=zhou)) == []
        assert kinds(LookFilter(kind=LookKind.REFUSED)) == []
        for who in ("tao", "leader", "system", "lu"):
            with pytest.raises(NotAllowed):
                privacy.list_looks(LookFilter(), scope=cast.scope(who))

    def test_taking_it_out_is_a_look_too(self, cast: Cast, matters: Matters) -> None:
        privacy.reveal(asked(cast), scope=cast.scope("tao"), at=NOW)
        rows = privacy.export_looks(
            LookFilter(), reason="第三季度合规检查", scope=cast.scope("auditor"), at=NOW
        )
        assert [row.kind for row in rows] == ["revealed"]
        row = Look.objects.latest("pk")
        assert (row.kind, row.person, row.reason) == ("export", None, "第三季度合规检查")
        before = (Look.objects.count(), events.count_facts())
        for who, reason, error in (
            ("auditor", "", Refused),
            ("tao", "第三季度合规检查", NotAllowed),
        ):
            with pytest.raises(error):
                privacy.export_looks(LookFilter(), reason=reason, scope=cast.scope(who), at=NOW)
        assert (Look.objects.count(), events.count_facts()) == before

    def test_pages_of_thirty(self, cast: Cast, matters: Matters) -> None:
        for n in range(31):
            privacy.reveal(asked(cast), scope=cast.scope("tao"), at=NOW + timedelta(hours=n))
        first = privacy.list_own_looks(scope=cast.scope("lu"))
        second = privacy.list_own_looks(scope=cast.scope("lu"), after=first.after)
        assert (len(first.rows), len(second.rows), second.after) == (30, 1, "")
        assert len(privacy.list_own_looks(scope=cast.scope("lu"), after="x").rows) == 30

    @pytest.mark.parametrize(
        "statement",
        ["UPDATE privacy_look SET reason = 'x'", "DELETE FROM privacy_look"],
    )
    def test_no_line_is_changed(self, cast: Cast, matters: Matters, statement: str) -> None:
        privacy.reveal(asked(cast), scope=cast.scope("tao"), at=NOW)
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert Look.objects.get().reason == WHY

    def test_the_database_refuses_a_look_without_a_reason(self, cast: Cast) -> None:
        people = [cast.members[who].person_id for who in ("lu", "tao")]
        with pytest.raises(IntegrityError), transaction.atomic():
            Look.objects.create(
                kind="revealed",
                person_id=people[0],
                asker_id=people[1],
                field="phone",
                purpose="handling",
                county="330424",
                at=NOW,
                until=NOW,
            )
