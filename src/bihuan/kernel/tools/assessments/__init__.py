"""Versioned questionnaires, checklists and scales: what is asked, answered, and what it comes to.

It keeps the version with each answer, and refuses to offer a scale whose alert nobody answers.
"""
