"""Rules and thresholds with dates and sources, and the decisions made by them.

It refuses two values of one rule on one day, a changed past, a decision without its inputs.
"""
