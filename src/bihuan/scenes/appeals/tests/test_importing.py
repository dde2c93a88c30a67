"""Files of other centres: read, judged, taken in once, resumed, and refused in clear words."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.testing import Case
from bihuan.kernel.affairs.cases.types import MAY_RAISE, CaseId, Filter, MoveName, NewPart, Role
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import make_cast
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform import clock
from bihuan.platform.web.errors import Refused
from bihuan.scenes.appeals.importing import cells, reading, running
from bihuan.scenes.appeals.importing.columns import UnableToMap, map_columns
from bihuan.scenes.appeals.importing.reading import UnableToRead
from bihuan.scenes.appeals.importing.types import Fault, Field, Options, Run
from bihuan.scenes.appeals.models import ImportFault, ImportRun

pytestmark = pytest.mark.django_db

AT = datetime(2026, 6, 24, 1, 30, tzinfo=clock.CHINA)
HEADERS = ("工单编号", "受理时间", "标题", "诉求内容", "所属区域")
HAIYAN = "330424"


def rows_of(count: int, *, first: int = 1) -> list[tuple[object, ...]]:
    return [
        (
            f"W{n:05d}",
            "2026-06-20 10:05",
            "",
            f"第{n}号路灯不亮，晚上看不清路。",
            "海盐县望海街道新兴社区",
        )
        for n in range(first, first + count)
    ]


def write_csv(
    path: Path, rows: list[tuple[object, ...]], *, headers=HEADERS, encoding: str = "utf-8"
) -> Path:
    with path.open("w", encoding=encoding, newline="") as out:
        csv.writer(out).writerows([headers, *rows])
    return path


def write_xlsx(path: Path, rows: list[tuple[object, ...]], *, headers=HEADERS) -> Path:
    book = Workbook()
    for row in (headers, *rows):
        book.active.append(row)
    book.save(path)
    return path


def system() -> Scope:
    return registry.system_scope("test", (MAY_RAISE,))


def take_in(path: Path, options: Options | None = None, *, batch: int = 1000, **more) -> Run:
    file = running.open_file(path, options or Options(source="hotline"))
    run = running.begin(file, name=path.name, scope=system(), at=AT, **more)
    return running.carry_on(run.id, file, scope=system(), at=AT, batch=batch)


def counts(run: Run) -> tuple[int, int, int]:
    return run.counts.made, run.counts.unchanged, run.counts.refused


class TestReading:
    @pytest.mark.parametrize(
        ("encoding", "told"),
        [
            ("utf-8", "utf-8"),
            ("utf-8-sig", "utf-8"),
            ("gbk", "gb18030"),
            ("gb18030", "gb18030"),
            ("utf-16", "utf-16"),
        ],
    )
    def test_encodings_are_found_and_said(self, tmp_path: Path, encoding: str, told: str) -> None:
        path = write_csv(tmp_path / "a.csv", rows_of(2), encoding=encoding)
        table = reading.open_table(path)
        assert (table.encoding, table.headers) == (told, HEADERS)
        assert [row.no for row in table.rows()] == [2, 3]
        assert next(table.rows()).cells[3] == "第1号路灯不亮，晚上看不清路。"

    def test_a_workbook_gives_the_same_rows(self, tmp_path: Path) -> None:
        table = reading.open_table(write_xlsx(tmp_path / "a.xlsx", rows_of(2)))
        assert (table.encoding, table.headers) == ("workbook", HEADERS)
        assert [row.cells[3] for row in table.rows()][1] == "第2号路灯不亮，晚上看不清路。"

    @pytest.mark.parametrize("delimiter", [",", "\t", ";"])
    def test_delimiters(self, tmp_path: Path, delimiter: str) -> None:
        path = tmp_path / "a.csv"
        path.write_text(f"标题{delimiter}内容\n灯{delimiter}灯不亮\n", encoding="utf-8")
        assert reading.open_table(path).headers == ("标题", "内容")

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (b"", "empty_file"),
            (b"%PDF-1.7 x", "other_kind"),
            (b"\x89PNG\r\n\x1a\n", "other_kind"),
            (b"PK\x03\x04 no zip", "broken_workbook"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no book", "broken_workbook"),
            (b"<html><table></table></html>", "other_kind"),
            ("内容\n灯".encode() + b"\xff\xff\x81", "encoding"),
            (b"\n\n \n", "no_headers"),
        ],
    )
    def test_other_files_are_refused_by_name(self, tmp_path: Path, body: bytes, code: str) -> None:
        path = tmp_path / "a.csv"
        path.write_bytes(body)
        with pytest.raises(UnableToRead) as refused:
            reading.open_table(path)
        assert refused.value.code == code
        assert refused.value.spoken() != refused.value.words  # it is said in Chinese

    def test_an_open_quotation_mark_is_told_with_its_row(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text('内容\n好的\n"没有配对' + "长" * 140_000, encoding="utf-8")
        with pytest.raises(UnableToRead) as refused:
            running.open_file(path, Options(area=HAIYAN))
        assert refused.value.code == "broken_csv"

    def test_usual_and_chosen_columns(self) -> None:
        found = map_columns(["序号", "留言主题", " 留言详情 ", "时间"])
        assert found.places == {Field.TITLE: 1, Field.TEXT: 2, Field.DATE: 3}
        chosen = map_columns(["甲", "乙"], [(Field.TEXT, "乙")])
        assert chosen.places == {Field.TEXT: 1}

    @pytest.mark.parametrize(
        ("headers", "wanted", "code"),
        [
            (["甲", "乙"], [], "no_text"),
            (["内容", "内容"], [], "doubled_column"),
            (["内容"], [(Field.TEXT, "內客")], "no_column"),
        ],
    )
    def test_columns_that_do_not_do(self, headers, wanted, code: str) -> None:
        with pytest.raises(UnableToMap) as refused:
            map_columns(headers, wanted)
        assert refused.value.code == code
        assert "内容" in refused.value.spoken()

    @pytest.mark.parametrize(
        ("cell", "told"),
        [
            ("2026-06-24 09:30", "2026-06-24T09:30"),
            ("2026/6/4 9:05:07", "2026-06-04T09:05:07"),
            ("2026年6月4日", "2026-06-04T09:00"),
            ("2026年6月4日 8时5分", "2026-06-04T08:05"),
            ("20260604", "2026-06-04T09:00"),
            (46177.5, "2026-06-04T12:00"),
            (date(2026, 6, 4), "2026-06-04T09:00"),
            (datetime.fromisoformat("2026-06-04T07:01"), "2026-06-04T07:01"),
            ("2026-02-30", None),
            ("昨天", None),
            (12, None),
        ],
    )
    def test_moments(self, cell: object, told: str | None) -> None:
        wanted = datetime.fromisoformat(told).replace(tzinfo=clock.CHINA) if told else None
        assert cells.moment_of(cell) == wanted


class TestTakingIn:
    def test_each_row_becomes_a_matter_that_a_clerk_can_dispatch(self, tmp_path: Path) -> None:
        cast = make_cast(at=AT)
        run = take_in(write_csv(tmp_path / "a.csv", rows_of(3), encoding="gbk"))
        assert (run.state, run.encoding, counts(run)) == ("done", "gb18030", (3, 0, 0))
        case = Case.objects.order_by("pk").first()
        assert case is not None
        received = datetime(2026, 6, 20, 10, 5, tzinfo=clock.CHINA)
        assert (case.source, case.source_key, case.class_code, case.area_path) == (
            "hotline",
            "W00001",
            "street_lamp",
            "3304/330424/330424005/330424005004/",
        )
        assert (case.raised_at, case.claimed_at) == (received, received)
        facts = [f for f in events.list_facts(subject=cases_ref(case)) if "opened" in f.name]
        assert [(f.at, f.origin.door, f.origin.words) for f in facts] == [
            (received, "import", f"import {run.id}")
        ]
        listed = cases.list_cases(scope=cast.scope("tao"), wanted=Filter(tray="accept"), at=AT)
        assert case.pk in {row.id for row in listed.rows}
        case_id = CaseId(case.pk)
        cases.move_case(case_id, move=MoveName("file"), scope=cast.scope("tao"), at=AT)
        part = NewPart(cast.unit("330424-zongzhi").id, Role.LEAD)
        moved = cases.dispatch_case(case_id, parts=[part], scope=cast.scope("mei"), at=AT)
        assert moved.state == "dispatched"

    def test_twice_without_change_as_csv_and_as_workbook(self, tmp_path: Path) -> None:
        path = write_csv(tmp_path / "a.csv", rows_of(5))
        assert counts(take_in(path, batch=2)) == (5, 0, 0)
        facts = events.count_facts()
        assert counts(take_in(path)) == (5, 0, 0)
        longer = write_xlsx(tmp_path / "b.xlsx", rows_of(7))
        assert counts(take_in(longer, batch=3)) == (2, 5, 0)
        assert (Case.objects.count(), ImportRun.objects.count()) == (7, 2)
        assert events.count_facts() == facts + 2

    def test_rows_without_a_number_are_known_by_what_they_say(self, tmp_path: Path) -> None:
        said = [("灯不亮",), ("灯不亮",), ("路不平",)]
        path = write_csv(tmp_path / "a.csv", said, headers=("内容",))
        options = Options(area=HAIYAN)
        assert counts(take_in(path, options, batch=1)) == (3, 0, 0)
        more = write_csv(tmp_path / "b.csv", [*said, ("树倒了",)], headers=("内容",))
        assert counts(take_in(more, options, batch=2)) == (1, 3, 0)
        assert Case.objects.count() == 4

    def test_the_same_file_read_otherwise_needs_a_word(self, tmp_path: Path) -> None:
        path = write_csv(tmp_path / "a.csv", rows_of(1))
        take_in(path)
        with pytest.raises(Refused) as refused:
            take_in(path, Options(source="mailbox"))
        assert refused.value.code == "read_otherwise"
        assert Case.objects.count() == 1
        assert counts(take_in(path, Options(source="mailbox"), again=True)) == (1, 0, 0)

    def test_every_wrong_cell_is_told_and_the_rest_goes_in(self, tmp_path: Path) -> None:
        good = rows_of(9)
        _number, when, _title, text, place = good[0]
        bad = [
            ("B1", when, "", " ", place),
            ("B2", "昨天", "", text, place),
            ("B3", "2027-01-01", "", text, place),
            ("B4", when, "", text, "火星"),
            ("B5", when, "", text, "花园社区"),
            ("B6", when, "", "长" * 60_001, place),
            ("9" * 61, when, "", text, place),
            ("B8", when, "", text, place, "多"),
        ]
        run = take_in(write_csv(tmp_path / "a.csv", [*good, *bad]), batch=4)
        assert counts(run) == (9, 0, 8)
        told = [(f.row, f.column, f.fault) for f in running.list_faults(run.id)]
        assert told == [
            (11, "诉求内容", Fault.EMPTY),
            (12, "受理时间", Fault.NO_DATE),
            (13, "受理时间", Fault.FUTURE),
            (14, "所属区域", Fault.NO_PLACE),
            (15, "所属区域", Fault.UNSURE_PLACE),
            (16, "诉求内容", Fault.TOO_LONG),
            (17, "工单编号", Fault.NUMBER_TOO_LONG),
            (18, "", Fault.MORE_CELLS),
        ]
        assert Case.objects.count() == 9
        assert not Case.objects.filter(source_key__startswith="B").exists()

    def test_a_place_outside_the_area_is_not_taken(self, tmp_path: Path) -> None:
        rows = [("1", "", "", "灯不亮", "嘉善县魏塘街道"), ("2", "", "", "灯不亮", "秦山路12号")]
        run = take_in(write_csv(tmp_path / "a.csv", rows), Options(area=HAIYAN))
        assert [f.fault for f in running.list_faults(run.id)] == [Fault.OTHER_PLACE]
        case = Case.objects.get()
        assert (case.area_path, case.place) == ("3304/330424/", "秦山路12号")

    def test_rows_are_spread_over_days_and_villages(self, tmp_path: Path) -> None:
        said = [(f"第{n}件事",) for n in range(60)]
        path = write_csv(tmp_path / "a.csv", said, headers=("内容",))
        take_in(path, Options(spread_over=HAIYAN, first=date(2026, 6, 1), last=date(2026, 6, 20)))
        found = Case.objects.values_list("raised_at", "area_path")
        assert {at.astimezone(clock.CHINA).day for at, _ in found} == set(range(1, 21))
        assert len({path for _, path in found}) > 20
        assert all(path.startswith("3304/330424/330424") for _, path in found)

    def test_looking_writes_nothing(self, tmp_path: Path) -> None:
        take_in(write_csv(tmp_path / "a.csv", rows_of(2)))
        facts = events.count_facts()
        path = write_csv(tmp_path / "b.csv", [*rows_of(3), ("X", "", "", "", "")])
        file = running.open_file(path, Options(source="hotline"))
        seen = running.look(file, scope=system(), at=AT, batch=2)
        assert (seen.rows, seen.fresh, seen.standing, seen.refused) == (4, 1, 2, 1)
        assert (Case.objects.count(), ImportRun.objects.count()) == (2, 1)
        assert events.count_facts() == facts

    def test_without_the_power_nothing_begins(self, tmp_path: Path) -> None:
        file = running.open_file(write_csv(tmp_path / "a.csv", rows_of(1)), Options())
        with pytest.raises(Refused):
            running.begin(file, name="a", scope=registry.system_scope("x"), at=AT)
        assert not ImportRun.objects.exists()


class TestResuming:
    def test_a_stopped_run_goes_on_where_it_stopped(self, tmp_path: Path) -> None:
        rows = [*rows_of(4), ("X", "", "", "", ""), *rows_of(4, first=5)]
        file = running.open_file(write_csv(tmp_path / "a.csv", rows), Options(source="hotline"))
        run = running.begin(file, name="a", scope=system(), at=AT)

        def stop(now: Run) -> None:
            if now.counts.done >= 6:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            running.carry_on(run.id, file, scope=system(), at=AT, batch=3, say=stop)
        stood = ImportRun.objects.get()
        assert (stood.state, stood.done, stood.made, stood.refused) == ("running", 6, 5, 1)
        later = AT + timedelta(hours=1)
        run = running.carry_on(run.id, file, scope=system(), at=later, batch=4)
        assert (run.state, counts(run)) == ("done", (8, 0, 1))
        assert Case.objects.count() == 8
        assert ImportFault.objects.count() > 0
        assert events.count_facts(name="cases.case_opened.v1") == 8

    def test_a_batch_that_fails_leaves_nothing(self, tmp_path: Path, monkeypatch) -> None:
        file = running.open_file(
            write_csv(tmp_path / "a.csv", rows_of(4)), Options(source="hotline")
        )
        run = running.begin(file, name="a", scope=system(), at=AT)

        def fail(*_args: object) -> None:
            raise OSError("the disk is full")

        monkeypatch.setattr(running, "_fault_row", fail)
        monkeypatch.setattr(running.bulk, "insert_rows", fail)
        with pytest.raises(OSError, match="disk"):
            running.carry_on(run.id, file, scope=system(), at=AT, batch=3)
        assert (Case.objects.count(), ImportRun.objects.get().done) == (0, 0)
        assert events.count_facts(name="cases.case_opened.v1") == 0

    def test_two_at_one_file_do_not_double(self, tmp_path: Path) -> None:
        file = running.open_file(
            write_csv(tmp_path / "a.csv", rows_of(4)), Options(source="hotline")
        )
        run = running.begin(file, name="a", scope=system(), at=AT)

        def other(now: Run) -> None:
            if now.counts.done == 2:
                running.carry_on(run.id, file, scope=system(), at=AT, batch=2)

        with pytest.raises(running.Overtaken):
            running.carry_on(run.id, file, scope=system(), at=AT, batch=2, say=other)
        assert (Case.objects.count(), ImportRun.objects.get().made) == (4, 4)


class TestCommand:
    def call(self, *arguments: str) -> dict[str, object]:
        out = io.StringIO()
        call_command("appeals_import", *arguments, "--json", stdout=out)
        told: dict[str, object] = json.loads(out.getvalue())
        return told

    def test_figures_and_the_file_of_errors(self, tmp_path: Path) -> None:
        rows = [*rows_of(2), ("X", "2026-06-20", "", "=HYPERLINK(1)", "火星")]
        path = write_csv(tmp_path / "a.csv", rows)
        errors = tmp_path / "errors.csv"
        with pytest.raises(SystemExit) as left:
            self.call(str(path), "--source", "hotline", "--errors", str(errors))
        assert left.value.code == 3
        with errors.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file))
        assert lines[0] == ["行", "列", "写的是", "怎么改"]
        assert lines[1][:3] == ["4", "所属区域", "火星"]

    def test_the_same_file_again_says_so(self, tmp_path: Path) -> None:
        path = str(write_csv(tmp_path / "a.csv", rows_of(2)))
        assert self.call(path, "--source", "hotline")["new_now"] == 2
        assert self.call(path, "--source", "hotline")["new_now"] == 0
        out = io.StringIO()
        call_command("appeals_import", path, "--source", "hotline", stdout=out)
        assert "没有新内容" in out.getvalue()

    def test_a_preview(self, tmp_path: Path) -> None:
        path = str(write_csv(tmp_path / "a.csv", rows_of(2)))
        assert self.call(path, "--dry-run")["new"] == 2
        assert Case.objects.count() == 0

    @pytest.mark.parametrize(
        ("more", "told"),
        [
            (("--map", "words=内容"), "--map"),
            (("--map", "text=没有"), "没有“没有”这一列"),
            (("--area", "火星"), "没有叫“火星”的区域"),
        ],
    )
    def test_options_that_do_not_do(self, tmp_path: Path, more: tuple[str, ...], told: str) -> None:
        path = str(write_csv(tmp_path / "a.csv", rows_of(1)))
        with pytest.raises(CommandError, match=told):
            self.call(path, *more)
        assert (Case.objects.count(), ImportRun.objects.filter(done__gt=0).count()) == (0, 0)


def cases_ref(case: Case):
    from bihuan.kernel.affairs.cases.types import case_ref

    return case_ref(CaseId(case.pk))
