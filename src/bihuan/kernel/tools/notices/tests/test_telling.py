"""Telling, reading, choosing ways: what is written, and refusals that leave nothing behind."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.kernel.ground.registry.types import organisation_ref, person_ref, unit_ref
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices import kinds
from bihuan.kernel.tools.notices.models import Delivery, Notice, OptOut
from bihuan.kernel.tools.notices.tests.conftest import (
    ALARM,
    NINE,
    RIGHTS,
    TALLY,
    at,
    happened,
    news,
    sender,
)
from bihuan.kernel.tools.notices.types import (
    INBOX,
    SMS,
    WECHAT,
    Audience,
    NoticeCode,
    NoticeKind,
    Side,
)
from bihuan.platform.web.errors import NotAllowed


def lu(cast: Cast) -> Ref:
    return person_ref(cast.members["lu"].person_id)


def traces() -> tuple[int, int, int, int]:
    return (
        Notice.objects.count(),
        Delivery.objects.count(),
        OptOut.objects.count(),
        events.count_facts(),
    )


class TestTelling:
    def test_once_for_a_cause(self, cast: Cast) -> None:
        told = news()
        first = notices.send_notice(told, to=lu(cast), scope=sender(), at=NINE)
        again = notices.send_notice(told, to=lu(cast), scope=sender(), at=NINE)
        assert (first.repeated, first.channel, again.repeated) == (False, WECHAT, True)
        assert first.id == again.id
        assert (Notice.objects.count(), Delivery.objects.count()) == (1, 1)

    def test_another_recipient_kind_or_key_is_another_notice(self, cast: Cast) -> None:
        cause = happened()
        zhou = person_ref(cast.members["zhou"].person_id)
        for told, to in (
            (news(TALLY, cause), lu(cast)),
            (news(TALLY, cause), zhou),
            (news(ALARM, cause), lu(cast)),
            (news(TALLY, cause, dedupe="second"), lu(cast)),
        ):
            assert not notices.send_notice(told, to=to, scope=sender(), at=NINE).repeated
        assert Notice.objects.count() == 4

    def test_the_database_itself_refuses_a_second_row(self, cast: Cast) -> None:
        notices.send_notice(news(), to=lu(cast), scope=sender(), at=NINE)
        row = Notice.objects.get()
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)

    def test_it_goes_with_its_transaction(self, cast: Cast) -> None:
        told, before = news(), traces()
        with pytest.raises(RuntimeError), transaction.atomic():
            notices.send_notice(told, to=lu(cast), scope=sender(), at=NINE)
            raise RuntimeError
        assert traces() == (before[0], before[1], before[2], before[3])

    def test_only_reactions_tell(self, cast: Cast) -> None:
        told, before = news(), traces()
        with pytest.raises(NotAllowed):
            notices.send_notice(told, to=lu(cast), scope=cast.scope("duty"), at=NINE)
        assert traces() == before

    @pytest.mark.parametrize(
        "to", [Ref("registry.unit", "1"), Ref("registry.person", "x"), Ref("cases.case", "1")]
    )
    def test_the_wrong_audience_is_refused(self, cast: Cast, to: Ref) -> None:
        told, before = news(), traces()
        with pytest.raises(notices.UnableToTell):
            notices.send_notice(told, to=to, scope=sender(), at=NINE)
        assert traces() == before

    def test_at_night_it_is_in_the_inbox_and_the_bell_waits(self, cast: Cast) -> None:
        late = at("2026-06-24T23:10")
        notices.send_notice(news(), to=lu(cast), scope=sender(), at=late)
        notices.send_notice(news(ALARM), to=lu(cast), scope=sender(), at=late)
        assert notices.count_unread(scope=cast.scope("lu"), side=Side.RESIDENT) == 2
        due = dict(Delivery.objects.values_list("notice__kind", "due_at"))
        assert due == {TALLY: at("2026-06-25T07:30"), ALARM: late}

    def test_a_channel_that_is_not_configured_is_passed_over(self, cast: Cast, settings) -> None:
        settings.BIHUAN_CHANNELS = {SMS: settings.BIHUAN_CHANNELS[SMS]}
        assert notices.send_notice(news(), to=lu(cast), scope=sender(), at=NINE).channel == SMS
        settings.BIHUAN_CHANNELS = {}
        assert notices.send_notice(news(), to=lu(cast), scope=sender(), at=NINE).channel is None


class TestReading:
    def test_opening_reads_it_and_what_came_before_of_the_same_matter(self, cast: Cast) -> None:
        sent = [notices.send_notice(news(), to=lu(cast), scope=sender(), at=NINE) for _ in "abc"]
        scope = cast.scope("lu")
        opened = notices.open_notice(sent[1].id, scope=scope, at=NINE)
        assert not opened.is_read
        assert notices.count_unread(scope=scope, side=Side.RESIDENT) == 1
        assert Notice.objects.get(pk=sent[0].id).read_by == scope.origin.account_id
        notices.open_notice(sent[1].id, scope=scope, at=at("2026-06-25T09:00"))
        assert Notice.objects.get(pk=sent[1].id).read_at == NINE

    def test_another_residents_notice_is_not_there(self, cast: Cast) -> None:
        sent = notices.send_notice(news(), to=lu(cast), scope=sender(), at=NINE)
        with pytest.raises(notices.UnableToFindNotice):
            notices.open_notice(sent.id, scope=cast.scope("zhou"), at=NINE)
        assert Notice.objects.get().read_at is None
        assert notices.list_inbox(scope=cast.scope("zhou"), side=Side.RESIDENT).rows == ()

    def test_a_firms_inbox_is_its_contacts_and_nobody_elses(self, cast: Cast) -> None:
        for firm in (cast.hengyue, cast.yongxin):
            to = organisation_ref(firm.id)
            notices.send_notice(news(RIGHTS), to=to, scope=sender(), at=NINE)
        found = notices.list_inbox(scope=cast.scope("shen"), side=Side.ENTERPRISE)
        assert [row.to for row in found.rows] == [organisation_ref(cast.hengyue.id)]
        assert notices.list_inbox(scope=cast.scope("shen"), side=Side.RESIDENT).rows == ()

    def test_the_inbox_takes_two_statements_at_any_size(self, cast: Cast) -> None:
        scope, counts = cast.scope("lu"), []
        for size in (1, 34):
            for _ in range(size):
                notices.send_notice(news(), to=lu(cast), scope=sender(), at=NINE)
            with CaptureQueriesContext(
                connection,
            ) as taken:
                found = notices.list_inbox(scope=scope, side=Side.RESIDENT)
            counts.append((len(taken), len(found.rows), found.unread))
        assert counts == [(2, 1, 1), (2, 30, 35)]
        rest = notices.list_inbox(scope=scope, side=Side.RESIDENT, after=found.after)
        assert len(rest.rows) == 5 and rest.after == ""


class TestChoosing:
    def test_an_opt_out_passes_that_way_over(self, cast: Cast) -> None:
        scope = cast.scope("lu")
        off = notices.choose_channels(lu(cast), off={WECHAT}, scope=scope, at=NINE)
        assert off == {WECHAT}
        assert notices.send_notice(news(), to=lu(cast), scope=sender(), at=NINE).channel == SMS
        assert notices.choose_channels(lu(cast), off=(), scope=scope, at=NINE) == frozenset()
        assert OptOut.objects.count() == 0

    def test_what_law_demands_stays_in_the_inbox(self, cast: Cast) -> None:
        scope = cast.scope("lu")
        notices.choose_channels(lu(cast), off={INBOX}, scope=scope, at=NINE)
        notices.send_notice(news(TALLY), to=lu(cast), scope=sender(), at=NINE)
        notices.send_notice(news(RIGHTS), to=lu(cast), scope=sender(), at=NINE)
        rows = notices.list_inbox(scope=scope, side=Side.RESIDENT).rows
        assert [row.kind for row in rows] == [RIGHTS]
        assert Notice.objects.count() == 2

    def test_chosen_twice_is_one_fact(self, cast: Cast) -> None:
        for _ in "ab":
            notices.choose_channels(lu(cast), off={SMS}, scope=cast.scope("lu"), at=NINE)
        assert events.count_facts(name="notices.channels_chosen.v1") == 1

    @pytest.mark.parametrize("who", ["zhou", "duty"])
    def test_for_somebody_else_is_refused(self, cast: Cast, who: str) -> None:
        before = traces()
        with pytest.raises(NotAllowed):
            notices.choose_channels(lu(cast), off={SMS}, scope=cast.scope(who), at=NINE)
        assert traces() == before

    def test_a_unit_is_told_by_every_way(self, cast: Cast) -> None:
        scope, before = cast.scope("zongzhi"), traces()
        assert scope.unit_id is not None
        with pytest.raises(NotAllowed):
            notices.choose_channels(unit_ref(scope.unit_id), off={SMS}, scope=scope, at=NINE)
        assert traces() == before

    def test_an_unknown_way_is_refused(self, cast: Cast) -> None:
        before = traces()
        with pytest.raises(notices.UnableToChoose):
            notices.choose_channels(lu(cast), off={"pigeon"}, scope=cast.scope("lu"), at=NINE)
        assert traces() == before


class TestDeclaring:
    def kind(self, **more: object) -> NoticeKind:
        given = {
            "code": NoticeCode("test.new"),
            "title": "Suspended",
            "words": "%(number)s rests for now.",
            "audience": Audience.PERSON,
        }
        return NoticeKind(**(given | more))  # type: ignore[arg-type]

    def test_words_in_both_languages_are_taken(self) -> None:
        kinds.declare_kind(self.kind())
        kinds.require_kinds(["test.new", ""], by="a test")

    @pytest.mark.parametrize(
        ("more", "fault"),
        [
            ({"words": "Nobody translated %(number)s."}, "no Chinese"),
            ({"title": ""}, "words are missing"),
            ({"more": (("due_at", "Number of the other: %(master)s."),)}, "needs more than due_at"),
        ],
    )
    def test_a_kind_without_words_stops_the_start(self, more: dict, fault: str) -> None:
        with pytest.raises(notices.UnableToDeclareNotice, match=fault):
            kinds.declare_kind(self.kind(**more))
        assert kinds.find_kind("test.new") is None

    def test_a_code_that_nobody_declared_stops_the_start(self) -> None:
        with pytest.raises(notices.UnableToDeclareNotice, match=r"test\.unknown"):
            kinds.require_kinds([TALLY, "test.unknown"], by="a life")

    def test_two_kinds_of_one_code_stop_the_start(self) -> None:
        kinds.declare_kind(self.kind())
        with pytest.raises(notices.UnableToDeclareNotice, match="twice"):
            kinds.declare_kind(self.kind(title="Merged"))
