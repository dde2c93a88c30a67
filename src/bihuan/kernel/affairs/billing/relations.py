"""Read-only views for figures and exports.

``billing_collected_v``: one row for each provider, item and term: `provider_key`, `item_code`,
`fee_class`, `term`, `billed_fen`, `exempt_fen`, `paid_fen`, `bills`, `paid_bills`. No child occurs.
"""

COLLECTED = "billing_collected_v"
