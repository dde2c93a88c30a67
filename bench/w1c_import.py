"""W1c: take in 100,000 messages: read, validate, place, classify, open, dedupe.

``python -m bench.w1c_import [ROWS]`` starts a database of its own (durability on), takes in a file
of invented messages through the same code as ``bihuan appeals import``, copies the rows that came
out of it into empty twins of their tables with COPY (the least work that stores the same), and
prints one line a figure. Peak memory is that of the importing process at a tenth of the rows and
at all of them. The bar: at least 2,000 rows/s, memory flat.
"""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROWS = 100_000
BAR = 2000
TABLES = (
    "cases_case",
    "cases_round",
    "cases_entry",
    "clocks_timer",
    "clocks_event",
    "events_fact",
)
WHAT = ("路灯不亮", "垃圾没人清", "路面塌陷", "工地夜里施工", "楼道堆物", "自来水发黄", "停电了")
WHERE = ("公交站旁", "菜场门口", "小学对面", "桥头", "小区北门", "村委会旁", "工业区路口")
SAID = "{}{}，已经{}天了，附近住的人都说进出不方便，前后反映过两次，请派人来看一看。"
PLACES = (
    "望海街道新兴社区",
    "武原街道",
    "西塘桥街道",
    "秦山街道",
    "沈荡镇",
    "百步镇",
    "澉浦镇",
    "通元镇",
)


def write_file(path: Path, count: int) -> None:
    """Write `count` invented messages of some sixty characters, the same ones each time."""
    dice = random.Random(7)
    with path.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(("工单编号", "受理时间", "诉求内容", "所属区域"))
        for n in range(count):
            day = f"2026-{dice.randint(1, 6):02d}-{dice.randint(1, 28):02d}"
            lines.writerow(
                (
                    f"W{n:07d}",
                    f"{day} {dice.randint(8, 17):02d}:{dice.randint(0, 59):02d}",
                    SAID.format(*(dice.choice(c) for c in (WHERE, WHAT)), dice.randint(2, 90)),
                    f"海盐县{dice.choice(PLACES)}",
                )
            )


def take_in(path: Path) -> dict[str, float]:
    """Take a file in, in this process; return rows, seconds and peak memory in MB."""
    import django

    django.setup()
    from bihuan.kernel.affairs.cases.types import MAY_RAISE
    from bihuan.kernel.ground.registry import api as registry
    from bihuan.platform import clock
    from bihuan.scenes.appeals.importing import running
    from bihuan.scenes.appeals.importing.types import Options

    scope = registry.system_scope("bench", (MAY_RAISE,))
    began = time.perf_counter()
    file = running.open_file(path, Options(source="hotline"))
    run = running.begin(file, name=path.name, scope=scope, at=clock.now())
    run = running.carry_on(run.id, file, scope=scope, at=clock.now())
    seconds = time.perf_counter() - began
    assert run.counts.made == run.whole, run
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    spent = resource.getrusage(resource.RUSAGE_SELF)
    cpu = spent.ru_utime + spent.ru_stime
    return {"rows": run.whole, "seconds": seconds, "peak_mb": peak, "cpu": cpu}


def copy_again(url: str) -> float:
    """COPY the rows that came out into empty twins of their tables; return the seconds."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as link, tempfile.TemporaryDirectory() as folder:
        for table in TABLES:
            link.execute(f"CREATE TABLE twin_{table} (LIKE {table} INCLUDING ALL)")
            with (
                (Path(folder) / table).open("wb") as out,
                link.cursor().copy(f"COPY {table} TO STDOUT") as copied,
            ):
                for piece in copied:
                    out.write(piece)
        began = time.perf_counter()
        for table in TABLES:
            with (
                (Path(folder) / table).open("rb") as kept,
                link.cursor().copy(f"COPY twin_{table} FROM STDIN") as copied,
            ):
                while piece := kept.read(1 << 20):
                    copied.write(piece)
        seconds = time.perf_counter() - began
        for table in TABLES:
            link.execute(f"DROP TABLE twin_{table}")
    return seconds


def measure(rows: int, url: str, folder: Path) -> dict[str, float]:
    """Take in `rows` messages in a process of its own, in an emptied database."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as link:
        link.execute(f"TRUNCATE {', '.join(TABLES)}, appeals_import CASCADE")
    path = folder / f"{rows}.csv"
    write_file(path, rows)
    command = [sys.executable, "-m", "bench.w1c_import", "--take-in", str(path)]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(told.splitlines()[-1])
    return found


def main(rows: int = ROWS) -> None:
    """Print the figures."""
    from bihuan.platform.database.server import Server

    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = Server(folder / "home")
        with server.running():
            url = server.url("bihuan")
            os.environ |= {
                "DATABASE_URL": url,
                "DJANGO_SETTINGS_MODULE": "bihuan.config.settings.demo",
                "BIHUAN_KEYS": str(folder / "keys"),
                "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            }
            import psycopg

            with psycopg.connect(server.url(), autocommit=True) as link:
                link.execute("CREATE DATABASE bihuan")
            manage = [sys.executable, str(ROOT / "manage.py"), "migrate", "-v", "0"]
            subprocess.run(manage, cwd=ROOT, check=True)
            small = measure(rows // 10, url, folder)
            whole = measure(rows, url, folder)
            limit = copy_again(url)
    rate, best = whole["rows"] / whole["seconds"], whole["rows"] / limit
    print(f"W1c rows/s            {rate:10,.0f}   bar {BAR:,}   cpu {whole['cpu']:.1f} s")
    print(f"W1c COPY of the rows  {best:10,.0f}   ratio {rate / best:.2f}")
    print(
        f"W1c peak memory MB    {whole['peak_mb']:10,.0f}   "
        f"at a tenth {small['peak_mb']:,.0f}   ratio {whole['peak_mb'] / small['peak_mb']:.2f}"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--take-in"]:
        print(json.dumps(take_in(Path(sys.argv[2]))))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
