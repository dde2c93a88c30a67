"""Books, accounts and postings in double entry, in whole fen.

It refuses an entry that does not balance, a change of what was posted, a day that is locked, a
restricted account below zero, and the same key with other contents.
"""
