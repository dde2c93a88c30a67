"""The life of a matter (domain A1.1) as one reviewed from → to table.

Read a row as: this move, on the matter or on a part, from these states to that one (or staying),
needs this power, these guards hold, it must bring this along, it does that to the clocks, and who
raised the matter is told so. The states of the matter between dispatch and feedback follow from
its parts (`rules.state_of_round`): no move sets them by hand. ``bihuan cases diagram`` draws the
table.
"""

from bihuan.kernel.affairs.cases.lifecycle.clocks import ACCEPT, DISPATCH, DISPOSE, VERIFY
from bihuan.kernel.affairs.cases.lifecycle.lives import HAZARD_LIFE, STANDARD_LIFE

__all__ = ["ACCEPT", "DISPATCH", "DISPOSE", "HAZARD_LIFE", "STANDARD_LIFE", "VERIFY"]
