"""The page on which a clerk takes in a file: preview, confirm, progress, result, refusals."""

from __future__ import annotations

import io
import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from bihuan.kernel.affairs.cases.testing import Case
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from bihuan.scenes.appeals import jobs
from bihuan.scenes.appeals.importing import files
from bihuan.scenes.appeals.models import ImportRun
from bihuan.scenes.appeals.tests.test_importing import rows_of, write_csv, write_xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(settings, tmp_path: Path) -> Cast:
    settings.BIHUAN_MEDIA = tmp_path / "media"
    return make_cast(at=clock.now())


def client_of(cast: Cast, who: str) -> Client:
    return sign_in(Client(), cast.account(who))


def send(client: Client, path: Path, *, source: str = "hotline", command: str = ""):
    given = SimpleUploadedFile(path.name, path.read_bytes())
    data = {"file": given, "source": source, "command_id": command or str(uuid.uuid4())}
    return client.post(reverse("appeals:imports"), data)


def test_preview_confirm_progress_result_and_again(cast: Cast, tmp_path: Path) -> None:
    tao = client_of(cast, "tao")
    rows = [*rows_of(3), ("X", "昨天", "", "灯不亮", "海盐县望海街道新兴社区")]
    sent = send(tao, write_xlsx(tmp_path / "a.xlsx", rows))
    assert sent.status_code == 303
    run = ImportRun.objects.get()
    seen = tao.get(sent["Location"]).content.decode()
    assert "将新增 3 件，已有 0 件，要改 1 行" in seen
    assert "受理时间" in seen
    assert (Case.objects.count(), run.state, run.done) == (0, "checked", 0)
    confirmed = tao.post(
        reverse("appeals:import_confirm", args=[run.pk]), {"command_id": str(uuid.uuid4())}
    )
    assert confirmed.status_code == 303
    assert "hx-trigger" in tao.get(sent["Location"]).content.decode()
    jobs.take_in(import_id=run.pk)
    jobs.take_in(import_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.made, run.refused, Case.objects.count()) == ("done", 3, 1, 3)
    assert not files.path_of(run.digest).exists()
    done = tao.get(sent["Location"]).content.decode()
    assert "新增 3 件，没有变化 0 件，没收下 1 行" in done
    assert "hx-trigger" not in done
    errors = tao.get(reverse("appeals:import_errors", args=[run.pk])).content.decode("utf-8-sig")
    assert errors.splitlines()[1].startswith("5,受理时间,昨天,")
    again = send(tao, tmp_path / "a.xlsx")
    assert again["Location"] == sent["Location"]
    assert (ImportRun.objects.count(), Case.objects.count()) == (1, 3)


def test_a_stopped_import_is_found_and_goes_on(cast: Cast, tmp_path: Path) -> None:
    tao = client_of(cast, "tao")
    sent = send(tao, write_csv(tmp_path / "a.csv", rows_of(2), encoding="gbk"))
    run = ImportRun.objects.get()
    assert run.encoding == "gb18030"
    files.forget(run.digest)
    jobs.take_in(import_id=run.pk)
    run.refresh_from_db()
    assert (run.state, Case.objects.count()) == ("broken", 0)
    assert "从这里接着做" in tao.get(sent["Location"]).content.decode()
    send(tao, tmp_path / "a.csv")
    jobs.take_in(import_id=run.pk)
    assert (ImportRun.objects.get().state, Case.objects.count()) == ("done", 2)


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("a.csv", b"", "空的"),
        ("a.csv", b"%PDF-1.7", "这是一个 PDF 文件"),
        ("a.xlsx", b"PK\x03\x04 no zip", "打不开"),
        ("a.csv", "甲,乙\n1,2\n".encode(), "没有一列写着群众说了什么"),
        ("a.csv", "内容,内容\n灯,灯\n".encode(), "出现了 2 次"),
        ("a.csv", "内容\n灯\n".encode() + b"\xff\xff\x81", "既不是 UTF-8"),
        ("a.csv", "内容\n".encode(), "一行也没有"),
    ],
)
def test_files_that_do_not_do_are_told_on_the_page(
    cast: Cast, name: str, body: bytes, told: str
) -> None:
    tao = client_of(cast, "tao")
    data = {"file": SimpleUploadedFile(name, body), "source": "hotline"}
    answer = tao.post(reverse("appeals:imports"), data)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert (ImportRun.objects.count(), Case.objects.count()) == (0, 0)


def test_only_who_takes_matters_on_may_and_sees_only_the_own(cast: Cast, tmp_path: Path) -> None:
    tao = client_of(cast, "tao")
    sent = send(tao, write_csv(tmp_path / "a.csv", rows_of(1)))
    assert client_of(cast, "js_tao").get(sent["Location"]).status_code == 404
    for who in ("lu", "zongzhi", "leader"):
        assert client_of(cast, who).get(reverse("appeals:imports")).status_code == 403
        assert send(client_of(cast, who), tmp_path / "a.csv").status_code == 403
    assert ImportRun.objects.count() == 1


def test_another_county_is_not_taken(cast: Cast, tmp_path: Path) -> None:
    tao = client_of(cast, "js_tao")
    send(tao, write_csv(tmp_path / "a.csv", rows_of(1)))
    run = ImportRun.objects.get()
    assert run.preview["refused"] == 1
    jobs.take_in(import_id=run.pk)
    assert Case.objects.count() == 0


def test_the_template_can_be_filled_in_and_taken_in(cast: Cast, tmp_path: Path) -> None:
    tao = client_of(cast, "tao")
    answer = tao.get(reverse("appeals:import_template"))
    book = load_workbook(io.BytesIO(answer.content))
    assert [cell.value for cell in book.active[1]][3] == "诉求内容"
    path = tmp_path / "template.xlsx"
    path.write_bytes(answer.content)
    send(tao, path)
    assert (ImportRun.objects.get().preview["fresh"], Case.objects.count()) == (1, 0)
