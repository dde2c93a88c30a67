"""Pure rules: a definition as data, whether it holds, and what answers come to."""
