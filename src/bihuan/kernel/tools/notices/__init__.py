"""Notices: each person, firm or unit is told what concerns it, once, and provably.

It refuses a kind of notice without words in both languages, a second row for the same cause, and
to ring anybody at night without need.
"""
