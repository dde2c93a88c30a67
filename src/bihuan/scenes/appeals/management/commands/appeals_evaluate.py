"""Measure the classifier on a labelled table: ``bihuan appeals evaluate --train … --test …``."""

from __future__ import annotations

import dataclasses
import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bihuan.platform.learning.evaluation import Evaluation, evaluate_apart, measure_pace
from bihuan.platform.learning.tables import Labelled, UnableToReadTable, read_labelled
from bihuan.platform.learning.training import MOST_ROWS, Settings, UnableToLearn, train


class Command(BaseCommand):
    """Learn from one labelled table, measure on another; nothing is stored."""

    help = "Learn from one labelled table and measure on another (CSV or XLSX, UTF-8 or GBK)"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the tables and their columns."""
        parser.add_argument("--train", type=Path, required=True, help="table to learn from")
        parser.add_argument("--test", type=Path, required=True, help="table to measure on")
        parser.add_argument("--text", required=True, help="column, or columns with a comma between")
        parser.add_argument("--label", required=True, help="column that holds the label")
        parser.add_argument("--seed", type=int, default=Settings().seed)
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: object, **options: Any) -> None:
        """Read, learn, measure, print."""
        columns = [name.strip() for name in options["text"].replace("，", ",").split(",")]
        label, seed = options["label"].strip(), options["seed"]
        try:
            learnt = read_labelled(options["train"], texts=columns, label=label)
            kept = read_labelled(options["test"], texts=columns, label=label)
            begun = time.perf_counter()
            model = train(learnt.texts, learnt.labels, Settings(seed=seed))
        except (UnableToReadTable, UnableToLearn) as wrong:
            raise CommandError(str(wrong)) from wrong
        seconds = time.perf_counter() - begun
        found = evaluate_apart(model, kept.texts, kept.labels, learnt.texts)
        pace = measure_pace(model.probabilities, kept.texts)
        answer = {
            **_plain(found),
            "characters_per_second": round(pace.characters_per_second),
            "characters": pace.characters,
            "trained_on": min(len(learnt.labels), MOST_ROWS),
            "train_seconds": round(seconds, 1),
            "seed": seed,
            "left_out": {"train": list(learnt.left_out), "test": list(kept.left_out)},
        }
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self._say(answer, learnt, kept)

    def _say(self, answer: dict[str, Any], learnt: Labelled, kept: Labelled) -> None:
        say = self.stdout.write
        say(f"learnt from {answer['trained_on']:,} rows in {answer['train_seconds']} s")
        say(f"measured on {answer['rows']:,} rows:")
        say(f"  macro F1              {answer['macro_f1']:.4f}")
        say(f"  among the first two   {answer['top2']:.4f}")
        say(f"  right in the surest 80 %  {answer['confident_80']:.4f}")
        say(f"  characters a second   {answer['characters_per_second']:,}")
        for name, score in answer["by_label"].items():
            say(f"  {score['f1']:.4f}  {name} ({score['rows']} rows)")
        if answer["near_copies"]:
            without = answer["macro_f1_without_copies"]
            rest = "nothing is left" if without is None else f"macro F1 {without:.4f}"
            say(
                f"{answer['near_copies']} rows are near copies of learnt ones; without them: {rest}"
            )
        for name in answer["unknown_labels"]:
            say(f"label “{name}” occurs only in the table measured on; it can never be right")
        for which, table in (("learnt", learnt), ("measured", kept)):
            if table.left_out:
                first = ", ".join(map(str, table.left_out[:5]))
                say(f"{len(table.left_out)} rows {which} lack text or label: row {first} …")


def _plain(found: Evaluation) -> dict[str, Any]:
    """Return an evaluation as JSON holds it, figures with four digits."""

    def short(value: Any) -> Any:
        if isinstance(value, float):
            return round(value, 4)
        if isinstance(value, dict):
            return {key: short(item) for key, item in value.items()}
        return list(value) if isinstance(value, tuple) else value

    return {key: short(value) for key, value in dataclasses.asdict(found).items()}
