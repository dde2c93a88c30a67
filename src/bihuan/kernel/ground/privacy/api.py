"""The door of privacy."""

from bihuan.kernel.ground.privacy.kinds import (
    care_of,
    declare_entries,
    declare_folder,
    find_purpose,
    guard,
    keep_of,
    list_purposes,
    require_purposes,
    seal,
)
from bihuan.kernel.ground.privacy.operations.consents import (
    UnableToAgree,
    WordsChanged,
    give_consent,
    withdraw_consent,
)
from bihuan.kernel.ground.privacy.operations.finding import find_people
from bihuan.kernel.ground.privacy.operations.looks import (
    ShownAlready,
    UnableToReveal,
    export_looks,
    find_phone_to_reach,
    reveal,
)
from bihuan.kernel.ground.privacy.operations.mandates import (
    UnableToMandate,
    end_mandate,
    give_mandate,
)
from bihuan.kernel.ground.privacy.policies import may_use
from bihuan.kernel.ground.privacy.queries import (
    acting_scope,
    find_agreement,
    has_consent,
    list_acting,
    list_agreements,
    list_looks,
    list_mandates,
    list_own_looks,
    require_consent,
)
from bihuan.kernel.ground.privacy.rules import mask_numbers

__all__ = [
    "ShownAlready",
    "UnableToAgree",
    "UnableToMandate",
    "UnableToReveal",
    "WordsChanged",
    "acting_scope",
    "care_of",
    "declare_entries",
    "declare_folder",
    "end_mandate",
    "export_looks",
    "find_agreement",
    "find_people",
    "find_phone_to_reach",
    "find_purpose",
    "give_consent",
    "give_mandate",
    "guard",
    "has_consent",
    "keep_of",
    "list_acting",
    "list_agreements",
    "list_looks",
    "list_mandates",
    "list_own_looks",
    "list_purposes",
    "mask_numbers",
    "may_use",
    "require_consent",
    "require_purposes",
    "reveal",
    "seal",
    "withdraw_consent",
]
