"""Pages of the books: trial balance and account card, and both as a workbook."""
