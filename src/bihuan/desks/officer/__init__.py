"""The officers' desk: one worklist by deadline colour; a matter is read, decided, passed on."""
