"""Areas with lineage, people, firms, units, posts, duties and powers; makes every Scope.

It refuses an identifier that does not check.
"""
