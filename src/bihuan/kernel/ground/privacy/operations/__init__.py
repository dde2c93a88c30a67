"""Writes of privacy: consents and looks."""
