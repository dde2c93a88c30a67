"""The append-only record of what happened: audit trail and outbox in one.

It keeps every fact with who, when and through which door, and one delivery for each subscriber.
It refuses to change or forget a fact, and it knows no Scope and no room above it.
"""
