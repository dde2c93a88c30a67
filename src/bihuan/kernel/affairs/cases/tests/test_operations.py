"""The life of matters through the doors: what is written, what is refused and leaves no trace."""

from __future__ import annotations

import io
import uuid
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from PIL import Image

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.models import Case, EntryRow, Part, Round
from bihuan.kernel.affairs.cases.types import (
    APPEAL,
    HAZARD,
    Detail,
    Filter,
    MoveName,
    NewPart,
    Opened,
    PartId,
    PartState,
    Raise,
    Role,
    State,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.kernel.ground.registry.types import AreaPath, person_ref
from bihuan.platform.clock import CHINA
from bihuan.platform.files import store
from bihuan.platform.web.errors import NotAllowed

XINXING = AreaPath("3304/330424/330424005/330424005004/")
LONGQUAN_3 = AreaPath("3304/330421/330421003/330421003E01/330421003E01003/")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


NINE = _at("2026-06-24T09:00")


def photo(colour: str = "red") -> str:
    """Keep a photo and return its hash."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return store.receive_photo(io.BytesIO(out.getvalue()), at=NINE)


def raise_lamp(cast: Cast, **more: object) -> Opened:
    """Let LU report a dark lamp."""
    lu = cast.scope("lu")
    assert lu.person_id is not None
    what = Raise(
        kind=APPEAL,
        title="秦山路路灯三盏不亮",
        text="秦山路路灯三盏不亮",
        class_code="test_lamp",
        area_path=XINXING,
        source="phone",
        raised_by=person_ref(lu.person_id),
        **more,  # type: ignore[arg-type]
    )
    return cases.open_case(what, scope=lu, at=NINE)


def dispatched(cast: Cast) -> tuple[Opened, PartId]:
    """File and dispatch the lamp to ZONGZHI's unit."""
    opened = raise_lamp(cast)
    move = MoveName("file")
    cases.move_case(opened.case_id, move=move, scope=cast.scope("tao"), at=NINE)
    unit = cast.unit("330424-zongzhi")
    moved = cases.dispatch_case(
        opened.case_id, parts=[NewPart(unit.id, Role.LEAD)], scope=cast.scope("mei"), at=NINE
    )
    assert moved.part_id is not None
    return opened, moved.part_id


def part_move(part_id: PartId, name: str, cast: Cast, who: str = "zongzhi", **detail: object):
    """Make one move on a part."""
    return cases.move_part(
        part_id,
        move=MoveName(name),
        scope=cast.scope(who),
        at=NINE + timedelta(hours=1),
        detail=Detail(**detail),  # type: ignore[arg-type]
    )


def fed_back(cast: Cast) -> tuple[Opened, PartId]:
    """Bring the lamp to feedback."""
    opened, part_id = dispatched(cast)
    part_move(part_id, "sign", cast)
    part_move(part_id, "start", cast, words="领料")
    part_move(part_id, "feed_back", cast, words="换好了", photos=(photo(),))
    return opened, part_id


def check(cleared: bool = True, **more: object) -> cases.Check:
    """Return what a verifier saw."""
    return cases.Check(visit_id=uuid.uuid4(), cleared=cleared, **more)  # type: ignore[arg-type]


def traces() -> tuple[int, int, int]:
    """Return how many facts, history lines and versions stand."""
    versions = sum(Case.objects.values_list("version", flat=True))
    return events.count_facts(), EntryRow.objects.count(), versions


class TestOpening:
    def test_the_receipt_finds_it_without_an_account(self, cast: Cast) -> None:
        opened = raise_lamp(cast)
        assert opened.number.startswith("HY-2606-")
        view = cases.get_case_by_receipt(
            opened.number, opened.receipt_code.lower(), scope=cast.scope("zhou")
        )
        assert (view.state, view.title, view.due_at) == (
            State.REPORTED,
            "秦山路路灯三盏不亮",
            _at("2026-06-24T11:00"),
        )
        with pytest.raises(cases.UnableToFind):
            cases.get_case_by_receipt(opened.number, "AAAAAAAA", scope=cast.scope("zhou"))

    def test_the_clock_starts_when_the_centre_receives(self, cast: Cast) -> None:
        opened = raise_lamp(cast, claimed_at=NINE - timedelta(days=3))
        case = Case.objects.get(pk=opened.case_id)
        assert (case.raised_at, case.claimed_at) == (NINE, NINE - timedelta(days=3))
        assert case.due_at == _at("2026-06-24T11:00")

    def test_the_same_cause_opens_it_once(self, cast: Cast) -> None:
        cause = Ref("fieldwork.finding", "1")
        first, second = raise_lamp(cast, cause=cause), raise_lamp(cast, cause=cause)
        assert (second.case_id, second.receipt_code, second.repeated) == (
            first.case_id,
            first.receipt_code,
            True,
        )
        assert Case.objects.count() == 1

    def test_a_batch_equals_one_by_one(self, cast: Cast) -> None:
        single = raise_lamp(cast, source_key="0")
        what = [
            Raise(
                kind=APPEAL,
                title="秦山路路灯三盏不亮",
                text="秦山路路灯三盏不亮",
                class_code="test_lamp",
                area_path=XINXING,
                source="phone",
                source_key=str(n),
            )
            for n in range(3)
        ]
        made = cases.open_cases(what, scope=cast.scope("tao"), at=NINE)
        assert [o.repeated for o in made] == [True, False, False]
        again = cases.open_cases(what, scope=cast.scope("tao"), at=NINE)
        assert [o.number for o in again] == [o.number for o in made]
        rows = list(Case.objects.order_by("pk").values("state", "due_at", "yellow_at", "title"))
        assert (len(rows), rows[0]) == (3, rows[1])
        assert events.count_facts(name="cases.case_opened.v1") == 3
        assert made[0].number == single.number

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"title": " "}, "text"),
            ({"text": "长" * 60_001}, "text"),
            ({"class_code": "x"}, "class_code"),
        ],
    )
    def test_what_cannot_be_a_matter(self, cast: Cast, change: dict[str, str], field: str) -> None:
        given = {"title": "灯", "text": "灯", "class_code": "test_lamp"} | change
        before = traces()
        what = Raise(kind=APPEAL, area_path=XINXING, source="phone", **given)
        with pytest.raises(cases.UnableToRaise) as refused:
            cases.open_case(what, scope=cast.scope("lu"), at=NINE)
        assert (refused.value.field, traces()) == (field, before)


class TestTheWholeLife:
    def test_from_report_to_the_verdict(self, cast: Cast) -> None:
        opened, _ = fed_back(cast)
        done = cases.verify_case(
            opened.case_id,
            check(words="亮了"),
            scope=cast.scope("verifier"),
            at=NINE + timedelta(hours=5),
        )
        assert done.state is State.CLOSED
        told = cases.move_case(
            opened.case_id,
            move=MoveName("evaluate"),
            scope=cast.scope("lu"),
            at=NINE + timedelta(days=1),
            detail=Detail(rating="satisfied"),
        )
        assert told.state is State.EVALUATED
        view = cases.get_case(opened.case_id, scope=cast.scope("lu"))
        assert [entry.what for entry in view.history] == [
            "raise",
            "file",
            "dispatch",
            "sign",
            "start",
            "feed_back",
            "pass",
            "evaluate",
        ]
        assert (view.answer, view.rating, view.link) == ("换好了", "satisfied", 7)
        assert (len(view.photos_after), view.moves) == (1, ("reopen",))

    def test_each_part_has_its_own_deadline(self, cast: Cast) -> None:
        opened, part_id = dispatched(cast)
        part = Part.objects.get(pk=part_id)
        assert part.due_at == _at("2026-06-29T17:00")  # 25, 26, then 29: three working days
        assert Case.objects.get(pk=opened.case_id).due_at == part.due_at

    def test_a_failed_check_keeps_the_old_due_time(self, cast: Cast) -> None:
        opened, part_id = fed_back(cast)
        due = Part.objects.get(pk=part_id).due_at
        failed = cases.verify_case(
            opened.case_id,
            check(cleared=False, words="还有一盏不亮"),
            scope=cast.scope("verifier"),
            at=NINE + timedelta(hours=5),
        )
        assert failed.state is State.REWORK
        part, case = Part.objects.get(pk=part_id), Case.objects.get(pk=opened.case_id)
        assert (part.state, part.due_at, case.reworks, case.due_at) == ("rework", due, 1, due)
        part_move(part_id, "feed_back", cast, words="这盏也换了", photos=(photo("blue"),))
        done = cases.verify_case(
            opened.case_id, check(), scope=cast.scope("verifier"), at=NINE + timedelta(hours=7)
        )
        assert done.state is State.CLOSED

    def test_two_units_close_only_together(self, cast: Cast) -> None:
        opened = raise_lamp(cast)
        cases.move_case(opened.case_id, move=MoveName("file"), scope=cast.scope("tao"), at=NINE)
        units = [cast.unit("330424-zongzhi"), cast.unit("330424-fire")]
        roles = (Role.LEAD, Role.CO_HANDLER)
        cases.dispatch_case(
            opened.case_id,
            scope=cast.scope("mei"),
            at=NINE,
            parts=[NewPart(u.id, r) for u, r in zip(units, roles, strict=True)],
        )
        lead, helper = (
            PartId(pk) for pk in Part.objects.order_by("pk").values_list("pk", flat=True)
        )
        part_move(lead, "sign", cast)
        part_move(lead, "feed_back", cast, words="好了", photos=(photo(),))
        assert Case.objects.get().state == "in_progress"
        part_move(helper, "sign", cast, who="fire")
        part_move(helper, "feed_back", cast, who="fire", words="也好了", photos=(photo("blue"),))
        assert Case.objects.get().state == "fed_back"

    def test_a_redo_is_a_new_round_once(self, cast: Cast) -> None:
        opened, _ = fed_back(cast)
        cases.verify_case(opened.case_id, check(), scope=cast.scope("verifier"), at=NINE)
        redo = MoveName("redo")
        detail = Detail(words="又灭了")
        moved = cases.move_case(
            opened.case_id, move=redo, scope=cast.scope("lu"), at=NINE, detail=detail
        )
        case = Case.objects.get()
        assert (moved.state, case.round_no, case.closed_at) == (State.FILED, 2, None)
        assert list(Round.objects.values_list("no", flat=True)) == [1, 2]


class TestReturning:
    def test_needs_a_basis_and_goes_back_to_the_dispatcher(self, cast: Cast) -> None:
        opened, part_id = dispatched(cast)
        with pytest.raises(cases.LackingEvidence):
            part_move(part_id, "return", cast)
        part_move(part_id, "return", cast, reason="管线图上此处无灯杆")
        case = Case.objects.get()
        assert (case.state, case.returns) == ("returned", 1)
        fire = cast.unit("330424-fire")
        cases.dispatch_case(
            opened.case_id, parts=[NewPart(fire.id, Role.LEAD)], scope=cast.scope("mei"), at=NINE
        )
        assert list(Part.objects.order_by("pk").values_list("state", flat=True)) == [
            "returned",
            "dispatched",
        ]


class TestRefusals:
    def _refused(self, error: type[Exception], act: object) -> None:
        before = traces()
        with pytest.raises(error):
            act()  # type: ignore[operator]
        assert traces() == before

    def test_another_resident_does_not_know_of_it(self, cast: Cast) -> None:
        opened = raise_lamp(cast)
        self._refused(
            cases.UnableToFind, lambda: cases.get_case(opened.case_id, scope=cast.scope("zhou"))
        )

    def test_another_county_does_not_know_of_it(self, cast: Cast) -> None:
        opened = raise_lamp(cast)
        self._refused(
            cases.UnableToFindCase,
            lambda: cases.move_case(
                opened.case_id, move=MoveName("file"), scope=cast.scope("js_tao"), at=NINE
            ),
        )

    def test_another_unit_cannot_sign(self, cast: Cast) -> None:
        _, part_id = dispatched(cast)
        self._refused(cases.UnableToFindCase, lambda: part_move(part_id, "sign", cast, who="fire"))

    def test_a_step_that_is_not_open(self, cast: Cast) -> None:
        opened, part_id = dispatched(cast)
        part_move(part_id, "sign", cast)
        self._refused(cases.UnableToMove, lambda: part_move(part_id, "sign", cast))
        self._refused(
            cases.UnableToMove,
            lambda: cases.move_case(
                opened.case_id, move=MoveName("file"), scope=cast.scope("tao"), at=NINE
            ),
        )

    def test_a_power_that_the_post_lacks(self, cast: Cast) -> None:
        opened = raise_lamp(cast)
        self._refused(
            NotAllowed,
            lambda: cases.dispatch_case(opened.case_id, parts=[], scope=cast.scope("tao"), at=NINE),
        )

    def test_feedback_without_a_photo(self, cast: Cast) -> None:
        _, part_id = dispatched(cast)
        part_move(part_id, "sign", cast)
        self._refused(
            cases.LackingEvidence, lambda: part_move(part_id, "feed_back", cast, words="好了")
        )

    def test_who_dispatched_may_not_verify(self, cast: Cast) -> None:
        opened, _ = fed_back(cast)
        round_ = Round.objects.get()
        verifier = cast.scope("verifier")
        round_.hands = [*round_.hands, verifier.person_id]
        round_.save()
        self._refused(
            cases.UnableToDoAlone,
            lambda: cases.verify_case(opened.case_id, check(), scope=verifier, at=NINE),
        )

    @pytest.mark.portable
    def test_and_the_database_says_so_too(self, cast: Cast) -> None:
        fed_back(cast)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE cases_round SET verified_by = hands[1]")
        assert Round.objects.get().verified_by is None

    @pytest.mark.portable
    def test_the_database_refuses_two_leads(self, cast: Cast) -> None:
        _, part_id = dispatched(cast)
        part = Part.objects.get(pk=part_id)
        with pytest.raises(DatabaseError), transaction.atomic():
            Part.objects.create(
                case=part.case,
                round=part.round,
                unit_id=cast.unit("330424-fire").id,
                role="lead",
                state="dispatched",
                dispatched_at=NINE,
            )
        assert Part.objects.count() == 1


class TestAHazard:
    def _opened(self, cast: Cast) -> tuple[Opened, PartId]:
        what = Raise(
            kind=HAZARD,
            title="东侧消防通道堆货",
            text="",
            class_code="test_exit",
            area_path=LONGQUAN_3,
            source="patrol",
            concerns=cast.hengyue.id,
        )
        opened = cases.open_case(what, scope=cast.scope("gu"), at=NINE)
        cases.move_case(opened.case_id, move=MoveName("file"), scope=cast.scope("js_tao"), at=NINE)
        unit = cast.unit("330421-fire")
        moved = cases.dispatch_case(
            opened.case_id, parts=[NewPart(unit.id, Role.LEAD)], scope=cast.scope("js_mei"), at=NINE
        )
        assert moved.part_id is not None
        return opened, moved.part_id

    def test_signing_grades_it(self, cast: Cast) -> None:
        _, part_id = self._opened(cast)
        with pytest.raises(cases.LackingEvidence):
            part_move(part_id, "sign", cast, who="js_fire")
        part_move(part_id, "sign", cast, who="js_fire", grade="major")
        assert Case.objects.get().grade == "major"

    def test_the_firm_says_it_is_done_and_the_unit_stays_answerable(self, cast: Cast) -> None:
        opened, part_id = self._opened(cast)
        part_move(part_id, "sign", cast, who="js_fire", grade="major")
        part_move(part_id, "say_done", cast, who="shen", photos=(photo(),), words="清空了")
        case, part = Case.objects.get(), Part.objects.get()
        assert (case.state, part.state, part.unit_id) == (
            "fed_back",
            PartState.FED_BACK.value,
            cast.unit("330421-fire").id,
        )
        done = cases.verify_case(opened.case_id, check(), scope=cast.scope("gu"), at=NINE)
        assert done.state is State.CLOSED

    def test_another_firm_does_not_know_of_it(self, cast: Cast) -> None:
        _, part_id = self._opened(cast)
        part_move(part_id, "sign", cast, who="js_fire", grade="major")
        with pytest.raises(cases.UnableToFindCase):
            part_move(part_id, "say_done", cast, who="lu", photos=(photo(),))


class TestLists:
    def test_trays_colours_and_counts_agree(self, cast: Cast) -> None:
        for _ in range(3):
            raise_lamp(cast)
        scope = cast.scope("tao")
        page = cases.list_cases(scope=scope, wanted=Filter(tray="accept"), at=NINE)
        assert (page.count, len(page.rows), dict(page.bands)["green"]) == (3, 3, 3)
        later = _at("2026-06-24T11:30")
        late = cases.list_cases(scope=scope, wanted=Filter(tray="accept", band="red"), at=later)
        assert (late.count, dict(late.bands)["red"], dict(late.bands)["green"]) == (3, 3, 0)

    def test_pages_of_fifty_meet_without_a_gap(self, cast: Cast) -> None:
        what = [
            Raise(
                kind=APPEAL,
                title=f"灯 {n}",
                text="",
                class_code="test_lamp",
                area_path=XINXING,
                source="import",
                source_key=str(n),
            )
            for n in range(120)
        ]
        cases.open_cases(what, scope=cast.scope("tao"), at=NINE)
        seen: list[int] = []
        after = ""
        for _ in range(3):
            page = cases.list_cases(scope=cast.scope("tao"), wanted=Filter(), at=NINE, after=after)
            seen += [row.id for row in page.rows]
            after = page.after
        assert (len(seen), len(set(seen)), after) == (120, 120, "")
