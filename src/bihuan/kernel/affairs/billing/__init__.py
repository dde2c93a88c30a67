"""What families owe and pay: published items, bills, orders, payments, refunds, credit.

It refuses a line without a published item, a payment that no channel signed, a part of a line
that must be paid whole, and a refund larger than what was paid. What the browser says on its way
back changes nothing.
"""
