"""Writes of this room: visits and findings, the duty of a hall."""
