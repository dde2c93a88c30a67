"""“157” 联合监管执法·综合查一次: a town's seven departments inspect a firm once, not seven times.

A library of published items, a year's plan drawn by lot from a seed that anybody can use again,
visits merged, and on the spot one form for all. What fails becomes one matter each.
"""
