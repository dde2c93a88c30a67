"""Writing in the books: opening, posting, reversing, locking."""
