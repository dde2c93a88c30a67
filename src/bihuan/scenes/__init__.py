"""Fourteen stories on one kernel. No scene knows another."""
