"""The enterprise's desk: my code and why, what was found, what is due."""
