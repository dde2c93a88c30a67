"""Figures with a definition, composite indices, and the rows behind each of them.

It reads only the `relations` of other rooms, so that a tile equals its list. It refuses a figure
without a definition, a source and a way to its rows.
"""
