"""The door at which channels knock."""
