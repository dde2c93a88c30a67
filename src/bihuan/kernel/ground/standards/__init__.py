"""Rules and thresholds with dates and sources, and the decisions made by them.

It refuses two values of one rule on one day, a changed past, and a decision that cannot be replayed.
"""
