"""The command that measures the classifier on any labelled table."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bihuan.platform.learning.tests.worlds import make_rows


def write(path: Path, seed: int, count: int, encoding: str) -> Path:
    with path.open("w", newline="", encoding=encoding) as out:
        sheet = csv.writer(out)
        sheet.writerow(["编号", "主题", "详情", "部门"])
        for number, (text, label) in enumerate(zip(*make_rows(count, seed=seed), strict=True)):
            sheet.writerow([number, *text, label])
    return path


def run(tmp_path: Path, *more: str, text: str = "主题,详情", label: str = "部门") -> str:
    train = write(tmp_path / "train.csv", 1, 200, "utf-8-sig")
    test = write(tmp_path / "test.csv", 2, 60, "gb18030")
    out = StringIO()
    command = ["appeals_evaluate", "--train", str(train), "--test", str(test)]
    call_command(*command, "--text", text, "--label", label, *more, stdout=out)
    return out.getvalue()


def test_the_figures_as_one_object(tmp_path: Path) -> None:
    found = json.loads(run(tmp_path, "--json"))
    assert (found["rows"], found["trained_on"], found["seed"]) == (60, 200, 7)
    assert found["macro_f1"] > 0.95
    assert found["top2"] >= found["accuracy"]
    assert found["characters_per_second"] > 0
    assert set(found["by_label"]) == {"灯", "水", "路"}
    assert set(found) >= {"confident_80", "near_copies", "macro_f1_without_copies", "left_out"}


def test_the_figures_as_sentences(tmp_path: Path) -> None:
    said = run(tmp_path, "--seed", "3", text="详情")
    assert "learnt from 200 rows" in said
    assert "macro F1" in said


@pytest.mark.parametrize(
    ("text", "label", "said"),
    [
        ("标题", "部门", "no column “标题”"),
        ("主题", "类别", "no column “类别”"),
        ("主题,主题", "部门", "once"),
    ],
)
def test_a_wrong_column_is_named(tmp_path: Path, text: str, label: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(tmp_path, text=text, label=label)


def test_one_label_only_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("a,b\n路灯,x\n水管,x\n", encoding="utf-8")
    one = str(tmp_path / "one.csv")
    with pytest.raises(CommandError, match="two different labels"):
        call_command(
            "appeals_evaluate", "--train", one, "--test", one, "--text", "a", "--label", "b"
        )
