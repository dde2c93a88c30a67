"""One town for all tests that kill: building it takes longer than most of what happens in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.trust.harness import Town


@pytest.fixture(scope="session")
def town() -> Iterator[tuple[Town, dict[str, Any]]]:
    """Return a built town and its sessions."""
    built = Town()
    try:
        yield built, built.build()
    finally:
        built.close()
