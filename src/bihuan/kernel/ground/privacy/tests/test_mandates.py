"""Letting somebody act for one: who gives it, to whom, until when; and that it ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.privacy import api as privacy
from bihuan.kernel.ground.privacy.models import MandateRow
from bihuan.kernel.ground.privacy.types import Wanted
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import NOW, Cast, cast_scope, invented_id_number
from bihuan.kernel.ground.registry.types import HANDLING, Field, RelationKind
from bihuan.platform.web.errors import NotFound

pytestmark = pytest.mark.django_db
UNTIL = date(2026, 12, 31)


def give(cast: Cast, who: str = "lu", agent: str = "zhou", of: str = "lu", **more: object):
    given = {
        "agent_name": cast.members[agent].role.name,
        "agent_phone": cast.members[agent].phone,
        "until": UNTIL,
    }
    principal = cast.members[of].person_id
    return privacy.give_mandate(principal, **(given | more), scope=cast.scope(who), at=NOW)


def nothing(cast: Cast, error: type[Exception], **more: object) -> None:
    facts = events.count_facts()
    with pytest.raises(error):
        give(cast, **more)
    assert (MandateRow.objects.count(), events.count_facts()) == (0, facts)


def test_zhou_acts_for_lu_and_the_origin_says_so(cast: Cast) -> None:
    mandate = give(cast)
    assert (mandate.principal.name, mandate.agent.name, mandate.at_counter) == (
        "陆**",
        "周*",
        False,
    )
    same, scope = privacy.acting_scope(mandate.id, scope=cast.scope("zhou"), at=NOW)
    assert same.id == mandate.id
    assert scope.person_id == cast.members["lu"].person_id
    assert scope.origin.account_id == cast.members["zhou"].account_id
    assert scope.origin.words == f"privacy.mandate:{mandate.id}"


def test_an_officer_who_acts_for_somebody_has_no_powers_of_the_post(cast: Cast) -> None:
    mandate = give(cast, agent="tao")
    _same, scope = privacy.acting_scope(mandate.id, scope=cast.scope("tao"), at=NOW)
    assert scope.area_paths == () and scope.post_id is None
    assert scope.powers == cast.scope("lu").powers


@pytest.mark.parametrize(
    "wrong",
    [
        {"agent_name": "周丽"},
        {"agent_phone": "13999999999"},
        {"agent": "lu"},
        {"until": date(2026, 6, 23)},
        {"until": date(2027, 6, 25)},
    ],
)
def test_what_does_not_hold_gives_nothing(cast: Cast, wrong: dict[str, object]) -> None:
    nothing(cast, privacy.UnableToMandate, **wrong)


def test_a_child_and_somebody_of_unknown_age_do_not_act(cast: Cast) -> None:
    child = invented_id_number(601, born="20100101")
    for name, number in (("陆小宝", child), ("陆阿姨", "")):
        registry.register_person(
            name=name, phone="13905730022", id_number=number, scope=cast_scope(), at=NOW
        )
        nothing(cast, privacy.UnableToMandate, agent_name=name, agent_phone="13905730022")


@pytest.mark.parametrize("who", ["zhou", "tao", "shen"])
def test_nobody_else_gives_it(cast: Cast, who: str) -> None:
    nothing(cast, NotFound, who=who)


def test_a_clerk_gives_it_after_the_look_and_not_later(cast: Cast) -> None:
    wanted = Wanted(cast.members["lu"].phone, Field.PHONE, HANDLING, "本人来窗口设代办")
    privacy.find_people(wanted, scope=cast.scope("tao"), at=NOW)
    assert give(cast, who="tao").at_counter
    later = NOW + timedelta(minutes=6)
    with pytest.raises(NotFound):
        privacy.give_mandate(
            cast.members["lu"].person_id,
            agent_name="x",
            agent_phone="1",
            until=UNTIL,
            scope=cast.scope("tao"),
            at=later,
        )


def test_a_guardian_gives_it_for_the_ward(cast: Cast) -> None:
    registry.relate_to_person(
        cast.members["shen"].person_id,
        other_id=cast.members["lu"].person_id,
        kind=RelationKind.GUARDIAN,
        scope=cast_scope(),
        at=NOW,
    )
    assert give(cast, who="shen").principal.name == "陆**"


@pytest.mark.parametrize("who", ["lu", "zhou"])
def test_either_ends_it_at_once_and_only_once(cast: Cast, who: str) -> None:
    mandate = give(cast)
    done = privacy.end_mandate(mandate.id, scope=cast.scope(who), at=NOW + timedelta(hours=1))
    facts = events.count_facts()
    again = privacy.end_mandate(mandate.id, scope=cast.scope(who), at=NOW + timedelta(hours=2))
    assert (again.ended_at, events.count_facts()) == (done.ended_at, facts)
    with pytest.raises(NotFound):
        privacy.acting_scope(mandate.id, scope=cast.scope("zhou"), at=NOW + timedelta(hours=2))


def test_a_stranger_neither_ends_nor_uses_it(cast: Cast) -> None:
    mandate = give(cast)
    for act in (privacy.end_mandate, privacy.acting_scope):
        with pytest.raises(NotFound):
            act(mandate.id, scope=cast.scope("shen"), at=NOW)


def test_it_ends_by_itself(cast: Cast) -> None:
    mandate = give(cast)
    assert privacy.list_acting(scope=cast.scope("zhou"), at=mandate.until) == ()
    with pytest.raises(NotFound):
        privacy.acting_scope(mandate.id, scope=cast.scope("zhou"), at=mandate.until)


def test_given_anew_the_earlier_one_ends(cast: Cast) -> None:
    first, second = give(cast), give(cast, until=date(2026, 8, 1))
    running = privacy.list_mandates(scope=cast.scope("lu"), at=NOW)
    assert [one.id for one in running] == [second.id] and first.id != second.id


def test_for_one_matter_and_for_all_stand_beside_each_other(cast: Cast) -> None:
    give(cast)
    give(cast, subject=Ref("cases.case", "7"))
    found = privacy.list_acting(scope=cast.scope("zhou"), at=NOW)
    assert [one.subject for one in found] == [Ref("cases.case", "7"), None]


def test_the_database_holds_it(cast: Cast) -> None:
    mandate = give(cast)
    row = MandateRow.objects.get()
    for change in ({"until": NOW + timedelta(days=9999)}, {"agent": row.principal_id}):
        with pytest.raises(DatabaseError), transaction.atomic():
            MandateRow.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        MandateRow.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        MandateRow.objects.create(
            principal_id=row.principal_id,
            agent_id=row.agent_id,
            given_at=NOW,
            given_by_id=row.principal_id,
            until=row.until,
        )
    privacy.end_mandate(mandate.id, scope=cast.scope("lu"), at=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        MandateRow.objects.update(ended_at=None, ended_by=None)
