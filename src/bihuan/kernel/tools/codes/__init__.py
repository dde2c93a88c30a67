"""Scannable signed codes, static and dynamic; the colour of a subject; the log of checks.

It refuses a forged, expired or revoked code, and shows a colour to nobody but who was handed the
firm's own fresh code.
"""
