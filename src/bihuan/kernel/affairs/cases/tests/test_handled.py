"""Who learns from closed matters gets the closed ones of the own area, the earliest first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.tests.test_operations import NINE, check, fed_back, raise_lamp
from bihuan.kernel.affairs.cases.types import APPEAL
from bihuan.kernel.ground.registry.testing import Cast

pytestmark = pytest.mark.django_db


def test_only_what_is_closed_and_seen(cast: Cast, django_assert_num_queries) -> None:
    raise_lamp(cast)
    first, _ = fed_back(cast)
    verifier = cast.scope("verifier")
    assert cases.list_handled(APPEAL, scope=verifier, most=10) == ()
    cases.verify_case(first.case_id, check(), scope=verifier, at=NINE + timedelta(hours=5))
    with django_assert_num_queries(1):
        found = cases.list_handled(APPEAL, scope=verifier, most=10)
    assert [(row.case_id, row.class_code, row.raised_at) for row in found] == [
        (first.case_id, "test_lamp", NINE)
    ]
    assert found[0].text.startswith("秦山路")
    assert cases.list_handled(APPEAL, scope=cast.scope("wrong"), most=10) == ()
    assert cases.list_handled(APPEAL, scope=verifier, most=0) == ()
