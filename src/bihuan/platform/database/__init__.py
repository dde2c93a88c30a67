"""The database: its launcher, its two roles, fields and locks."""
