"""A counterparty for payments: it takes orders, signs genuine notices, makes bills, and misbehaves.

It stands in for payment channels in demos and tests. It shares no code with what verifies it: its
signatures are made here, from the channels' published rules, with `cryptography` alone.
"""
