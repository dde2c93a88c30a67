"""Writes of notices: telling somebody, carrying it out of the house, reading, choosing ways."""
