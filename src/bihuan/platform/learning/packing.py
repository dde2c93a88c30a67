"""A model as bytes and back: plain arrays with a heading, no pickle, checked before use."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

import numpy as np

from bihuan.platform.learning.model import Model
from bihuan.platform.learning.reasons import Block, Floats

FORMAT = 1
"""Raise it whenever a run, a measure or the arrays change their meaning."""
FIELDS = ("keys", "rarity", "weights")


class UnableToLoadModel(ValueError):
    """The bytes are no model of this version of the program, or not what was stored."""


def pack(model: Model) -> bytes:
    """Return a model as bytes: the same model, the same bytes."""
    heading = {
        "format": FORMAT,
        "labels": list(model.labels),
        "columns": [list(block.columns) for block in model.blocks],
    }
    words = np.frombuffer(json.dumps(heading).encode(), np.uint8)
    arrays: dict[str, Any] = {"heading": words, "bias": model.bias}
    for number, block in enumerate(model.blocks):
        arrays |= {f"{name}{number}": getattr(block, name) for name in FIELDS}
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def digest(content: bytes) -> str:
    """Return the fingerprint by which stored bytes are known again."""
    return hashlib.sha256(content).hexdigest()


def unpack(content: bytes) -> Model:
    """Return the model that `content` holds.

    Raises:
        UnableToLoadModel: another format, or no model at all.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            heading = json.loads(arrays["heading"].tobytes())
            if heading["format"] != FORMAT:
                raise UnableToLoadModel(
                    f"The model has format {heading['format']}, this program reads {FORMAT}. "
                    "Train it again, or run the program that made it."
                )
            blocks = [
                Block(tuple(columns), *(arrays[f"{name}{number}"] for name in FIELDS))
                for number, columns in enumerate(heading["columns"])
            ]
            return _checked(heading["labels"], blocks, arrays["bias"])
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, EOFError) as wrong:
        if isinstance(wrong, UnableToLoadModel):
            raise
        raise UnableToLoadModel(f"These bytes are no model: {wrong}") from wrong


def _checked(labels: list[str], blocks: list[Block], bias: Floats) -> Model:
    for block in blocks:
        shape = (len(block.keys), len(labels))
        fits = (
            block.keys.dtype == np.uint64
            and block.rarity.shape == shape[:1]
            and block.weights.shape == shape
        )
        if not fits:
            raise UnableToLoadModel("These bytes are no model: its arrays do not fit together.")
    if bias.shape != (len(labels),):
        raise UnableToLoadModel("These bytes are no model: its arrays do not fit together.")
    return Model(labels, blocks, bias)
