"""The append-only record of facts: audit trail and outbox in one. It knows no Scope and no room above it."""
