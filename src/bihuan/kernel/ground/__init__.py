"""What is so: the world and its rules."""
