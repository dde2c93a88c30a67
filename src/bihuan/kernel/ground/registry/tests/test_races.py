"""Two at once: the database lets one through, and the other is told so."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry import types as words
from bihuan.kernel.ground.registry.models import OfficerAssignment, Organisation, Person, Post
from bihuan.kernel.ground.registry.testing import (
    HAIYAN,
    HUIMIN,
    NOW,
    Cast,
    cast_scope,
    invented_id_number,
    invented_uscc,
    make_cast,
)
from bihuan.kernel.ground.registry.types import NewOrganisation
from bihuan.platform.web.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(act: Callable[[], object]) -> list[str]:
    """Run `act` in four threads that start together; return how each ended."""
    ready = threading.Barrier(4)
    ends: list[str] = []

    def run() -> None:
        ready.wait()
        try:
            act()
            ends.append("done")
        except Refused as refusal:
            ends.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ends)


@pytest.fixture
def world() -> Cast:
    """Return the cast, committed."""
    return make_cast()


def test_one_firm_for_a_code(world: Cast) -> None:
    new = NewOrganisation("同名厂", HUIMIN, uscc=invented_uscc(900))
    ends = at_once(lambda: registry.register_organisation(new, scope=cast_scope(), at=NOW))
    assert ends == ["done"] + ["organisation_known"] * 3
    assert Organisation.objects.filter(uscc=invented_uscc(900)).count() == 1


def test_one_person_for_a_number(world: Cast) -> None:
    before, facts = Person.objects.count(), events.count_facts()
    ends = at_once(
        lambda: registry.register_person(
            name="同号", id_number=invented_id_number(901), scope=cast_scope(), at=NOW
        )
    )
    assert ends == ["done"] + ["person_known"] * 3
    assert Person.objects.count() == before + 1
    assert events.count_facts() == facts + 1


def test_one_post(world: Cast) -> None:
    lu = world.members["lu"].person_id
    ends = at_once(
        lambda: registry.appoint(
            lu, duty=words.ACCEPTOR, area_code=HAIYAN, scope=cast_scope(), at=NOW
        )
    )
    assert ends == ["done"] + ["post_held"] * 3
    assert Post.objects.filter(person_id=lu).count() == 1


def test_one_officer(world: Cast) -> None:
    officer = world.members["officer"].person_id
    ends = at_once(
        lambda: registry.assign_officer(
            world.yongxin.id, person_id=officer, scope=cast_scope(), at=NOW
        )
    )
    assert ends == ["done"] + ["one_officer"] * 3
    assert OfficerAssignment.objects.filter(organisation_id=world.yongxin.id).count() == 1
