"""Read-only views for figures and exports.

``settlement_payout_v``: one row for each payee, channel and day: `payee_code`, `nature`,
`area_path`, `channel`, `day`, `amount_fen`, `count`, `waiting_fen` (not yet in a batch).
"""

PAYOUTS = "settlement_payout_v"
