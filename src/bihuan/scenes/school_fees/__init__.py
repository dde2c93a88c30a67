"""银校通: a parent pays the fees of all children with one scan.

Each fee is published before it is billed, each fen lands in the account that the law gives it, and
the page shows where the money goes before anything is paid.
"""
