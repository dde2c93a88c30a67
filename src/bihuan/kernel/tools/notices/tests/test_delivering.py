"""Carrying notices out: proof, tries, fallback, quotas, quiet hours, a sender that is killed."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from django.db import connection

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.ground.registry.types import organisation_ref, person_ref
from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices import channels, queries
from bihuan.kernel.tools.notices.models import Delivery, Notice
from bihuan.kernel.tools.notices.operations import delivering
from bihuan.kernel.tools.notices.tests.conftest import (
    ALARM,
    BROKEN,
    NINE,
    RIGHTS,
    TALLY,
    at,
    news,
    sender,
)
from bihuan.kernel.tools.notices.types import (
    SMS,
    VOICE,
    WECHAT,
    DeliveryState,
    NoticeCode,
    RefusedForGood,
    Why,
)
from bihuan.platform.jobs import failpoints
from bihuan.platform.web.errors import NotAllowed


def tell(cast: Cast, kind: NoticeCode = TALLY, *, moment: datetime = NINE, who: str = "lu"):
    to = person_ref(cast.members[who].person_id)
    return notices.send_notice(news(kind), to=to, scope=sender(), at=moment)


def run(moment: datetime = NINE) -> int:
    return notices.send_pending(scope=sender(), at=moment)


def states() -> list[tuple[str, str, str]]:
    order = (WECHAT, SMS, VOICE)
    rows = sorted(Delivery.objects.all(), key=lambda r: (r.notice_id, order.index(r.channel)))
    return [(row.channel, row.state, row.why) for row in rows]


class TestSending:
    def test_the_proof_is_kept_and_the_address_is_not(self, cast: Cast, provider) -> None:
        tell(cast, ALARM)
        assert run() == 1
        row = Delivery.objects.get()
        assert (row.state, row.sent_at, row.delivered_at) == ("delivered", NINE, NINE)
        assert row.provider_id == f"sms:{row.pk}"
        message = provider.received[0]
        assert message.to == cast.members["lu"].phone
        assert message.to not in json.dumps([row.error, Notice.objects.get().params])
        assert run() == 0

    def test_a_public_way_says_number_and_deadline_only(self, cast: Cast, provider) -> None:
        tell(cast, ALARM)
        tell(cast, TALLY)
        run()
        said = {m.to.split(":")[0][:8]: m.text for m in provider.received}
        assert said == {
            cast.members["lu"].phone[:8]: (
                "事项 HY-2606-0001 有新进展，期限6月26日（周五）17:00。请登录闭环查看。"
            ),
            "registry": "HY-2606-0001 暂缓办理。6月26日（周五）17:00前办结。",
        }

    def test_a_firm_is_reached_by_its_contact(self, cast: Cast, provider) -> None:
        to = organisation_ref(cast.hengyue.id)
        notices.send_notice(news(RIGHTS), to=to, scope=sender(), at=NINE)
        run()
        assert [m.to for m in provider.received] == [cast.members["shen"].phone]

    def test_only_the_job_sends(self, cast: Cast, provider) -> None:
        tell(cast)
        with pytest.raises(NotAllowed):
            notices.send_pending(scope=cast.scope("duty"), at=NINE)
        assert provider.received == []

    def test_the_provider_says_later_that_it_arrived(self, cast: Cast, provider) -> None:
        provider.arrives = False
        tell(cast, ALARM)
        run()
        row = Delivery.objects.get()
        assert (row.state, row.delivered_at) == ("sent", None)
        for _ in "ab":
            state = notices.report_delivery(
                SMS, row.provider_id, has_arrived=True, scope=sender(), at=NINE
            )
        assert state is DeliveryState.DELIVERED
        late = notices.report_delivery(
            SMS, row.provider_id, has_arrived=False, scope=sender(), at=NINE
        )
        assert late is DeliveryState.DELIVERED
        unknown = notices.report_delivery(SMS, "?", has_arrived=True, scope=sender(), at=NINE)
        assert unknown is None

    def test_what_did_not_arrive_goes_by_the_next_way(self, cast: Cast, provider) -> None:
        provider.arrives = False
        tell(cast, ALARM)
        run()
        key = Delivery.objects.get().provider_id
        notices.report_delivery(SMS, key, has_arrived=False, scope=sender(), at=NINE)
        assert states() == [(SMS, "failed", Why.NOT_ARRIVED), (VOICE, "queued", "")]

    def test_reports_are_for_adapters(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            notices.report_delivery(SMS, "?", has_arrived=True, scope=cast.scope("duty"), at=NINE)


class TestTries:
    def test_a_broken_line_is_tried_for_three_days_then_the_next_way(
        self, cast: Cast, provider
    ) -> None:
        provider.fails = {WECHAT: [BROKEN]}
        tell(cast)
        moment, tries = NINE, 0
        while Delivery.objects.filter(channel=WECHAT, state="queued").exists():
            tries += run(moment)
            moment = max(moment, Delivery.objects.get(channel=WECHAT).due_at)
        first = Delivery.objects.get(channel=WECHAT)
        assert (first.state, first.why, first.attempts) == ("failed", Why.SPENT, 8)
        assert first.ended_at - NINE >= timedelta(days=3)
        assert first.error == "UnableToSend: the line to … is down"
        run(first.ended_at)
        assert states()[1] == (SMS, "delivered", "")
        assert events.count_facts(name="notices.undeliverable.v1") == 0

    def test_no_try_falls_into_the_night(self, cast: Cast, provider) -> None:
        provider.fails = {WECHAT: [BROKEN]}
        tell(cast, moment=at("2026-06-24T20:59:30"))
        run(at("2026-06-24T20:59:30"))
        assert Delivery.objects.get().due_at == at("2026-06-25T07:30")

    def test_a_refusal_falls_back_at_once_and_the_last_one_is_announced(
        self, cast: Cast, provider
    ) -> None:
        provider.fails = {
            WECHAT: [RefusedForGood(Why.REFUSED, "not bound")],
            SMS: [RefusedForGood()],
        }
        tell(cast)
        run()
        assert states() == [(WECHAT, "failed", "refused"), (SMS, "failed", "refused")]
        facts = events.list_facts(subject=Ref("notices.notice", str(Notice.objects.get().pk)))
        assert [(f.name, f.payload["channel"]) for f in facts] == [
            ("notices.undeliverable.v1", SMS)
        ]

    def test_a_poisoned_message_blocks_no_other_and_is_seen(self, cast: Cast, provider) -> None:
        tell(cast)
        Notice.objects.update(kind="test.gone")
        tell(cast, who="zhou")
        for minutes in (0, 2, 20):
            run(NINE + timedelta(minutes=minutes))
        assert [m.to[-4:] for m in provider.received] == [str(cast.members["zhou"].person_id)[-4:]]
        stuck = notices.list_stuck(scope=cast.scope("duty"))
        assert [(row.state, row.attempts) for row in stuck] == [("queued", 3)]
        assert "test.gone" in stuck[0].error
        assert notices.list_stuck(scope=cast.scope("system")) == stuck

    def test_another_county_does_not_see_it(self, cast: Cast, provider) -> None:
        provider.fails = {WECHAT: [RefusedForGood()], SMS: [RefusedForGood()]}
        tell(cast)
        run()
        assert notices.count_stuck(scope=cast.scope("duty")) == 2
        Notice.objects.update(area_path="3304/330421/")
        assert notices.count_stuck(scope=cast.scope("duty")) == 0
        with pytest.raises(NotAllowed):
            notices.list_stuck(scope=cast.scope("lu"))

    def test_an_opt_out_counts_until_the_moment_of_sending(self, cast: Cast, provider) -> None:
        tell(cast)
        to = person_ref(cast.members["lu"].person_id)
        notices.choose_channels(to, off={WECHAT}, scope=cast.scope("lu"), at=NINE)
        run()
        assert states() == [(WECHAT, "skipped", Why.OPTED_OUT), (SMS, "delivered", "")]


class TestQuotas:
    def limit(self, channel: str, per_day: int, per_recipient: int) -> None:
        value = {"per_day": per_day, "per_recipient": per_recipient}
        given = standards.Given(f"notices.quota.{channel}", value, "test", at("2026-06-01").date())
        standards.load_entries([given], brought_by="test")

    def test_one_recipient_is_not_flooded(self, cast: Cast, provider) -> None:
        self.limit("wechat", 100, 2)
        for who in ("lu", "lu", "lu", "zhou"):
            tell(cast, who=who)
        run()
        assert len(provider.received) == 3
        held = Delivery.objects.get(state="queued")
        assert (held.why, held.due_at, held.attempts) == ("quota", at("2026-06-25T07:30"), 0)
        run(at("2026-06-25T07:30"))
        assert len(provider.received) == 4

    def test_a_channel_ends_its_day(self, cast: Cast, provider) -> None:
        self.limit("wechat", 2, 100)
        for who in ("lu", "zhou", "shen"):
            tell(cast, who=who)
        run()
        run(NINE + timedelta(hours=3))
        assert len(provider.received) == 2

    def test_a_try_of_the_same_message_is_charged_once(self, cast: Cast, provider) -> None:
        self.limit("wechat", 1, 1)
        provider.fails = {WECHAT: [BROKEN]}
        tell(cast)
        run()
        provider.fails = {}
        run(NINE + timedelta(minutes=2))
        assert states() == [(WECHAT, "delivered", "")]


class TestTimes:
    def test_nobody_is_rung_at_night(self, cast: Cast, provider) -> None:
        late = at("2026-06-24T20:30")
        tell(cast, TALLY, moment=late)
        tell(cast, ALARM, moment=late)
        run(at("2026-06-24T23:00"))
        assert [m.to for m in provider.received] == [cast.members["lu"].phone]
        run(at("2026-06-25T07:29"))
        assert len(provider.received) == 1
        run(at("2026-06-25T07:30"))
        assert len(provider.received) == 2

    def test_old_news_rings_no_bell(self, cast: Cast, provider) -> None:
        tell(cast, TALLY, moment=NINE)
        tell(cast, ALARM, moment=NINE)
        run(NINE + timedelta(hours=25))
        assert states() == [(WECHAT, "skipped", Why.STALE), (SMS, "delivered", "")]
        assert Notice.objects.filter(in_inbox=True).count() == 2

    def test_what_was_tried_once_is_not_old(self, cast: Cast, provider) -> None:
        provider.fails = {WECHAT: [BROKEN]}
        tell(cast)
        run()
        provider.fails = {}
        run(NINE + timedelta(hours=48))
        assert states() == [(WECHAT, "delivered", "")]


class TestResending:
    def failed(self, cast: Cast, provider) -> Delivery:
        provider.fails = {SMS: [RefusedForGood()], VOICE: [RefusedForGood()]}
        tell(cast, ALARM)
        run()
        provider.fails = {}
        return Delivery.objects.get(channel=SMS)

    def test_a_duty_officer_sends_it_again_under_a_fresh_key(self, cast: Cast, provider) -> None:
        row = self.failed(cast, provider)
        notices.resend_delivery(row.pk, scope=cast.scope("duty"), at=NINE)
        run()
        row.refresh_from_db()
        assert row.state == "delivered"
        assert provider.received[-1].key == f"{row.pk}-1"
        assert events.count_facts(name="notices.delivery_resent.v1") == 1

    def test_twice_is_refused(self, cast: Cast, provider) -> None:
        row = self.failed(cast, provider)
        notices.resend_delivery(row.pk, scope=cast.scope("duty"), at=NINE)
        facts = events.count_facts()
        with pytest.raises(notices.UnableToResend):
            notices.resend_delivery(row.pk, scope=cast.scope("duty"), at=NINE)
        row.refresh_from_db()
        assert (row.resends, events.count_facts()) == (1, facts)

    @pytest.mark.parametrize("who", ["lu", "mei", "js_mei"])
    def test_others_may_not(self, cast: Cast, provider, who: str) -> None:
        row = self.failed(cast, provider)
        facts = events.count_facts()
        with pytest.raises((NotAllowed, notices.UnableToFindNotice)):
            notices.resend_delivery(row.pk, scope=cast.scope(who), at=NINE)
        row.refresh_from_db()
        assert (row.state, row.resends, events.count_facts()) == ("failed", 0, facts)


@pytest.mark.trust
class TestKilledSender:
    """Trust test 15, short form: kill between the adapter's answer and the commit."""

    COUNT = 12

    def world(self) -> Cast:
        cast = make_cast()
        for _ in range(self.COUNT):
            tell(cast, ALARM)
        return cast

    def test_each_effect_is_there_exactly_once(self, transactional_db, provider) -> None:
        self.world()
        kills = iter([True, False, True, True, False] * self.COUNT)

        def perhaps() -> None:
            if next(kills):
                failpoints.die()

        moment, killed = NINE, 0
        with failpoints.armed("notices.after_adapter", perhaps):
            while Delivery.objects.filter(state="queued").exists():
                try:
                    run(moment)
                except failpoints.Killed:
                    killed += 1
                    connection.close()
                    continue
                moment += timedelta(minutes=31)
        assert killed >= self.COUNT
        keys = {str(key) for key in Delivery.objects.values_list("pk", flat=True)}
        assert set(provider.effects) == keys and len(keys) == self.COUNT
        assert len(provider.received) == self.COUNT + killed
        assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}

    def test_control_marked_before_it_is_sent_a_message_is_lost(
        self, transactional_db, provider, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.world()

        def careless(delivery, scope, moment) -> None:
            Delivery.objects.filter(pk=delivery.pk).update(
                state="delivered", sent_at=moment, delivered_at=moment
            )
            failpoints.reach("notices.after_adapter")
            channel = channels.find_channel(SMS)
            channel.send(delivering._message(delivery, channel, scope, moment))

        monkeypatch.setattr(delivering, "_carry", careless)
        with failpoints.armed("notices.after_adapter"), pytest.raises(failpoints.Killed):
            run()
        run(NINE + timedelta(days=1))
        assert len(provider.effects) == self.COUNT - 1
        assert not Delivery.objects.filter(state="queued").exists()


class TestFileChannel:
    def test_it_appends_lines_with_masked_addresses(self, cast: Cast, settings, tmp_path) -> None:
        settings.BIHUAN_CHANNELS = {SMS: "bihuan.kernel.tools.notices.channels:FileChannel"}
        settings.BIHUAN_OUTBOX = tmp_path / "out" / "box.jsonl"
        tell(cast, ALARM)
        tell(cast, TALLY, who="zhou")
        run()
        lines = [json.loads(line) for line in settings.BIHUAN_OUTBOX.read_text().splitlines()]
        assert [line["channel"] for line in lines] == [SMS, SMS]
        assert {line["key"] for line in lines} == {str(d.pk) for d in Delivery.objects.all()}
        assert cast.members["lu"].phone not in settings.BIHUAN_OUTBOX.read_text()
        assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}

    def test_a_full_disk_is_a_failed_try(self, cast: Cast, settings, tmp_path) -> None:
        settings.BIHUAN_CHANNELS = {SMS: "bihuan.kernel.tools.notices.channels:FileChannel"}
        settings.BIHUAN_OUTBOX = tmp_path
        tell(cast, ALARM)
        run()
        assert states() == [(SMS, "queued", "")]
        assert queries.ladder(NINE)[0] == 60
        assert Delivery.objects.get().due_at == NINE + timedelta(seconds=60)
