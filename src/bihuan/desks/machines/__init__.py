"""The system administrator's desk: systems outside, keys of machines, addresses that are told."""
