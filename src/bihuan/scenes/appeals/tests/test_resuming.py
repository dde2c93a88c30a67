"""A killed import goes on: SIGKILL in the middle of a real process, exactly once each row."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from bihuan.kernel.affairs.cases.testing import Case
from bihuan.kernel.ground.events import api as events
from bihuan.scenes.appeals.models import ImportRun

ROOT = Path(__file__).resolve().parents[5]
PLACE = "海盐县望海街道新兴社区"
ROWS = 240


def data() -> Path | None:
    """Return the folder of real messages, if it stands beside the checkout or is named."""
    named = os.environ.get("BIHUAN_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    return folder / "messages" if (folder / "messages").is_dir() else None


def invented(path: Path, count: int) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(("诉求内容",))
        lines.writerows((f"{PLACE}第{n}盏路灯不亮，请来看看。",) for n in range(count))
    return path


def command(path: Path, *more: str) -> subprocess.Popen[bytes]:
    described = settings.DATABASES["default"] | {"NAME": connection.settings_dict["NAME"]}
    url = "postgresql://{USER}@{HOST}:{PORT}/{NAME}".format(**described)
    surroundings = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "bihuan.config.settings.test",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }
    words = [sys.executable, "-W", "ignore", str(ROOT / "manage.py"), "appeals_import", str(path)]
    return subprocess.Popen(
        [*words, "--batch", "10", "--json", *more],
        env=surroundings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def kill_in_the_middle(path: Path, *more: str) -> int:
    """Begin an import, kill it once some rows are in, and return how many were."""
    child = command(path, *more)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and child.poll() is None:
        done = ImportRun.objects.filter(done__gt=30).values_list("done", flat=True).first()
        if done:
            break
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    _, trouble = child.communicate()
    assert child.returncode == -signal.SIGKILL, trouble.decode()
    return ImportRun.objects.get().done


@pytest.mark.django_db(transaction=True)
def test_killed_and_resumed_each_row_is_in_exactly_once(tmp_path: Path) -> None:
    path = invented(tmp_path / "a.csv", ROWS)
    done = kill_in_the_middle(path, "--area", "330424")
    assert 30 < done < ROWS
    assert Case.objects.count() == done
    child = command(path, "--area", "330424")
    assert child.wait(timeout=300) == 0, child.communicate()
    child.communicate()
    run = ImportRun.objects.get()
    assert (run.state, run.made, run.unchanged, run.refused) == ("done", ROWS, 0, 0)
    assert Case.objects.count() == ROWS
    assert Case.objects.values("text").distinct().count() == ROWS
    assert events.count_facts(name="cases.case_opened.v1") == ROWS


@pytest.mark.django_db
def test_control_without_run_and_key_the_rows_double(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What holds is the run's count and the key of a row: with both gone, rows stand twice."""
    import itertools

    from bihuan.scenes.appeals.importing import cells
    from bihuan.scenes.appeals.tests.test_importing import Options, take_in

    path = invented(tmp_path / "a.csv", 5)
    take_in(path, Options(area="330424"))
    ImportRun.objects.all().delete()
    take_in(path, Options(area="330424"))
    assert Case.objects.count() == 5  # the key alone still holds
    ImportRun.objects.all().delete()
    fresh = itertools.count()
    monkeypatch.setattr(cells, "content_key", lambda *_: f"c:{next(fresh):040x}")
    take_in(path, Options(area="330424"))
    assert Case.objects.count() == 10


def sample(tmp_path: Path, wanted: int | None) -> list[tuple[Path, str]]:
    """Return files with so many rows in all, of the real messages or, where absent, invented."""
    folder = data()
    if folder is None:
        print("the real messages are absent: 2,000 invented rows stand in")
        return [(invented(tmp_path / "invented.csv", wanted or 2000), "诉求内容")]
    files = []
    for name in ("labelled_details", "labelled_titles"):
        with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file))
        kept = lines[1:] if wanted is None else lines[1 : 1 + wanted // 2]
        path = tmp_path / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([lines[0], *kept])
        files.append((path, lines[0][0]))
    return files


def take_in_messages(tmp_path: Path, wanted: int | None) -> None:
    from bihuan.kernel.affairs.cases import api as cases
    from bihuan.kernel.affairs.cases.types import CaseId, MoveName, NewPart, Role
    from bihuan.kernel.ground.registry.testing import make_cast
    from bihuan.platform import clock
    from bihuan.scenes.appeals.importing.types import Options
    from bihuan.scenes.appeals.tests.test_importing import AT, counts, take_in

    whole = 0
    options = Options(source="mailbox", spread_over="330424", first=clock.business_date(AT))
    for path, _column in sample(tmp_path, wanted):
        run = take_in(path, options)
        assert counts(run) == (run.whole, 0, 0)
        assert counts(take_in(path, options)) == (run.whole, 0, 0)
        whole += run.whole
    assert Case.objects.count() == whole
    cast = make_cast(at=AT)
    # A text that surely names a place of another county lies there; the clerk's own are looked at.
    for case in Case.objects.filter(area_path__startswith="3304/330424/").order_by("-pk")[:5]:
        case_id = CaseId(case.pk)
        cases.move_case(case_id, move=MoveName("file"), scope=cast.scope("tao"), at=AT)
        part = NewPart(cast.unit("330424-zongzhi").id, Role.LEAD)
        cases.dispatch_case(case_id, parts=[part], scope=cast.scope("mei"), at=AT)


@pytest.mark.django_db
def test_two_thousand_messages_become_matters_that_a_clerk_can_dispatch(tmp_path: Path) -> None:
    take_in_messages(tmp_path, 2000)


@pytest.mark.trust
@pytest.mark.django_db
def test_all_messages_become_matters_that_a_clerk_can_dispatch(tmp_path: Path) -> None:
    if data() is None:
        pytest.skip("the real messages are absent: the test of 2,000 rows stands for this one")
    take_in_messages(tmp_path, None)
