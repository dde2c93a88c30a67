"""Tools of the workshop: import contract, sizes, messages."""
