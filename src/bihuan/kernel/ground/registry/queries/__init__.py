"""Reads of the registry, each returning frozen values."""
