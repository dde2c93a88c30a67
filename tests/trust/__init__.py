"""Kill it, race it, lose its answers: what was acknowledged must stand, once.

Every nought has a control beside it: the same harness with one named safety removed must fail.
"""
