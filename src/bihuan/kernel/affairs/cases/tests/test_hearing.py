"""A matter that came by voice alone: no class and no filing before somebody wrote it down."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.models import Case, EntryRow
from bihuan.kernel.affairs.cases.tests import worlds
from bihuan.kernel.affairs.cases.tests.worlds import NINE, refused
from bihuan.kernel.affairs.cases.types import Opened
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.platform.files import store
from bihuan.platform.web.errors import NotAllowed

pytestmark = pytest.mark.django_db
WORDS = {
    "text": "路灯三盏不亮，在秦山路加油站旁边。",
    "title": "路灯三盏不亮",
    "class_code": "test_lamp",
    "area_code": "330424005004",
    "place": "秦山路加油站",
}


def by_voice(cast: Cast, **more: Any) -> Opened:
    body = b"OggS" + bytes(200)
    digest = store.receive_voice(io.BytesIO(body), at=NINE)
    given = {"text": "", "title": "语音", "voices": (digest,), "class_code": "test_paper"}
    return worlds.raise_one(cast, **(given | more))


def write(opened: Opened, cast: Cast, who: str = "tao", **more: str):
    heard = cases.Heard(**(WORDS | more))
    return cases.write_down(opened.case_id, heard, scope=cast.scope(who), at=NINE)


def test_the_note_hangs_on_it_and_it_waits_for_words(cast: Cast) -> None:
    view = cases.get_case(by_voice(cast).case_id, scope=cast.scope("tao"), at=NINE)
    assert view.unheard and len(view.voices) == 1 and "file" not in view.moves


def test_a_note_beside_words_waits_for_nothing(cast: Cast) -> None:
    opened = by_voice(cast, text="路灯不亮")
    assert not Case.objects.get().unheard
    assert worlds.move(opened.case_id, "file", cast, "tao").state == "filed"


def test_it_is_not_filed_before(cast: Cast) -> None:
    opened = by_voice(cast)
    refused(
        cases.UnableToDoAlone, lambda: worlds.move(opened.case_id, "file", cast, "tao"), "heard"
    )


def test_written_down_it_has_words_a_class_with_its_rules_and_a_place(cast: Cast) -> None:
    opened = by_voice(cast)
    assert Case.objects.get().sensitive
    write(opened, cast)
    case = Case.objects.get()
    assert (case.text, case.title, case.class_code, case.place, case.sensitive, case.unheard) == (
        WORDS["text"],
        WORDS["title"],
        "test_lamp",
        WORDS["place"],
        False,
        False,
    )
    assert case.area_path.endswith("330424005004/") and case.terms["close_when"] == "亮灯"
    line = EntryRow.objects.get(move="write_down")
    assert line.words == WORDS["text"] and line.person_id == cast.members["tao"].person_id
    assert worlds.move(opened.case_id, "file", cast, "tao").state == "filed"


@pytest.mark.parametrize(
    "wrong", [{"text": " "}, {"class_code": "no_class"}, {"area_code": "1"}, {"title": ""}]
)
def test_what_does_not_hold_changes_nothing(cast: Cast, wrong: dict[str, str]) -> None:
    opened = by_voice(cast)
    refused(cases.UnableToWriteDown, lambda: write(opened, cast, **wrong))


def test_twice_the_first_words_stand(cast: Cast) -> None:
    opened = by_voice(cast)
    write(opened, cast)
    refused(cases.HeardAlready, lambda: write(opened, cast, text="别的"))


@pytest.mark.parametrize("who", ["lu", "zongzhi", "verifier"])
def test_only_who_takes_matters_on_writes(cast: Cast, who: str) -> None:
    opened = by_voice(cast)
    refused(NotAllowed, lambda: write(opened, cast, who))


def test_another_county_does_not_see_it(cast: Cast) -> None:
    opened = by_voice(cast)
    refused(cases.UnableToFindCase, lambda: write(opened, cast, "js_tao"))


def test_nobody_moves_it_to_another_county(cast: Cast) -> None:
    opened = by_voice(cast)
    refused(cases.UnableToWriteDown, lambda: write(opened, cast, area_code="330421003"))


def test_the_database_refuses_a_filing_without_words(cast: Cast) -> None:
    by_voice(cast)
    with pytest.raises(IntegrityError, match="cases_case_heard_before_filed"), transaction.atomic():
        Case.objects.update(state="filed")
