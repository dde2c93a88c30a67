"""Tests of the tools: what they let pass and what they refuse."""
