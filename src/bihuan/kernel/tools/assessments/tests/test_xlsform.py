"""A questionnaire written in Excel comes in whole, or each wrong cell is named."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import date

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.tools.assessments import api as assessments
from bihuan.kernel.tools.assessments.cells import UnableToReadForm
from bihuan.kernel.tools.assessments.expressions import (
    UnableToReadExpression,
    read_bounds,
    read_condition,
)
from bihuan.kernel.tools.assessments.types import (
    Alert,
    Band,
    Clause,
    Compare,
    Condition,
    Definition,
    Dimension,
    Instrument,
    InstrumentCode,
    Item,
    ItemType,
    Kind,
    Method,
    Option,
    Outcome,
    Scoring,
)
from bihuan.kernel.tools.assessments.xlsform import read_xlsform

Rows = list[list[object]]

CHECKLIST: dict[str, Rows] = {
    "survey": [
        [
            *("type", "name", "label::中文 (zh)", "label::English (en)", "required", "relevant"),
            *("photo_on", "labels::domain", "constraint"),
        ],
        ["begin_group", "power", "用电", "Power", None, None, None, None, None],
        ["select_one yn", "electrician", "电工在场吗？", "x", "yes", None, None, None, None],
        [
            *("select_one state", "wiring", "线路完好", "x", "yes", "${electrician} = 'yes'"),
            *("fail", "electricity", None),
        ],
        ["end_group", None, None, None, None, None, None, None, None],
        ["integer", "workers", "今天多少人？", "x", None, None, None, None, ". >= 0 and . <= 5000"],
        ["text", "remark", "还有什么？", "x", None, None, None, None, None],
        ["start", "start", None, None, None, None, None, None, None],
    ],
    "choices": [
        ["list_name", "name", "label::中文 (zh)", "label::English (en)", "outcome"],
        ["yn", "yes", "在场", "Yes", None],
        ["yn", "no", "不在场", "No", None],
        ["state", "good", "完好", "Good", "pass"],
        ["state", "bad", "有问题", "Bad", "fail"],
        ["state", "na", "不适用", "n/a", "waived"],
    ],
    "settings": [
        ["form_title", "form_id", "kind", "source", "valid_from", "default_language"],
        ["用电清单", "county.power", "checklist", "县应急局 2026-3", date(2026, 7, 1), "中文 (zh)"],
    ],
}
EXPECTED = Definition(
    instrument=Instrument(InstrumentCode("county.power"), "用电清单", Kind.CHECKLIST),
    source="县应急局 2026-3",
    items=(
        Item(
            "electrician",
            "电工在场吗？",
            ItemType.CHOICE,
            section="用电",
            options=(Option("yes", "在场"), Option("no", "不在场")),
        ),
        Item(
            "wiring",
            "线路完好",
            ItemType.CHOICE,
            section="用电",
            options=(
                Option("good", "完好", outcome=Outcome.PASS),
                Option("bad", "有问题", outcome=Outcome.FAIL),
                Option("na", "不适用", outcome=Outcome.WAIVED),
            ),
            shown_if=Condition((Clause(Compare.IS, "yes", item="electrician"),)),
            photo_on=frozenset({Outcome.FAIL}),
            labels=(("domain", "electricity"),),
        ),
        Item("workers", "今天多少人？", ItemType.WHOLE, required=False, at_least=0, at_most=5000),
        Item("remark", "还有什么？", ItemType.TEXT, required=False),
    ),
)
SCALE: dict[str, Rows] = {
    "survey": [
        ["type", "name", "label", "required", "dimension", "reversed", "weight"],
        ["select_one often", "a", "甲", "yes", "mood", None, 2],
        ["select_one often", "b", "乙", "yes", "mood", "yes", None],
        ["select_multiple often", "c", "丙", None, None, None, None],
    ],
    "choices": [
        ["list_name", "name", "label", "points"],
        ["often", "never", "没有", 0],
        ["often", "daily", "每天", 3],
    ],
    "settings": [
        ["form_title", "form_id", "kind", "source", "valid_from", "scoring", "sensitive"],
        ["心情", "county.mood", "scale", "[D]", "2026-07-01", "weighted", "yes"],
    ],
    "bands": [
        ["dimension", "code", "text", "at_least", "at_most"],
        [None, "low", "低", 0, 5],
        [None, "high", "高", 6, 12],
        ["mood", "all", "都算", 0, 9],
    ],
    "alerts": [["code", "text", "when"], ["daily_a", "马上跟进", "${a} >= 6 or total() >= 10"]],
}


def excel(sheets: Mapping[str, Rows]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(sheets: Mapping[str, Rows], cells: Mapping[tuple[str, int, int], object]) -> bytes:
    """Return the file with some cells written over: (sheet, row, column) from 1."""
    copy = {name: [list(row) for row in rows] for name, rows in sheets.items()}
    for (sheet, row, column), value in cells.items():
        copy[sheet][row - 1][column - 1] = value
    return excel(copy)


class TestRoundTrip:
    def test_a_checklist_with_groups_conditions_and_evidence(self) -> None:
        read = read_xlsform(excel(CHECKLIST))
        assert read.definition == EXPECTED
        assert read.valid_from == date(2026, 7, 1)
        assert read.not_taken == ("其他语言：English (en)", "start：系统本来就会记")

    def test_a_scale_with_bands_dimensions_weights_and_an_alert(self) -> None:
        read = read_xlsform(excel(SCALE)).definition
        assert read.instrument.sensitive
        assert read.scoring == Scoring(
            Method.WEIGHTED,
            (Band("low", "低", 0, 5), Band("high", "高", 6, 12)),
            (Dimension("mood", "mood", (Band("all", "都算", 0, 9),)),),
        )
        assert [(i.weight, i.reversed, i.type.value) for i in read.items] == [
            (2, False, "choice"),
            (1, True, "choice"),
            (1, False, "choices"),
        ]
        when = Condition(
            (
                Clause(Compare.AT_LEAST, "6", item="a"),
                Clause(Compare.AT_LEAST, "10"),
            ),
            any_of=True,
        )
        assert read.alerts == (Alert("daily_a", "马上跟进", when),)


class TestWrongCells:
    @pytest.mark.parametrize(
        ("cells", "place"),
        [
            ({("survey", 6, 1): "image"}, ("survey", 6, "A", "image")),
            ({("survey", 7, 1): "geopoint"}, ("survey", 7, "A", "geopoint")),
            ({("survey", 4, 6): "${electrician} = 'maybe'"}, ("survey", 4, "F", "maybe")),
            ({("survey", 4, 6): "${workers} >= 1"}, ("survey", 4, "F", "workers")),
            (
                {("survey", 4, 6): "count(${electrician}) = 1"},
                ("survey", 4, "F", "count(${electrician}) = 1"),
            ),
            ({("survey", 4, 7): "fail broken"}, ("survey", 4, "G", "fail broken")),
            ({("survey", 6, 9): "regex(., 'a')"}, ("survey", 6, "I", "regex(., 'a')")),
            ({("survey", 6, 2): "Workers"}, ("survey", 6, "B", "Workers")),
            ({("choices", 5, 5): "broken"}, ("choices", 5, "E", "broken")),
            ({("settings", 2, 3): "exam"}, ("settings", 2, "C", "exam")),
            ({("settings", 2, 4): None}, ("settings", 2, "D", "")),
            ({("settings", 2, 5): "soon"}, ("settings", 2, "E", "soon")),
            ({("settings", 2, 2): "County Power"}, ("settings", 2, "B", "County Power")),
        ],
    )
    def test_of_a_checklist(self, cells, place) -> None:
        with pytest.raises(UnableToReadForm) as refused:
            read_xlsform(changed(CHECKLIST, cells))
        found = [(f.sheet, f.row, f.column, f.written) for f in refused.value.faults]
        assert found == [place]
        assert all(fault.words for fault in refused.value.faults)

    @pytest.mark.parametrize(
        ("cells", "place"),
        [
            ({("bands", 3, 4): 7}, ("bands", 3, "B", "high")),
            ({("bands", 3, 4): 5}, ("bands", 3, "B", "high")),
            ({("bands", 2, 5): "viel"}, ("bands", 2, "E", "viel")),
            ({("choices", 3, 4): 1.5}, ("choices", 3, "D", "1.5")),
            ({("survey", 3, 7): "two"}, ("survey", 3, "G", "two")),
            ({("alerts", 2, 3): "${a} is high"}, ("alerts", 2, "C", "${a} is high")),
            ({("settings", 2, 6): "mean"}, ("settings", 2, "F", "mean")),
        ],
    )
    def test_of_a_scale(self, cells, place) -> None:
        with pytest.raises(UnableToReadForm) as refused:
            read_xlsform(changed(SCALE, cells))
        assert place in [(f.sheet, f.row, f.column, f.written) for f in refused.value.faults]

    def test_what_pyxform_finds_is_placed_too(self) -> None:
        for cells in ({("survey", 4, 1): "select_one nowhere"}, {("survey", 6, 2): "1st"}):
            with pytest.raises(UnableToReadForm) as refused:
                read_xlsform(changed(CHECKLIST, cells))
            (fault,) = refused.value.faults  # pyxform stops at the first
            assert (fault.sheet, fault.row) == ("survey", next(iter(cells))[1])

    def test_several_are_named_at_once(self) -> None:
        cells = {("survey", 6, 1): "image", ("survey", 7, 1): "audio", ("choices", 5, 5): "broken"}
        with pytest.raises(UnableToReadForm) as refused:
            read_xlsform(changed(CHECKLIST, cells))
        assert {(f.sheet, f.row) for f in refused.value.faults} == {
            ("survey", 6),
            ("survey", 7),
            ("choices", 5),
        }

    @pytest.mark.parametrize(
        "body",
        [b"", b"PK\x03\x04", b"name,label\n", b"x" * 3_000_000, excel({"other": [["a"], ["b"]]})],
    )
    def test_what_is_no_questionnaire(self, body: bytes) -> None:
        with pytest.raises(UnableToReadForm):
            read_xlsform(body)


class TestExpressions:
    @pytest.mark.parametrize(
        ("text", "data"),
        [
            ("${a} = 'x'", {"all": [{"item": "a", "is": "x"}]}),
            ('${a} != "x"', {"all": [{"item": "a", "is_not": "x"}]}),
            ("selected(${a}, 'x')", {"all": [{"item": "a", "is": "x"}]}),
            ("not(selected(${a}, 'x'))", {"all": [{"item": "a", "is_not": "x"}]}),
            (
                "${a}>=1 and ${b} <= -2",
                {"all": [{"item": "a", "at_least": "1"}, {"item": "b", "at_most": "-2"}]},
            ),
            ("total('m') >= 3", {"all": [{"total": "m", "at_least": "3"}]}),
        ],
    )
    def test_understood(self, text: str, data: object) -> None:
        assert read_condition(text) == data

    @pytest.mark.parametrize(
        "text", ["", "${a}", "1 = 1", "${a} = ${b}", "a = 'x'", "${a} = 'x' and ${b} = 'y' or 1"]
    )
    def test_refused(self, text: str) -> None:
        with pytest.raises(UnableToReadExpression):
            read_condition(text)

    def test_bounds(self) -> None:
        assert read_bounds(". >= 0 and . <= 9") == {"at_least": 0, "at_most": 9}
        for wrong in (". > 0", ". >= 0 or . <= 9", "true()"):
            with pytest.raises(UnableToReadExpression):
                read_bounds(wrong)


@pytest.mark.django_db
class TestTheCommand:
    def _run(self, body: bytes, tmp_path, *options: str) -> str:
        path, out = tmp_path / "form.xlsx", io.StringIO()
        path.write_bytes(body)
        try:
            call_command("assessments_import", str(path), *options, stdout=out)
        except CommandError as error:
            return f"{out.getvalue()}\nREFUSED {error}"
        return out.getvalue()

    def test_a_preview_publishes_nothing(self, tmp_path) -> None:
        told = json.loads(self._run(excel(CHECKLIST), tmp_path, "--preview", "--json"))
        assert (told["ok"], told["published"]) == (True, None)
        assert assessments.from_data(told["definition"]) == EXPECTED
        shown = self._run(excel(CHECKLIST), tmp_path, "--preview")
        assert "2 线路完好  完好 / 有问题 / 不适用  [电工在场吗？ = 在场]" in shown
        assert assessments.find_version(InstrumentCode("county.power"), 1) is None
        assert events.count_facts() == 0

    def test_published_once(self, tmp_path) -> None:
        for _ in range(2):
            told = json.loads(self._run(excel(CHECKLIST), tmp_path, "--json"))
            assert told["published"] == 1
        version = assessments.find_version(InstrumentCode("county.power"), 1)
        assert version.definition == EXPECTED
        assert events.count_facts(name="assessments.version_published.v1") == 1

    def test_refused_with_its_cells_or_its_alert(self, tmp_path) -> None:
        wrong = changed(CHECKLIST, {("survey", 6, 1): "image"})
        said = self._run(wrong, tmp_path)
        assert "survey!A6\timage\t不支持类型“image”" in said
        told = json.loads(self._run(wrong, tmp_path, "--json").split("\nREFUSED")[0])
        assert (told["ok"], told["faults"][0]["row"]) == (False, 6)
        assert "REFUSED 警示 daily_a 没有人接" in self._run(excel(SCALE), tmp_path)
        assert json.loads(self._run(excel(SCALE), tmp_path, "--preview", "--json"))["ok"]
        assert events.count_facts() == 0
