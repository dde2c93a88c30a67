"""Keys and what is done with them: sealed fields, blind indexes, signatures.

Keys lie in one folder outside the database (``settings.BIHUAN_KEYS``). What is sealed is bound to
its table, column and row, so that a ciphertext moved to another place does not open.
"""
