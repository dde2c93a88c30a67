"""The fixture of the room's tables, for its own tests."""

from bihuan.kernel.sight.indices.testing import put_rows

__all__ = ["put_rows"]
