"""Matters in motion."""
