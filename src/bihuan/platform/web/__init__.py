"""Typed requests, pages that refuse queries, errors, idempotent commands."""
