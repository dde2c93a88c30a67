"""The door of evidence."""

from bihuan.kernel.tools.documents.kinds import guard, may_see
from bihuan.kernel.tools.documents.operations import UnableToAttach, attach
from bihuan.kernel.tools.documents.queries import get_evidence, list_evidence

__all__ = ["UnableToAttach", "attach", "get_evidence", "guard", "list_evidence", "may_see"]
