"""Writing in billing: publishing, billing, ordering, paying, crediting, refunding."""
