"""Visits of several legal kinds, and what they find.

It keeps patrols, verification visits and findings. It refuses, by type and by constraint, that a
patrol orders anything.
"""
