"""The command desk: one map, one code, one index, five numbers; each opens its rows."""
