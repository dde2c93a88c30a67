"""What one sees of all that."""
