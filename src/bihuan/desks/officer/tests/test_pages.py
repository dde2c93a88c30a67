"""The desk through HTTP: who sees which page, what a form does, what is refused."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.testing import Case
from bihuan.kernel.affairs.cases.types import (
    APPEAL,
    CaseId,
    Detail,
    MoveName,
    NewPart,
    Raise,
    Role,
)
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.ground.registry.types import AreaPath, person_ref
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in

pytestmark = pytest.mark.django_db

XINXING = AreaPath("3304/330424/330424005/330424005004/")


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=clock.now())


def client_of(cast: Cast, who: str) -> Client:
    return sign_in(Client(), cast.account(who))


def raised(cast: Cast, class_code: str = "noise") -> CaseId:
    lu = cast.scope("lu")
    assert lu.person_id is not None
    what = Raise(
        kind=APPEAL,
        title="城西路工地夜里还在施工",
        text="城西路工地夜里还在施工",
        class_code=class_code,
        area_path=XINXING,
        source="phone",
        raised_by=person_ref(lu.person_id),
    )
    return cases.open_case(what, scope=lu, at=clock.now()).case_id


def answered(cast: Cast) -> CaseId:
    """Bring a noise, which needs no photo, to a passed check."""
    case_id, at = raised(cast), clock.now()
    cases.move_case(case_id, move=MoveName("file"), scope=cast.scope("tao"), at=at)
    parts = [NewPart(cast.unit("330424-zongzhi").id, Role.LEAD)]
    given = cases.dispatch_case(case_id, parts=parts, scope=cast.scope("mei"), at=at)
    assert given.part_id is not None
    cases.move_part(
        given.part_id,
        move=MoveName("feed_back"),
        scope=cast.scope("zongzhi"),
        at=at,
        detail=Detail(words="夜间已停工"),
    )
    seen = cases.Check(visit_id=uuid.uuid4(), cleared=True)
    cases.verify_case(case_id, seen, scope=cast.scope("verifier"), at=at)
    return case_id


class TestCallingBack:
    def test_from_the_tray_to_the_verdict(self, cast: Cast) -> None:
        case_id = answered(cast)
        tao = client_of(cast, "tao")
        assert "城西路工地" in tao.get("/desk/?tray=call_back").content.decode()
        page = tao.get(reverse("officer:matter", args=[case_id])).content.decode()
        address = reverse("cases:call_back", args=[case_id])
        assert address in page
        assert "夜间已停工" in tao.get(address).content.decode()
        assert tao.post(address, {"result": "satisfied"}).status_code == 422
        given = {"result": "satisfied", "channel": "phone", "solved": "solved"}
        assert tao.post(address, given).status_code == 303
        case = Case.objects.get()
        assert (case.state, case.rating, case.solved) == ("evaluated", "satisfied", "solved")

    def test_not_satisfied_without_words_is_told_and_kept(self, cast: Cast) -> None:
        case_id = answered(cast)
        tao = client_of(cast, "tao")
        address = reverse("cases:call_back", args=[case_id])
        answer = tao.post(address, {"result": "unsatisfied", "channel": "visit"})
        assert answer.status_code == 422
        assert Case.objects.get().state == "closed"

    def test_who_handled_it_does_not_find_the_page_useful(self, cast: Cast) -> None:
        case_id = answered(cast)
        given = {"result": "satisfied", "channel": "phone"}
        answer = client_of(cast, "zongzhi").post(reverse("cases:call_back", args=[case_id]), given)
        assert answer.status_code == 403
        assert Case.objects.get().state == "closed"


class TestTogether:
    def test_needs_the_dispatchers_power(self, cast: Cast) -> None:
        case_id = raised(cast)
        for name in ("officer:together", "officer:do_together"):
            answer = client_of(cast, "tao").post(reverse(name), {"case": [str(case_id)]})
            assert answer.status_code == 403
        assert Case.objects.get().state == "reported"

    def test_nothing_chosen_changes_nothing(self, cast: Cast) -> None:
        raised(cast)
        mei = client_of(cast, "mei")
        for name in ("officer:together", "officer:do_together"):
            assert mei.post(reverse(name), {"case": ["x"]}).status_code == 303
        assert Case.objects.get().version == 0

    def test_sent_twice_it_happens_once(self, cast: Cast) -> None:
        case_id = raised(cast)
        unit = cast.unit("330424-zongzhi").id
        mei, key = client_of(cast, "mei"), str(uuid.uuid4())
        given = {"case": [f"{case_id}:0"], f"do_{case_id}": f"unit:{unit}", "command_id": key}
        for _ in range(2):
            assert mei.post(reverse("officer:do_together"), given).status_code == 303
        case = Case.objects.get()
        assert (case.state, case.version) == ("dispatched", 2)


class TestKeeping:
    def test_a_filter_is_ones_own(self, cast: Cast) -> None:
        raised(cast)
        mei, tao = client_of(cast, "mei"), client_of(cast, "tao")
        given = {"name": "我的夜班", "query": "tray=accept"}
        assert mei.post(reverse("officer:filters"), given).status_code == 303
        assert "我的夜班" in mei.get("/desk/").content.decode()
        assert "我的夜班" not in tao.get("/desk/").content.decode()
        (kept,) = cases.list_filters(scope=cast.scope("mei"))
        tao.post(reverse("officer:filters"), {"drop": str(kept.id)})
        assert cases.list_filters(scope=cast.scope("mei")) == (kept,)
        mei.post(reverse("officer:filters"), {"drop": str(kept.id)})
        assert cases.list_filters(scope=cast.scope("mei")) == ()

    def test_ready_words_belong_to_the_unit(self, cast: Cast) -> None:
        given = {"name": "停工", "words": "夜间已停工"}
        for who, status in (("zongzhi", 303), ("tao", 403), ("lu", 403)):
            answer = client_of(cast, who).post(reverse("officer:replies"), given)
            assert answer.status_code == status
        assert [t.words for t in cases.list_templates(scope=cast.scope("zongzhi"))] == [
            "夜间已停工"
        ]
        assert cases.list_templates(scope=cast.scope("fire")) == ()


class TestForcedAssignment:
    def test_the_duty_officer_finds_it_and_assigns(self, cast: Cast) -> None:
        case_id, at = raised(cast), clock.now()
        cases.move_case(case_id, move=MoveName("file"), scope=cast.scope("tao"), at=at)
        for who in ("zongzhi", "fire"):
            parts = [NewPart(cast.unit(f"330424-{who}").id, Role.LEAD)]
            given = cases.dispatch_case(case_id, parts=parts, scope=cast.scope("mei"), at=at)
            assert given.part_id is not None
            cases.move_part(
                given.part_id,
                move=MoveName("return"),
                scope=cast.scope(who),
                at=at,
                detail=Detail(reason="依据"),
            )
        duty = client_of(cast, "duty")
        assert "城西路工地" in duty.get("/desk/?tray=decide").content.decode()
        assert "会商意见" in duty.get(reverse("officer:matter", args=[case_id])).content.decode()
        unit = cast.unit("330424-zongzhi").id
        given = {"lead": str(unit), "review": "会商:归综合执法局"}
        address = reverse("cases:dispatch", args=[case_id])
        assert duty.post(address, given).status_code == 303
        assert Case.objects.get().state == "dispatched"


class TestPetitions:
    def test_are_linked_noted_and_shown_beside_all_matters(self, cast: Cast) -> None:
        tao = client_of(cast, "tao")
        address = reverse("officer:references")
        given = {
            "number": "XF-0007",
            "title": "安置房面积",
            "area": "330424005004",
            "registered_on": "2026-06-01",
        }
        assert tao.post(address, given | {"area": "x"}).status_code == 422
        assert tao.post(address, given).status_code == 303
        assert "安置房面积" in tao.get(address).content.decode()
        assert "信访件 1 件" in tao.get("/desk/?tray=all").content.decode()
        (one,) = cases.list_references(scope=cast.scope("tao"))
        note = reverse("officer:note_reference", args=[one.id])
        assert tao.post(note, {"told_on": "2026-06-10"}).status_code == 303
        (one,) = cases.list_references(scope=cast.scope("tao"))
        assert str(one.told_on) == "2026-06-10"

    def test_belong_to_the_centre(self, cast: Cast) -> None:
        for who in ("zongzhi", "lu", "verifier"):
            assert client_of(cast, who).get(reverse("officer:references")).status_code == 403


@pytest.mark.parametrize("who", ["system", "security", "audit"])
def test_who_sees_no_matter_at_all_still_has_a_start_page(cast: Cast, who: str) -> None:
    assert client_of(cast, who).get("/").status_code == 200
