"""What the tests of the registry share."""

from __future__ import annotations

import pytest

from bihuan.kernel.ground.registry.testing import Cast, make_cast


@pytest.fixture
def cast(db) -> Cast:
    """Return the cast."""
    return make_cast()
