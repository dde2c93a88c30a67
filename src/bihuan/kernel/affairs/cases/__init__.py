"""Matters that must be closed: rounds × parts, one life, every date explained.

It keeps each matter from the report to the verdict of who raised it. It refuses a close without a
check on the spot by another person, a return without a basis, an act out of turn.
"""
