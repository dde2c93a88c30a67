"""Writes of the registry, each one transaction in six beats."""
