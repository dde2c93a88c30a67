"""A unit is dissolved on a page: seen beforehand, refused without a successor, done once."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import (
    APPEAL,
    Detail,
    MoveName,
    NewPart,
    Raise,
    Role,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.ground.registry.types import AreaPath
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in

pytestmark = pytest.mark.django_db
WHERE = "/desk/units/dissolve/"


def test_what_it_holds_is_shown_and_goes_over() -> None:
    """The administrator reads what moves, names who goes on, and it is done once."""
    cast = make_cast(at=clock.now())
    number = _dispatched(cast)
    gone, to = cast.unit("330424-zongzhi").id, cast.unit("330424-fire").id
    admin = Client()
    sign_in(admin, cast.account("system"))
    shown = admin.get(f"{WHERE}?unit={gone}").content.decode()
    assert number in shown and "还有 1 件未办结" in shown
    form = {"unit": gone, "successor": "", "words": "盐编3号", "command_id": str(uuid4())}
    refused = admin.post(WHERE, form)
    assert refused.status_code == 422
    assert "还有 1 件" in refused.content.decode() and "盐编3号" in refused.content.decode()
    assert events.count_facts(name="registry.unit_closed.v1") == 0
    form |= {"successor": to, "command_id": str(uuid4())}
    assert [admin.post(WHERE, form).status_code for _again in range(2)] == [303, 303]
    assert events.count_facts(name="cases.part_handed_on.v1") == 1
    assert events.count_facts(name="registry.unit_closed.v1") == 1
    assert number not in admin.get(f"{WHERE}?unit={gone}").content.decode()


def _dispatched(cast: Cast) -> str:
    at = clock.now()
    what = Raise(
        APPEAL, "灯不亮", "灯不亮", "street_lamp", AreaPath("3304/330424/330424005/"), "phone"
    )
    opened = cases.open_case(what, scope=cast.scope("lu"), at=at)
    cases.move_case(
        opened.case_id, move=MoveName("file"), scope=cast.scope("mei"), at=at, detail=Detail()
    )
    parts = [NewPart(cast.unit("330424-zongzhi").id, Role.LEAD)]
    cases.dispatch_case(opened.case_id, parts=parts, scope=cast.scope("mei"), at=at)
    return opened.number
