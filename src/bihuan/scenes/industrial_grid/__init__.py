"""工业社区网格: grid workers walk through factories, see what is dangerous, and report it.

A patrol advises or reports; it never orders. What it reports becomes one matter, and the competent
unit decides what follows.
"""
