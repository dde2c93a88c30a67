"""Writes on matters, by topic: opening, moving, dispatching, verifying. Each is one transaction.

Locks, always in this order: the matter, its round, its parts by id.
"""
