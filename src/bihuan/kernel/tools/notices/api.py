"""The door of notices."""

from bihuan.kernel.tools.notices.channels import configured as configured_channels
from bihuan.kernel.tools.notices.kinds import (
    UnableToDeclareNotice,
    all_kinds,
    declare_kind,
    require_kinds,
)
from bihuan.kernel.tools.notices.operations.delivering import report_delivery, send_pending
from bihuan.kernel.tools.notices.operations.reading import (
    UnableToChoose,
    UnableToResend,
    choose_channels,
    open_notice,
    resend_delivery,
)
from bihuan.kernel.tools.notices.operations.telling import UnableToTell, send_notice
from bihuan.kernel.tools.notices.queries import (
    UnableToFindNotice,
    channels_off,
    count_by_state,
    count_stuck,
    count_unread,
    get_notice,
    list_inbox,
    list_stuck,
)

__all__ = [
    "UnableToChoose",
    "UnableToDeclareNotice",
    "UnableToFindNotice",
    "UnableToResend",
    "UnableToTell",
    "all_kinds",
    "channels_off",
    "choose_channels",
    "configured_channels",
    "count_by_state",
    "count_stuck",
    "count_unread",
    "declare_kind",
    "get_notice",
    "list_inbox",
    "list_stuck",
    "open_notice",
    "report_delivery",
    "require_kinds",
    "resend_delivery",
    "send_notice",
    "send_pending",
]
