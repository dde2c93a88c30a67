"""The door of the record."""

from bihuan.kernel.ground.events.kinds import seal, subscribe
from bihuan.kernel.ground.events.operations import (
    UnableToRecord,
    deliver_pending,
    record,
    record_each,
    record_many,
    record_with,
)
from bihuan.kernel.ground.events.queries import (
    count_deliveries,
    count_facts,
    list_facts,
    list_facts_of,
)

__all__ = [
    "UnableToRecord",
    "count_deliveries",
    "count_facts",
    "deliver_pending",
    "list_facts",
    "list_facts_of",
    "record",
    "record_each",
    "record_many",
    "record_with",
    "seal",
    "subscribe",
]
