"""The door of billing."""

from bihuan.kernel.affairs.billing.channels.wechat import HOST as WECHAT_HOST
from bihuan.kernel.affairs.billing.channels.wechat import Credentials as WechatCredentials
from bihuan.kernel.affairs.billing.channels.wechat import WechatPay
from bihuan.kernel.affairs.billing.kinds import (
    Adapter,
    Forged,
    Unreachable,
    all_channels,
    find_channel,
    forget_channels,
    use_channel,
)
from bihuan.kernel.affairs.billing.operations.crediting import (
    UnableToCredit,
    allocate,
    exempt_line,
    take_back,
)
from bihuan.kernel.affairs.billing.operations.drafting import (
    Drafted,
    UnableToBill,
    UnableToMoveBill,
    choose_line,
    draft_bills,
    move_bills,
)
from bihuan.kernel.affairs.billing.operations.looking import (
    close_unpaid,
    look_after_payments,
    look_at,
    receive,
)
from bihuan.kernel.affairs.billing.operations.ordering import (
    UnableToOrder,
    close_order,
    open_attempt,
    open_order,
)
from bihuan.kernel.affairs.billing.operations.paying import take
from bihuan.kernel.affairs.billing.operations.publishing import (
    UnableToPublish,
    end_publication,
    open_merchant,
    publish_item,
)
from bihuan.kernel.affairs.billing.operations.refunding import (
    UnableToRefund,
    finish_refund,
    move_refund,
    request_refund,
)
from bihuan.kernel.affairs.billing.policies import UnableToFindBill
from bihuan.kernel.affairs.billing.queries import (
    UnableToFindOrder,
    find_attempt,
    find_open_attempt,
    get_bill,
    get_order,
    get_publication,
    list_bills,
    list_credit,
    list_due_attempts,
    list_family_bills,
    list_publications,
)

__all__ = [
    "WECHAT_HOST",
    "Adapter",
    "Drafted",
    "Forged",
    "UnableToBill",
    "UnableToCredit",
    "UnableToFindBill",
    "UnableToFindOrder",
    "UnableToMoveBill",
    "UnableToOrder",
    "UnableToPublish",
    "UnableToRefund",
    "Unreachable",
    "WechatCredentials",
    "WechatPay",
    "all_channels",
    "allocate",
    "choose_line",
    "close_order",
    "close_unpaid",
    "draft_bills",
    "end_publication",
    "exempt_line",
    "find_attempt",
    "find_channel",
    "find_open_attempt",
    "finish_refund",
    "forget_channels",
    "get_bill",
    "get_order",
    "get_publication",
    "list_bills",
    "list_credit",
    "list_due_attempts",
    "list_family_bills",
    "list_publications",
    "look_after_payments",
    "look_at",
    "move_bills",
    "move_refund",
    "open_attempt",
    "open_merchant",
    "open_order",
    "publish_item",
    "receive",
    "request_refund",
    "take",
    "take_back",
    "use_channel",
]
