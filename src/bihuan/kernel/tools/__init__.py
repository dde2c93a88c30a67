"""What one works with."""
