"""Writing in settlement: payees and routes, what is expected, batches."""
